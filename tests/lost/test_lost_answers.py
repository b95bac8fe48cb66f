"""Requests of LoST and their answers: who serves, what is wrong, who else to ask (RFC 5222, 5031, 5964, 6451)."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from lost_words import (
    BLITAR,
    DEGREE,
    METRE,
    NOW,
    NS,
    SOS,
    SOURCE,
    SPACES,
    SRS,
    asked,
    box,
    centre,
    circle,
    civic,
    fault,
    find_service,
    located,
    names,
    point,
    told,
    warned,
)
from lxml import etree

from geo112.core.shapes import Polygon
from geo112.lost.answer import Forward, Redirect
from geo112.lost.polygon_world import Entry, PolygonWorld
from geo112.lost.service import children, fallbacks, normal

POLICE = "urn:service:sos.police"


def ring(*corners: tuple[float, float]) -> str:
    numbers = " ".join(f"{lat} {lon}" for lat, lon in corners)
    return f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def test_a_mapping_has_everything_that_a_caller_needs() -> None:
    root = told(find_service(located(circle(), sent_id="0CFg7ukSri9z5sP1"), service=POLICE, recursive="true"))
    mapping = root.find("l:mapping", NS)
    assert mapping.get("source") == SOURCE
    assert mapping.get("sourceId") == "kota-sos.police"
    assert mapping.get("lastUpdated") == "2026-11-22T03:15:30Z"
    assert mapping.get("expires") == "2026-11-23T03:15:00Z"
    name = mapping.find("l:displayName", NS)
    assert (name.text, name.get("{http://www.w3.org/XML/1998/namespace}lang")) == ("Kota", "id")
    assert mapping.findtext("l:service", namespaces=NS) == POLICE
    assert [one.text for one in mapping.iterfind("l:uri", NS)] == ["sip:kota@112.example"]
    assert mapping.findtext("l:serviceNumber", namespaces=NS) == "112"
    assert mapping.find("l:serviceBoundaryReference", NS).attrib == {"source": SOURCE, "key": "a" * 32}
    assert mapping.find("l:serviceBoundary", NS) is None
    assert [one.get("source") for one in root.iterfind("l:path/l:via", NS)] == [SOURCE]
    assert root.find("l:locationUsed", NS).get("id") == "0CFg7ukSri9z5sP1"


def test_the_kota_is_a_hole_in_the_kabupaten() -> None:
    assert names(told(find_service(service=POLICE))) == ["Kota"]
    assert names(told(find_service(located(point(-8.0, 112.3)), service=POLICE))) == ["Kab"]


def test_a_point_on_an_edge_is_served_by_the_smaller_area() -> None:
    assert names(told(find_service(located(point(-8.12, 112.17)), service=POLICE))) == ["Kota"]
    assert names(told(find_service(located(point(-8.3, 112.1)), service=POLICE))) == ["Kab"]


def test_the_example_of_the_standard_lies_on_the_edge_of_its_own_area() -> None:
    clockwise = tuple(reversed(box(37.555, 37.775, -122.4264, -122.4194)))
    world = PolygonWorld([Entry(centre=centre("nypd"), polygons=(Polygon(ring=clockwise),))])
    request = find_service(located(point(37.775, -122.422)), service=POLICE, serviceBoundary="value", recursive="true")
    assert names(told(request, world)) == ["Nypd"]


def test_an_area_over_several_centres_gets_all_of_them_most_probable_first() -> None:
    assert names(told(find_service(located(circle(-8.121, 112.17, 500)), service=POLICE))) == ["Kab", "Kota"]
    assert names(told(find_service(located(circle(-8.119, 112.17, 500)), service=POLICE))) == ["Kota", "Kab"]
    # Mostly at sea, partly served: never nothing.
    assert names(told(find_service(located(circle(-8.34, 112.1, 5000)), service=POLICE))) == ["Kab"]


@pytest.mark.parametrize(
    "shape",
    [
        f"<gs:Ellipse {SPACES} {SRS}><gml:pos>-8.09 112.17</gml:pos><gs:semiMajorAxis {METRE}>900</gs:semiMajorAxis>"
        f"<gs:semiMinorAxis {METRE}>200</gs:semiMinorAxis><gs:orientation {DEGREE}>30</gs:orientation></gs:Ellipse>",
        f"<gs:ArcBand {SPACES} {SRS}><gml:pos>-8.09 112.15</gml:pos><gs:innerRadius {METRE}>500</gs:innerRadius>"
        f"<gs:outerRadius {METRE}>1000</gs:outerRadius><gs:startAngle {DEGREE}>60</gs:startAngle>"
        f"<gs:openingAngle {DEGREE}>60</gs:openingAngle></gs:ArcBand>",
        f"<gml:Polygon {SPACES} {SRS}><gml:exterior>"
        + ring((-8.10, 112.16), (-8.10, 112.17), (-8.09, 112.17), (-8.10, 112.16))
        + "</gml:exterior></gml:Polygon>",
        f'<gml:Point {SPACES} srsName="urn:ogc:def:crs:EPSG::4979"><gml:pos>-8.09 112.17 160</gml:pos></gml:Point>',
        f'<gml:Point {SPACES} srsName="urn:ogc:def::crs:EPSG::4326"><gml:pos>-8.09 112.17</gml:pos></gml:Point>',
    ],
)
def test_all_shapes_are_understood(shape: str) -> None:
    assert names(told(find_service(located(shape), service=POLICE))) == ["Kota"]


def test_the_first_location_that_is_understood_is_used() -> None:
    odd = located("<x xmlns='urn:x'/>", "space-3d", "a")
    second = located(civic(A2="Kab. Blitar"), "civic", "c")
    root = told(find_service(odd, located(point(), None, "b"), second, service=POLICE))
    assert (names(root), root.find("l:locationUsed", NS).get("id")) == (["Kota"], "b")
    root = told(find_service(odd, located(civic(A2="Kab. Blitar"), None, "c"), service=POLICE))
    assert (names(root), root.find("l:locationUsed", NS).get("id")) == (["Kab"], "c")
    broken = located(point(-91), sent_id="d")
    root = told(find_service(broken, located(civic(A2="Kota Blitar"), "civic", "e"), service=POLICE))
    assert (names(root), root.find("l:locationUsed", NS).get("id")) == (["Kota"], "e")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'<findService xmlns="urn:ietf:params:xml:ns:lost1"><location', "badRequest"),
        (b"", "badRequest"),
        (b"\x00\x01", "badRequest"),
        (b"<findService/>", "badRequest"),
        (b'<findService xmlns="urn:ietf:params:xml:ns:lost2"/>', "badRequest"),
        (b'<findServiceResponse xmlns="urn:ietf:params:xml:ns:lost1"/>', "badRequest"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b'<findService xmlns="urn:ietf:params:xml:ns:lost1"><service>&x;</service></findService>',
            "badRequest",
        ),
        (b"<a>" * 40 + b"</a>" * 40, "badRequest"),
        (b"<a>" + b" " * 70_000 + b"</a>", "badRequest"),
        (find_service(service=None), "badRequest"),
        (f'<findService xmlns="{NS["l"]}"><service>{SOS}</service></findService>'.encode(), "badRequest"),
        (b'<getServiceBoundary xmlns="urn:ietf:params:xml:ns:lost1"/>', "badRequest"),
        (find_service(located("<x xmlns='urn:x'/>", "space-3d")), "locationProfileUnrecognized"),
        (find_service(located("<x xmlns='urn:x'/>", None)), "locationProfileUnrecognized"),
        (find_service(located("")), "locationInvalid"),
        (find_service(located(point(-91))), "locationInvalid"),
        (find_service(located(circle(radius=-5))), "locationInvalid"),
        (find_service(located(civic(), "civic"), service=POLICE), "locationInvalid"),
        (find_service(located(civic().replace("civicAddress", "x"), "civic")), "locationInvalid"),
        (find_service(located(point().replace("4326", "32749"))), "SRSInvalid"),
        (find_service(service="urn:service:counseling.children"), "serviceNotImplemented"),
        (find_service(service="urn:nena:service:responder.police"), "serviceNotImplemented"),
        (find_service(service="urn:service:sos..police"), "serviceNotImplemented"),
        (find_service(located(point(0, 120)), service=POLICE), "notFound"),
        (find_service(located(civic(A2="Kota Kediri"), "civic"), service=POLICE), "notFound"),
        (find_service(more=f'<path><via source="{SOURCE.upper()}"/></path>', service=POLICE), "loop"),
        (b'<listServices xmlns="urn:ietf:params:xml:ns:lost1"><service>urn:service:counseling</service></listServices>',
         "serviceNotImplemented"),
        (f'<getServiceBoundary xmlns="{NS["l"]}" key="7214148E0433AFE2FA2D48003D31172E"/>'.encode(), "notFound"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_an_error_of_lost(body: bytes, expected: str) -> None:
    assert fault(told(body)) == expected


def test_nothing_is_read_from_the_disk_for_a_request() -> None:
    body = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    assert "document type" in told(body)[0].get("message")


@pytest.mark.parametrize(
    ("asked_for", "given"),
    [
        ("URN:Service:SOS.Police", POLICE),
        (f"  {POLICE}\n", POLICE),
        ("urn:service:sos.police.kehutanan.x", POLICE),
    ],
)
def test_labels_are_taken_off_from_the_right(asked_for: str, given: str) -> None:
    root = told(find_service(service=asked_for))
    assert root.findtext("l:mapping/l:service", namespaces=NS) == given
    assert warned(root) == ([] if asked_for.strip().lower() == given else ["serviceSubstitution"])


def test_a_service_that_only_others_offer_falls_back_on_what_is_offered_there() -> None:
    everything = Entry(centre=centre("semua", SOS), polygons=(Polygon(ring=box(-9, -7, 111, 113)),))
    world = PolygonWorld(
        [everything, Entry(centre=centre("polisi"), polygons=(Polygon(ring=box(-8.2, -8, 112, 112.2)),))]
    )
    assert names(told(find_service(service=POLICE), world)) == ["Polisi"]
    beside = told(find_service(located(point(-7.5, 111.5)), service=POLICE), world)
    assert (names(beside), warned(beside)) == (["Semua"], ["serviceSubstitution"])


def test_a_client_may_limit_the_answers() -> None:
    both = located(circle(-8.121, 112.17, 500))
    limit = '<ext:limit xmlns:ext="urn:ietf:params:xml:ns:lost-ext">{}</ext:limit>'
    assert names(told(find_service(both, service=POLICE, more=limit.format(1)))) == ["Kab"]
    assert len(names(told(find_service(both, service=POLICE, more=limit.format("-1"))))) == 2
    assert len(names(told(find_service(both, service=POLICE, more=limit.format(5))))) == 2


def test_a_default_is_better_than_an_error() -> None:
    kab = Entry(centre=centre("kab"), polygons=(Polygon(ring=box(-8.3, -7.9, 111.9, 112.5)),))
    world = PolygonWorld([kab], default_within_m=20_000)
    root = told(find_service(located(point(-8.4, 112.1)), service=POLICE), world)
    assert (names(root), warned(root)) == (["Kab"], ["defaultMappingReturned"])
    assert "11." in root.find("l:warnings/*", NS).get("message")
    assert fault(told(find_service(located(point(-8.6, 112.1)), service=POLICE), world)) == "notFound"


def test_an_area_comes_by_value_with_its_hole() -> None:
    body = find_service(located(point(-8.0, 112.3)), service=POLICE, serviceBoundary="value")
    boundary = told(body).find("l:mapping/l:serviceBoundary", NS)
    assert boundary.get("profile") == "geodetic-2d"
    polygon = boundary.find("gml:Polygon", NS)
    outer = polygon.findtext("gml:exterior/gml:LinearRing/gml:posList", namespaces=NS).split()
    hole = polygon.findtext("gml:interior/gml:LinearRing/gml:posList", namespaces=NS).split()
    assert (turn(outer), turn(hole)) == (1, -1)
    assert outer[:2] == outer[-2:]
    by_key = f'<getServiceBoundary xmlns="{NS["l"]}" key="{"b" * 32}"/>'.encode()
    found = told(by_key)
    assert found.tag.endswith("getServiceBoundaryResponse")
    assert etree.tostring(found.find("l:serviceBoundary", NS)) == etree.tostring(boundary)


def turn(numbers: list[str]) -> int:
    """Say whether a ring of latitudes and longitudes runs counter-clockwise (1) or clockwise (-1)."""
    corners = [(float(lon), float(lat)) for lat, lon in zip(numbers[::2], numbers[1::2], strict=True)]
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(corners))
    return 1 if doubled > 0 else -1


def test_the_services_are_listed_level_by_level() -> None:
    def listed(body: str) -> tuple[str, list[str]]:
        root = told(body.encode())
        return etree.QName(root).localname, (root.findtext("l:serviceList", namespaces=NS) or "").split()

    start = f'<listServices xmlns="{NS["l"]}">'
    assert listed(f"{start}</listServices>") == ("listServicesResponse", [SOS])
    assert listed(f"{start}<service>{SOS}</service></listServices>") == ("listServicesResponse", [POLICE])
    assert listed(f"{start}<service>{POLICE}</service></listServices>") == ("listServicesResponse", [])


def by_location(where: str, service: str = SOS, recursive: str = "true") -> bytes:
    return (
        f'<listServicesByLocation xmlns="{NS["l"]}" recursive="{recursive}">{located(where, sent_id="3e19")}'
        f"<service>{service}</service></listServicesByLocation>"
    ).encode()


def test_the_services_at_a_place_are_those_of_who_serves_it() -> None:
    fire = Entry(centre=centre("damkar", "urn:service:sos.fire"), polygons=(Polygon(ring=box(-7, -6, 111, 113)),))
    police = Entry(centre=centre("polisi"), polygons=(Polygon(ring=box(-9, -7.5, 111, 113)),))
    world = PolygonWorld([fire, police])
    root = told(by_location(point()), world)
    assert root.tag.endswith("listServicesByLocationResponse")
    assert root.findtext("l:serviceList", namespaces=NS) == POLICE
    assert root.find("l:locationUsed", NS).get("id") == "3e19"
    assert fault(told(by_location(point(10, 120)), world)) == "notFound"
    assert fault(told(by_location(point(-91)), world)) == "locationInvalid"
    assert fault(told(by_location(point(), "urn:service:counseling"), world)) == "serviceNotImplemented"


def test_an_address_without_geometry_has_an_area_of_words() -> None:
    entry = Entry(
        centre=replace(centre("kota"), civic_key="c" * 32),
        polygons=(Polygon(ring=box(-9, -7, 111, 113)),),
        address={"country": "ID", "A2": "Kota Blitar"},
    )
    body = find_service(located(civic(A2="Blitar City"), "civic"), service=POLICE, serviceBoundary="value")
    boundary = told(body, PolygonWorld([entry])).find("l:mapping/l:serviceBoundary", NS)
    assert [one.text for one in boundary[0]] == ["ID", "Kota Blitar"]


def test_the_list_of_the_standard_holds_what_is_below_sos() -> None:
    every = [SOS, POLICE, "urn:service:sos.fire"]
    world = PolygonWorld([Entry(centre=centre("nsw", *every), polygons=(Polygon(ring=box(-37, -28, 141, 154)),))])
    root = told(by_location(point(-34.407, 150.883)), world)
    assert root.findtext("l:serviceList", namespaces=NS).split() == ["urn:service:sos.fire", POLICE]


def test_who_has_a_parent_sends_clients_there_or_asks_it() -> None:
    away = located(point(0, 120))
    assert asked(find_service(away, service=POLICE), parent="nasional.example") == Redirect(target="nasional.example")
    root = told(find_service(away, service=POLICE), parent="nasional.example")
    assert (root.get("target"), root.get("source")) == ("nasional.example", SOURCE)
    assert isinstance(asked(find_service(away, service=POLICE, recursive="true"), parent="nasional.example"), Forward)
    assert isinstance(asked(by_location(point(0, 120)), parent="nasional.example"), Forward)
    assert isinstance(asked(by_location(point(0, 120), recursive="false"), parent="nasional.example"), Redirect)
    assert fault(told(find_service(away, service=POLICE, recursive="1"), parent="n.example")) == "serverTimeout"


def test_the_path_is_told_with_this_server_at_its_end() -> None:
    body = find_service(service=POLICE, more='<path><via source="resolver.example"/></path>')
    assert [one.get("source") for one in told(body).iterfind("l:path/l:via", NS)] == ["resolver.example", SOURCE]


def test_validation_is_for_addresses_only_and_only_when_asked_for() -> None:
    assert told(find_service(service=POLICE, validateLocation="true")).find("l:locationValidation", NS) is None
    root = told(find_service(located(civic(A2="Kota Blitar"), "civic"), service=POLICE, validateLocation="true"))
    assert warned(root) == ["locationValidationUnavailable"]


def test_texts_of_strangers_cannot_break_out_of_an_answer() -> None:
    nasty = "&quot;&gt;&lt;x&gt;&#9;&amp;]]&gt;"
    root = told(find_service(located(point(), sent_id=nasty), service=POLICE))
    assert root.find("l:locationUsed", NS).get("id") == '"><x>\t&]]>'
    root = told(find_service(service="urn:service:" + nasty))
    assert fault(root) == "serviceNotImplemented"


def test_urns_compare_without_case_and_have_only_letters_digits_and_hyphens() -> None:
    assert normal(" URN:SERVICE:SOS.Fire ") == "urn:service:sos.fire"
    assert normal("urn:service:") is None
    assert normal("urn:service:sos.é") is None
    assert normal("urn:service:" + "a" * 300) is None
    assert list(fallbacks("urn:service:sos.a.b")) == ["urn:service:sos.a.b", "urn:service:sos.a", "urn:service:sos"]
    assert children("urn:service:sos", ["urn:service:sos.a.b"]) == ("urn:service:sos.a",)


def test_an_answer_holds_for_a_day() -> None:
    mapping = told(find_service(service=POLICE)).find("l:mapping", NS)
    assert 0.99 < (datetime.fromisoformat(mapping.get("expires")) - NOW).total_seconds() / 86_400 <= 1
    assert BLITAR.offered == (POLICE,)


def test_a_location_with_two_colons_in_its_name_and_a_namespace_that_is_no_address() -> None:
    # libxml2 only warns of it, and what it makes of the name is none that XML allows.
    content = '<a:b:c xmlns="urn//x"/>'
    assert fault(told(find_service(located(content, profile=None)))) == "locationProfileUnrecognized"
