"""Messages per second of every reader, beside the bare library that takes such a message apart without reading it.

The bare side only splits: no units, no checks, no uncertainty. So the ratio says what it costs to know what is meant.
"""

import json
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from lxml import etree
from openlocationcode import openlocationcode

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.lost import requests_per_s
from geo112.bench.places import places
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.locate.fix import Fix, FixMethod, FixSource, NotUnderstood
from geo112.locate.gad_write import write_gad
from geo112.locate.gsm7 import pack, unpack
from geo112.locate.pidf_write import write_pidf
from geo112.locate.read import read_message

MESSAGES = 400
_BLITAR = Position(lon_deg=112.1681, lat_deg=-8.0985)
_DEGREES = re.compile(r"(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)")
_GAD = struct.Struct(">B3s3sBBBB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One kind of message: how it is written for a place, and what takes it apart elsewhere."""

    format: str
    write: Callable[[int, Position], str]
    rival: str
    apart: Callable[[str], object]
    name: str = ""


def locate(room: Room) -> Iterator[Result]:
    """Measure spoken places and LoST over HTTP, which need the built country, then the readers."""
    yield from places(room)
    yield from requests_per_s(room)
    yield from readers(tell=room.tell)


def readers(*, tell: Tell, rounds: int = ROUNDS, messages: int = MESSAGES) -> Iterator[Result]:
    """Read messages of each kind, each of another place, in turn with the bare library."""
    for one in CONTESTS:
        texts = [one.write(n, place) for n, place in enumerate(_places(messages))]
        yield _contest(one, texts, rounds=rounds, tell=tell)


def _contest(one: Contest, texts: Sequence[str], *, rounds: int, tell: Tell) -> Result:
    def ours() -> int:
        return sum(isinstance(read_message(text, format=one.format), NotUnderstood) for text in texts)

    def bare() -> int:
        return sum(one.apart(text) is None for text in texts)

    wrong = ours() + bare()
    name = f"locate {one.name or one.format}"
    work: dict[str, Callable[[], object]] = {"geo112": ours, one.rival: bare}
    taken = interleave(work, rounds=rounds, tell=lambda step: tell(f"{name}, {step}"))
    result = compared(name, unit="messages/s", taken=taken, per=lambda seconds: len(texts) / seconds, goal={})
    return result | {"disagreements": wrong}


def _places(count: int) -> Iterator[Position]:
    """Give places within 9 km of the middle of Kota Blitar."""
    for n in range(count):
        yield _BLITAR.moved(bearing_deg=n * 137.5 % 360, distance_m=20.0 + n * 61 % 9_000)


def _aml(n: int, place: Position) -> str:
    facts = f"lt={place.lat_deg:+.5f};lg={place.lon_deg:+.5f};rd={n % 90 + 5};top=20261122031530;lc=90;pm=G"
    return f'A"ML=1;{facts};si=510100000000000;ei=356700000000000;mcc=510;mnc=10;ml=128'


def _data_sms(n: int, place: Position) -> str:
    return pack(_aml(n, place)).hex()


def _els(n: int, place: Position) -> str:
    return (
        f"v=1&emergency_number=112&source=CALL&time=1795317300123&location_latitude={place.lat_deg:.6f}"
        f"&location_longitude={place.lon_deg:.6f}&location_time=1795317330500&location_accuracy={n % 90 + 5}.5"
        "&location_confidence=0.6827&location_source=fused&device_number=%2B6281234567890&device_imei=356708041746734"
        "&cell_network_mcc=510&cell_network_mnc=10"
    )


def _circle(n: int, place: Position) -> Circle:
    return Circle(middle=place, radius_m=float(n % 900 + 50), confidence_share=0.95)


def _pidf(n: int, place: Position) -> str:
    fix = Fix(area=_circle(n, place), source=FixSource.SIP, method=FixMethod.GNSS, taken_at=None)
    return write_pidf(fix, entity="pres:bench@geo112.invalid").decode()


def _mlp(n: int, place: Position) -> str:
    return (
        '<svc_result ver="3.1.0"><slia><pos><msid>6281234567890</msid><pd><time utc_off="+0700">20261122101530</time>'
        f"<shape><CircularArea><coord><X>{place.lat_deg:.6f}</X><Y>{place.lon_deg:.6f}</Y></coord>"
        f"<radius>{n % 900 + 50}</radius></CircularArea></shape><lev_conf>67</lev_conf></pd></pos></slia></svc_result>"
    )


def _gad(n: int, place: Position) -> str:
    return write_gad(_circle(n, place)).hex()


def _cells(n: int, _: Position) -> str:
    tower = {"radioType": "lte", "mobileCountryCode": 510, "mobileNetworkCode": 10, "locationAreaCode": n + 1}
    return json.dumps({"cellTowers": [{**tower, "cellId": 25_600_000 + n, "timingAdvance": n % 60}]})


def _reply(n: int, place: Position) -> str:
    return json.dumps({"location": {"lat": place.lat_deg, "lng": place.lon_deg}, "accuracy": n + 50.0})


def _typed(_: int, place: Position) -> str:
    return f"Lokasi saya: {place.lat_deg:.6f}, {place.lon_deg:.6f} tolong"


def _link(_: int, place: Position) -> str:
    return f"https://www.google.com/maps/place/Blitar/@{place.lat_deg:.6f},{place.lon_deg:.6f},17z"


def _plus(_: int, place: Position) -> str:
    return str(openlocationcode.encode(place.lat_deg, place.lon_deg))


def _fields(text: str) -> dict[str, str]:
    """Take a message of `name=value;` apart."""
    return dict(part.split("=", 1) for part in text.split(";"))


def _tree(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


CONTESTS = (
    Contest(format="aml-sms", write=_aml, rival="str.split", apart=_fields),
    Contest(
        format="aml-data-sms",
        write=_data_sms,
        rival="7-bit and str.split",
        apart=lambda text: _fields(unpack(bytes.fromhex(text))),
    ),
    Contest(format="aml-https", write=_els, rival="urllib parse_qs", apart=parse_qs),
    Contest(format="pidf-lo", write=_pidf, rival="lxml fromstring", apart=_tree),
    Contest(format="mlp", write=_mlp, rival="lxml fromstring", apart=_tree),
    Contest(format="gad", write=_gad, rival="struct", apart=lambda text: _GAD.unpack(bytes.fromhex(text)[:11])),
    Contest(format="cells", write=_cells, rival="json.loads", apart=json.loads),
    Contest(format="geolocate", write=_reply, rival="json.loads", apart=json.loads),
    Contest(format="text", name="typed degrees", write=_typed, rival="re.search", apart=_DEGREES.search),
    Contest(format="text", name="map link", write=_link, rival="re.search", apart=_DEGREES.search),
    Contest(format="text", name="plus code", write=_plus, rival="openlocationcode", apart=openlocationcode.decode),
)
