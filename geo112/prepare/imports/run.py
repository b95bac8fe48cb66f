"""`geo112 prepare boundaries --file`: a file of a region becomes a set of boundaries, checked, then put in force."""

import json
import math
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import BadInput, BadTable
from geo112.prepare import cache
from geo112.prepare.imports.checks import check_fitted, check_positions
from geo112.prepare.imports.facts import Import, Told, facts_of
from geo112.prepare.imports.fitting import Fitted, fit
from geo112.prepare.imports.gather import Gathered, gather
from geo112.prepare.imports.known import Known, read_known
from geo112.prepare.imports.mapping import generic_preset
from geo112.prepare.imports.page import import_page
from geo112.prepare.imports.placing import Sorted, check_numbering, is_undefined, sort_rows
from geo112.prepare.imports.presets import GENERIC, Preset, find_preset
from geo112.prepare.imports.raw import RAW, RawRow, read_raw, write_raw
from geo112.prepare.imports.reading import Table, read_mapping, read_table
from geo112.prepare.imports.said import Said
from geo112.prepare.imports.set_files import KECAMATAN, base_sources, file_sum_of, read_base, set_frame, set_version
from geo112.prepare.imports.shift import border_shifts
from geo112.prepare.imports.villages import take_villages
from geo112.prepare.outputs import write_compact, write_manifest
from geo112.prepare.packages import Package
from geo112.prepare.phases import Phases
from geo112.prepare.register import kabkota_of
from geo112.prepare.report import HTML, JSON
from geo112.prepare.sets import put_in_force
from geo112.zones.catalogue import day_of, set_in_force
from geo112.zones.centres import WIB, read_centres

CENTRES = "centres.csv"
_MOST_ACCURACY_M = 5_000.0


# An import works in such a folder beside the sets; what a killed one left is removed by the first import a day later.
_BESIDE = ".new-"
_LEFT_OVER_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """The file, what the user says of it, and where things are.

    `accuracy_m` None takes the preset's; `valid_from` None puts the set in force at once; `bridge` is a table of BPS
    and Kemendagri codes; `build` holds the national default, `sets` the others; `now` is the moment of the import.
    """

    file: Path
    build: Path
    sets: Path
    source: Path
    tables: Path
    now: datetime
    preset: str = "auto"
    mapping: Path | None = None
    layer: str | None = None
    crs: str | None = None
    bridge: Path | None = None
    valid_from: date | None = None
    accuracy_m: float | None = None
    name: str | None = None
    licence: str = ""
    source_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSet:
    """A set of boundaries that was put in place."""

    folder: Path
    report: dict[str, Any]

    def facts(self) -> dict[str, Any]:
        """The result as one JSON object: the report without its long lists."""
        keys = ("version", "name", "import", "rows", "kecamatan", "kabkota", "mended_polygons", "given_up_km2")
        short = {key: self.report[key] for key in keys}
        overlaps, gaps = self.report["overlaps"], self.report["gaps"]
        return {"out": str(self.folder)} | short | {
            "overlaps": {key: {"count": found["count"], "m2": found["m2"]} for key, found in overlaps.items()},
            "gaps": {"closed": gaps["closed"], "left": gaps["left"]},
            "holes": self.report["holes"],
            "other_names": len(self.report["other_names"]),
            "areas": self.report["areas"],
        }  # fmt: skip

    def summary(self) -> str:
        """The result in a few lines."""
        report = self.report
        rows, overlaps, gaps = report["rows"], report["overlaps"], report["gaps"]
        reasons = ", ".join(f"{count} {reason}" for reason, count in rows["reasons"].items())
        return "\n".join(
            (
                f"Batas wilayah {report['version']} ({report['name']}) di {self.folder}, berlaku "
                f"{report['import']['valid_from'] or 'segera'}",
                f"{rows['used']} dari {rows['read']} baris dipakai" + (f"; ditolak: {reasons}" if reasons else ""),
                f"{report['kecamatan']['imported'] + report['kecamatan']['outer_border_only']} kecamatan dari berkas, "
                f"{len(report['kecamatan']['new'])} baru, {len(report['kecamatan']['removed'])} dihapus; "
                f"{len(report['kabkota']['replaced'])} kabupaten/kota diganti seluruhnya",
                f"Tumpang tindih diselesaikan: {overlaps['in_file']['count']} di berkas "
                f"({overlaps['in_file']['m2']} m²), {overlaps['with_base']['count']} dengan batas lama "
                f"({overlaps['with_base']['m2']} m²); celah ditutup: {gaps['closed']['count']} "
                f"({gaps['closed']['m2']} m²); tetap kosong: {len(report['holes'])}",
                *self._warnings(),
                f"Laporan: {self.folder / HTML}",
            )
        )

    def _warnings(self) -> list[str]:
        """What somebody has to do or to look at."""
        missing = self.report["kabkota"]["without_centre"]
        names = len(self.report["other_names"])
        removed = self.report["kecamatan"]["removed"]
        said = {
            f"belum ada dalam daftar pusat (centres.csv): {', '.join(missing)}": missing,
            f"{names} nama kecamatan berbeda dari daftar": names,
            f"kecamatan yang tidak ada lagi dalam batas ini: {', '.join(removed)}": removed,
        }
        return [f"PERHATIAN: {what}" for what, found in said.items() if found]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A file after it was read and its rows were sorted."""

    table: Table
    preset: Preset
    said: list[Said]
    rows: Sorted
    different: list[tuple[KodeKecamatan, str, str]]


def import_boundaries(request: ImportRequest, *, phases: Phases) -> ImportedSet:
    """Put a region's own boundaries in force; until the new set has passed its checks the old one stays as it is."""
    accuracy_m = _checked_accuracy(request.accuracy_m)
    day = request.valid_from or day_of(request.now, WIB)
    base_folder = set_in_force(request.sets, request.build, day)
    forget_left_over(request.sets, now=request.now)
    with phases.running(), tempfile.TemporaryDirectory(dir=_made(request.sets), prefix=_BESIDE) as beside:
        with phases.phase("Membaca batas yang berlaku"):
            base = read_base(base_folder)
            known = read_known(base, source=request.source, tables=request.tables, bridge=request.bridge)
        with phases.phase("Membaca berkas"):
            read = _read(request, known)
        with phases.phase("Menggabungkan poligon"):
            gathered = gather(read.rows, read.table.shapes, known)
        polygons = dict(zip(known.kode, known.shapes, strict=True))
        with phases.phase("Menyesuaikan dengan tetangga"):
            fitted = fit(polygons, gathered.kecamatan, gathered.outer)
            check_fitted(polygons, fitted, known.kabkota)
        fresh = Path(beside) / "set"
        fresh.mkdir()
        # Geometry is never committed, wherever the folder is.
        (fresh / ".gitignore").write_text("*\n", encoding="utf-8")
        told = _told(request, read, accuracy_m if accuracy_m is not None else read.preset.accuracy_m)
        made = (read, gathered, fitted, told)
        report = _write(fresh, base_folder, base, made, known, request=request, phases=phases)
        # The seam to the catalogue of sets: it checks the folder again, moves it and enters it.
        folder = put_in_force(
            fresh, sets_dir=request.sets, valid_from=request.valid_from, name=told.name, now=request.now
        )
    return ImportedSet(folder=folder, report=report)


