"""Whatever is sent, the centre answers with a status below 500, and never with more than it was asked."""

import json
from collections.abc import Callable

import pytest
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
    "/api/v1/calls/{id}/answers",
    "/api/v1/calls/{id}/note",
    "/api/v1/calls/{id}/link",
    "/api/v1/calls/{id}/links",
    "/l/{id}/state",
    "/l/{id}/fix",
    "/api/v1/calls/{id}/links/{id}/renew",
    "/api/v1/calls/{id}/links/{id}/close",
    "/api/v1/incidents",
    "/api/v1/incidents/{id}/close",
    "/api/v1/resolve",
    "/api/v1/sms",
    "/api/v1/sms/receipts",
    "/api/v1/pbx",
    "/api/v1/apps/panic",
    "/api/v1/apps/panic/{id}/positions",
    "/api/v1/apps/panic/{id}/end",
    "/api/v1/users",
    "/api/v1/password",
    "/aml",
    "/lost",
    "/held",
    "/held/{id}",
    "/v1/geolocate",
)
# Doors whose refusals have the form of their own standard.
OWN_FORM = ("/aml", "/lost", "/held", "/v1/geolocate")
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
    "question_n",
    "reply",
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
    "carrier",
    "cells",
    "geolocation",
    "pidf",
    "app_call_id",
    "via",
    "ref",
    "status",
    "state",
    "device",
    "accuracy_m",
    "taken_at_ms",
    "now_ms",
    "ring",
    "semi_major_m",
    "inner_m",
    "cellTowers",
    "radioType",
    "mobileCountryCode",
    "mobileNetworkCode",
    "locationAreaCode",
    "cellId",
    "timingAdvance",
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


@pytest.fixture
def keys(
    sms_key: dict[str, str], pbx_key: dict[str, str], app_key: dict[str, str], held_key: dict[str, str]
) -> dict[str, dict[str, str]]:
    """The key for each door of machines."""
    return {"/api/v1/sms": sms_key, "/api/v1/pbx": pbx_key, "/api/v1/apps": app_key, "/held": held_key}


def checked(answer, *, sent: object, path: str) -> None:
    assert answer.status_code < 500, (answer.status_code, sent)
    if answer.status_code >= 400 and not path.startswith(OWN_FORM):
        assert answer.headers["content-type"] == "application/problem+json", sent
        ProblemOut.model_validate(answer.json())


@SLOW_FIXTURES
@given(path=st.sampled_from(PATHS), body=BODIES, at=IDS)
def test_no_json_is_a_fault(
    as_user: Callable[[str], TestClient],
    keys: dict[str, dict[str, str]],
    path: str,
    body: object,
    at: str,
) -> None:
    client = as_user("siti")
    if not client.get("/api/v1/calls").json()["calls"]:
        client.post("/api/v1/calls", json={"number": "+62811"})
    known = client.get("/api/v1/calls").json()["calls"][0]["call_id"]
    key = next((key for door, key in keys.items() if path.startswith(door)), {})
    for one in (known, at):
        text = json.dumps(body)
        headers = {"Content-Type": "application/json", **key}
        checked(client.post(path.replace("{id}", one), content=text, headers=headers), sent=(path, text), path=path)


@SLOW_FIXTURES
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=300))
def test_no_bytes_are_a_fault(
    as_user: Callable[[str], TestClient], sms_key: dict[str, str], path: str, body: bytes
) -> None:
    client = as_user("dewi") if path.endswith("users") else as_user("siti")
    for kind in ("application/json", "text/plain", ""):
        headers = {"Content-Type": kind, **sms_key}
        checked(client.post(path.replace("{id}", "x"), content=body, headers=headers), sent=(path, body), path=path)


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
            "/held/{id}",
            "/api/v1/places",
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
    answer = client.get(path.replace("{id}", at), params=query, headers=headers)
    checked(answer, sent=(path, query, headers), path=path)
