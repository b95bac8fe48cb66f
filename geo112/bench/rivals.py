"""Servers beside which ours is measured, each a process of its own: `python -m geo112.bench.rivals NAME PORT …`."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import psycopg
import shapely
import uvicorn
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict
from starlette.types import ASGIApp, Receive, Scope, Send

from geo112.bench.postgis import SHARES
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.zones.index import ZoneIndex
from geo112.zones.wire import jurisdiction_to_dict

PATH = "/api/v1/resolve"
_ANSWER: dict[str, Any] = {
    "outcome": "straddles",
    "centre": {"kode": "35.72", "nama": "Kota Blitar"},
    "shares": [
        {"kode": "35.72", "nama": "Kota Blitar", "share": 0.7312345678901234},
        {"kode": "35.05", "nama": "Kab. Blitar", "share": 0.2187654321098766},
    ],
    "kecamatan": [
        {"kode": "35.72.02", "nama": "Kepanjenkidul", "share": 0.7312345678901234},
        {"kode": "35.05.13", "nama": "Sanankulon", "share": 0.2187654321098766},
    ],
    "outside_share": 0.0,
    "unknown_share": 0.05,
    "nearest": None,
    "gap_m": None,
    "question": None,
    "boundaries": "none-0000000000",
    "warnings": [],
}


class PlaceIn(BaseModel):
    """What a client sends: the same as for ours."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    lat_deg: float
    lon_deg: float
    radius_m: float | None = None
    confidence_share: float | None = None
    # What geo112 is told; nobody here has anything to ask.
    question: bool = True

    def circle(self) -> Circle:
        """Make the area that is meant."""
        middle = Position(lon_deg=self.lon_deg, lat_deg=self.lat_deg)
        return Circle(middle=middle, radius_m=self.radius_m or 50.0, confidence_share=self.confidence_share or 0.95)


class NamedOut(BaseModel):
    """A code with its name."""

    kode: str
    nama: str


class ShareOut(NamedOut):
    """A code with its name and share."""

    share: float


class PlaceOut(BaseModel):
    """What comes back: the same fields as of ours."""

    outcome: str
    centre: NamedOut
    shares: list[ShareOut]
    kecamatan: list[ShareOut]
    outside_share: float
    unknown_share: float
    nearest: NamedOut | None
    gap_m: float | None
    question: str | None
    boundaries: str
    warnings: list[str]


def fastapi_pydantic(_: list[str]) -> ASGIApp:
    """Check the input, make the output, do nothing between: what most services are."""
    app = FastAPI()

    @app.post(PATH)
    async def place(body: PlaceIn) -> PlaceOut:  # noqa: ARG001 - it is checked, which is the work
        """Check the body."""
        return PlaceOut.model_validate(_ANSWER)

    @app.get(PATH)
    async def place_of_query(place: Annotated[PlaceIn, Query()]) -> PlaceOut:  # noqa: ARG001 - as above
        """Check the query."""
        return PlaceOut.model_validate(_ANSWER)

    return app


def fastapi_nothing(_: list[str]) -> ASGIApp:
    """Take no input and give an empty answer."""
    app = FastAPI()

    @app.api_route(PATH, methods=["GET", "POST"])
    async def nothing() -> dict[str, str]:
        """Answer."""
        return {}

    return app


def asgi_nothing(_: list[str]) -> ASGIApp:
    """Answer without any framework."""
    return _raw(lambda _body, _query: b"{}")


def asgi_lookup(arguments: list[str]) -> ASGIApp:
    """Answer as ours does, without any framework, check, session or header."""
    index = ZoneIndex.open(Path(arguments[0]))

    def answer(body: bytes, query: bytes) -> bytes:
        """Answer as ours."""
        pairs = (pair.split("=") for pair in query.decode().split("&"))
        said = json.loads(body) if body else {name: float(value) for name, value in pairs if name != "question"}
        area = PlaceIn.model_construct(**said).circle()
        return json.dumps(jurisdiction_to_dict(index.jurisdiction(area), index.decide(area))).encode()

    return _raw(answer)


def fastapi_postgis(arguments: list[str]) -> ASGIApp:
    """Ask PostGIS for the shares of a circle of 64 corners, in a pool of threads with a connection each."""
    from geo112.bench.shares import in_degrees  # noqa: PLC0415 - loads geopandas: for this server alone

    app, own = FastAPI(), threading.local()

    def shares(place: PlaceIn) -> PlaceOut:
        """Ask for the shares."""
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(arguments[0], autocommit=True)
        shape = shapely.to_wkb(in_degrees(place.circle(), corners=64))
        rows = own.connection.execute(SHARES, (shape,), prepare=True, binary=True).fetchall()
        kecamatan = [{"kode": str(row), "nama": "", "share": share} for row, share in rows]
        return PlaceOut.model_validate({**_ANSWER, "kecamatan": kecamatan})

    @app.post(PATH)
    def place(body: PlaceIn) -> PlaceOut:
        """Answer for a body."""
        return shares(body)

    @app.get(PATH)
    def place_of_query(
        lat_deg: float, lon_deg: float, radius_m: float | None = None, confidence_share: float | None = None
    ) -> PlaceOut:
        return shares(PlaceIn(lat_deg=lat_deg, lon_deg=lon_deg, radius_m=radius_m, confidence_share=confidence_share))

    return app


def _raw(answer: Callable[[bytes, bytes], bytes]) -> ASGIApp:
    """Make an application of a function from body and query to an answer in JSON."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        content = answer(body, scope["query_string"])
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


RIVALS: dict[str, Callable[[list[str]], ASGIApp]] = {
    one.__name__: one for one in (fastapi_pydantic, fastapi_nothing, asgi_nothing, asgi_lookup, fastapi_postgis)
}


def main(arguments: list[str]) -> None:
    """Serve one of them with the same server and the same settings as ours."""
    name, port, *more = arguments
    uvicorn.run(
        RIVALS[name](more), host="127.0.0.1", port=int(port), log_level="warning", access_log=False, server_header=False
    )


if __name__ == "__main__":
    main(sys.argv[1:])
