"""SIP calls through a real Kamailio, configured as docs/doors.md says: their place reaches the centre."""

import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import sip_calls as sip
from running_centre import serving, until
from sip_line import CALLS, WITHIN_S, Door, line_to, made_centre, new_call_id, new_number, opened, pbx_url

from geo112.cli.centre import tls
from geo112.core.clock import SystemClock
from geo112.core.roles import Scope
from geo112.store.accounts import Accounts

IN_KAB_BLITAR = {"lat_deg": -8.0, "lon_deg": 112.3, "radius_m": 25.0, "confidence_share": 0.95}
AML = 'A"ML=1;lt={};lg={};rd=14;top=20261122095955;lc=68;pm=G;si=510101234567890;ei=356708041746734;ml=110'


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A centre behind a Kamailio."""
    place = tmp_path_factory.mktemp("sip")
    made = made_centre(place / "centre")
    with serving(made) as centre, opened(made) as log, line_to(place / "line", pbx_url(made), made.pbx_key) as line:
        centre.log_in()
        yield Door(line=line, centre=centre, log=log)


@pytest.fixture(scope="module")
def strange_door(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Another line to the same centre, with one worker, for calls that nobody ever takes."""
    place = tmp_path_factory.mktemp("strange") / "line"
    with line_to(
        place, str(door.centre.http.base_url.join("/api/v1/pbx")), door.centre.made.pbx_key, workers=1
    ) as line:
        yield Door(line=line, centre=door.centre, log=door.log)


SHAPES = [
    (sip.CIRCLE, "112 Kota Blitar", {"shape": "Circle", "lat_deg": -8.0985, "lon_deg": 112.1681, "radius_m": 14.0}),
    (
        sip.ELLIPSE,
        "112 Kab. Blitar",
        {"shape": "Ellipse", "lat_deg": -8.0, "semi_major_m": 120.0, "semi_minor_m": 40.0, "orientation_deg": 30.0},
    ),
    (sip.POLYGON, "112 Kota Blitar", {"shape": "Polygon"}),
    (
        sip.ARC_BAND,
        "112 Kab. Blitar",
        {"shape": "ArcBand", "inner_m": 200.0, "outer_m": 750.0, "start_deg": 20.0, "opening_deg": 60.0},
    ),
]


@pytest.mark.parametrize("alone", [False, True], ids=["beside-sdp", "alone"])
@pytest.mark.parametrize(("shape", "nama", "measures"), SHAPES, ids=[one[2]["shape"] for one in SHAPES])
def test_a_place_in_the_body_of_a_call(
    door: Door, shape: str, nama: str, measures: dict[str, object], *, alone: bool
) -> None:
    number, call_id, document = new_number(), new_call_id(), sip.pidf(shape)
    caller = sip.caller_hangs_up(
        number,
        headers="Geolocation: <cid:target123@caller.example.com>\nGeolocation-Routing: no\n",
        content_type="application/pidf+xml" if alone else "multipart/mixed;boundary=boundary1",
        body=document if alone else sip.multipart(document),
    )
    door.line.call(caller, call_id=call_id)
    call = door.told(call_id)
    assert (call["number"], call["refused"]) == (number, [])
    assert (call["fix"]["source"], call["fix"]["method"]) == ("SIP", "gnss")
    assert {name: call["fix"][name] for name in measures} == measures
    assert call["jurisdiction"]["centre"]["nama"] == nama.removeprefix("112 ")
    assert door.kinds(call) == [
        "CallReceived", "CallRinging", "MessageReceived", "CallLocated", "CallAnswered", "CallEnded",
    ]  # fmt: skip
    assert call["ringing_at"] <= call["answered_at"] <= call["ended_at"]
    assert call["end_reason"] == "caller_hung_up"


def test_a_place_at_a_location_server(door: Door) -> None:
    elsewhere = new_number()
    taken = door.centre.http.post("/api/v1/calls", json={"number": elsewhere, "position": IN_KAB_BLITAR})
    taken.raise_for_status()
    key = Accounts(door.log.engine).add_key(name="trunk", scopes=[Scope.HELD], now=SystemClock().now())
    held = "urn:ietf:params:xml:ns:geopriv:held"
    asked = door.centre.http.post(
        "/held",
        content=f'<locationRequest xmlns="{held}"><locationType>locationURI</locationType>'
        f'<device xmlns="{held}:id"><uri>tel:{elsewhere}</uri></device></locationRequest>',
        headers={"X-Api-Key": key},
    )
    uri = asked.text.partition("<locationURI>")[2].partition("<")[0]
    assert uri.startswith("http"), asked.text

    number, call_id = new_number(), new_call_id()
    headers = f'Geolocation: <{uri}>;inserted-by="trunk"\nGeolocation: <https://169.254.169.254/latest>\n'
    door.line.call(sip.caller_hangs_up(number, headers=headers), call_id=call_id)
    call = until(
        lambda: (seen := door.told(call_id)) and len(seen["refused"]) and seen["fix"] and seen,
        within_s=WITHIN_S,
        what="the location server was asked",
    )
    assert (call["number"], call["fix"]["source"], call["fix"]["shape"]) == (number, "SIP", "Circle")
    assert (call["fix"]["lat_deg"], call["fix"]["lon_deg"], call["fix"]["radius_m"]) == (-8.0, 112.3, 25.0)
    assert call["jurisdiction"]["centre"]["nama"] == "Kab. Blitar"
    # The other address is of a host that nobody allowed.
    assert ["held_dereference_hosts" in one["reason"] for one in call["refused"]] == [True]


