"""The name carries the unit: no float field of any dataclass goes without one."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Iterator

import geo112

# `_units` are those of the integer grid of a map tile; a `_cost` is the negative natural logarithm of a probability,
# `_bits` are those of information.
UNITS = (
    *("_m", "_m2", "_km", "_km2", "_ms", "_us", "_s", "_h", "_days", "_kmh", "_per_s"),
    *("_deg", "_share", "_ratio", "_bits", "_bytes", "_mib", "_units", "_cost"),
)


def dataclasses_of_geo112() -> Iterator[type]:
    """Give every dataclass that is written in geo112."""
    for module in pkgutil.walk_packages(geo112.__path__, "geo112."):
        # Steps of a migration run only inside Alembic, and hold functions only.
        if module.name.endswith("__main__") or module.name.startswith("geo112.store.migrations"):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if dataclasses.is_dataclass(kind) and kind.__module__ == module.name:
                yield kind


def holds_float(annotation: object) -> bool:
    """Tell whether a value of this type is a bare float, or may be one; a type that is only named is read as text."""
    if isinstance(annotation, str):
        return "float" in re.findall(r"\w+", annotation)
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return any(holds_float(part) for part in typing.get_args(annotation))
    return annotation is float


def missing_units(kinds: Iterator[type]) -> list[str]:
    """Name the float fields without a unit."""
    return [
        f"{kind.__module__}.{kind.__qualname__}.{name}"
        for kind in kinds
        for field in dataclasses.fields(kind)
        for name, annotation in [(field.name, field.type)]
        if holds_float(annotation) and not f"_{name}".endswith(UNITS)
    ]


def test_every_float_field_names_its_unit() -> None:
    assert missing_units(dataclasses_of_geo112()) == []


def test_a_field_without_a_unit_is_found() -> None:
    @dataclasses.dataclass
    class Careless:
        gap: float
        maybe: float | None
        named: "float | None"
        gap_m: float
        count: int

    names = [name.rpartition(".")[2] for name in missing_units(iter([Careless]))]
    assert names == ["gap", "maybe", "named"]
