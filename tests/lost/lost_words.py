"""Requests of LoST and small worlds, with a default for everything that a test is not about."""

from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.lost.answer import Answer, Forward, Server, answer
from geo112.lost.polygon_world import Entry, PolygonWorld
from geo112.lost.request import read_request
from geo112.lost.world import Centre
from geo112.lost.write import write

NOW = datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
SOURCE = "lost.112.example"
SOS = "urn:service:sos"
NS = {"l": "urn:ietf:params:xml:ns:lost1", "gml": "http://www.opengis.net/gml"}
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).resolve().parent.parent / "schemas" / "lost.rng"))
SRS = 'srsName="urn:ogc:def:crs:EPSG::4326"'
METRE = 'uom="urn:ogc:def:uom:EPSG::9001"'
DEGREE = 'uom="urn:ogc:def:uom:EPSG::9102"'
SPACES = 'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"'


def point(lat: float = -8.0983, lon: float = 112.1681) -> str:
    return f"<gml:Point {SPACES} {SRS}><gml:pos>{lat} {lon}</gml:pos></gml:Point>"


def circle(lat: float = -8.0983, lon: float = 112.1681, radius: float = 850.24) -> str:
    return (
        f"<gs:Circle {SPACES} {SRS}><gml:pos>{lat} {lon}</gml:pos><gs:radius {METRE}>{radius}</gs:radius></gs:Circle>"
    )


def civic(**parts: str) -> str:
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items())
    return f'<civicAddress xmlns="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr">{inside}</civicAddress>'


def located(content: str, profile: str | None = "geodetic-2d", sent_id: str = "lok-1") -> str:
    said = "" if profile is None else f' profile="{profile}"'
    return f'<location id="{sent_id}"{said}>{content}</location>'


def find_service(*locations: str, service: str | None = SOS, more: str = "", **said: str) -> bytes:
    """Write a findService; `said` are its attributes."""
    attributes = "".join(f' {name}="{text}"' for name, text in said.items())
    named = "" if service is None else f"<service>{service}</service>"
    inside = "".join(locations or (located(point()),))
    return f'<findService xmlns="{NS["l"]}"{attributes}>{inside}{named}{more}</findService>'.encode()


def centre(name: str, *services: str, key: str | None = None, updated_at: datetime = NOW) -> Centre:
    return Centre(
        source_id=name,
        nama=name.title(),
        services=services or ("urn:service:sos.police",),
        uris=(f"sip:{name}@112.example",),
        number="112",
        updated_at=updated_at,
        geodetic_key=key,
        civic_key=None,
    )


def box(south: float, north: float, west: float, east: float) -> tuple[Position, ...]:
    corners = ((south, west), (south, east), (north, east), (north, west))
    return tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in corners)


KOTA_BOX = box(-8.12, -8.06, 112.14, 112.20)
KOTA = Entry(
    centre=centre("kota", key="a" * 32),
    polygons=(Polygon(ring=KOTA_BOX),),
    address={"country": "ID", "A2": "Kota Blitar"},
)
KAB = Entry(
    centre=centre("kab", key="b" * 32),
    polygons=(Polygon(ring=box(-8.3, -7.9, 111.9, 112.5), holes=(KOTA_BOX,)),),
    address={"country": "ID", "A2": "Kab. Blitar"},
)
BLITAR = PolygonWorld([KAB, KOTA])


def asked(body: bytes, world: PolygonWorld = BLITAR, *, parent: str | None = None) -> Answer:
    return answer(read_request(body), Server(source=SOURCE, world=world, parent=parent), NOW)


def told(body: bytes, world: PolygonWorld = BLITAR, *, parent: str | None = None) -> etree._Element:
    """Give the answer as the client gets it, which is always by the grammar."""
    found = asked(body, world, parent=parent)
    return parsed(write(found.otherwise if isinstance(found, Forward) else found, source=SOURCE))


def parsed(answered: bytes) -> etree._Element:
    root = etree.fromstring(answered)
    assert SCHEMA.validate(root), (SCHEMA.error_log, answered)
    return root


def names(root: etree._Element) -> list[str]:
    """Name the centres of the mappings in their order."""
    return [one.text for one in root.iterfind("l:mapping/l:displayName", NS)]


def fault(root: etree._Element) -> str:
    assert root.tag == f"{{{NS['l']}}}errors", etree.tostring(root)
    assert root.get("source") == SOURCE
    return etree.QName(root[0]).localname


def warned(root: etree._Element) -> list[str]:
    return [etree.QName(one).localname for one in root.iterfind("l:warnings/*", NS)]
