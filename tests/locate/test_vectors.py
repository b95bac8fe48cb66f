"""Messages with their sources, each read as a machine sees it: published ones, and their like from Blitar.

One vector: `format` as on the command line, `input`, and what is expected: `outcome` is `fix`, `flagged_fix` (with a
warning), `no_fix` (understood, no position) or `error`; every other field is one of the JSON, exact unless `tolerance`
says how far it may be off. `source` names the document, `origin` whether it is published or built from it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from geo112.locate.fix import Located, NoPosition, NotUnderstood
from geo112.locate.read import FORMATS, read_message
from geo112.locate.wire import reading_to_dict

FOLDER = Path(__file__).parent / "vectors"
VECTORS = [
    pytest.param(vector, id=f"{file.stem}-{vector['id']}")
    for file in sorted(FOLDER.glob("*.json"))
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]
    if "format" in vector
]
KINDS = {"fix": Located, "flagged_fix": Located, "no_fix": NoPosition, "error": NotUnderstood}


@pytest.mark.parametrize("vector", VECTORS)
def test_vector(vector: dict[str, Any]) -> None:
    reading = read_message(vector["input"], format=vector["format"])
    expected = dict(vector["expect"])
    outcome = expected.pop("outcome")
    assert isinstance(reading, KINDS[outcome]), reading
    if outcome == "flagged_fix":
        assert reading.warnings
    facts = reading_to_dict(reading)
    found = facts["fix"] if isinstance(facts["fix"], dict) else facts
    for name, value in expected.items():
        allowed = vector.get("tolerance", {}).get(name, 0)
        assert found[name] == (pytest.approx(value, abs=allowed) if allowed else value), name


def test_vectors_name_their_sources() -> None:
    assert len(VECTORS) > 50
    seen = [vector.id for vector in VECTORS]
    assert len(seen) == len(set(seen))
    for (vector,) in (one.values for one in VECTORS):
        assert vector["source"]
        assert vector["origin"] in ("public", "derived")
        assert vector["format"] in FORMATS
