"""The examples of docs/doors.md, so that tests run what stands there."""

import re
from pathlib import Path

_TEXT = (Path(__file__).resolve().parents[2] / "docs" / "doors.md").read_text()
_BLOCKS = [(one[1], one[2]) for one in re.finditer(r"^```(\w*)\n(.*?)^```$", _TEXT, re.DOTALL | re.MULTILINE)]


def example(beginning: str, *, language: str = "") -> str:
    """Give the one example in a language that begins so."""
    found = [text for named, text in _BLOCKS if named == language and text.startswith(beginning)]
    assert len(found) == 1, f"docs/doors.md has {len(found)} examples that begin with {beginning!r}"
    return found[0]


def put_in(text: str, *changes: tuple[str, str]) -> str:
    """Put in what each site has its own of; each of it must stand there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
