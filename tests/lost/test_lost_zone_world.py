"""The whole country: who answers where, under which names, and which areas are told. Two squares and the real map."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import shapely
from lost_words import (
    METRE,
    NOW,
    NS,
    SPACES,
    SRS,
    circle,
    civic,
    fault,
    find_service,
    located,
    names,
    parsed,
    point,
    warned,
)
from lxml import etree

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import BadShape
from geo112.lost.answer import Forward, Server, answer
from geo112.lost.request import read_request
from geo112.lost.write import write
from geo112.lost.zone_world import Naming, ZoneWorld
from geo112.settings import installed_root
from geo112.wiring import ZONES_FILE
from geo112.zones.centres import Centre, Live, read_centres
from geo112.zones.compact import write_zones
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import SecondLine
from geo112.zones.outside import OUTSIDE_FILE
from geo112.zones.records import Zone
from geo112.zones.second_line import SecondLines
from geo112.zones.service_areas import FILE, Level, ServiceAreas, write_service_areas

KOTA, KAB = KodeKabKota("35.72"), KodeKabKota("35.05")
SOURCE = "lost.112.example"
WEST, EAST = shapely.box(112.10, -8.20, 112.20, -8.00), shapely.box(112.20, -8.20, 112.30, -8.00)


def zone(kode: str, nama: str, kabkota: str) -> Zone:
    return Zone(
        kode=KodeKecamatan(kode), nama=nama, kode_kabkota=KodeKabKota(kode[:5]), kabkota=kabkota, area_km2=240.0
    )


ZONES = [zone("35.05.01", "Kanigoro", "Kab. Blitar"), zone("35.72.02", "Sananwetan", "Kota Blitar")]


@pytest.fixture(scope="module")
def register() -> Mapping[KodeKabKota, Centre]:
    every = read_centres(installed_root() / "data" / "boundaries" / "centres.csv")
    return {kode: one for kode, one in every.items() if kode[:2] in ("31", "35", "63", "32")}


@pytest.fixture(scope="module")
def two_squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("squares")
    write_zones(folder / ZONES_FILE, zones=ZONES, polygons=np.array([EAST, WEST], dtype=object), version="kecil-1")
    levels = [Level(tolerance_m=0.0, shapes=np.array([EAST, WEST], dtype=object))]
    write_service_areas(folder / FILE, codes=[KAB, KOTA], levels=levels, version="kecil-1")
    return folder


def world_of(folder: Path, register: Mapping[KodeKabKota, Centre], **said: object) -> ZoneWorld:
    values = {
        "zones": ZoneIndex.open(folder / ZONES_FILE),
        "centres": register,
        "naming": Naming(source=SOURCE, template="sip:112@{kode}.{source}"),
        "areas": ServiceAreas.open(folder / FILE),
        "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return ZoneWorld(**{**values, **said})


@pytest.fixture(scope="module")
def world(two_squares: Path, register: Mapping[KodeKabKota, Centre]) -> ZoneWorld:
    return world_of(two_squares, register)


def told(body: bytes, world: ZoneWorld, parent: str | None = None) -> etree._Element:
    found = answer(read_request(body), Server(source=SOURCE, world=world, parent=parent), NOW)
    return parsed(write(found.otherwise if isinstance(found, Forward) else found, source=SOURCE))


def test_a_centre_is_told_with_its_addresses(world: ZoneWorld) -> None:
    root = told(find_service(located(point(-8.1, 112.15))), world)
    assert names(root) == ["112 Kota Blitar"]
    mapping = root.find("l:mapping", NS)
    assert [one.text for one in mapping.iterfind("l:uri", NS)] == ["sip:112@35.72.lost.112.example"]
    assert (mapping.get("sourceId"), mapping.get("lastUpdated")) == ("35.72-sos", "2026-11-01T00:00:00Z")


def test_a_telephone_number_and_a_true_address_are_told_where_they_are_known(
    two_squares: Path, register: Mapping[KodeKabKota, Centre]
) -> None:
    centres = {**register, KOTA: replace(register[KOTA], voice_number="+62342801112")}
    naming = Naming(source=SOURCE, template="sip:112@{kode}.{source}", known={KOTA: "sips:112@blitarkota.go.id"})
    root = told(find_service(located(point(-8.1, 112.15))), world_of(two_squares, centres, naming=naming))
    uris = [one.text for one in root.iterfind("l:mapping/l:uri", NS)]
    assert uris == ["sips:112@blitarkota.go.id", "tel:+62342801112"]


def test_a_kabupaten_that_the_register_does_not_know_yet_answers_for_itself(
    two_squares: Path, register: Mapping[KodeKabKota, Centre]
) -> None:
    """A region loads the boundaries of a split before the register of centres names the new kabupaten."""
    world = world_of(two_squares, {kode: one for kode, one in register.items() if kode != KAB})
    root = told(find_service(located(point(-8.1, 112.25))), world)
    assert names(root) == ["112 Kab. Blitar"]
    assert [one.text for one in root.iterfind("l:mapping/l:uri", NS)] == ["sip:112@35.05.lost.112.example"]


def test_a_circle_on_the_border_gets_both_centres(world: ZoneWorld) -> None:
    assert names(told(find_service(located(circle(-8.1, 112.199, 400))), world)) == [
        "112 Kota Blitar",
        "112 Kab. Blitar",
    ]


def test_at_sea_the_nearest_centre_answers_by_default(world: ZoneWorld) -> None:
    root = told(find_service(located(point(-8.3, 112.15))), world)
    assert (names(root), warned(root)) == (["112 Kota Blitar"], ["defaultMappingReturned"])
    assert "11.1 km" in root.find("l:warnings/*", NS).get("message")


def test_beyond_the_field_of_work_nobody_is_known(world: ZoneWorld) -> None:
    assert fault(told(find_service(located(point(48.2, 16.4))), world)) == "notFound"
    assert fault(told(find_service(located(civic(country="MY", A1="Johor"), "civic")), world)) == "notFound"


def test_an_area_as_wide_as_a_province_is_answered_by_its_middle(world: ZoneWorld) -> None:
    assert names(told(find_service(located(circle(-8.1, 112.15, 2_000_000))), world)) == ["112 Kota Blitar"]
    wide = f"<gs:ArcBand {SPACES} {SRS}><gml:pos>-8.1 112.15</gml:pos><gs:innerRadius {METRE}>10</gs:innerRadius>" + (
        f"<gs:outerRadius {METRE}>19000000</gs:outerRadius><gs:startAngle>0</gs:startAngle>"
        "<gs:openingAngle>360</gs:openingAngle></gs:ArcBand>"
    )
    assert names(told(find_service(located(wide)), world)) == ["112 Kota Blitar"]


def test_where_the_province_answers_it_is_named(two_squares: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    world = world_of(two_squares, register)
    root = told(find_service(located(civic(country="ID", A2="Jakarta Pusat"), "civic")), world)
    assert names(root) == ["112 Provinsi DKI Jakarta"]
    assert root.findtext("l:mapping/l:uri", namespaces=NS) == "sip:112@31.lost.112.example"
    nobody = {**register, KOTA: replace(register[KOTA], live=Live.NO)}
    beside = told(find_service(located(point(-8.1, 112.15))), world_of(two_squares, nobody))
    assert names(beside) == ["112 Provinsi Jawa Timur"]


def test_the_key_of_an_area_leads_to_it_and_changes_with_it(
    two_squares: Path, register: Mapping[KodeKabKota, Centre], world: ZoneWorld, tmp_path: Path
) -> None:
    key = key_of(told(find_service(located(point(-8.1, 112.15))), world))
    assert len(key) * 4 >= 128
    again = world_of(two_squares, register)
    area = told(f'<getServiceBoundary xmlns="{NS["l"]}" key="{key}"/>'.encode(), again)
    corners = area.findtext(".//gml:posList", namespaces=NS).split()
    assert {(float(lat), float(lon)) for lat, lon in zip(corners[::2], corners[1::2], strict=True)} == {
        (-8.2, 112.1), (-8.2, 112.2), (-8.0, 112.2), (-8.0, 112.1),
    }  # fmt: skip
    levels = [Level(tolerance_m=0.0, shapes=np.array([EAST, WEST], dtype=object))]
    write_service_areas(tmp_path / FILE, codes=[KAB, KOTA], levels=levels, version="kecil-2")
    newer = world_of(two_squares, register, areas=ServiceAreas.open(tmp_path / FILE))
    assert key_of(told(find_service(located(point(-8.1, 112.15))), newer)) != key
    assert fault(told(f'<getServiceBoundary xmlns="{NS["l"]}" key="{key}"/>'.encode(), newer)) == "notFound"


def key_of(root: etree._Element) -> str:
    return root.find("l:mapping/l:serviceBoundaryReference", NS).get("key")


def test_the_area_is_told_in_the_words_of_the_question(world: ZoneWorld) -> None:
    body = find_service(located(civic(A2="Kota Blitar"), "civic"), serviceBoundary="value")
    boundary = told(body, world).find("l:mapping/l:serviceBoundary", NS)
    assert boundary.get("profile") == "civic"
    assert [(etree.QName(one).localname, one.text) for one in boundary[0]] == [
        ("country", "ID"),
        ("A1", "Jawa Timur"),
        ("A2", "Kota Blitar"),
    ]
    assert key_of(told(find_service(located(civic(A2="Kota Blitar"), "civic")), world)) != key_of(
        told(find_service(located(point(-8.1, 112.15))), world)
    )


def test_without_areas_centres_are_found_all_the_same(
    two_squares: Path, register: Mapping[KodeKabKota, Centre]
) -> None:
    world = world_of(two_squares, register, areas=None)
    root = told(find_service(located(point(-8.1, 112.15)), serviceBoundary="value"), world)
    assert names(root) == ["112 Kota Blitar"]
    assert root.find("l:mapping/l:serviceBoundary", NS) is None


def test_a_leaf_knows_its_own_centre_and_leaves_the_rest_to_its_parent(
    two_squares: Path, register: Mapping[KodeKabKota, Centre]
) -> None:
    leaf = world_of(two_squares, register, own=KOTA)
    border = located(circle(-8.1, 112.201, 400))
    assert names(told(find_service(border), leaf)) == ["112 Kota Blitar"]
    away = located(point(-8.1, 112.25))
    assert told(find_service(away), leaf, "nasional.example").get("target") == "nasional.example"
    assert fault(told(find_service(away), leaf)) == "notFound"
    # The parent is asked first; where it does not answer, the caller is not left alone.
    alone = told(find_service(away, recursive="true"), leaf, "nasional.example")
    assert (names(alone), warned(alone)) == (["112 Kab. Blitar"], ["defaultMappingReturned"])
    sea = told(find_service(located(point(-8.3, 112.25))), leaf, "nasional.example")
    assert sea.get("target") == "nasional.example"
    assert names(told(find_service(located(point(-8.3, 112.15))), leaf)) == ["112 Kota Blitar"]


@pytest.mark.parametrize(
    ("parts", "found", "valid", "invalid", "unchecked"),
    [
        ({"country": "ID", "A1": "Jawa Timur", "A2": "Kota Blitar", "A3": "Sananwetan"}, ["112 Kota Blitar"],
         "country A1 A2 A3", "", ""),
        ({"A2": "KOTA-BLITAR", "A4": "Gedog"}, ["112 Kota Blitar"], "A2", "", "A4"),
        ({"A2": "Kabupaten Blitar"}, ["112 Kab. Blitar"], "A2", "", ""),
        ({"A2": "Blitar Regency"}, ["112 Kab. Blitar"], "A2", "", ""),
        ({"A2": "35.05"}, ["112 Kab. Blitar"], "A2", "", ""),
        ({"A2": "Blitar"}, ["112 Kab. Blitar", "112 Kota Blitar"], "", "", "A2"),
        ({"A2": "Blitar", "A3": "Kec. Kanigoro"}, ["112 Kab. Blitar"], "A2 A3", "", ""),
        ({"A2": "Blitar", "A3": "Tidak Ada"}, ["112 Kab. Blitar", "112 Kota Blitar"], "", "A3", "A2"),
        ({"A2": "Banjar", "A1": "Jabar"}, ["112 Kota Banjar"], "A1 A2", "", ""),
        ({"A2": "Banjar", "A1": "ID-KS"}, ["112 Kab. Banjar"], "A1 A2", "", ""),
        ({"A2": "Kota Blitar", "A1": "Bali"}, ["112 Kota Blitar"], "A2", "A1", ""),
        ({"A3": "Sananwetan"}, ["112 Kota Blitar"], "A3", "", ""),
        ({"A1": "Jawa Timur", "A3": "Blitar City"}, ["112 Kota Blitar"], "A1 A3", "", ""),
        ({"A2": "Atlantis", "A3": "Sananwetan"}, ["112 Kota Blitar"], "A3", "A2", ""),
        ({"A1": "DKI Jakarta"}, ["112 Provinsi DKI Jakarta"], "A1", "", ""),
        ({"A2": "Kota Baru"}, ["112 Kab. Kotabaru"], "A2", "", ""),
    ],
)  # fmt: skip
def test_an_address_leads_to_its_centre(
    world: ZoneWorld, parts: dict[str, str], found: list[str], valid: str, invalid: str, unchecked: str
) -> None:
    root = told(find_service(located(civic(**parts), "civic"), validateLocation="true"), world)
    assert names(root) == found
    said = {
        one: (root.findtext(f"l:locationValidation/l:{one}", namespaces=NS) or "").replace("ca:", "")
        for one in ("valid", "invalid", "unchecked")
    }
    assert said == {"valid": valid, "invalid": invalid, "unchecked": unchecked}


@pytest.mark.parametrize("parts", [{}, {"A1": "Jawa Timur"}, {"A2": "Atlantis"}, {"A3": "Atlantis"}, {"HNO": "5"}])
def test_an_address_that_names_no_centre_is_refused_by_its_element(world: ZoneWorld, parts: dict[str, str]) -> None:
    root = told(find_service(located(civic(**parts), "civic")), world)
    assert fault(root) == "locationInvalid"
    assert root[0].get("message").startswith(("A2: ", "A3: "))


def by_location(content: str, profile: str = "geodetic-2d") -> bytes:
    return f'<listServicesByLocation xmlns="{NS["l"]}">{located(content, profile)}</listServicesByLocation>'.encode()


def test_the_services_of_a_place_are_known_at_sea_and_beyond_a_silent_parent(
    two_squares: Path, register: Mapping[KodeKabKota, Centre], world: ZoneWorld
) -> None:
    assert told(by_location(point(-8.3, 112.15)), world).findtext("l:serviceList", namespaces=NS) == "urn:service:sos"
    assert fault(told(by_location(civic(A2="Atlantis"), "civic"), world)) == "locationInvalid"
    leaf = world_of(two_squares, register, own=KOTA)
    away = told(by_location(point(-8.1, 112.25)), leaf, "nasional.example")
    assert away.findtext("l:serviceList", namespaces=NS) == "urn:service:sos"
    assert fault(told(by_location(point(48.2, 16.4)), leaf, "nasional.example")) == "serverTimeout"


def test_a_province_alone_says_too_little_even_to_a_leaf(
    two_squares: Path, register: Mapping[KodeKabKota, Centre]
) -> None:
    leaf = world_of(two_squares, register, own=KOTA)
    assert fault(told(find_service(located(civic(A1="Jawa Timur"), "civic")), leaf)) == "locationInvalid"


def test_a_centre_without_an_area_is_told_without_it(world: ZoneWorld) -> None:
    key = world._answering(KodeKabKota("35.73")).geodetic_key
    assert fault(told(f'<getServiceBoundary xmlns="{NS["l"]}" key="{key}"/>'.encode(), world)) == "notFound"


def test_an_area_that_the_index_refuses_is_an_invalid_location(world: ZoneWorld) -> None:
    class Refusing:
        offered = world.offered

        def at(self, *_: object) -> None:
            raise BadShape("too odd", field="ring")

    root = told(find_service(), cast("ZoneWorld", Refusing()))
    assert (fault(root), root[0].get("message")) == ("locationInvalid", "ring: too odd")


def test_the_country_has_an_area_for_every_centre_that_the_schema_accepts(boundaries_dir: Path) -> None:
    every = read_centres(installed_root() / "data" / "boundaries" / "centres.csv")
    world = world_of(boundaries_dir, every)
    assert names(told(find_service(), world)) == ["112 Kota Blitar"]
    assert names(told(find_service(located(point(-8.0, 112.3))), world)) == ["112 Kab. Blitar"]
    for kode in ("35.72", "35.05", "31.01", "21.04"):
        key = world._answering(KodeKabKota(kode)).geodetic_key
        area = told(f'<getServiceBoundary xmlns="{NS["l"]}" key="{key}"/>'.encode(), world)
        assert 200 < len(etree.tostring(area)) < 400_000


BASARNAS = SecondLine(number="115", nama="Basarnas", why="laut")
MARINE = "urn:service:sos.marine"


@pytest.fixture(scope="module")
def coast(two_squares: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two squares with a sea in the south, and Malaysia in the far east."""
    folder = tmp_path_factory.mktemp("pantai")
    for name in (ZONES_FILE, FILE):
        (folder / name).write_bytes((two_squares / name).read_bytes())
    abroad = Zone(
        kode=KodeKecamatan("MY"), nama="Malaysia", kode_kabkota=KodeKabKota("abroad"), kabkota="", area_km2=1.0
    )
    land = np.array([shapely.box(113.0, -8.2, 113.1, -8.0)], dtype=object)
    write_zones(folder / OUTSIDE_FILE, zones=[abroad], polygons=land, version="kecil-1")
    return folder


