"""Vectors by kind: the project's own, and those of a folder beside it, where there is one.

One vector: `kind`, `input` (text, or an object), `encoding` for octets (`hex`, `base64`), `expect`, `origin` (`public`
or `derived`), `source`, and `tolerance`, absolute, by field of `expect`; numbers without one hold to the digits given,
rounded or cut off there.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from geo112.locate.fix import Located, NoPosition, NotUnderstood, Reading
from geo112.locate.wire import reading_to_dict

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "vectors"
BESIDE = ROOT.parent / "shared" / "standards" / "vectors"
OUTCOMES = {"fix": Located, "flagged_fix": Located, "no_fix": NoPosition, "error": NotUnderstood}
Vector = dict[str, Any]


def folders() -> list[Path]:
    """Give our own folder, always, then the one that GEO112_VECTORS names, or one beside the project if it exists."""
    named = os.environ.get("GEO112_VECTORS")
    return [OWN, *([Path(named)] if named else [BESIDE] if BESIDE.is_dir() else [])]


@cache
def vectors() -> tuple[tuple[str, Vector], ...]:
    """Give every vector of every folder with a name for it."""
    found = []
    for n, folder in enumerate(folders()):
        files = sorted(folder.glob("*.json"))
        assert files, f"{folder} holds no vectors"
        for file in files:
            listed = json.loads(file.read_text(encoding="utf-8"))["vectors"]
            found += [(f"{'own' if n == 0 else 'more'}-{one['id']}", one) for one in listed]
    return tuple(found)


def of_kinds(*kinds: str) -> list[Any]:
    """Give the vectors of some kinds as parameters of a test."""
    return [pytest.param(one, id=name) for name, one in vectors() if one["kind"] in kinds]


def require_equal(found: object, vector: Vector, name: str) -> None:
    """Hold a value against the expectation, as near as the vector says or as its digits say."""
    wanted = vector["expect"][name]
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        assert found == wanted, (name, found)
        return
    step = 10 ** -len(repr(wanted).partition(".")[2]) if isinstance(wanted, float) else 0.5
    allowed = vector.get("tolerance", {}).get(name, step)
    assert found == pytest.approx(wanted, abs=allowed * (1 + 1e-9), rel=0), name


def require_reading(reading: Reading, vector: Vector, more: dict[str, object]) -> None:
    """Hold a reading against the expectation; without a fix only the missing position counts, with one every field.

    `more` gives the fields that are not in the JSON of a reading.
    """
    wanted = vector["expect"].get("outcome", "fix")
    allowed = wanted if isinstance(wanted, list) else [wanted]
    assert isinstance(reading, tuple(OUTCOMES[one] for one in allowed)), reading
    facts = reading_to_dict(reading)
    if not isinstance(facts["fix"], dict):
        assert {vector["expect"].get(name) for name in ("lat_deg", "lon_deg", "radius_m")} == {None}
        for name in {"taken_at", "imei", "mcc", "mnc"} & vector["expect"].keys() & facts.keys():
            require_equal(facts[name], vector, name)
        return
    if wanted == "flagged_fix":
        assert reading.warnings
    found = {**facts["fix"], **more}
    for name in vector["expect"].keys() - {"outcome", "http_class"}:
        require_equal(found[name], vector, name)