def forget_left_over(sets: Path, *, now: datetime) -> int:
    """Remove what imports left that were killed more than a day ago, and say how many there were."""
    old = [path for path in sets.glob(f"{_BESIDE}*") if now.timestamp() - path.stat().st_mtime > _LEFT_OVER_S]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _read(request: ImportRequest, known: Known) -> _Read:
    """Read the file and sort its rows; raises what names the field that is wrong."""
    if (request.preset == GENERIC) != (request.mapping is not None):
        raise BadInput("--preset generic and --mapping FILE.toml belong together", field="mapping")
    table = read_table(request.file, layer=request.layer, crs=request.crs)
    preset = generic_preset(read_mapping(request.mapping)) if request.mapping else find_preset(request.preset, table)
    if not preset.fits(table):
        wanted = ", ".join(name for group in preset.fields for name in group)
        raise BadTable(f"the file lacks one of the columns {wanted}", field="mapping")
    said = preset.read(table)
    drawn = [shape is not None and not is_undefined(one) for one, shape in zip(said, table.shapes, strict=True)]
    check_positions(table.shapes[drawn], name=request.file.name)
    rows = sort_rows(said, table.shapes, known)
    if not rows.used:
        first = rows.refused[0]
        raise BadTable(f"no row of {request.file.name} can be used; first: {first.shown}: {first.reason}", field="file")
    different = check_numbering(rows, known, field="file")
    return _Read(table=table, preset=preset, said=said, rows=rows, different=different)


