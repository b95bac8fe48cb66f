"""Kecamatan are cut, fitted and mended so that no ground is lost or given twice."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from geo112.prepare.borders import shared_borders
from geo112.prepare.compare import found_in, layer_of, with_nearest
from geo112.prepare.coverage import overlapping_pairs, without_cracks, without_overlaps
from geo112.prepare.dissolve import areas_km2, joined, polygonal, repaired
from geo112.prepare.pieces import cut


def shapes(*geometries: object) -> np.ndarray:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def test_overlapping_ground_goes_to_the_smaller() -> None:
    large, small = box(0, 0, 0.2, 0.1), box(0.15, 0, 0.25, 0.1)
    mended = without_overlaps(shapes(large, small))
    assert mended.shapes[0].equals(MultiPolygon([box(0, 0, 0.15, 0.1)]))
    assert mended.shapes[1].equals(small)
    assert mended.count == 1
    assert mended.area_km2 == pytest.approx(0.05 * 0.1 * 111.32 * 110.57, rel=1e-3)


def test_ground_of_equal_kecamatan_goes_to_the_lower_code() -> None:
    """Both boxes lie alike about the equator, so their areas are equal."""
    mended = without_overlaps(shapes(box(0, -0.1, 0.2, 0.1), box(0.1, -0.1, 0.3, 0.1)))
    assert mended.shapes[0].covers(Point(0.15, 0))
    assert not mended.shapes[1].intersects(Point(0.15, 0))


def test_an_enclave_becomes_a_hole() -> None:
    """As Kota Blitar lies in Kab. Blitar."""
    kabupaten, kota = box(0, 0, 0.3, 0.3), box(0.1, 0.1, 0.2, 0.2)
    mended = without_overlaps(shapes(kabupaten, kota))
    assert len(mended.shapes[0].geoms[0].interiors) == 1
    assert not mended.shapes[0].intersects(Point(0.15, 0.15))
    assert not len(overlapping_pairs(mended.shapes)[2])


def test_a_crack_goes_to_the_longest_border() -> None:
    """A slit of 1 m by 1 km between a long western and two short eastern neighbours."""
    west = Polygon(
        [(0, 0), (0.1, 0), (0.1, 0.045), (0.0999, 0.045), (0.0999, 0.055), (0.1, 0.055), (0.1, 0.1), (0, 0.1)]
    )
    south_east, north_east = box(0.1, 0, 0.2, 0.048), box(0.1, 0.048, 0.2, 0.1)
    mended = without_cracks(shapes(west, south_east, north_east))
    assert mended.count == 1
    assert mended.shapes[0].covers(Point(0.09995, 0.05))
    assert mended.shapes[1].equals(south_east)


def test_a_lake_stays_open() -> None:
    ring = Polygon(box(0, 0, 0.1, 0.1).exterior, [box(0.04, 0.04, 0.06, 0.06).exterior])
    mended = without_cracks(shapes(ring))
    assert mended.count == 0
    assert not mended.shapes[0].intersects(Point(0.05, 0.05))


def test_an_islet_in_a_crack_is_not_buried() -> None:
    ring = Polygon(box(0, 0, 0.1, 0.1).exterior, [box(0.045, 0.045, 0.053, 0.053).exterior])
    islet = box(0.048, 0.048, 0.05, 0.05)
    mended = without_cracks(shapes(ring, islet))
    assert mended.count == 1
    assert mended.shapes[0].covers(Point(0.046, 0.046))
    assert mended.shapes[1].equals(islet)
    assert not len(overlapping_pairs(mended.shapes)[2])


def test_cutting_loses_nothing_and_gives_nothing_twice() -> None:
    whole = box(0, 0, 1, 1)
    parts = {"35.01.02": box(-0.1, -0.1, 0.5, 1.1), "35.01.01": box(0.45, 0, 0.9, 1.2)}
    pieces = cut(whole, parts)
    assert sum(piece.area for piece in pieces.values()) == pytest.approx(1.0, abs=1e-12)
    assert shapely.union_all(list(pieces.values())).equals(whole)
    assert pieces["35.01.01"].intersection(pieces["35.01.02"]).area == 0
    assert pieces["35.01.01"].covers(Point(0.95, 0.5)), "what no part covers goes to its neighbour"


def test_a_kecamatan_that_its_villages_miss_stays_whole() -> None:
    assert cut(box(0, 0, 1, 1), {"35.01.01": box(5, 5, 6, 6)}) == {"35.01.01": box(0, 0, 1, 1)}


def test_shared_borders_are_measured_in_metres() -> None:
    squares = shapes(*(MultiPolygon([box(x, 0, x + 0.01, 0.01)]) for x in (0.0, 0.01, 0.03)))
    borders = shared_borders(squares, np.array([0, 1, 2]))
    assert borders[0][1] == pytest.approx(1112, rel=1e-3)
    assert set(borders) == {0, 1}


def test_a_bow_tie_is_mended_and_counted() -> None:
    bow = MultiPolygon([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
    mended, count = repaired(shapes(bow, MultiPolygon([box(2, 2, 3, 3)])))
    assert count == 1
    assert shapely.is_valid(mended).all()
    assert mended[0].area == pytest.approx(0.5)


def test_only_polygons_are_kept() -> None:
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)]), Point(9, 9)])
    assert polygonal(mixed).equals(box(0, 0, 1, 1))


def test_joining_keeps_the_outline_of_neighbours_and_overlaps() -> None:
    assert joined(shapes(box(0, 0, 1, 1), box(1, 0, 2, 1))).equals(box(0, 0, 2, 1))
    assert joined(shapes(box(0, 0, 1.5, 1), box(1, 0, 2, 1))).equals(box(0, 0, 2, 1))


def test_areas_are_geodesic_and_leave_holes_out() -> None:
    ring = Polygon(box(0, 0, 1, 1).exterior, [box(0.25, 0.25, 0.75, 0.75).exterior])
    [whole, holed] = areas_km2(shapes(box(0, 0, 1, 1), ring))
    assert whole == pytest.approx(12308.8, rel=1e-4)
    assert holed == pytest.approx(whole * 0.75, rel=1e-3)


def test_comparison_uses_the_overlap_rule_and_the_nearest() -> None:
    layer = layer_of(["35.01", "35.02"], shapes(box(0, 0, 0.3, 0.3), box(0.1, 0.1, 0.2, 0.2)))
    points = shapes(Point(0.15, 0.15), Point(0.05, 0.05), Point(0.4, 0.1))
    found = found_in(layer, points)
    assert found.tolist() == ["35.02", "35.01", ""]
    assert with_nearest(layer, points, found).tolist() == ["35.02", "35.01", "35.01"]
