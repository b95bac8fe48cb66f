"""Builds the boundaries of the whole country from installed packages."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from geo112.core.errors import DataMissing
from geo112.prepare.assign import assign
from geo112.prepare.dissolve import areas_km2, dissolved, repaired, without_cracks
from geo112.prepare.gazetteer import desa_places, write_desa_csv
from geo112.prepare.kecamatan import KecamatanLayer, desa_layer, evidence_of, groups_of
from geo112.prepare.outputs import content_version, write_compact, write_desa, write_kecamatan, write_manifest
from geo112.prepare.phases import Phases
from geo112.prepare.points import current_codes, villages_inside
from geo112.prepare.register import read_register
from geo112.prepare.sources import read_gadm_kabkota, read_gadm_villages, read_points, source_sums
from geo112.prepare.splits import read_tables, territories


def build(source: Path, tables_folder: Path, out: Path, *, phases: Phases) -> str:
    """Build everything into a folder and give the version."""
    with phases.phase("Membaca sumber", 4) as tick:
        sums = source_sums(source)
        register = read_register(source / "idn-area-data" / "data")
        tick()
        tables = read_tables(tables_folder)
        where = territories(read_gadm_kabkota(source), register, tables)
        villages, raw = read_gadm_villages(source)
        tick()
        shapes, mended = repaired(raw)
        tick()
        points = read_points(source)
        codes = current_codes(points, register)
    with phases.phase("Mencocokkan desa", len(where)) as tick:
        placed = assign(
            villages, shapes, territories=where, register=register, tables=tables,
            points=villages_inside(shapes, points, codes), tick=tick,
        )
    groups = groups_of(placed)
    with phases.phase("Menggabungkan kecamatan", len(groups)) as tick:
        joined = dissolved(shapes, list(groups.values()), tick)
    with phases.phase("Menutup celah di dalam kecamatan", 1):
        closed, cracks, cracks_km2 = without_cracks(joined)
        village_km2 = areas_km2(shapes)
        kecamatan = KecamatanLayer(
            kode=tuple(groups),
            evidence=tuple(evidence_of([placed[i] for i in m.tolist()], village_km2[m]) for m in groups.values()),
            area_km2=areas_km2(closed),
            shapes=closed,
        )
    names = {i: register.desa[p.desa] if p.desa else villages[i].desa for i, p in placed.items()}
    desa = desa_layer(placed, shapes, names)
    with phases.phase("Menulis", 5) as tick:
        version = content_version(kecamatan, register)
        write_kecamatan(out / "kecamatan.parquet", kecamatan, register); tick()
        write_desa(out / "desa.parquet", desa); tick()
        write_desa_csv(out / "desa.csv", desa_places(register, points, codes, desa=desa, kecamatan=kecamatan)); tick()
        write_compact(out, kecamatan, register, version); tick()
        write_manifest(out, version=version, sums=sums)
    return version


def swap_in(fresh: Path, out: Path) -> None:
    """Put a finished folder in the place of the old one, which stays in force until then."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)
