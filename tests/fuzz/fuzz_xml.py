"""A long fuzz of everything that reads XML: no input may raise, none may take over 100 ms.

Run by hand or by `make fuzz`: `python tests/fuzz/fuzz_xml.py [INPUTS] [SEED]`, one million inputs by default.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator

from geo112.held.client import read_answer
from geo112.held.request import read_request
from geo112.locate.fix import Reading
from geo112.locate.mlp import read_mlp
from geo112.locate.pidf import read_pidf
from geo112.locate.wire import reading_to_dict

LIMIT_S = 0.1
FLAT = 'srsName="urn:ogc:def:crs:EPSG::4326"'
SPACE = 'srsName="urn:ogc:def:crs:EPSG::4979"'
AXES = "<gs:semiMajorAxis>300</gs:semiMajorAxis><gs:semiMinorAxis>20</gs:semiMinorAxis>"
RING = "<gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
FLOOR = RING.format("-8 112 9 -8 113 9 -7 113 9 -7 112 9 -8 112 9")
PIDF_SHAPES = (
    f"<gml:Point {SPACE}><gml:pos>-8.1 112.2 163.5</gml:pos></gml:Point>",
    f"<gml:Point {FLAT}><gml:coordinates>8:05:54S 112:10:05E</gml:coordinates></gml:Point>",
    f"<gs:Circle {FLAT}><gml:pos>-8.1 112.2</gml:pos><gs:radius uom='EPSG:9001'>14</gs:radius></gs:Circle>",
    f"<gs:Ellipse {FLAT}><gml:pos>-8.1 112.2</gml:pos>{AXES}<gs:orientation>43.2</gs:orientation></gs:Ellipse>",
    f"<gs:ArcBand {FLAT}><gml:pos>-8.1 112.2</gml:pos><gs:innerRadius>3594</gs:innerRadius><gs:outerRadius>4148"
    "</gs:outerRadius><gs:startAngle>20</gs:startAngle><gs:openingAngle>120</gs:openingAngle></gs:ArcBand>",
    f"<gml:Polygon {FLAT}>{RING.format('-8 112 -8 113 -7 113 -7 112 -8 112')}</gml:Polygon>",
    f"<gs:Sphere {SPACE}><gml:pos>-8.1 112.2 26.3</gml:pos><gs:radius>850.24</gs:radius></gs:Sphere>",
    f"<gs:Ellipsoid {SPACE}><gml:pos>-8.1 112.2 26.3</gml:pos>{AXES}<gs:verticalAxis>28.7</gs:verticalAxis>"
    "<gs:orientation>90</gs:orientation></gs:Ellipsoid>",
    f"<gs:Prism {SPACE}><gs:base><gml:Polygon>{FLOOR}</gml:Polygon></gs:base><gs:height>2.4</gs:height></gs:Prism>",
)
PRESENCE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
    'xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" '
    'xmlns:con="urn:ietf:params:xml:ns:geopriv:conf" entity="tel:+6281234567890"><dm:device id="d"><gp:geopriv>'
    "<gp:location-info>{}<ca:civicAddress><ca:A3>Blitar</ca:A3></ca:civicAddress><con:confidence>67</con:confidence>"
    "</gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv><dm:deviceID>urn:uuid:1</dm:deviceID>"
    "<dm:timestamp>2026-11-22T03:15:30Z</dm:timestamp></dm:device></presence>"
)
COORD = "<coord><X>8 5 53.880S</X><Y>112 10 5.160E</Y></coord>"
LINE = f"{COORD}<coord><X>-8.1</X><Y>112.2</Y></coord><coord><X>-8.2</X><Y>112.1</Y></coord>"
MLP_SHAPES = (
    f"<Point>{COORD}</Point>",
    f"<CircularArea>{COORD}<radius>850</radius><distanceUnit>meter</distanceUnit></CircularArea>",
    f"<CircularArcArea>{COORD}<inRadius>3594</inRadius><outRadius>4148</outRadius><startAngle>350</startAngle>"
    "<stopAngle>30</stopAngle></CircularArcArea>",
    f"<EllipticalArea>{COORD}<angle>30</angle><semiMajor>300</semiMajor><semiMinor>20</semiMinor></EllipticalArea>",
    f"<Polygon><outerBoundaryIs><LinearRing>{LINE}</LinearRing></outerBoundaryIs></Polygon>",
    f"<LineString>{LINE}</LineString>",
    "<Box><coord><X>-8.1</X><Y>112.2</Y></coord><coord><X>-8.2</X><Y>112.1</Y></coord></Box>",
    f"<MultiPoint><Point>{COORD}</Point><Point><coord><X>-8.2</X><Y>112.1</Y></coord></Point></MultiPoint>",
)
MLP = (
    '<svc_result><slia><pos><msid>6281234567890</msid><pd><time utc_off="+0700">20261122101530</time><shape>{}</shape>'
    "<alt>163</alt><lev_conf>67</lev_conf></pd></pos>"
    '<pos><poserr><result resid="4">x</result></poserr></pos></slia></svc_result>'
)
ASK = (
    '<locationRequest xmlns="urn:ietf:params:xml:ns:geopriv:held" responseTime="8"><locationType exact="true">geodetic '
    'locationURI</locationType><device xmlns="urn:ietf:params:xml:ns:geopriv:held:id"><uri>tel:+6281234567890</uri>'
    "<msisdn>6281234567890</msisdn></device></locationRequest>"
)
FOUND = PRESENCE.format(PIDF_SHAPES[2])
ANSWER = f'<locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held">{FOUND}</locationResponse>'
BODY = "--b1\r\nContent-Type: application/pidf+xml\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--b1--\r\n"
SEEDS = (
    *(PRESENCE.format(shape) for shape in PIDF_SHAPES),
    *(MLP.format(shape) for shape in MLP_SHAPES),
    *(ASK, ANSWER, BODY.format(FOUND)),
)
NUMBERS = (
    *(
        "0",
        "-0",
        "1e99",
        "1e-99",
        "360",
        "-1",
        "99999999999",
        "0.00000000000000000001",
        "180",
        "90",
        "-90",
        "nan",
        "100",
    ),
    *("20000000", "19999999", "1e400", "4.9E-99", "INF", "1_0", "٣", "", "-8.1 112.2", "0 0", "112.2 -8.1"),
)


def inputs(count: int, random_source: random.Random) -> Iterator[str]:
    """Give documents: seeds with some numbers and some letters changed, and plain noise."""
    for _ in range(count):
        if random_source.random() < 0.02:
            yield "".join(chr(random_source.randrange(0x250)) for _ in range(random_source.randrange(200)))
            continue
        text = random_source.choice(SEEDS)
        for _ in range(random_source.randrange(1, 4)):
            text = with_number(text, random_source) if random_source.random() < 0.7 else damaged(text, random_source)
        yield text


def with_number(text: str, random_source: random.Random) -> str:
    """Put another number in the place of one."""
    found = list(re.finditer(r"-?\d+(?:\.\d+)?", text))
    if not found:
        return text
    one = random_source.choice(found)
    new = random_source.choice(NUMBERS) if random_source.random() < 0.6 else str(random_source.uniform(-200, 200))
    return text[: one.start()] + new + text[one.end() :]


def damaged(text: str, random_source: random.Random) -> str:
    """Take something out, and put another part of the text or a strange letter in its place."""
    start, other = random_source.randrange(len(text) + 1), random_source.randrange(len(text) + 1)
    part = text[other : other + random_source.randrange(40)]
    new = part if random_source.random() < 0.5 else chr(random_source.randrange(0x2FF))
    return text[:start] + new + text[start + random_source.randrange(20) :]


def as_bytes(text: str) -> bytes:
    """Give what would come over the wire."""
    return text.encode(errors="surrogatepass")


READERS: tuple[Callable[[str], object], ...] = (
    read_pidf,
    read_mlp,
    lambda text: read_pidf(as_bytes(text)),
    lambda text: read_answer(as_bytes(text)),
    lambda text: read_request(as_bytes(text)),
)


def main() -> int:
    """Run the fuzz and print what it found as one JSON object."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 112
    slowest_s, slowest, raised, located = 0.0, "", [], 0
    for text in inputs(count, random.Random(seed)):  # noqa: S311 - a repeatable fuzz, no secret
        for read in READERS:
            started = time.thread_time()
            try:
                found = read(text)
                if isinstance(found, Reading):
                    located += json.dumps(reading_to_dict(found), allow_nan=False).startswith('{"fix": {')
            except Exception as error:  # noqa: BLE001 - finding any of them is the purpose
                raised.append(f"{error!r} for {text!r}")
            spent_s = time.thread_time() - started
            if spent_s > slowest_s:
                slowest_s, slowest = spent_s, text
    told = {"inputs": count, "readers": len(READERS), "located": located, "raised": len(raised)}
    told |= {"slowest_s": round(slowest_s, 4), "slowest": slowest[:200], "first": raised[:3]}
    print(json.dumps(told))  # noqa: T201 - the report of a script
    return 1 if raised or slowest_s > LIMIT_S else 0


if __name__ == "__main__":
    sys.exit(main())
