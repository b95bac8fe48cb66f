"""SIP telephones for tests: scenarios of sipp for a caller and for a call taker, and the bodies that carry a place."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

WITHIN_S = 90

SDP = """v=0
o=user1 53655765 2353687637 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 6000 RTP/AVP 0
a=rtpmap:0 PCMU/8000"""

_PIDF = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"
xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:con="urn:ietf:params:xml:ns:geopriv:conf"
entity="pres:caller@example.com"><dm:device id="hp"><gp:geopriv><gp:location-info>{shape}</gp:location-info>
<gp:usage-rules/><gp:method>GPS</gp:method></gp:geopriv><dm:timestamp>{at}</dm:timestamp></dm:device></presence>"""
_CRS = 'srsName="urn:ogc:def:crs:EPSG::4326"'
_M = 'uom="urn:ogc:def:uom:EPSG::9001"'
_DEG = 'uom="urn:ogc:def:uom:EPSG::9102"'

CIRCLE = (
    f"<gs:Circle {_CRS}><gml:pos>-8.0985 112.1681</gml:pos><gs:radius {_M}>14</gs:radius></gs:Circle>"
    '<con:confidence pdf="normal">68</con:confidence>'
)
ELLIPSE = (
    f"<gs:Ellipse {_CRS}><gml:pos>-8.0 112.3</gml:pos><gs:semiMajorAxis {_M}>120</gs:semiMajorAxis>"
    f"<gs:semiMinorAxis {_M}>40</gs:semiMinorAxis><gs:orientation {_DEG}>30</gs:orientation></gs:Ellipse>"
)
POLYGON = (
    f"<gml:Polygon {_CRS}><gml:exterior><gml:LinearRing><gml:posList>-8.099 112.167 -8.099 112.169 -8.097 112.169"
    " -8.097 112.167 -8.099 112.167</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
)
ARC_BAND = (
    f"<gs:ArcBand {_CRS}><gml:pos>-8.0 112.3</gml:pos><gs:innerRadius {_M}>200</gs:innerRadius>"
    f"<gs:outerRadius {_M}>750</gs:outerRadius><gs:startAngle {_DEG}>20</gs:startAngle>"
    f"<gs:openingAngle {_DEG}>60</gs:openingAngle></gs:ArcBand>"
)