def test_the_same_call_id_twice_is_one_call(door: Door) -> None:
    number, call_id = new_number(), new_call_id()
    door.line.call(sip.caller_hangs_up(number), call_id=call_id)
    first = door.told(call_id)
    door.line.call(sip.caller_hangs_up(number), call_id=call_id)
    # What comes after it has come after the repeat: they are sent in their order.
    after = new_call_id()
    door.line.call(sip.caller_hangs_up(new_number()), call_id=after)
    door.told(after)
    assert door.told(call_id)["call_id"] == first["call_id"]
    calls = door.centre.http.get("/api/v1/calls").json()["calls"]
    assert [one["call_id"] for one in calls if one["number"] == number] == [first["call_id"]]


@pytest.mark.parametrize(("at", "kept"), [(("-8.09850", "112.16810"), 1), (("-8.10200", "112.16100"), 2)])
def test_a_caller_whose_telephone_also_sends_aml_is_one_call(door: Door, at: tuple[str, str], kept: int) -> None:
    number, call_id = new_number(), new_call_id()
    assert door.centre.sms(number, AML.format(*at)).status_code == 201
    caller = sip.caller_hangs_up(number, content_type="application/pidf+xml", body=sip.pidf(sip.CIRCLE))
    door.line.call(caller, call_id=call_id)
    call = door.told(call_id)
    assert sorted(call["channels"]) == ["pbx", "sms"]
    assert {one["source"] for one in call["fixes"]} == {"AML", "SIP"}
    assert len([one for one in call["fixes"] if one["same_as"] is None]) == kept
    calls = door.centre.http.get("/api/v1/calls").json()["calls"]
    assert [one["call_id"] for one in calls if one["number"] == number] == [call["call_id"]]


@pytest.mark.parametrize(
    ("caller", "callee", "kinds", "reason"),
    [
        (
            sip.caller_is_hung_up,
            sip.CALLEE_HANGS_UP,
            ["CallReceived", "CallRinging", "CallAnswered", "CallEnded"],
            "centre_hung_up",
        ),
        (sip.caller_finds_busy, sip.CALLEE_IS_BUSY, ["CallReceived", "CallRinging", "CallEnded"], "not_answered"),
        (sip.caller_gives_up, sip.CALLEE_IS_CANCELLED, ["CallReceived", "CallRinging", "CallEnded"], "not_answered"),
    ],
    ids=["hung-up", "busy", "given-up"],
)
def test_every_end_of_a_call_is_told(
    door: Door, caller: Callable[[str], str], callee: str, kinds: list[str], reason: str
) -> None:
    number, call_id = new_number(), new_call_id()
    door.line.call(caller(number), callee, call_id=call_id)
    call = door.told(call_id)
    assert (call["number"], call["end_reason"]) == (number, reason)
    assert door.kinds(call) == kinds


@pytest.mark.parametrize(
    ("asserted", "source", "known"),
    [
        ('"Budi \\"B\\"" <sip:{};npdi;rn=62811@ims.example;user=phone>', "127.0.0.1", True),
        ("<tel:{}>", "127.0.0.1", True),
        ("<sip:{}@ims.example>", "127.0.0.2", False),
    ],
    ids=["sip", "tel", "not-the-trunk"],
)
def test_the_trunk_alone_says_who_calls(door: Door, asserted: str, source: str, *, known: bool) -> None:
    claimed, number, call_id = new_number(), new_number(), new_call_id()
    headers = f"P-Asserted-Identity: {asserted.format(number)}\n"
    door.line.call(sip.caller_hangs_up(claimed, headers=headers), call_id=call_id, source=source)
    assert door.told(call_id)["number"] == (number if known else claimed)


def test_a_caller_without_a_number_is_a_call(door: Door) -> None:
    call_id = new_call_id()
    door.line.call(sip.caller_hangs_up("anonymous"), call_id=call_id)
    assert door.told(call_id)["number"] is None


END = '","event":"ended","pbx_call_id":"x'
HOSTILE = [
    ("quotes", 'q"%d\\', f'Geolocation: <cid:a"b>;x="{END}"\r\n'.encode(), END.encode()),
    (
        "folded",
        "f%d",
        b'Geolocation: <cid:a@b>;\r\n\tinserted-by="\\",\r\n "\r\nGeolocation:\r\n <sip:x@y>\r\n',
        b"anonymous",
    ),
    ("not-utf-8", "n\xff%d", b"Geolocation: <cid:\xff\xfe\x80@b>\r\nSubject: \xc3\x28\r\n", b"\xff\xfe"),
    ("controls", "c%d", b"Geolocation: <cid:\x01\x1b\x7f@b>, <urn:x:{}$var(json)${s.x}%s%n>\r\n", b"%00%22,"),
    ("transformations", "{$var(json)}$%d", b"Geolocation: $var(said)\r\n", b"$fU"),
    ("long", "l%d" + "x" * 300, b"Geolocation: <cid:" + b"a" * 9_000 + b"@b>\r\n", b"1" * 200),
    ("empty", "e%d", b"Geolocation:\r\n", b"0"),
]