def _write(
    fresh: Path,
    base_folder: Path,
    base: geopandas.GeoDataFrame,
    made: tuple[_Read, Gathered, Fitted, Told],
    known: Known,
    *,
    request: ImportRequest,
    phases: Phases,
) -> dict[str, Any]:
    """Write every file of the set and give its report."""
    read, gathered, fitted, told = made
    register = request.tables / CENTRES
    # Where they are not in the folder that was named, the installed ones say what land abroad is.
    packages_dir = request.source if (request.source / "world-atlas").is_dir() else None
    frame = set_frame(base, fitted, gathered.names, accuracy_m=told.accuracy_m)
    before = frozenset(known.kode)
    with phases.phase("Menulis lapisan", 3) as tick:
        frame.to_parquet(fresh / KECAMATAN, index=False, compression="zstd", write_covering_bbox=False)
        tick()
        moved = take_villages(base_folder, fresh, fitted.shapes, before=before)
        tick()
        _write_raw(fresh, base_folder, read, told, fitted)
    with phases.phase("Mengukur pergeseran batas"):
        touched = frozenset(kabkota_of(kode) for kode in (*fitted.imported, *fitted.outlined))
        shifts = border_shifts(dict(zip(known.kode, known.shapes, strict=True)), fitted.shapes, touched)
    own = Package(
        name=told.name,
        version=told.source_date or told.sha256[:12],
        licence=told.licence or "tidak disebutkan",
        holds=f"batas wilayah dari {told.file}",
        files=(told.file,),
        sha256=told.sha256,
    )
    packages = [*(one for one in base_sources(base_folder) if one.sha256 != own.sha256), own]
    sources = [{"name": p.name, "version": p.version, "licence": p.licence, "holds": p.holds} for p in packages]
    done = Import(
        told=told,
        read=len(read.table),
        rows=read.rows,
        gathered=gathered,
        fitted=fitted,
        different=read.different,
        shifts=shifts,
        base=before,
        base_km2=dict(zip(known.kode, base["area_km2"].tolist(), strict=True)),
        km2=dict(zip(map(KodeKecamatan, frame["kode_kecamatan"]), frame["area_km2"].tolist(), strict=True)),
        names=dict(known.kecamatan)
        | dict(zip(map(KodeKecamatan, frame["kode_kecamatan"]), frame["kecamatan"], strict=True)),
        kabkota=dict(known.kabkota) | dict(zip(map(KodeKabKota, frame["kode_kabkota"]), frame["kabkota"], strict=True)),
        villages_moved=moved,
        centres=frozenset(read_centres(register) if register.is_file() else known.kabkota),
    )
    report = facts_of(done, version=set_version(frame), sources=sources)
    (fresh / JSON).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (fresh / HTML).write_text(import_page(report), encoding="utf-8")
    with phases.phase("Berkas untuk layanan"):
        write_compact(fresh, source=packages_dir)
    write_manifest(fresh, packages=packages, compact=cache.compact_sum())
    return report


def _write_raw(fresh: Path, base_folder: Path, read: _Read, told: Told, fitted: Fitted) -> None:
    """Keep the polygons as they came, with those of earlier imports whose kabupaten/kota this file does not touch."""
    rows = read.rows
    code = {
        one.said.number: str(one.kode)
        for group in (rows.kecamatan, rows.kabkota)
        for members in group.values()
        for one in members
    }
    reason = {one.number: str(one.reason) for one in rows.refused}
    raw = [RawRow(said=s, kode=code.get(s.number, ""), reason=reason.get(s.number, "")) for s in read.said]
    kept = read_raw(base_folder)
    if kept is not None:
        touched = {kabkota_of(kode) for kode in (*fitted.imported, *fitted.outlined)}
        kept = kept[kept["dipakai"] & ~kept["kode_kabkota"].isin(touched)]
    write_raw(fresh / RAW, raw, read.table.shapes, file=told.file, kept=kept)


def _told(request: ImportRequest, read: _Read, accuracy_m: float) -> Told:
    """Collect what the user and the file say."""
    return Told(
        name=" ".join((request.name or request.file.stem).split()),
        file=request.file.name,
        sha256=file_sum_of(request.file),
        preset=read.preset.name,
        layer=request.layer,
        crs=read.table.crs,
        accuracy_m=_checked_accuracy(accuracy_m) or accuracy_m,
        accuracy_from="pemakai" if request.accuracy_m is not None else f"bawaan {read.preset.name}",
        valid_from=None if request.valid_from is None else request.valid_from.isoformat(),
        licence=request.licence,
        source_date=request.source_date,
    )


def _checked_accuracy(accuracy_m: float | None) -> float | None:
    """Refuse an accuracy that cannot be meant."""
    if accuracy_m is not None and not (math.isfinite(accuracy_m) and 0 < accuracy_m <= _MOST_ACCURACY_M):
        raise BadInput(f"{accuracy_m:g} is not above 0 and up to {_MOST_ACCURACY_M:g} metres", field="accuracy_m")
    return accuracy_m


def _made(folder: Path) -> Path:
    """Make a folder that git ignores what is written into, while it is being made."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
