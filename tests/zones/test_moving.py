"""What moving a caller or a whole map must not change."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity, box
from zone_maps import DrawMap

from geo112.core.confidence import at_standard_confidence
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside

SHAPES = {"35.72.01": box(112.10, -8.12, 112.15, -8.05), "35.05.01": box(112.15, -8.12, 112.20, -8.05)}
RADII_M = st.floats(0.5, 3.7).map(lambda power: 10**power)


@settings(max_examples=300)
@given(
    lon=st.floats(112.08, 112.25), lat=st.floats(-8.16, -8.03), radius_m=RADII_M, bearing_deg=st.floats(0, 360),
    part=st.floats(0, 1),
)  # fmt: skip
def test_wherever_the_caller_is_within_an_area_inside_one_centre_it_is_that_centre(
    country: ZoneIndex, *, lon: float, lat: float, radius_m: float, bearing_deg: float, part: float
) -> None:
    """In and around Kota Blitar, a hole of Kab. Blitar."""
    circle = Circle(middle=Position(lon_deg=lon, lat_deg=lat), radius_m=radius_m)
    answer = country.jurisdiction(circle)
    assume(isinstance(answer, Inside))
    reach_m = at_standard_confidence(circle).radius_m
    zone = country.at(circle.middle.moved(bearing_deg=bearing_deg, distance_m=0.9999 * reach_m * math.sqrt(part)))
    assert zone is not None
    assert zone.kode_kabkota == answer.centre.kode


@settings(max_examples=40)
@given(lon=st.floats(112.08, 112.22), lat=st.floats(-8.14, -8.03), radius_m=RADII_M)
def test_a_map_that_is_moved_along_its_parallel_with_the_caller_gives_the_same_shares(
    draw_map: DrawMap, lon: float, lat: float, radius_m: float
) -> None:
    here = draw_map(SHAPES)
    there = draw_map({kode: affinity.translate(shape, xoff=7.25) for kode, shape in SHAPES.items()})
    told = []
    for index, moved_deg in ((here, 0.0), (there, 7.25)):
        circle = Circle(middle=Position(lon_deg=lon + moved_deg, lat_deg=lat), radius_m=radius_m)
        both = index.decide(circle).shares, index.jurisdiction(circle).shares
        told.append([{one.kode: one.share for one in shares.kecamatan} for shares in both])
    for one, other in zip(*told, strict=True):
        assert {kode: one.get(kode, 0.0) for kode in SHAPES} == pytest.approx(
            {kode: other.get(kode, 0.0) for kode in SHAPES}, abs=3e-6
        )