def by_the_sea(coast: Path, register: Mapping[KodeKabKota, Centre], **said: object) -> ZoneWorld:
    zones = ZoneIndex.open(coast / ZONES_FILE, lines=SecondLines(numbers={"laut": (BASARNAS,)}))
    return world_of(coast, register, zones=zones, **said)


def test_the_marine_service_is_answered_at_sea_by_basarnas(coast: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    root = told(find_service(located(circle(-8.4, 112.15, 500)), service=MARINE), by_the_sea(coast, register))
    assert names(root) == ["115 Basarnas"]
    mapping = root.find("l:mapping", NS)
    assert mapping.findtext("l:serviceNumber", namespaces=NS) == "115"
    assert mapping.findtext("l:service", namespaces=NS) == MARINE
    assert [one.text for one in mapping.iterfind("l:uri", NS)] == ["tel:115;phone-context=+62"]
    assert mapping.get("sourceId") == "115-sos.marine"
    assert warned(root) == []


@pytest.mark.parametrize(("lat", "lon"), [(-8.1, 112.15), (-8.1, 113.05)])
def test_elsewhere_the_marine_service_is_answered_by_112(
    coast: Path, register: Mapping[KodeKabKota, Centre], lat: float, lon: float
) -> None:
    """On our land and abroad, by what stands in for it."""
    root = told(find_service(located(point(lat, lon)), service=MARINE), by_the_sea(coast, register))
    assert root.findtext("l:mapping/l:service", namespaces=NS) == "urn:service:sos"
    assert "serviceSubstitution" in warned(root)


def test_an_address_is_never_at_sea(coast: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    address = located(civic(country="ID", A1="Jawa Timur", A2="Kota Blitar"), "civic")
    root = told(find_service(address, service=MARINE), by_the_sea(coast, register))
    assert names(root) == ["112 Kota Blitar"]


def test_at_sea_112_stays_the_default_and_says_who_else(coast: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    root = told(find_service(located(point(-8.4, 112.15))), by_the_sea(coast, register))
    assert names(root) == ["112 Kota Blitar"]
    [said] = root.iterfind(".//l:defaultMappingReturned", NS)
    assert said.get("message").endswith("; Basarnas 115 besides")


def test_the_marine_service_is_listed_where_it_is_answered(coast: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    world = by_the_sea(coast, register)

    def below_sos(content: str) -> list[str]:
        text = f'<listServicesByLocation xmlns="{NS["l"]}">{located(content)}<service>urn:service:sos</service>'
        return told(f"{text}</listServicesByLocation>".encode(), world).findtext("l:serviceList", namespaces=NS).split()

    ask = f'<listServices xmlns="{NS["l"]}"><service>urn:service:sos</service></listServices>'
    assert MARINE in told(ask.encode(), world).findtext("l:serviceList", namespaces=NS).split()
    assert MARINE in below_sos(point(-8.4, 112.15))
    assert MARINE not in below_sos(point(-8.1, 112.15))
    assert "urn:service:sos.fire" in below_sos(point(-8.4, 112.15))


def test_a_leaf_leaves_another_coast_to_its_parent(coast: Path, register: Mapping[KodeKabKota, Centre]) -> None:
    leaf = by_the_sea(coast, register, own=KOTA)
    asked = find_service(located(point(-8.4, 112.15)), service=MARINE)
    assert names(told(asked, leaf, "nasional.example")) == ["115 Basarnas"]
    other = told(find_service(located(point(-8.4, 112.28)), service=MARINE), leaf, "nasional.example")
    assert other.tag == f"{{{NS['l']}}}redirect"
