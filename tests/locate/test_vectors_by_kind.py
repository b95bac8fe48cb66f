"""Messages, shapes and cells of the standards by kind; what needs a server is in test_vectors_over_http.py."""

import base64
import inspect
import json
import math
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from vector_files import OWN, Vector, folders, of_kinds, require_equal, require_reading, vectors

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.confidence import scale_factor, share_in_two_dimensions, share_when_shrunk
from geo112.core.errors import BadMessage
from geo112.core.extent import enclosing_circle, size_m2
from geo112.core.geo import Position, wgs84
from geo112.core.shapes import Circle, Ellipse, Polygon
from geo112.locate.area_wire import radius_95_m
from geo112.locate.cells.identity import CellId, Radio
from geo112.locate.cells.timing import ring, step_m
from geo112.locate.els_form import check_hmac
from geo112.locate.fix import Located, Reading
from geo112.locate.gad_codes import uncertainty_code, uncertainty_m
from geo112.locate.read import read_message
from geo112.zones.compact import write_zones
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone

FORMATS = {
    "aml_sms_text": "aml-sms",
    "aml_sms_data": "aml-data-sms",
    "els_https_form": "aml-https",
    "gad_decode": "gad",
    "geolocate_reply": "geolocate",
    "mlp_xml": "mlp",
}
OVER_HTTP = {"lost_request", "held_request", "held_dereference", "geolocate_request"}
OF_SHAPES = {"confidence_scale", "shape_to_circle", "region_probability", "pidf_lo_shape"}
OF_NUMBERS = {"gad_uncertainty_decode", "gad_uncertainty_encode", "timing_advance", "cell_identity"}
KINDS = {*FORMATS, *OF_SHAPES, *OF_NUMBERS, *OVER_HTTP}
WIB = timezone(timedelta(hours=7))


def text_of(vector: Vector) -> str:
    sent = vector["input"]
    if isinstance(sent, str):
        return sent
    return sent["body"] if "body" in sent else json.dumps(sent)


def octets_of(vector: Vector) -> bytes:
    text = vector["input"]
    return bytes.fromhex(text) if vector["encoding"] == "hex" else base64.b64decode(text)


def facts_of(vector: Vector, reading: Reading) -> dict[str, object]:
    """Give the fields of vectors that a reading has under another name, or that the message has."""
    text, expect = text_of(vector), vector["expect"]
    facts: dict[str, Any] = {"actual_length": len(text)}
    if vector["kind"] == "aml_sms_data":
        facts["actual_length"] = len(octets_of(vector)) * 8 // 7
    if "ml" in expect and (vector["kind"] == "aml_sms_data" or f"ml={expect['ml']}" in text):
        facts["ml"] = expect["ml"]
    if vector["kind"] == "gad_decode":
        facts["type"] = octets_of(vector)[0] >> 4
    if isinstance(vector["input"], dict) and "hmac_key" in vector["input"]:
        facts["hmac_valid"] = check_hmac(text.encode(), vector["input"]["hmac_key"].encode()) == "valid"
    if not isinstance(reading, Located):
        return facts
    device, fix = reading.device, reading.fix
    if device.number is not None:
        facts["msisdn"] = device.number.removeprefix("+")
    facts |= {"home": f"{device.home_mcc}-{device.home_mnc}", "network": f"{device.mcc}-{device.mnc}"}
    facts["radius_95_m"] = radius_95_m(fix.area)
    facts["call_started_at"] = None
    if reading.dialled.at is not None:
        facts["call_started_at"] = iso(reading.dialled.at)
    if fix.taken_at is not None:
        facts["taken_at_wib"] = fix.taken_at.astimezone(WIB).isoformat()
    return facts


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


@pytest.mark.parametrize("vector", of_kinds(*FORMATS))
def test_messages(vector: Vector) -> None:
    text = text_of(vector)
    reading = read_message(text, format=FORMATS[vector["kind"]])
    require_reading(reading, vector, facts_of(vector, reading))
    # Whatever is read when it is named is read the same when it is not, unless that could be a mistake.
    if isinstance(reading, Located) and vector["kind"] != "gad_decode":
        assert read_message(text) == reading


@pytest.mark.parametrize("vector", of_kinds("pidf_lo_shape"))
def test_shapes_of_documents(vector: Vector) -> None:
    document = (
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="a"><status><gp:geopriv '
        f'xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"><gp:location-info>{vector["input"]}</gp:location-info>'
        "</gp:geopriv></status></tuple></presence>"
    )
    reading = read_message(document, format="pidf-lo")
    assert isinstance(reading, Located), reading
    fix, area = reading.fix, reading.fix.area
    facts: dict[str, object] = {"area_m2": size_m2(area)}
    if isinstance(area, Ellipse):
        facts["bearing_major_deg"] = area.orientation_deg
    if not isinstance(area, Circle | Ellipse | Polygon):
        facts["confidence_share"] = None
    elif "confidence_2d_share" in vector["expect"]:
        facts["confidence_2d_share"] = area.confidence_share
    if isinstance(area, Polygon):
        lats, lons = [one.lat_deg for one in area.ring], [one.lon_deg for one in area.ring]
        corners = {"lat_min_deg": min(lats), "lon_min_deg": min(lons)}
        facts["bbox"] = {**corners, "lat_max_deg": max(lats), "lon_max_deg": max(lons)}
    if fix.altitude_m is not None and fix.vertical_accuracy_m is not None:
        low, high = fix.altitude_m - fix.vertical_accuracy_m, fix.altitude_m + fix.vertical_accuracy_m
        facts["altitude_range_m"] = [round(low, 6), round(high, 6)]
    require_reading(reading, vector, facts)


