"""What the fuzz starts from: messages that are right, for every parser, and the numbers and words that break things."""

import json
from functools import cache
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent / "locate" / "vectors"

FLAT = 'srsName="urn:ogc:def:crs:EPSG::4326"'
SPACE = 'srsName="urn:ogc:def:crs:EPSG::4979"'
SPACES = 'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"'
METRE = "uom='urn:ogc:def:uom:EPSG::9001'"
AXES = f"<gs:semiMajorAxis {METRE}>300</gs:semiMajorAxis><gs:semiMinorAxis>20</gs:semiMinorAxis>"
PLACE = "<gml:pos>-8.0983 112.1681</gml:pos>"
RING = "<gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
HOLE = (
    "<gml:interior><gml:LinearRing><gml:pos>-8.09 112.16</gml:pos><gml:pos>-8.09 112.17</gml:pos>"
    "<gml:pos>-8.08 112.17</gml:pos><gml:pos>-8.09 112.16</gml:pos></gml:LinearRing></gml:interior>"
)
SQUARE = RING.format("-8.12 112.14 -8.12 112.2 -8.06 112.2 -8.06 112.14 -8.12 112.14")
FLOOR = RING.format("-8 112 9 -8 113 9 -7 113 9 -7 112 9 -8 112 9")
FLAT_SHAPES = (
    f"<gml:Point {SPACES} {FLAT}>{PLACE}</gml:Point>",
    f"<gs:Circle {SPACES} {FLAT}>{PLACE}<gs:radius {METRE}>850.24</gs:radius></gs:Circle>",
    f"<gs:Ellipse {SPACES} {FLAT}>{PLACE}{AXES}<gs:orientation>43.2</gs:orientation></gs:Ellipse>",
    f"<gs:ArcBand {SPACES} {FLAT}>{PLACE}<gs:innerRadius>3594</gs:innerRadius><gs:outerRadius>4148</gs:outerRadius>"
    "<gs:startAngle>20</gs:startAngle><gs:openingAngle>120</gs:openingAngle></gs:ArcBand>",
    f"<gml:Polygon {SPACES} {FLAT}>{SQUARE}{HOLE}</gml:Polygon>",
    f"<gml:Point {SPACES} {FLAT}><gml:coordinates>8:05:54S 112:10:05E</gml:coordinates></gml:Point>",
)
SHAPES = (
    *FLAT_SHAPES,
    f"<gs:Sphere {SPACES} {SPACE}><gml:pos>-8.1 112.2 26.3</gml:pos><gs:radius>850.24</gs:radius></gs:Sphere>",
    f"<gs:Ellipsoid {SPACES} {SPACE}><gml:pos>-8.1 112.2 26.3</gml:pos>{AXES}<gs:verticalAxis>28.7</gs:verticalAxis>"
    "<gs:orientation>90</gs:orientation></gs:Ellipsoid>",
    f"<gs:Prism {SPACES} {SPACE}><gs:base><gml:Polygon>{FLOOR}</gml:Polygon></gs:base><gs:height>2.4</gs:height>"
    "</gs:Prism>",
)
PRESENCE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
    'xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" '
    'xmlns:con="urn:ietf:params:xml:ns:geopriv:conf" entity="tel:+6281234567890"><dm:device id="d"><gp:geopriv>'
    "<gp:location-info>{}<ca:civicAddress><ca:A3>Blitar</ca:A3><ca:FLR>2</ca:FLR></ca:civicAddress>"
    "<con:confidence>67</con:confidence></gp:location-info><gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv>"
    "<dm:deviceID>urn:gsma:imei:35670804-167467-0</dm:deviceID><dm:timestamp>2026-11-22T03:15:30Z</dm:timestamp>"
    "</dm:device></presence>"
)
TUPLE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="a"><status><geopriv '
    'xmlns="urn:ietf:params:xml:ns:pidf:geopriv10"><location-info>{}</location-info></geopriv></status>'
    "<timestamp>2026-11-22T10:15:30.5+07:00</timestamp></tuple></presence>"
)
BODY = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n"
    "Content-Type: application/sdp\r\n\r\nv=0\r\n"
    "--b1\r\nContent-Type: application/pidf+xml\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--b1--\r\n"
)
PIDF = (
    *(PRESENCE.format(shape) for shape in SHAPES),
    *(TUPLE.format(shape) for shape in SHAPES[:3]),
    BODY.format(PRESENCE.format(SHAPES[1])),
)

