"""Reads the packages and makes the two layers of a build: kecamatan and village polygons."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo112.core.codes import KodeDesa, KodeKecamatan
from geo112.prepare.assign import assign
from geo112.prepare.coverage import Mended, without_cracks, without_overlaps
from geo112.prepare.dissolve import areas_km2, joined, repaired
from geo112.prepare.evidence import Placed
from geo112.prepare.kecamatan import DesaLayer, KecamatanLayer, desa_layer, evidence_of, groups_of
from geo112.prepare.phases import Phases
from geo112.prepare.pieces import cut_pieces
from geo112.prepare.points import current_codes, villages_inside
from geo112.prepare.register import Register, read_register
from geo112.prepare.sources import (
    GadmKecamatan,
    GadmVillage,
    Shapes,
    VillagePoint,
    read_gadm_kabkota,
    read_gadm_kecamatan,
    read_gadm_villages,
    read_points,
)
from geo112.prepare.splits import Tables, Territory, read_tables, territories


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that the packages and the hand-kept tables say."""

    register: Register
    tables: Tables
    territories: Mapping[str, Territory]
    villages: list[GadmVillage]
    village_shapes: Shapes
    kecamatan: list[GadmKecamatan]
    kecamatan_shapes: Shapes
    points: list[VillagePoint]
    point_codes: list[KodeDesa | None]
    mended_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What a build makes, with what there was to mend on the way."""

    kecamatan: KecamatanLayer
    desa: DesaLayer
    placed: Mapping[int, Placed]
    overlaps: Mended
    cracks: Mended


def read_inputs(source: Path, tables_folder: Path, *, phases: Phases) -> Inputs:
    """Read the packages and the tables, and mend invalid polygons."""
    with phases.phase("Membaca sumber", 4) as tick:
        register = read_register(source / "idn-area-data" / "data")
        tables = read_tables(tables_folder)
        where = territories(read_gadm_kabkota(source), register, tables)
        tick()
        villages, raw_villages = read_gadm_villages(source)
        tick()
        kecamatan, raw_kecamatan = read_gadm_kecamatan(source)
        village_shapes, mended_villages = repaired(raw_villages)
        kecamatan_shapes, mended_kecamatan = repaired(raw_kecamatan)
        tick()
        points = read_points(source)
        return Inputs(
            register=register,
            tables=tables,
            territories=where,
            villages=villages,
            village_shapes=village_shapes,
            kecamatan=kecamatan,
            kecamatan_shapes=kecamatan_shapes,
            points=points,
            point_codes=current_codes(points, register),
            mended_count=mended_villages + mended_kecamatan,
        )


def make_layers(inputs: Inputs, *, phases: Phases) -> Layers:
    """Match, cut, join and mend."""
    with phases.phase("Mencocokkan desa", len(inputs.territories)) as tick:
        placed = assign(
            inputs.villages,
            inputs.village_shapes,
            territories=inputs.territories,
            register=inputs.register,
            tables=inputs.tables,
            points=villages_inside(inputs.village_shapes, inputs.points, inputs.point_codes),
            tick=tick,
        )
    kode, rough = _rough_shapes(inputs, placed, phases=phases)
    with phases.phase("Menghapus tumpang tindih"):
        overlaps = without_overlaps(rough)
    with phases.phase("Menutup celah"):
        cracks = without_cracks(overlaps.shapes)
    with phases.phase("Mengukur luas"):
        groups = groups_of(placed)
        village_km2 = areas_km2(inputs.village_shapes)
        kecamatan = KecamatanLayer(
            kode=kode,
            evidence=tuple(evidence_of([placed[i] for i in groups[k].tolist()], village_km2[groups[k]]) for k in kode),
            area_km2=areas_km2(cracks.shapes),
            shapes=cracks.shapes,
        )
    names = {i: inputs.register.desa[p.desa] if p.desa else inputs.villages[i].desa for i, p in placed.items()}
    desa = desa_layer(placed, inputs.village_shapes, names)
    return Layers(kecamatan=kecamatan, desa=desa, placed=placed, overlaps=overlaps, cracks=cracks)


def _rough_shapes(
    inputs: Inputs, placed: Mapping[int, Placed], *, phases: Phases
) -> tuple[tuple[KodeKecamatan, ...], Shapes]:
    """Cut the source's kecamatan along the register and join the pieces; still with overlaps and cracks."""
    with phases.phase("Memotong kecamatan lama", len(inputs.kecamatan)) as tick:
        pieces = cut_pieces(
            inputs.kecamatan,
            inputs.kecamatan_shapes,
            villages=inputs.villages,
            village_shapes=inputs.village_shapes,
            placed=placed,
            tick=tick,
        )
    shapes = np.empty(len(pieces), dtype=np.object_)
    with phases.phase("Menggabungkan kecamatan", len(pieces)) as tick:
        for number, parts in enumerate(pieces.values()):
            shapes[number] = joined(np.array(parts, dtype=np.object_))
            tick()
    return tuple(pieces), shapes
