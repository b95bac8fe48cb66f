"""Whatever is sent, the answer is LoST: bytes, broken documents, and all shapes around Blitar."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from lost_words import BLITAR, DEGREE, METRE, NOW, SOURCE, SPACES, SRS, find_service, located, names, parsed, point
from lxml import etree

from geo112.lost.answer import Forward, Server, answer
from geo112.lost.request import read_request
from geo112.lost.write import write

SERVER = Server(source=SOURCE, world=BLITAR)
POLICE = "urn:service:sos.police"


def told(body: bytes) -> etree._Element:
    found = answer(read_request(body), SERVER, NOW)
    assert not isinstance(found, Forward)
    return parsed(write(found, source=SOURCE))


@given(body=st.binary(max_size=400))
@example(body=b"\xff\xfe<\x00a\x00/\x00>\x00")
@example(body=b'<findService xmlns="urn:ietf:params:xml:ns:lost1">&#x1;</findService>')
def test_any_bytes_get_a_document_of_errors(body: bytes) -> None:
    root = told(body)
    assert [etree.QName(one).localname for one in root] == ["badRequest"]


TAGS = st.sampled_from(
    ["findService", "listServices", "listServicesByLocation", "location", "service", "path", "via", "gml:Point",
     "gml:pos", "gs:Circle", "gs:radius", "gs:Ellipse", "gml:Polygon", "gml:exterior", "gml:posList", "x"]
)  # fmt: skip
TEXTS = st.sampled_from(["", "-8.1 112.17", "1e999", "nan", "urn:service:sos", "urn:service:sos.police", "urn:x", " "])
SAID = st.dictionaries(
    st.sampled_from(["id", "profile", "key", "recursive", "serviceBoundary", "srsName", "source", "uom"]),
    st.sampled_from(["geodetic-2d", "civic", "value", "true", "urn:ogc:def:crs:EPSG::4326", "", "a.example", SOURCE]),
    max_size=3,
)


def element(tag: str, said: dict[str, str], inside: list[str]) -> str:
    attributes = "".join(f' {name}="{text}"' for name, text in said.items())
    return f"<{tag}{attributes}>{''.join(inside)}</{tag}>"


TREES = st.recursive(
    TEXTS, lambda inner: st.builds(element, TAGS, SAID, st.lists(inner, max_size=4)), max_leaves=12
)  # fmt: skip


@example(
    name="findService",
    said={},
    inside=[located(point()), f"<service>{POLICE}</service>", '<path><via source="here"/></path>'],
)
@given(
    name=st.sampled_from(["findService", "listServices", "listServicesByLocation", "getServiceBoundary"]),
    said=SAID,
    inside=st.lists(TREES, max_size=4),
)
def test_any_request_gets_an_answer_by_the_grammar(name: str, said: dict[str, str], inside: list[str]) -> None:
    said = {"xmlns": "urn:ietf:params:xml:ns:lost1", **said}
    body = element(name, said, inside).replace(">", f" {SPACES}>", 1)
    told(body.encode())


LATS, LONS = st.floats(-8.35, -7.85), st.floats(111.85, 112.55)
LENGTHS = st.floats(0.5, 30_000)
ANGLES = st.floats(0, 359.9)


def drawn(lat: float, lon: float, long_m: float, share: float, start: float, opening: float, kind: str) -> str:
    """Write one of the five shapes around a place."""
    where, short_m = f"<gml:pos>{lat} {lon}</gml:pos>", max(0.1, long_m * share)
    if kind == "Point":
        return point(lat, lon)
    if kind == "Circle":
        return f"<gs:Circle {SPACES} {SRS}>{where}<gs:radius {METRE}>{long_m}</gs:radius></gs:Circle>"
    if kind == "Ellipse":
        return (
            f"<gs:Ellipse {SPACES} {SRS}>{where}<gs:semiMajorAxis {METRE}>{max(long_m, short_m)}</gs:semiMajorAxis>"
            f"<gs:semiMinorAxis {METRE}>{short_m}</gs:semiMinorAxis>"
            f"<gs:orientation {DEGREE}>{start}</gs:orientation></gs:Ellipse>"
        )
    if kind == "ArcBand":
        return (
            f"<gs:ArcBand {SPACES} {SRS}>{where}<gs:innerRadius {METRE}>{long_m * share}</gs:innerRadius>"
            f"<gs:outerRadius {METRE}>{long_m + 1}</gs:outerRadius><gs:startAngle {DEGREE}>{start}</gs:startAngle>"
            f"<gs:openingAngle {DEGREE}>{opening}</gs:openingAngle></gs:ArcBand>"
        )
    reach = long_m / 111_000
    corners = [(lat + reach * math.sin(turn), lon + reach * math.cos(turn)) for turn in np.linspace(0, 2 * math.pi, 6)]
    numbers = " ".join(f"{one:.9f} {other:.9f}" for one, other in [*corners[:-1], corners[0]])
    return (
        f"<gml:Polygon {SPACES} {SRS}><gml:exterior><gml:LinearRing><gml:posList>{numbers}</gml:posList>"
        "</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


@pytest.mark.parametrize("kind", ["Point", "Circle", "Ellipse", "ArcBand", "Polygon"])
@given(lat=LATS, lon=LONS, long_m=LENGTHS, share=st.floats(0, 0.99), start=ANGLES, opening=st.floats(1, 360))
def test_every_shape_whose_middle_is_served_gets_a_mapping(
    kind: str, lat: float, lon: float, long_m: float, share: float, start: float, opening: float
) -> None:
    root = told(find_service(located(drawn(lat, lon, long_m, share, start, opening, kind)), service=POLICE))
    found = names(root)
    assert found or root.tag.endswith("errors")
    if kind in ("Circle", "Ellipse", "Polygon", "Point") and -8.29 < lat < -7.91 and 111.91 < lon < 112.49:
        assert found, root[0].get("message")


@given(lat=LATS, lon=LONS)
def test_a_point_is_in_the_hole_or_in_what_is_around_it(lat: float, lon: float) -> None:
    root = told(find_service(located(point(lat, lon)), service=POLICE))
    place = shapely.Point(lon, lat)
    kota, kab = shapely.box(112.14, -8.12, 112.20, -8.06), shapely.box(111.9, -8.3, 112.5, -7.9)
    if kota.covers(place):
        assert names(root) == ["Kota"]
    elif kab.covers(place):
        assert names(root) == ["Kab"]
    else:
        assert root.tag.endswith("errors")
