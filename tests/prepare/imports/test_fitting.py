"""After an import nothing overlaps, no crack is left, and the file's ground is the file's."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, affinity, box

from geo112.prepare.coverage import CRACK_KM2, holes_between, overlapping_pairs
from geo112.prepare.imports.closing import SEEN_KM2, ground_km2
from geo112.prepare.imports.fitting import Fitted, fit
from geo112.prepare.imports.outline import fit_into

WEST, SOUTH, SIDE = 110.0, -7.0, 0.05
SIZE = 4
DUST = 1e-10
KM2_PER_SQUARE_DEG = 111.32 * 110.6
# So few kecamatan for each kabupaten that some are replaced wholly and some in part.
KAB = {(c, r): f"33.0{1 + (c >= 2) + 2 * (r >= 2)}" for c in range(SIZE) for r in range(SIZE)}


def array(shapes: list[object]) -> np.ndarray:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def code(c: int, r: int) -> str:
    return f"{KAB[c, r]}.{1 + c % 2 + 2 * (r % 2):02d}"


def cell(c: int, r: int, corners: dict[tuple[int, int], tuple[float, float]]) -> Polygon:
    return Polygon([corners[c, r], corners[c + 1, r], corners[c + 1, r + 1], corners[c, r + 1]])


def grid(moves: list[float]) -> dict[str, Polygon]:
    """A net of 16 kecamatan whose corners are moved a little."""
    corners = {}
    pairs = iter(zip(moves[::2], moves[1::2], strict=True))
    for c in range(SIZE + 1):
        for r in range(SIZE + 1):
            dx, dy = next(pairs)
            corners[c, r] = (WEST + (c + dx) * SIDE, SOUTH + (r + dy) * SIDE)
    return {code(c, r): cell(c, r, corners) for c in range(SIZE) for r in range(SIZE)}


BASE = grid([0.0] * 50)
MOVE = st.floats(min_value=-0.2, max_value=0.2, allow_subnormal=False)


def check(fitted: Fitted, file: dict[str, Polygon]) -> None:
    codes, shapes = list(fitted.shapes), array(list(fitted.shapes.values()))
    assert shapely.is_valid(shapes).all()
    assert codes == sorted(codes)
    _, _, common = overlapping_pairs(shapes)
    assert (ground_km2(common) < SEEN_KM2).all()
    holes = ground_km2(holes_between(shapes))
    assert not ((holes >= SEEN_KM2) & (holes <= CRACK_KM2)).any()
    assert fitted.overlaps_left == ()
    assert fitted.gaps_left == ()
    # What the file has is in the set as the file's; more than that are cracks that were closed, and listed.
    theirs = shapely.union_all(array(list(file.values())))
    ours = shapely.union_all(array([fitted.shapes[kode] for kode in file]))
    assert shapely.difference(theirs, ours).area < DUST
    closed_km2 = sum(km2 for kode, km2 in fitted.gaps if kode in file)
    assert shapely.difference(ours, theirs).area * KM2_PER_SQUARE_DEG <= 1.01 * closed_km2 + SEEN_KM2


@settings(max_examples=15, deadline=None)
@given(moves=st.lists(MOVE, min_size=50, max_size=50), chosen=st.sets(st.sampled_from(sorted(BASE)), min_size=1))
def test_nothing_overlaps_and_nothing_cracks(moves: list[float], chosen: set[str]) -> None:
    file = {kode: shape for kode, shape in grid(moves).items() if kode in chosen}
    file = {kode: shape for kode, shape in file.items() if shape.is_valid}
    fitted = fit(BASE, file, {})
    check(fitted, file)
    assert set(fitted.shapes) | set(fitted.removed) == set(BASE)


@settings(max_examples=15, deadline=None)
@given(
    shifts=st.lists(st.tuples(MOVE, MOVE), min_size=16, max_size=16),
    chosen=st.sets(st.sampled_from(sorted(BASE)), min_size=2),
)
def test_a_file_that_does_not_fit_itself_is_settled(shifts: list[tuple[float, float]], chosen: set[str]) -> None:
    """Each kecamatan was drawn on its own: overlaps and cracks everywhere."""
    file = {
        kode: affinity.translate(BASE[kode], dx * SIDE / 4, dy * SIDE / 4)
        for kode, (dx, dy) in zip(sorted(BASE), shifts, strict=True)
        if kode in chosen
    }
    check(fit(BASE, file, {}), file)


@settings(max_examples=15, deadline=None)
@given(moves=st.lists(MOVE, min_size=8, max_size=8))
def test_outer_borders_are_kept_to(moves: list[float]) -> None:
    """The kecamatan of a kabupaten fill its new border and nothing else."""
    ring = [(0, 0), (2, 0), (2, 2), (0, 2)]
    whole = Polygon(
        [(WEST + (c + moves[2 * n]) * SIDE, SOUTH + (r + moves[2 * n + 1]) * SIDE) for n, (c, r) in enumerate(ring)]
    )
    fitted = fit(BASE, {}, {"33.01": MultiPolygon([whole])})
    # Rarely the overlay of GEOS leaves an overlap here; it is counted, and such a set is refused.
    assume(not fitted.overlaps_left)
    check(fitted, {kode: fitted.shapes[kode] for kode in fitted.outlined})
    ours = shapely.union_all(array([fitted.shapes[kode] for kode in BASE if kode.startswith("33.01")]))
    assert shapely.difference(whole, ours).area < 1e-12
    assert fitted.outlined == {kode for kode in BASE if kode.startswith("33.01")}


def test_a_whole_kabupaten_is_replaced_and_part_of_one_is_not() -> None:
    lama = {kode: shape for kode, shape in BASE.items() if kode.startswith("33.01")}
    one = next(kode for kode in BASE if kode.startswith("33.02"))
    fitted = fit(BASE, lama | {one: BASE[one]}, {})
    assert fitted.replaced == ("33.01",)
    assert fitted.removed == ()
    assert fitted.changed == {*lama, one}


def test_the_smaller_wins_within_the_file_and_the_lower_code_on_a_tie() -> None:
    small, large = box(110.04, -7.0, 110.06, -6.95), box(110.0, -7.0, 110.05, -6.95)
    fitted = fit(BASE, {"33.01.01": large, "33.01.02": small}, {})
    assert fitted.shapes["33.01.02"].covers(Point(110.045, -6.97))
    [pair] = fitted.file_overlaps
    assert (pair.winner, pair.loser) == ("33.01.02", "33.01.01")
    equal = box(110.0, -7.0, 110.05, -6.95)
    fitted = fit(BASE, {"33.01.01": equal, "33.01.02": affinity.translate(equal, 0.01, 0)}, {})
    assert fitted.shapes["33.01.01"].covers(Point(110.045, -6.97))


def test_the_import_wins_over_what_is_in_force() -> None:
    wide = box(110.0, -7.0, 110.06, -6.95)
    fitted = fit(BASE, {"33.01.01": wide}, {})
    assert fitted.shapes["33.01.01"].equals(wide)
    assert [(pair.winner, pair.loser) for pair in fitted.base_overlaps] == [("33.01.01", "33.01.02")]
    assert fitted.base_overlaps[0].km2 == pytest.approx(0.01 * 0.05 * 110.5 * 110.6, rel=0.01)


def test_what_hardly_anything_is_left_of_is_no_more() -> None:
    almost = box(110.0, -7.0, 110.0995, -6.95)
    fitted = fit(BASE, {"33.01.01": almost}, {})
    assert fitted.swallowed == ("33.01.02",)
    assert "33.01.02" not in fitted.shapes
    assert [kode for kode, km2 in fitted.gaps if km2 > SEEN_KM2] == ["33.01.01"], "of equal borders the lower code"


def test_a_strip_between_the_import_and_a_neighbour_is_closed_though_it_opens_to_the_sea() -> None:
    narrow = box(110.0, -7.0, 110.0499, -6.95)
    fitted = fit(BASE, {"33.01.01": narrow}, {})
    assert [kode for kode, km2 in fitted.gaps if km2 > SEEN_KM2] == ["33.01.01"], "of equal borders the lower code"
    assert fitted.shapes["33.01.01"].covers(Point(110.04995, -6.99))


def test_a_coast_that_the_file_draws_nearer_stays_open() -> None:
    fitted = fit(BASE, {"33.01.01": box(110.0, -6.999, 110.05, -6.95)}, {})
    assert fitted.given_up_km2 == pytest.approx(0.05 * 0.001 * 110.5 * 110.6, rel=0.01)
    assert not any(shape.covers(Point(110.02, -6.9995)) for shape in fitted.shapes.values())


def test_a_large_hole_stays_and_is_listed() -> None:
    ring = Polygon(BASE["33.04.01"].exterior, [box(110.11, -6.89, 110.13, -6.87).exterior])
    fitted = fit(BASE, {"33.04.01": ring}, {})
    [hole] = fitted.holes
    assert hole.km2 == pytest.approx(0.02 * 0.02 * 110.6 * 110.5, rel=0.01)
    assert hole.enclosed
    assert (hole.near, round(hole.lat_deg, 1), round(hole.lon_deg, 1)) == ("33.04.01", -6.9, 110.1)


def test_an_enclave_far_from_the_file_is_no_hole() -> None:
    """A kota in a neighbour of the file is not near the file itself, yet nothing of it is given away."""
    kota = box(110.17, -6.98, 110.19, -6.96)
    base = BASE | {"33.02.02": BASE["33.02.02"].difference(kota), "33.71.01": kota}
    fitted = fit(base, {"33.02.01": BASE["33.02.01"]}, {})
    assert fitted.shapes["33.71.01"].equals(kota)
    assert fitted.holes == ()
    assert fitted.gaps == ()


def test_islands_that_an_outer_border_does_not_draw_stay() -> None:
    island = box(109.9, -7.0, 109.91, -6.99)
    base = BASE | {"33.01.01": MultiPolygon([BASE["33.01.01"], island])}
    whole = shapely.union_all(array([BASE[kode] for kode in BASE if kode.startswith("33.01")]))
    fitted = fit(base, {}, {"33.01": MultiPolygon([whole])})
    assert fitted.shapes["33.01.01"].covers(island)


def test_new_ground_goes_to_the_nearest_part_not_to_the_longest_border() -> None:
    """A strip along two parts is divided between them."""
    parts = {"33.01.01": box(0, 0, 1, 1), "33.01.02": box(1, 0, 1.8, 1)}
    fitted = fit_into(box(0, -0.1, 1.8, 1), parts)
    assert fitted["33.01.01"].covers(box(0.01, -0.09, 0.98, 0))
    assert fitted["33.01.02"].covers(box(1.02, -0.09, 1.79, 0))
    assert shapely.union_all(list(fitted.values())).area == pytest.approx(1.98)
    assert shapely.intersection(*fitted.values()).area == 0


def test_a_part_outside_the_new_border_is_left_out() -> None:
    parts = {"33.01.01": box(0, 0, 1, 1), "33.01.02": box(5, 0, 6, 1)}
    assert list(fit_into(box(0, 0, 1.1, 1), parts)) == ["33.01.01"]
    assert fit_into(box(8, 8, 9, 9), parts) == {}