_RESPONSE = """<send{retrans}><![CDATA[

SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]callee[call_number]
[last_Call-ID:]
[last_CSeq:]
[last_Record-Route:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Length: 0

]]></send>
"""
_OK_TO_THIS = """<send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
_RINGS = '<recv request="INVITE" rrs="true"></recv>\n' + _RESPONSE.format(status="180 Ringing", retrans="")
_ANSWERS = _RINGS + _RESPONSE.format(status="200 OK", retrans=' retrans="500"') + '<recv request="ACK"></recv>\n'
CALLEE_ANSWERS = _ANSWERS + '<recv request="BYE"></recv>\n' + _OK_TO_THIS
# Who was the caller's From is the callee's To.
_KEEP_FROM = '<action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/></action>'
CALLEE_HANGS_UP = (
    _ANSWERS.replace("</recv>", f"{_KEEP_FROM}</recv>", 1)
    + """<send retrans="500"><![CDATA[

BYE [next_url] SIP/2.0
[routes]
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:112@127.0.0.1>;tag=[pid]callee[call_number]
To:[$caller]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"></recv>
"""
)
CALLEE_IS_BUSY = (
    '<recv request="INVITE"></recv>\n'
    + _RESPONSE.format(status="486 Busy Here", retrans=' retrans="500"')
    + '<recv request="ACK"></recv>\n'
)
# The answer to the CANCEL, then to the INVITE, whose CSeq is the caller's first one.
CALLEE_IS_CANCELLED = (
    _RINGS
    + '<recv request="CANCEL"></recv>\n'
    + _OK_TO_THIS
    + _RESPONSE.format(status="487 Request Terminated", retrans=' retrans="500"').replace(
        "[last_CSeq:]", "CSeq: 1 INVITE"
    )
    + '<recv request="ACK"></recv>\n'
)

_REQUEST = """<send{retrans}><![CDATA[

{method} {to} SIP/2.0
{routes}Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch{branch}]
From: <sip:{user}@127.0.0.1>;tag=[pid]caller[call_number]
To: <sip:112@127.0.0.1>{peer}
Call-ID: [call_id]
CSeq: {cseq}
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
{rest}
]]></send>
"""
_NO_BODY = "Content-Length: 0\n"
_WAITING = '<recv response="100" optional="true"></recv>\n<recv response="180" optional="true" rrs="true"></recv>\n'


def pidf(shape: str, *, at: str = "2026-11-22T09:59:55Z") -> str:
    """Write a presence document with one shape, as an access network puts it into a call."""
    return _PIDF.format(shape=shape, at=at)


def multipart(document: str) -> str:
    """Write a body of two parts, as RFC 6442 shows it: the session description and the location."""
    return (
        f"--boundary1\nContent-Type: application/sdp\n\n{SDP}\n\n--boundary1\nContent-Type: application/pidf+xml\n"
        f"Content-ID: <target123@caller.example.com>\n\n{document}\n--boundary1--\n"
    )


def _invite(user: str, headers: str, content_type: str, body: str) -> str:
    rest = f"{headers}Content-Type: {content_type}\nContent-Length: [len]\n\n{body}"
    return _REQUEST.format(
        retrans=' retrans="500"', method="INVITE", to="sip:112@[remote_ip]:[remote_port]", routes="", branch="",
        user=user, peer="", cseq="1 INVITE", rest=rest,
    )  # fmt: skip


def _ack(user: str, *, to: str = "[next_url]", routes: str = "[routes]\n", branch: str = "") -> str:
    return _REQUEST.format(
        retrans="", method="ACK", to=to, routes=routes, branch=branch, user=user, peer="[peer_tag_param]",
        cseq="1 ACK", rest=_NO_BODY,
    )  # fmt: skip


def _answered(user: str, headers: str, content_type: str, body: str) -> str:
    invite = _invite(user, headers, content_type, body)
    return invite + _WAITING + '<recv response="200" rrs="true"></recv>\n' + _ack(user)


def caller_hangs_up(user: str, *, headers: str = "", content_type: str = "application/sdp", body: str = SDP) -> str:
    """A caller whose call is answered and who then hangs up."""
    bye = _REQUEST.format(
        retrans=' retrans="500"', method="BYE", to="[next_url]", routes="[routes]\n", branch="", user=user,
        peer="[peer_tag_param]", cseq="2 BYE", rest=_NO_BODY,
    )  # fmt: skip
    return _answered(user, headers, content_type, body) + bye + '<recv response="200"></recv>\n'


def caller_is_hung_up(user: str) -> str:
    """A caller whose call is answered and ended by the other side."""
    return _answered(user, "", "application/sdp", SDP) + '<recv request="BYE"></recv>\n' + _OK_TO_THIS


def caller_finds_busy(user: str) -> str:
    """A caller who is told that everybody is busy."""
    to = "sip:112@[remote_ip]:[remote_port]"
    end = '<recv response="486"></recv>\n' + _ack(user, to=to, routes="", branch="-3")
    return _invite(user, "", "application/sdp", SDP) + '<recv response="100" optional="true"></recv>\n' + end


def caller_gives_up(user: str) -> str:
    """A caller who hangs up while it rings."""
    to = "sip:112@[remote_ip]:[remote_port]"
    cancel = _REQUEST.format(
        retrans=' retrans="500"', method="CANCEL", to=to, routes="", branch="-3", user=user, peer="",
        cseq="1 CANCEL", rest=_NO_BODY,
    )  # fmt: skip
    ringing = '<recv response="100" optional="true"></recv>\n<recv response="180"></recv>\n'
    end = '<recv response="200"></recv>\n<recv response="487"></recv>\n' + _ack(user, to=to, routes="", branch="-6")
    return _invite(user, "", "application/sdp", SDP) + ringing + cancel + end


@contextmanager
def sipp(place: Path, scenario: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one call of a scenario; a machine without sipp fails."""
    program = which("sipp", path="/usr/bin:/usr/local/bin")
    assert program is not None, "run `make setup`: it brings sip-tester"
    place.mkdir()
    written = place / "scenario.xml"
    written.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{place.name}">\n{scenario}</scenario>\n'
    )
    with (place / "sipp.log").open("w") as told:
        process = subprocess.Popen(
            [program, "-sf", str(written), "-m", "1", "-nostdin", "-trace_err", "-error_file", str(errors_of(place)),
             "-timeout", f"{WITHIN_S}s", "-timeout_error", "-s", "112", *options],
            stdin=subprocess.DEVNULL, stdout=told, stderr=told, cwd=place,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(20)


def errors_of(place: Path) -> Path:
    """Name the file into which sipp writes what it did not expect."""
    return place / "errors.log"


def require_done(process: subprocess.Popen[bytes], place: Path) -> None:
    """Wait for the end of a call, and show what went wrong with it."""
    code = process.wait(WITHIN_S + 20)
    errors = errors_of(place)
    assert code == 0, f"{place.name}: {code}\n{errors.read_text(errors='replace') if errors.exists() else ''}"