@pytest.mark.parametrize(("id_form", "headers", "user"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'\xff\x00"}{\\',
        b"<presence \xff" + b'\\"' * 9_000 + b">",
        b"--b\r\nContent-Type: x/y\r\n\r\n\xff\x00\r\n--b--",
    ],
    ids=["no-body", "bytes", "long", "parts"],
)
def test_nothing_that_a_caller_writes_is_read_as_json(
    strange_door: Door, id_form: str, headers: bytes, user: bytes, body: bytes
) -> None:
    before, number = new_call_id(), new_number()
    strange_door.line.send(invite(before.encode(), number.encode(), b"", b""))
    call_id = (id_form % next(CALLS)).encode("latin-1")
    strange_door.line.send(invite(call_id, user, headers, body))
    name = strange_door.known(stored_id(call_id))
    says_something = bool(body) or headers != b"Geolocation:\r\n"
    call = until(
        lambda: (seen := strange_door.seen(name)) and (bool(seen["refused"]) is says_something) and seen,
        within_s=WITHIN_S,
        what="what it said of the place is refused",
    )
    # Nothing is left in the worker of the call before, which is still on.
    assert (call["number"], call["fix"]) == (None, None)
    assert strange_door.told(before, "ringing")["number"] == number
    assert strange_door.kinds(call)[:2] == ["CallReceived", "CallRinging"]
    # A From that cannot be read cannot be relayed: the call is known, and that it failed.
    assert call["end_reason"] in (None, "line_lost")


def invite(call_id: bytes, user: bytes, headers: bytes, body: bytes) -> bytes:
    """Write the beginning of a call as nobody should."""
    n = next(CALLS)
    kind = b"multipart/mixed;boundary=b" if body.startswith(b"--") else b"application/pidf+xml"
    return (
        b"INVITE sip:112@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK%d\r\n"
        b'From: "\\"%s" <sip:%s@127.0.0.1>;tag=t%d\r\nTo: <sip:112@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\n'
        b"Contact: <sip:c@127.0.0.1:9>\r\nMax-Forwards: 10\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        % (n, user, user, n, call_id, headers, kind, len(body), body)
    )


def stored_id(call_id: bytes) -> str:
    """Tell what the documentation says a Call-ID becomes."""
    if len(call_id) > 140:
        return sha256(call_id).hexdigest()
    try:
        return call_id.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(call_id).decode()}"


def test_a_call_goes_on_while_the_centre_is_down_and_is_told_afterwards(tmp_path: Path) -> None:
    made = made_centre(tmp_path / "centre")
    number, call_id = new_number(), new_call_id()
    with line_to(tmp_path / "line", pbx_url(made), made.pbx_key) as line:
        caller = sip.caller_hangs_up(number, content_type="application/pidf+xml", body=sip.pidf(sip.CIRCLE))
        line.call(caller, call_id=call_id)
        with serving(made) as centre, opened(made) as log:
            centre.log_in()
            door = Door(line=line, centre=centre, log=log)
            call = door.told(call_id)
            assert (call["number"], call["fix"]["source"]) == (number, "SIP")
            assert door.kinds(call)[-2:] == ["CallAnswered", "CallEnded"]
            # When it rang is told, not when the centre heard of it.
            assert call["ringing_at"] <= call["ended_at"] < call["received_at"]


def test_a_centre_with_tls_is_told_by_its_own_authority(tmp_path: Path) -> None:
    made = made_centre(tmp_path / "centre")
    now = SystemClock().now()
    authority = str(tls.ensure(made.settings.folder / "tls", tls.machine_names(), centre="35.72", now=now).ca_cert)
    url, trusted = pbx_url(made).replace("http:", "https:"), f'modparam("http_client", "cacert", "{authority}")'
    number, call_id = new_number(), new_call_id()
    with (
        serving(made, "--tls", verify=authority) as centre,
        opened(made) as log,
        line_to(tmp_path / "line", url, made.pbx_key, more=trusted) as line,
    ):
        centre.log_in()
        line.call(sip.caller_hangs_up(number), call_id=call_id)
        assert Door(line=line, centre=centre, log=log).told(call_id)["number"] == number


def test_a_centre_that_does_not_answer_holds_up_no_call(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/v1/pbx"
        with line_to(tmp_path / "line", url, "g112_x") as line:
            asked: list[socket.socket] = []
            waiting = threading.Thread(target=lambda: asked.append(silent.accept()[0]))
            waiting.start()
            for _ in range(3):
                line.call(sip.caller_hangs_up(new_number()), call_id=new_call_id())
            waiting.join(WITHIN_S)
            with asked.pop():
                pass
