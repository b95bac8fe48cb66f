"""A preset that the user writes: a TOML file that says which column holds what."""

from collections.abc import Mapping

from geo112.core.errors import BadTable
from geo112.prepare.imports.presets import GENERIC, Preset, deepest_level, first_of
from geo112.prepare.imports.reading import Table
from geo112.prepare.imports.said import LEVEL_OF_LENGTH, Level, Said, kemendagri, without_kind

FIELDS = ("kode", "kode_bps", "provinsi", "kabkota", "kecamatan", "desa")
_KEYS = frozenset({"fields", "level", "accuracy_m"})
# Nothing is known of such a file: no better than the default.
_ACCURACY_M = 30.0


def generic_preset(mapping: Mapping[str, object]) -> Preset:
    """Make a preset of a mapping such as `[fields] kode = "KODE_KEC"`; raises BadTable naming the key."""
    for key in mapping:
        if key not in _KEYS:
            raise BadTable(f"unknown key {key!r}; known: {', '.join(sorted(_KEYS))}", field="mapping")
    fields = mapping.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise BadTable("needs a table [fields] that names columns", field="mapping")
    for key, column in fields.items():
        if key not in FIELDS:
            raise BadTable(f"unknown field {key!r}; known: {', '.join(FIELDS)}", field="mapping")
        if not isinstance(column, str):
            raise BadTable(f"the column of {key} is no text", field="mapping")
    if not {"kode", "kode_bps", "kecamatan", "kabkota"} & fields.keys():
        raise BadTable("names neither a code nor a kecamatan nor a kabupaten/kota", field="mapping")
    level, accuracy_m = mapping.get("level"), mapping.get("accuracy_m", _ACCURACY_M)
    if level is not None and level not in set(Level):
        raise BadTable(f"level {level!r} is none of {', '.join(Level)}", field="mapping")
    if isinstance(accuracy_m, bool) or not isinstance(accuracy_m, int | float):
        raise BadTable("accuracy_m is no number", field="mapping")
    columns = {key: str(column) for key, column in fields.items()}
    return Preset(
        name=GENERIC,
        fields=tuple((column.lower(),) for column in columns.values()),
        accuracy_m=float(accuracy_m),
        read=lambda table: _read(table, columns, Level(str(level)) if level is not None else None),
    )


def _read(table: Table, columns: Mapping[str, str], level: Level | None) -> list[Said]:
    """Read the rows; without a level the code's length says it, else the deepest name that is filled in."""
    cells = {key: table.column(columns[key]) if key in columns else ("",) * len(table) for key in FIELDS}
    deepest = deepest_level(cells["desa"], [*cells["kecamatan"], *cells["kode_bps"]])
    rows = []
    for at in range(len(table)):
        kode = kemendagri(cells["kode"][at])
        rows.append(
            Said(
                number=at + 1,
                level=level or LEVEL_OF_LENGTH.get(len(kode), deepest),
                kode=kode,
                **{key: first_of(cells[key][at]) for key in FIELDS[1:]}
                | {"kecamatan": without_kind(cells["kecamatan"][at])},
            )
        )
    return rows