COORD = "<coord><X>8 5 53.880S</X><Y>112 10 5.160E</Y></coord>"
LINE = f"{COORD}<coord><X>-8.1</X><Y>112.2</Y></coord><coord><X>-8.2</X><Y>112.1</Y></coord>"
MLP_SHAPES = (
    f'<Point srsName="www.epsg.org#4326">{COORD}</Point>',
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
    '<svc_result ver="3.1.0"><slia><pos><msid>6281234567890</msid><pd><time utc_off="+0700">20261122101530</time>'
    "<shape>{}</shape><alt>163</alt><lev_conf>67</lev_conf></pd></pos><pos><poserr><result resid='4'>x</result>"
    "</poserr></pos></slia></svc_result>"
)

HELD = "urn:ietf:params:xml:ns:geopriv:held"
HELD_REQUESTS = (
    f'<locationRequest xmlns="{HELD}" responseTime="8"><locationType exact="true">geodetic locationURI</locationType>'
    f'<device xmlns="{HELD}:id"><uri>tel:+6281234567890</uri><msisdn>6281234567890</msisdn></device></locationRequest>',
    f'<?xml version="1.0"?>\n<locationRequest xmlns="{HELD}" responseTime="emergencyRouting"><locationType '
    f'exact="false">civic geodetic locationURI</locationType><device xmlns="{HELD}:id"><uri>sip:+62812@a.id;user=phone'
    '</uri><ip v="4">192.0.2.5</ip></device></locationRequest>\n',
    f'<locationRequest xmlns="{HELD}"/>',
)
HELD_ANSWERS = (
    f'<locationResponse xmlns="{HELD}"><locationUriSet expires="2026-11-22T03:45:30Z"><locationURI>https://a.id/x'
    f"</locationURI></locationUriSet>{PRESENCE.format(SHAPES[1])}</locationResponse>",
    f'<locationResponse xmlns="{HELD}">{PRESENCE.format(SHAPES[4])}</locationResponse>',
    PRESENCE.format(SHAPES[3]),
    f'<error xmlns="{HELD}" code="locationUnknown"><message xml:lang="en">unknown</message></error>',
)

LOST = "urn:ietf:params:xml:ns:lost1"
CIVIC = (
    '<civicAddress xmlns="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"><country>ID</country><A1>Jawa Timur</A1>'
    "<A2>Kota Blitar</A2><A3>Sananwetan</A3></civicAddress>"
)
LOST_REQUESTS = (
    *(
        f'<findService xmlns="{LOST}" serviceBoundary="{how}" recursive="true"><location id="a1" profile="geodetic-2d">'
        f"{shape}</location><service>urn:service:sos.police</service></findService>"
        for shape in FLAT_SHAPES
        for how in ("value", "reference")
    ),
    f'<findService xmlns="{LOST}" validateLocation="true"><location id="c" profile="civic">{CIVIC}</location>'
    f'<location id="p" profile="geodetic-2d">{FLAT_SHAPES[0]}</location><service>urn:service:sos</service>'
    '<path><via source="a.example"/></path></findService>',
    f'<listServicesByLocation xmlns="{LOST}" recursive="true"><location id="b" profile="geodetic-2d">{FLAT_SHAPES[1]}'
    "</location><service>urn:service:sos</service></listServicesByLocation>",
    f'<listServices xmlns="{LOST}"><service>urn:service:sos</service></listServices>',
    f'<getServiceBoundary xmlns="{LOST}" key="{"a" * 32}"/>',
)

