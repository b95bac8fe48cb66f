"""What the standards say of LoST, HELD, geolocation and ELS forms, asked of a centre over HTTP where that is meant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from api_centre import MakeCentre, new_client
from api_words import IN_KOTA
from fastapi.testclient import TestClient
from grammars import require_valid
from lxml import etree
from vector_files import Vector, of_kinds, require_equal

from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.held.request import BY_GET, LocationRequest, read_request
from geo112.locate.fix import Located
from geo112.locate.read import read_message
from geo112.lost.answer import Forward, Server, answer
from geo112.lost.polygon_world import Entry, PolygonWorld
from geo112.lost.request import read_request as read_lost
from geo112.lost.world import Centre as LostCentre
from geo112.lost.write import write
from geo112.prepare.cells import Request, prepare_cells
from geo112.wiring import Centre

LOST = "{urn:ietf:params:xml:ns:lost1}"
SOURCE = "lost.112.example"
NUMBER = "6281234567890"
HELD = "{urn:ietf:params:xml:ns:geopriv:held}"
IDENTITY = "{urn:ietf:params:xml:ns:geopriv:held:id}"
BOX = re.compile(r"([-0-9.]+?)\.\.([-0-9.]+), ([-0-9.]+?)\.\.([-0-9.]+)")
POSITION = re.compile(r"pos>([-0-9.]+) ([-0-9.]+)<")
CELLS = """radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
LTE,510,1,1234,25600001,-1,112.15,-8.10,1200,95,1,0,0,0
UMTS,208,1,2,1234567,-1,112.15,-8.10,1200,95,1,0,0,0
"""


def sent(vector: Vector) -> tuple[bytes, dict[str, str]]:
    """Give the body and the headers of a request."""
    given = vector["input"]
    if isinstance(given, str):
        return given.encode(), {}
    named = given.get("content_type")
    return given["body"].encode(), {"Content-Type": named} if named else {}


def box_of(text: str) -> tuple[Position, ...]:
    found = BOX.search(text)
    assert found is not None, text
    south, north, west, east = map(float, found.groups())
    corners = ((south, west), (south, east), (north, east), (north, west))
    return tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in corners)


def world_of(vector: Vector, clock_at: object) -> PolygonWorld:
    """Make the world that a vector tells of, or one around the place that it asks for."""
    given = vector["input"]
    told: dict[str, str] = given.get("world", {}) if isinstance(given, dict) else {}
    if not told:
        asked = POSITION.search(sent(vector)[0].decode())
        lat, lon = (float(one) for one in asked.groups()) if asked else (-8.1, 112.1)
        told = {"here": f"{lat - 1}..{lat + 1}, {lon - 1}..{lon + 1}"}
    rings = {name: box_of(text) for name, text in told.items()}
    entries = []
    for name, text in told.items():
        uri = re.search(r"sip:\S+?(?=,|$)", text)
        centre = LostCentre(
            source_id=name, nama=name, services=("urn:service:sos.police",), number="112", updated_at=clock_at,
            uris=(uri[0] if uri else f"sip:{name}@112.example",), geodetic_key=None, civic_key=None,
        )  # fmt: skip
        holes = tuple(rings[hole] for hole in re.findall(r"minus (\w+)", text))
        entries.append(Entry(centre=centre, polygons=(Polygon(ring=rings[name], holes=holes),), address={}))
    return PolygonWorld(entries)


def require_lost(root: etree._Element, expect: dict[str, object]) -> None:
    """Hold an answer against what is expected of it."""
    name = etree.QName(root).localname
    whole = f"errors/{etree.QName(root[0]).localname}" if name == "errors" else name
    mapped = [one.text for one in root.iterfind(f"{LOST}mapping/{LOST}displayName")]
    if "root" in expect:
        assert whole in expect["root"] if isinstance(expect["root"], list) else whole == expect["root"]
    if "error" in expect:
        assert whole == f"errors/{expect['error']}"
    if "mapping" in expect:
        assert mapped == [expect["mapping"]]
    assert expect.get("not_mapping") not in mapped
    used = root.find(f"{LOST}locationUsed")
    wishes = list(expect.get("must_have", []))
    if "locationUsed" in expect:
        wishes.append(f"locationUsed {expect['locationUsed']}")
    for wish in wishes:
        if wish.startswith("locationUsed"):
            assert used is not None
            assert used.get("id") == wish.split()[1]
        elif wish == "uri with scheme sip":
            assert all(one.text.startswith("sip:") for one in root.iterfind(f".//{LOST}uri"))
        else:
            assert root.find(".//" + "/".join(LOST + part for part in wish.split("/"))) is not None, wish
    if "services" in expect:
        assert expect["services"] == "immediate children of urn:service:sos"
        assert root.findtext(f"{LOST}serviceList") == "urn:service:sos.police"


@pytest.mark.parametrize("vector", of_kinds("lost_request"))
def test_lost(vector: Vector, centre: Centre, client: TestClient) -> None:
    body, headers = sent(vector)
    now = centre.clock.now()
    found = answer(read_lost(body), Server(source=SOURCE, world=world_of(vector, now)), now)
    assert not isinstance(found, Forward)
    require_lost(etree.fromstring(write(found, source=SOURCE)), vector["expect"])
    # Whatever comes, a server of LoST answers with 200, in LoST.
    asked = client.post("/lost", content=body, headers=headers)
    assert asked.status_code == vector["expect"].get("http", 200)
    root = etree.fromstring(asked.content)
    assert root.tag.startswith(LOST)
    if "error" in vector["expect"]:
        require_lost(root, vector["expect"])


def new_call(client: TestClient, as_user: Callable[[str], TestClient], number: str) -> None:
    made = as_user("siti").post("/api/v1/calls", json={"number": number, "position": {**IN_KOTA, "radius_m": 30}})
    assert made.status_code == 201
    client.cookies.clear()


@pytest.mark.parametrize("vector", of_kinds("held_request"))
def test_held_requests(
    vector: Vector, client: TestClient, as_user: Callable[[str], TestClient], held_key: dict[str, str]
) -> None:
    body, headers = sent(vector)
    read = read_request(body)
    assert isinstance(read, LocationRequest), read
    [device] = read.device or ()
    facts = {"msisdn": device.number.removeprefix("+"), "types": [one.value for one in read.kinds]}
    facts |= {"exact": read.exact, "response_time_ms": read.response_time_ms, "echo_device": True}
    for name in vector["expect"]:
        require_equal(facts[name], vector, name)
    # A caller of that number is found, and named again as it was asked for.
    new_call(client, as_user, device.number)
    asked = client.post("/held", content=body, headers={**headers, **held_key})
    assert asked.status_code == 200
    root = require_valid(asked.content)
    assert root.tag == f"{HELD}locationResponse"
    assert root.findtext(f"{IDENTITY}device/{IDENTITY}{device.name}") == device.text


@pytest.mark.parametrize("vector", of_kinds("held_dereference"))
def test_held_references(
    vector: Vector, client: TestClient, as_user: Callable[[str], TestClient], held_key: dict[str, str]
) -> None:
    given, expect = vector["input"], vector["expect"]
    new_call(client, as_user, f"+{NUMBER}")
    body = f'<locationRequest xmlns="{HELD[1:-1]}"><device xmlns="{IDENTITY[1:-1]}"><msisdn>{NUMBER}</msisdn></device>'
    told = client.post("/held", content=f"{body}</locationRequest>", headers=held_key)
    uri = etree.fromstring(told.content).findtext(f"{HELD}locationUriSet/{HELD}locationURI")
    assert uri is not None
    got = client.request(given["method"], "/held/" + uri.rpartition("/")[2], headers={"Accept": given["accept"]})
    assert got.status_code == 200
    facts = {"equivalent_types": [one.value for one in BY_GET.kinds], "exact": BY_GET.exact}
    facts["content_type"] = got.headers["content-type"].partition(";")[0]
    facts["no_locationUriSet"] = etree.fromstring(got.content).find(f"{HELD}locationUriSet") is None
    for name in expect:
        require_equal(facts[name], vector, name)


@pytest.mark.parametrize("vector", of_kinds("geolocate_request"))
def test_geolocation(vector: Vector, make_centre: MakeCentre, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(CELLS)
    request = Request(files=[tmp_path / "list.csv"], out=tmp_path)
    table = prepare_cells(request, progress=lambda done, total: None).path
    with new_client(make_centre(cells_file=table)) as client:
        got = client.post("/v1/geolocate", json=vector["input"])
    assert got.status_code == 200
    body = got.json()
    keys = {f"location.{name}" for name in body["location"]} | (body.keys() - {"location"})
    assert keys == set(vector["expect"]["reply_keys"])
    reading = read_message(got.text, format="geolocate")
    assert isinstance(reading, Located)
    require_equal(reading.fix.area.confidence_share, vector, "confidence_share")


@pytest.mark.parametrize("vector", of_kinds("els_https_form"))
def test_forms_are_answered_as_received(vector: Vector, client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    got = client.post("/aml", content=sent(vector)[0], headers=form)
    assert f"{got.status_code // 100}xx" == vector["expect"]["http_class"]
