"""Where a place belongs: jurisdiction, the register of centres, the map."""

from typing import Annotated, cast

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from geo112.api.answers import CentreOut, CentresOut, JurisdictionOut, MapOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import AnyRole
from geo112.api.schemas import ResolveIn, ResolveQuery
from geo112.api.strict import StrictRoute
from geo112.core.codes import KodeKabKota
from geo112.core.errors import NotFound
from geo112.wiring import Centre
from geo112.zones.centres import Centre as RegisteredCentre
from geo112.zones.question.wire import offer_to_dict
from geo112.zones.wire import jurisdiction_to_dict

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["places"])
RESOLVE_PATH = "/api/v1/resolve"


async def resolved(place: ResolveIn | ResolveQuery, centre: Centre) -> JSONResponse:
    """Answer for a place or an uncertain area; raises BadPosition or BadShape where it says none."""
    fix = place.given().to_fix()
    settled = centre.desk.deciding
    zones = centre.boundaries.current().zones
    decision = zones.decide(fix.area, rule=settled.rule, accuracy_m=settled.accuracy_m)
    answer = jurisdiction_to_dict(zones.jurisdiction(fix.area), decision)
    if not decision.sure:
        # Some ten milliseconds, in which the loop goes on.
        offer = (await run_in_threadpool(centre.settle, fix.area, decision, answers=())).offer
        answer |= {"question": None if offer is None else offer_to_dict(offer)}
    warnings = dict.fromkeys((*fix.warnings, *cast("list[str]", answer["warnings"])))
    return Written(answer | {"warnings": list(warnings)})


class Written(JSONResponse):
    """An answer as JSON by pydantic's writer, which takes a fraction of the time of Python's own."""

    def render(self, content: object) -> bytes:
        """Write the answer; its shares and distances are finite."""
        return to_json(content)


@router.get("/resolve", response_model=JurisdictionOut)
async def resolve(_who: AnyRole, centre: ThisCentre, place: Annotated[ResolveQuery, Query()]) -> JSONResponse:
    """Say which centre a place or an uncertain area belongs to."""
    return await resolved(place, centre)


@router.post("/resolve", response_model=JurisdictionOut)
async def resolve_body(body: ResolveIn, _who: AnyRole, centre: ThisCentre) -> JSONResponse:
    """Say which centre a place or an uncertain area belongs to."""
    return await resolved(body, centre)


def _centre_view(one: RegisteredCentre) -> dict[str, object]:
    return {
        "kode": one.kode,
        "nama": one.nama,
        "live": one.live.value,
        "live_since": one.live_since,
        "answered_by": one.answered_by,
        "source": one.source,
        "source_date": one.source_date,
        "voice_number": one.voice_number,
        "fallback_provinsi": one.fallback_provinsi,
        "fallback_numbers": list(one.fallback_numbers),
        "time_zone": one.time_zone,
        "note": one.note,
    }


@router.get("/centres", response_model=CentresOut)
async def centres(_who: AnyRole, centre: ThisCentre) -> JSONResponse:
    """Give the register of all centres."""
    return JSONResponse({"centres": [_centre_view(one) for one in centre.centres.values()]})


@router.get("/centres/{kode}", response_model=CentreOut)
async def one_centre(kode: str, _who: AnyRole, centre: ThisCentre) -> JSONResponse:
    """Give what is known of one centre."""
    found = centre.centres.get(KodeKabKota(kode))
    if found is None:
        raise NotFound("there is no such kabupaten or kota", field="kode")
    return JSONResponse(_centre_view(found))


@router.get("/map", response_model=MapOut)
async def map_of_centre(_who: AnyRole, centre: ThisCentre) -> JSONResponse:
    """Give what the map needs before its tiles: the centre, its neighbours, its box."""
    neighbours = []
    now = centre.boundaries.current()
    for kode, nama in now.around.neighbours:
        known = centre.centres.get(kode)
        number = None if known is None else known.voice_number
        neighbours.append({"kode": kode, "nama": nama, "voice_number": number})
    return JSONResponse(
        {
            "centre": {"kode": centre.kode, "nama": centre.nama},
            "neighbours": neighbours,
            "bounds_deg": list(now.around.bounds_deg),
            "boundaries": now.version,
        }
    )


class Tile(Response):
    """A vector tile."""

    media_type = "application/vnd.mapbox-vector-tile"


@router.get(
    "/tiles/{z}/{x}/{y}.mvt",
    response_class=Tile,
    responses={204: {"description": "No land in this tile"}, 304: {"description": "The tile is still the same"}},
)
def tile(
    z: int,
    x: int,
    y: int,
    _who: AnyRole,
    centre: ThisCentre,
    v: Annotated[
        str | None, Query(max_length=64, description="The version of the boundaries that the map shows")
    ] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give one tile of the boundaries in force; with their version in the address a browser may keep it."""
    basemap = centre.boundaries.current().basemap
    kept = "private, max-age=86400, immutable" if v == basemap.version else "private, no-cache"
    headers = {"ETag": f'"{basemap.version}"', "Cache-Control": kept}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    drawn = basemap.tile(z, x, y)
    return Tile(drawn, headers=headers) if drawn else Response(status_code=204, headers=headers)