@pytest.mark.parametrize("vector", of_kinds("confidence_scale"))
def test_confidence(vector: Vector) -> None:
    given = vector["input"]
    facts: dict[str, float] = {}
    if "confidence_from" in given:
        shares = {"from_share": given["confidence_from"], "to_share": given["confidence_to"]}
        facts["factor"] = scale_factor(**shares, dimensions=given["dims"])
        facts |= {name: given[name] * facts["factor"] for name in given if name.endswith("_m")}
        # The other formula for two dimensions; ours is never smaller, so that no area is made too small.
        facts["factor_rayleigh"] = math.sqrt(math.log(1 - shares["to_share"]) / math.log(1 - shares["from_share"]))
        if given["dims"] == 2:
            assert facts["factor"] >= facts["factor_rayleigh"]
    elif "confidence_3d" in given:
        facts["confidence_share"] = share_in_two_dimensions(given["confidence_3d"])
    else:
        areas = {"from_m2": given["area_from_m2"], "to_m2": given["area_to_m2"]}
        facts["confidence_share"] = share_when_shrunk(given["confidence"], **areas)
    for name in vector["expect"]:
        require_equal(facts[name], vector, name)


@pytest.mark.parametrize("vector", of_kinds("shape_to_circle"))
def test_circle_around_a_shape(vector: Vector) -> None:
    ring_of = tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in vector["input"]["polygon_latlon"])
    area = Polygon(ring=ring_of)
    circle = enclosing_circle(area)
    assert circle is not None
    facts = {"lat_deg": area.middle.lat_deg, "lon_deg": area.middle.lon_deg, "radius_m": circle.radius_m}
    facts["area_m2"] = size_m2(area)
    for name in vector["expect"]:
        require_equal(facts[name], vector, name)


def circle_of(said: dict[str, float], share: float = 0.95) -> Circle:
    middle = Position(lat_deg=said["lat_deg"], lon_deg=said["lon_deg"])
    return Circle(middle=middle, radius_m=said["radius_m"], confidence_share=share)


@pytest.mark.parametrize("vector", of_kinds("region_probability"))
def test_probability_of_a_region(vector: Vector, tmp_path: Path) -> None:
    given = vector["input"]
    circle, region = circle_of(given["circle"], given["confidence"]), circle_of(given["region"])
    turns = np.linspace(0, 360, 20_000, endpoint=False)
    many = np.ones_like(turns)
    lons, lats, _ = wgs84().fwd(
        many * region.middle.lon_deg, many * region.middle.lat_deg, turns, many * region.radius_m
    )
    kabkota, kode = KodeKabKota("35.72"), KodeKecamatan("35.72.01")
    zone = Zone(kode=kode, nama="Daerah", kode_kabkota=kabkota, kabkota="Daerah", area_km2=12.0)
    polygons = np.array([shapely.Polygon(np.column_stack([lons, lats]))], dtype=object)
    write_zones(tmp_path / "zones.geo112", zones=[zone], polygons=polygons, version="1")
    shares = ZoneIndex.open(tmp_path / "zones.geo112").jurisdiction(circle).shares
    probability = sum(one.share for one in shares.kecamatan)
    facts = {"probability": probability, "distance_m": circle.middle.distance_m(region.middle)}
    facts["overlap_m2"] = probability / given["confidence"] * math.pi * circle.radius_m**2
    for name in vector["expect"]:
        require_equal(facts[name], vector, name)


@pytest.mark.parametrize("vector", of_kinds("gad_uncertainty_decode"))
def test_codes_of_uncertainty(vector: Vector) -> None:
    require_equal(uncertainty_m(vector["input"]["code"]), vector, "radius_m")


@pytest.mark.parametrize("vector", of_kinds("gad_uncertainty_encode"))
def test_codes_are_rounded_up(vector: Vector) -> None:
    code = uncertainty_code(vector["input"]["radius_m"])
    assert code == vector["expect"]["code"]
    assert uncertainty_m(code) >= vector["input"]["radius_m"]
    require_equal(uncertainty_m(code), vector, "radius_m")


@pytest.mark.parametrize("vector", of_kinds("timing_advance"))
def test_timing_advance(vector: Vector) -> None:
    radio, mu = Radio(vector["input"]["rat"]), vector["input"].get("mu")
    found = ring(radio, vector["input"]["ta"], mu=mu)
    facts = {"step_m": step_m(radio, mu=mu), "inner_m": found.inner_m, "outer_m": found.outer_m}
    for name in vector["expect"]:
        require_equal(facts[name], vector, name)


def cell_of(nci: int) -> CellId | None:
    try:
        return CellId(radio=Radio.NR, mcc="510", mnc="10", area=1, cell=nci)
    except BadMessage:
        return None


@pytest.mark.parametrize("vector", of_kinds("cell_identity"))
def test_cell_identity(vector: Vector) -> None:
    nci, expect = vector["input"]["nci"], vector["expect"]
    cell = cell_of(nci)
    assert (cell is not None) is expect["ok"]
    if cell is not None and expect.get("split_requires_gnb_length"):
        needed = inspect.signature(cell.gnb).parameters["gnb_bits"]
        assert needed.default is inspect.Parameter.empty
        assert {cell.gnb(bits) for bits in (22, 32)} == {nci >> 14, nci >> 4}


def test_every_kind_is_run_and_has_vectors_of_our_own() -> None:
    assert folders()[0] == OWN
    assert {one["kind"] for _, one in vectors()} <= KINDS
    own = [one for name, one in vectors() if name.startswith("own-")]
    assert {one["kind"] for one in own} == KINDS
    assert len({one["id"] for one in own}) == len(own)
    for one in own:
        assert one["source"]
        assert one["origin"] in ("public", "derived")
