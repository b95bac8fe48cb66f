"""Builds the table of cells out of lists: newest of a crowd's cells wins, an operator's own list beats any crowd."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo112.core.errors import BadInput, BadTable
from geo112.locate.cells.cell import ROW, Origin, Rows
from geo112.locate.cells.identity import CELL_BITS, Radio
from geo112.locate.cells.table_file import FILE_NAME, content_version, map_table, rows_of, write_table
from geo112.prepare.cells_input import Progress, Tally, first_line
from geo112.prepare.cells_opencellid import Row, is_opencellid, read_opencellid
from geo112.prepare.cells_operator import read_operator

PRESETS = ("auto", "opencellid", "operator")
REPORT = "cells-report.json"
_BATCH_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which lists to build from, into which folder; `add` keeps the cells that are there already."""

    files: Sequence[Path]
    out: Path
    preset: str = "auto"
    add: bool = False
    mnc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was built and what became of every row."""

    path: Path
    version: str
    cells: int
    kept: int
    duplicates: int
    size_bytes: int
    by_radio: dict[str, int]
    by_origin: dict[str, int]
    tallies: tuple[Tally, ...]

    def facts(self) -> dict[str, object]:
        """Write the report as JSON."""
        return {
            "file": str(self.path),
            "version": self.version,
            "cells": self.cells,
            "kept_from_before": self.kept,
            "duplicates": self.duplicates,
            "size_bytes": self.size_bytes,
            "by_radio": self.by_radio,
            "by_origin": self.by_origin,
            "lists": [tally.facts() for tally in self.tallies],
        }

    def summary(self) -> str:
        """Tell the report in Indonesian."""
        lines = [
            f"{self.path}: {self.cells} sel, {self.size_bytes / 1e6:.1f} MB, versi {self.version}",
            f"  {self.duplicates} ganda, {self.kept} dari tabel lama",
            "  " + ", ".join(f"{name} {count}" for name, count in (*self.by_radio.items(), *self.by_origin.items())),
        ]
        for tally in self.tallies:
            lines.append(
                f"  {tally.file} ({tally.preset}): {tally.rows} baris, {tally.taken} dipakai, "
                f"{tally.other_networks} jaringan negara lain, {sum(tally.refused.values())} ditolak"
            )
            for reason, count in tally.refused.items():
                lines.append(f"    {count} ditolak: {reason} ({tally.examples[reason][0]})")
        return "\n".join(lines)


class _Gathered:
    """Rows as they come, in batches of the table's own form: 44 bytes a cell."""

    def __init__(self) -> None:
        self._batches: list[Rows] = []
        self._open: list[Row] = []

    def take(self, row: Row) -> None:
        """Keep a row."""
        self._open.append(row)
        if len(self._open) >= _BATCH_ROWS:
            self._close()

    def rows(self, before: Rows | None) -> Rows:
        """Give all rows in the order in which they came, those of an older table first."""
        self._close()
        batches = [*([] if before is None else [before]), *self._batches]
        self._batches = []
        return np.concatenate(batches) if batches else np.empty(0, ROW)

    def _close(self) -> None:
        if self._open:
            self._batches.append(np.array(self._open, ROW))
            self._open = []


def prepare_cells(request: Request, *, progress: Progress) -> Built:
    """Build the table, its file and its report, or leave everything as it was; raises BadTable or BadInput."""
    if request.preset not in PRESETS:
        raise BadInput(f"{request.preset[:40]!r} is not one of {', '.join(PRESETS)}", field="preset")
    if request.mnc is not None and not (len(request.mnc) == 2 and request.mnc.isascii() and request.mnc.isdigit()):
        raise BadInput(f"{request.mnc[:20]!r} is not a network code of two digits", field="mnc")
    gathered, tallies = _Gathered(), list[Tally]()
    for path in request.files:
        tally = _read(path, gathered, request, progress)
        tally.require_some()
        tallies.append(tally)
    path = request.out / FILE_NAME
    kept, every, rows = _chosen(gathered, _before(path) if request.add else None)
    version = content_version(rows)
    by_radio, by_origin = _by_radio(rows), _by_origin(rows)
    head = {"version": version, "cells": len(rows), "by_radio": by_radio, "by_origin": by_origin}
    request.out.mkdir(parents=True, exist_ok=True)
    write_table(path, rows, head=head)
    built = Built(
        path=path,
        version=version,
        cells=len(rows),
        kept=kept,
        duplicates=every - len(rows),
        size_bytes=path.stat().st_size,
        by_radio=by_radio,
        by_origin=by_origin,
        tallies=tuple(tallies),
    )
    _write_report(request.out / REPORT, built)
    return built


def _read(path: Path, gathered: _Gathered, request: Request, progress: Progress) -> Tally:
    preset = request.preset
    if preset == "auto":
        preset = "opencellid" if is_opencellid(first_line(path)) else "operator"
    if preset == "opencellid":
        return read_opencellid(path, gathered.take, progress=progress)
    return read_operator(path, gathered.take, progress=progress, mnc=request.mnc)


def _before(path: Path) -> Rows | None:
    """Read the table that more cells are added to."""
    try:
        _, arrays = map_table(path)
    except FileNotFoundError:
        return None
    return rows_of(arrays)


def _chosen(gathered: _Gathered, before: Rows | None) -> tuple[int, int, Rows]:
    """Give how many rows were there before, how many with them, and the best of each cell; the others are let go."""
    every = gathered.rows(before)
    if not len(every):
        raise BadTable("there is no cell in any of the lists", field="files")
    return 0 if before is None else len(before), len(every), _best_of_each(every)


def _best_of_each(rows: Rows) -> Rows:
    """Keep one row of each cell, sorted by key: the best origin, then the newest, then the one that came last."""
    order = np.lexsort((rows["updated_s"], rows["origin"], rows["key"]))
    keys = rows["key"][order]
    last = np.ones(len(keys), np.bool_)
    last[:-1] = keys[1:] != keys[:-1]
    return rows[order[last]]


def _by_radio(rows: Rows) -> dict[str, int]:
    radios = rows["key"] >> np.uint64(CELL_BITS + 21)
    counts = np.bincount(radios.astype(np.int64), minlength=len(Radio))
    return {radio.value: int(counts[n]) for n, radio in enumerate(Radio)}


def _by_origin(rows: Rows) -> dict[str, int]:
    counts = np.bincount(rows["origin"], minlength=len(Origin))
    return {origin.name.lower(): int(counts[origin]) for origin in Origin}


def _write_report(path: Path, built: Built) -> None:
    fresh = path.with_name(path.name + ".part")
    fresh.write_text(json.dumps(built.facts(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)
