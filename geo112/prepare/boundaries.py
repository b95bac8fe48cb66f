"""`geo112 prepare boundaries`: a whole set of boundaries, built or taken from the cache, checked, then put in force."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo112.core.errors import DataMissing
from geo112.prepare import cache
from geo112.prepare.compare import compare_with
from geo112.prepare.gazetteer import desa_places, write_desa_csv
from geo112.prepare.layers import Inputs, Layers, make_layers, read_inputs
from geo112.prepare.outputs import (
    MANIFEST,
    content_version,
    write_compact,
    write_desa,
    write_kecamatan,
    write_manifest,
)
from geo112.prepare.packages import Package, check_packages, read_packages
from geo112.prepare.phases import Phases
from geo112.prepare.quality import quality
from geo112.prepare.report import JSON, write_report
from geo112.zones.records import DEFAULT_ACCURACY_M

_LEAST_COVERAGE_SHARE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Where the packages and tables are, where the result goes, and what to hold it against."""

    source: Path
    tables: Path
    out: Path
    cache: Path
    compare: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A set of boundaries that is in force now."""

    out: Path
    from_cache: bool
    report: dict[str, Any]

    def facts(self) -> dict[str, Any]:
        """The result as one JSON object."""
        keys = ("version", "coverage", "mending", "points", "comparison")
        return {"out": str(self.out), "from_cache": self.from_cache} | {
            key: self.report[key] for key in keys if key in self.report
        }

    def summary(self) -> str:
        """The result in a few lines, with the licences."""
        cover = self.report["coverage"]
        lines = [
            f"Batas wilayah {self.report['version']} di {self.out}" + (" (dari simpanan)" if self.from_cache else ""),
            f"{cover['kecamatan']['present']} dari {cover['kecamatan']['register']} kecamatan, "
            f"{cover['kabkota']['present']} dari {cover['kabkota']['register']} kabupaten/kota",
            f"Laporan mutu: {self.out / 'report.html'}",
            *(f"{s['name']} {s['version']}: {s['licence']}" for s in self.report["sources"]),
        ]
        if "comparison" in self.report:
            c = self.report["comparison"]
            lines.append(
                f"Kabupaten/kota sama dengan {c['reference']}: {c['kabkota_share']:.5f} "
                f"(lapisan GADM sendiri {c['gadm_kabkota_share']:.5f}, {c['points']} titik)"
            )
        return "\n".join(lines)


def prepare_boundaries(request: Request, *, phases: Phases) -> Prepared:
    """Put boundaries in force; until the new set has passed its checks the old one stays as it is."""
    packages = read_packages(request.tables)
    check_packages(packages, request.source)
    key = cache.build_key(packages, request.tables)
    with phases.running(), _beside(request.out) as fresh:
        from_cache = not request.force and cache.restore(request.cache, key, fresh)
        if not from_cache:
            inputs = read_inputs(request.source, request.tables, phases=phases)
            layers = make_layers(inputs, phases=phases)
            write_build(inputs, layers, fresh, packages=packages, source=request.source, phases=phases)
            cache.keep(request.cache, key, fresh)
        elif json.loads((fresh / MANIFEST).read_bytes())["compact"] != cache.compact_sum():
            with phases.phase("Berkas untuk layanan"):
                write_compact(fresh, source=request.source)
            write_manifest(fresh, packages=packages, compact=cache.compact_sum())
            cache.keep(request.cache, key, fresh)
        report = json.loads((fresh / JSON).read_bytes())
        if request.compare is not None:
            with phases.phase("Membandingkan"):
                report["comparison"] = compare_with(request.compare, fresh, request.source, request.tables)
            write_report(fresh, report)
            write_manifest(fresh, packages=packages, compact=cache.compact_sum())
        _swap_in(fresh, request.out)
    return Prepared(out=request.out, from_cache=from_cache, report=report)


def write_build(
    inputs: Inputs, layers: Layers, folder: Path, *, packages: Sequence[Package], source: Path, phases: Phases
) -> None:
    """Check the layers and write every file of a build."""
    with phases.phase("Menulis lapisan", 3) as tick:
        version = content_version(layers.kecamatan, inputs.register)
        accuracy_m = max(package.accuracy_m or 0.0 for package in packages)
        write_kecamatan(
            folder / "kecamatan.parquet", layers.kecamatan, inputs.register, accuracy_m=accuracy_m or DEFAULT_ACCURACY_M
        )
        tick()
        write_desa(folder / "desa.parquet", layers.desa)
        tick()
        places = desa_places(
            inputs.register, inputs.points, inputs.point_codes, desa=layers.desa, kecamatan=layers.kecamatan
        )
        write_desa_csv(folder / "desa.csv", places)
    with phases.phase("Memeriksa mutu"):
        report = quality(inputs, layers, packages=packages, version=version)
        check(layers, report)
        write_report(folder, report)
    with phases.phase("Berkas untuk layanan"):
        write_compact(folder, source=source)
    write_manifest(folder, packages=packages, compact=cache.compact_sum())


def check(layers: Layers, report: dict[str, Any]) -> None:
    """Refuse a set that is not fit for calls: a kabupaten/kota without a polygon, or a broken shape."""
    cover = report["coverage"]
    if cover["kabkota_missing"]:
        raise DataMissing(f"no polygon for {', '.join(cover['kabkota_missing'])}; the old boundaries stay in force")
    if cover["kecamatan"]["share"] < _LEAST_COVERAGE_SHARE:
        raise DataMissing(f"only {cover['kecamatan']['share']:.1%} of the kecamatan; the old boundaries stay in force")
    broken = np.flatnonzero(~shapely.is_valid(layers.kecamatan.shapes) | shapely.is_empty(layers.kecamatan.shapes))
    if len(broken):
        kode = layers.kecamatan.kode[int(broken[0])]
        raise DataMissing(f"the polygon of {kode} is broken; the old boundaries stay in force")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Give a new folder on the same disk, which git ignores; it is gone when the build fails."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    try:
        fresh.chmod(0o755)
        # Geometry is never committed, wherever the folder is.
        (fresh / ".gitignore").write_text("*\n", encoding="utf-8")
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap_in(fresh: Path, out: Path) -> None:
    """Put a finished folder in the place of the old one."""
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-old-"))
    out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old)