TYPED = (
    "-8.0983, 112.1681",
    "-8,0983 112,1681",
    "8.0983 LS 112.1681 BT",
    "8°05'54.2\" S 112°10'05\" E",
    '{"lat": -8.0983, "lng": 112.1681}',
    "geo:-8.0983,112.1681;crs=wgs84;u=30",
    "https://www.google.com/maps/place/Blitar/@-8.0983,112.1681,15z/data=!3d-8.1!4d112.2?q=-8.1,112.2#map=17/-8.1/112.2",
    "Lokasi saya: https://maps.google.com/?q=-8.0983,112.1681 tolong",
    "https://www.google.com/maps/dir/-8.2,112.3/-8.0983,112.1681/@-8.1,112.2,12z/data=!2m2!1d112.1681!2d-8.0983",
    "https://www.openstreetmap.org/?mlat=-8.0983&mlon=112.1681#map=17/-8.0983/112.1681",
    "Saya di 6P3JW529+M6, atau W529+M6 Blitar",
    "minus 8 koma 0983, 112 koma 1681",
    "8 derajat 5 menit 54 detik lintang selatan 112 derajat 10 menit 5 detik bujur timur",
    "tolong saya di -8.0983, 112.1681 dekat pasar, hp 081234567890",
    "S 8°5.898' E 112°10.086'",
)
CELL_TEXTS = (
    "510-10-1234-56789",
    "cgi 15F0011234ABCD",
    "3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=5101004D2186A001",
    '{"cellTowers": [{"radioType": "lte", "mobileCountryCode": 510, "mobileNetworkCode": 10, "locationAreaCode": 1234, '
    '"cellId": 25600001, "timingAdvance": 7, "signalStrength": -90}, {"radioType": "lte", "mobileCountryCode": 510, '
    '"mobileNetworkCode": 10, "locationAreaCode": 1234, "cellId": 25600002}], "considerIp": false}',
    '[{"radio": "gsm", "mcc": 510, "mnc": 10, "area": 1234, "cell": 4711, "timing_advance": 3}, '
    '{"radio": "nr", "mcc": "510", "mnc": "10", "area": 123456, "cell": 68719476735}]',
    '{"serving": {"identity": "510-10-1234-25600001", "radio": "lte", "timing_advance": 2}, "neighbours": '
    '[{"radio": "lte", "mcc": "510", "mnc": "10", "cell": 25600002}], "taken_at": "2026-11-22T03:15:30Z"}',
)
LINK_FIX = (
    '{"lat_deg": -8.0983, "lon_deg": 112.1681, "accuracy_m": 12.5, "altitude_m": 163.0, "altitude_accuracy_m": 8.0, '
    '"taken_at_ms": 1795317330500.0, "now_ms": 1795317330900.0, "device": "abcdefgh12345678"}',
    '{"lat_deg": 0.0, "lon_deg": 0.0, "accuracy_m": 0.0, "taken_at_ms": 0.0, "now_ms": 1e15, "device": "abcdefgh"}',
)
LINK_STATE = ('{"state": "opened", "device": "abcdefgh12345678"}', '{"state": "stopped", "device": "abcdefgh"}')
HEADERS = (
    "<cid:target123@atlanta.example.com>;inserted-by=a.example;routing-allowed=yes",
    "<https://a.id/held/x>, <sip:a@b.example> ;node=x",
)

NUMBERS = (
    *("0", "-0", "1e99", "1e-99", "360", "-1", "99999999999", "0.00000000000000000001", "180", "90", "-90", "nan"),
    *("20000000", "19999999", "1e400", "4.9E-99", "INF", "1_0", "٣", "", "-8.1 112.2", "0 0", "112.2 -8.1", "255"),
    *("-32768", "65535", "68719476735", "0x1p3", "1e309", "9" * 400, "100", "+1", "1.", ".5", "2026", "0001", "12:30"),
)
SPICE = (
    *("nan", "inf", "；", "\0", "\ufeff", "=", ";", ";;", '"', "'", ",", "--", "+-", "°", "lt=", 'A"ML=3', "&quot;"),
    *("\udcff", " " * 50, "%", "%zz", "#", "?q=", "LS", "BB", "\n", "\r\n", "\u202e", "[", "]", "{", "}", "://"),
    *("true", "<", ">", "</", "<a>", "&#0;", "&#x1;", "<![CDATA[", "]]>", "<!--", "<?x", "<!DOCTYPE x>", "null"),
)


@cache
def seeds_of_vectors(name: str) -> tuple[str, ...]:
    """Give the texts of the project's own vectors that are of a format."""
    from geo112.locate.read import format_of  # noqa: PLC0415 - guided.py watches it from its first import on

    found = [
        one["input"]
        for file in sorted(VECTORS.glob("*.json"))
        for one in json.loads(file.read_text(encoding="utf-8"))["vectors"]
        if "format" in one and (one["format"] == name or (one["format"] == "auto" and format_of(one["input"]) == name))
    ]
    return tuple(dict.fromkeys(found))
