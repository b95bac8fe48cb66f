"""Whatever is sent, the centre answers with a status below 500, and never with more than it was asked."""

import json
from collections.abc import Callable

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.api.answers import ProblemOut

SLOW_FIXTURES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PATHS = (
    "/api/v1/calls",
    "/api/v1/calls/{id}/fixes",
    "/api/v1/calls/{id}/end",
    "/api/v1/calls/{id}/disposition",
    "/api/v1/calls/{id}/note",
    "/api/v1/calls/{id}/link",
    "/api/v1/calls/{id}/links",
    "/l/{id}/state",
    "/l/{id}/fix",
    "/api/v1/incidents",
    "/api/v1/incidents/{id}/close",
    "/api/v1/resolve",
    "/api/v1/sms",
    "/api/v1/pbx",
    "/api/v1/users",
)
NAMES = [
    "lat_deg",
    "lon_deg",
    "radius_m",
    "confidence_share",
    "source",
    "method",
    "taken_at",
    "number",
    "position",
    "message",
    "format",
    "category",
    "note",
    "external_ref",
    "simulated",
    "reason",
    "disposition",
    "incident_id",
    "call_id",
    "priority",
    "sender",
    "text",
    "hex",
    "received_at",
    "event",
    "pbx_call_id",
    "at",
    "agent",
    "user",
    "name",
    "password",
    "roles",
]
WORDS = st.sampled_from(
    ["TYPED", "gnss", "auto", "normal", "selesai", "ringing", "caller_hung_up", "admin", "2026-11-22T03:15:30Z"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | WORDS
    | st.floats(-9, -7)
    | st.floats(111, 113)
    | st.sampled_from(["\x00", "\ud800", "1" * 400, "\u202e", "<script>"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6) | VALUES
# A path segment as a client can send it: no control characters, no slash.
IDS = st.text(
    st.characters(min_codepoint=33, exclude_characters="/?#%\\\x7f", exclude_categories=["Cs"]), min_size=1, max_size=20
)


def checked(answer, *, sent: object) -> None:
    assert answer.status_code < 500, (answer.status_code, sent)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", sent
        ProblemOut.model_validate(answer.json())


@SLOW_FIXTURES
@given(path=st.sampled_from(PATHS), body=BODIES, at=IDS)
def test_no_json_is_a_fault(
    as_user: Callable[[str], TestClient],
    sms_key: dict[str, str],
    pbx_key: dict[str, str],
    path: str,
    body: object,
    at: str,
) -> None:
    client = as_user("siti")
    if not client.get("/api/v1/calls").json()["calls"]:
        client.post("/api/v1/calls", json={"number": "+62811"})
    known = client.get("/api/v1/calls").json()["calls"][0]["call_id"]
    headers = {"Content-Type": "application/json", **(sms_key if path.endswith("sms") else pbx_key)}
    for one in (known, at):
        text = json.dumps(body)
        checked(client.post(path.replace("{id}", one), content=text, headers=headers), sent=(path, text))


@SLOW_FIXTURES
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=300))
def test_no_bytes_are_a_fault(
    as_user: Callable[[str], TestClient], sms_key: dict[str, str], path: str, body: bytes
) -> None:
    client = as_user("dewi") if path.endswith("users") else as_user("siti")
    for kind in ("application/json", "text/plain", ""):
        headers = {"Content-Type": kind, **sms_key}
        checked(client.post(path.replace("{id}", "x"), content=body, headers=headers), sent=(path, body))


@SLOW_FIXTURES
@given(
    path=st.sampled_from(
        (
            "/api/v1/resolve",
            "/api/v1/calls",
            "/api/v1/incidents",
            "/api/v1/centres/{id}",
            "/api/v1/tiles/{id}/1/1.mvt",
            "/{id}",
            "/l/{id}",
            "/js/{id}",
        )
    ),
    query=st.dictionaries(
        st.sampled_from([*NAMES, "limit", "after"]), st.text(max_size=20) | st.floats().map(str), max_size=4
    ),
    at=IDS,
    headers=st.dictionaries(
        st.sampled_from(["Last-Event-ID", "If-None-Match", "Origin", "X-Api-Key", "Authorization", "Cookie", "Range"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
        max_size=3,
    ),
)
def test_no_address_and_no_header_is_a_fault(
    as_user: Callable[[str], TestClient], path: str, query: dict[str, str], at: str, headers: dict[str, str]
) -> None:
    client = as_user("siti")
    checked(client.get(path.replace("{id}", at), params=query, headers=headers), sent=(path, query, headers))
