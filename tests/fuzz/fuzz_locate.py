"""A long fuzz of the message readers: no input may raise, none may take over 100 ms.

Run by hand or by `make fuzz`: `python tests/fuzz/fuzz_locate.py [INPUTS] [SEED]`, one million inputs by default.
"""

import json
import random
import sys
import time
from collections.abc import Iterator

from geo112.locate.read import FORMATS, read_message
from geo112.locate.wire import reading_to_dict

LIMIT_S = 0.1
SEEDS = (
    (
        'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;si=510100000000000;ei=35670804174673'
        "4;mcc=510;mnc=10;ml=128"
    ),
    (
        'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;si=510100000000000;ei=123456789012345'
        ";mcc=510;mnc=10;ml=127"
    ),
    (
        'A"ML=2;en=112;et=1593187189;lo=-8.09830,112.16810,20.1;lt=-9;lc=68;lz=156.1,10.1;ls=G;ei=358239059042542;'
        "nc=51010;hc=51010;lg=id-ID"
    ),
    "-8.0983, 112.1681",
    "-8,0983 112,1681",
    "8.0983 LS 112.1681 BT",
    "8°05'54.2\" S 112°10'05\" E",
    '{"lat": -8.0983, "lng": 112.1681}',
    "geo:-8.0983,112.1681;crs=wgs84;u=30",
    "https://www.google.com/maps/place/Blitar/@-8.0983,112.1681,15z/data=!3d-8.1!4d112.2?q=-8.1,112.2#map=17/-8.1/112.2",
    "Lokasi saya: https://maps.google.com/?q=-8.0983,112.1681 tolong",
    "https://www.google.com/maps/dir/-8.2,112.3/-8.0983,112.1681/@-8.1,112.2,12z/data=!2m2!1d112.1681!2d-8.0983",
    "Saya di 6P3JW529+M6, atau W529+M6 Blitar",
    "v=1&emergency_number=112&source=CALL&time=1795317300123&location_latitude=-8.0983&location_longitude=112.1681&location_time=1795317330500&location_accuracy=14.5&location_confidence=0.6827&location_source=fused&device_number=%2B6281234567890&hmac=f64c70eb238bb239e00e8ac8c023bf2b5d3c41dd",
    "415193D98BEDD8F4DEECE6A2C962B7DA8E7DEEB56232990B86A3D9623B39B92783EDE86F784F068BD560B6D80C1683E568B81D7BDCB3E176F076EFB89BA77B39DCCD56A3C966B15D39DD9BD570B2590E56CBC168B21A4DB66B8FC7BD590CB66BBBC73D990DB66BB37B31D90C",
    "050003070201415193D98BED\n050003070202D8F4DEECE6A2C962B7DA8E",
    "108b84804fc3941c",
    "308b84804fc39428141e43",
    "538b84804fc3948b84804fd3948b94804fc394",
    "908b84804fc394009c28141e0a43",
    "a08b84804fc39402cf280f3c44",
    '{"location": {"lat": -8.0983, "lng": 112.1681}, "accuracy": 850.0, "fallback": "lacf"}',
    (
        '{"cellTowers": [{"radioType": "lte", "mobileCountryCode": 510, "mobileNetworkCode": 10, "locationAreaCode'
        '": 1, "cellId": 2, "timingAdvance": 7}]}'
    ),
    "510-10-1234-56789",
    (
        '<svc_result ver="3.1.0"><slia><pos><msid>628</msid><pd><time utc_off="+0700">20261122101530</time><shape>'
        "<CircularArea><coord><X>8 05 53.88S</X><Y>112 10 05.16E</Y></coord><radius>850</radius></CircularArea></s"
        "hape><lev_conf>67</lev_conf></pd></pos></slia></svc_result>"
    ),
    (
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="a"><status><geopriv xmlns="urn'
        ':ietf:params:xml:ns:pidf:geopriv10"><location-info><gs:Circle xmlns:gs="http://www.opengis.net/pidflo/1.0'
        '" srsName="urn:ogc:def:crs:EPSG::4326"><pos xmlns="http://www.opengis.net/gml">-8.0983 112.1681</pos><gs:'
        'radius uom="urn:ogc:def:uom:EPSG::9001">850</gs:radius></gs:Circle></location-info></geopriv></status></t'
        "uple></presence>"
    ),
)
SPICE = (
    *("nan", "inf", "1e309", "1_0", "0x1p3", "٣", "；", "\0", "\ufeff", "=", ";", ";;", '"', "'", ",", "--", "+-", "°"),
    *(
        "-0",
        "lt=",
        'A"ML=3',
        "&quot;",
        "\ud800",
        " " * 50,
        "9" * 400,
        "%",
        "%zz",
        "#",
        "?q=",
        "LS",
        "BB",
        "\n",
        "\u202e",
    ),
    *("[", "://", "999999999999"),
)


def inputs(count: int, random_source: random.Random) -> Iterator[str]:
    """Give texts: seeds with a few changes, and plain noise."""
    for _ in range(count):
        if random_source.random() < 0.05:
            yield "".join(chr(random_source.randrange(0x250)) for _ in range(random_source.randrange(200)))
            continue
        text = random_source.choice(SEEDS)
        for _ in range(random_source.randrange(1, 6)):
            start = random_source.randrange(len(text) + 1)
            end = min(len(text), start + random_source.randrange(4))
            insert = (
                random_source.choice(SPICE) if random_source.random() < 0.5 else chr(random_source.randrange(32, 127))
            )
            text = text[:start] + insert + text[end:]
        yield text[: random_source.randrange(len(text) + 1)] if random_source.random() < 0.1 else text


def main() -> int:
    """Run the fuzz and print what it found as one JSON object."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 112
    slowest_s, slowest, raised = 0.0, "", []
    for text in inputs(count, random.Random(seed)):  # noqa: S311 - a repeatable fuzz, no secret
        started = time.thread_time()
        try:
            for name in FORMATS:
                json.dumps(reading_to_dict(read_message(text, format=name)), allow_nan=False)
        except Exception as error:  # noqa: BLE001 - finding any of them is the purpose
            raised.append(f"{error!r} for {text!r}")
        spent_s = time.thread_time() - started
        if spent_s > slowest_s:
            slowest_s, slowest = spent_s, text
    found = {"inputs": count, "raised": len(raised), "slowest_s": round(slowest_s, 4), "slowest": slowest[:200]}
    print(json.dumps({**found, "first": raised[:3]}))  # noqa: T201 - the report of a script
    return 1 if raised or slowest_s > LIMIT_S else 0


if __name__ == "__main__":
    sys.exit(main())
