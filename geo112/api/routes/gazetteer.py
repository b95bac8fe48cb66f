"""Spoken places: villages, kecamatan and patokan by name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from geo112.api.parts import ThisCentre
from geo112.api.permissions import AnyRole
from geo112.api.strict import StrictRoute
from geo112.core.errors import BadPosition, BadShape
from geo112.core.geo import position_from_degrees
from geo112.core.shapes import Area, Circle, Point
from geo112.locate.places.found import found_to_dict
from geo112.locate.places.search import MOST_FOUND, Places
from geo112.locate.places.spelling import LONGEST_TEXT
from geo112.locate.places.typed import is_name, typed_place
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["gazetteer"])


class PlacesQuery(BaseModel):
    """What was said, and where the caller is about; the centre's own area unless it is said."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    q: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND)] = 10


class PlaceOut(BaseModel):
    """A place that may be meant, with the area that holds the caller if it is the right one."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: str
    kind: str
    kode: str | None
    kecamatan: str | None
    kabkota: str | None
    shape: Literal["Point", "Circle"]
    lat_deg: float
    lon_deg: float
    radius_m: float | None
    confidence_share: float | None
    radius_95_m: float | None
    area_m2: float | None
    score_share: float
    distance_m: float | None
    why: list[str]


class PlacesOut(BaseModel):
    """The places that can be meant, best first."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    query: str
    places: list[PlaceOut]


@router.get("/places", response_model=PlacesOut)
def find_places(_who: AnyRole, centre: ThisCentre, asked: Annotated[PlacesQuery, Query()]) -> JSONResponse:
    """Find the places that a caller can mean by what they say."""
    given = _given(asked)
    typed = typed_place(asked.q, near=None if given is None else given.middle)
    if typed is not None:
        return JSONResponse({"query": asked.q, "places": [typed]})
    places = centre.places.places()
    near = given if given is not None else _own_area(places, centre)
    # Where the centre is, around which a short plus code is meant, only the list of places knows.
    typed = None if near is None else typed_place(asked.q, near=near.middle)
    if typed is not None:
        return JSONResponse({"query": asked.q, "places": [typed]})
    found = places.find(asked.q, near, asked.limit) if is_name(asked.q) else []
    return JSONResponse({"query": asked.q, "places": [found_to_dict(one) for one in found]})


def _given(asked: PlacesQuery) -> Area | None:
    """Read where the caller is about; raises BadPosition or BadShape naming the field."""
    if asked.lat_deg is None and asked.lon_deg is None:
        if asked.radius_m is not None:
            raise BadShape("a radius belongs to lat_deg and lon_deg", field="radius_m")
        return None
    if asked.lat_deg is None or asked.lon_deg is None:
        raise BadPosition("is missing", field="lat_deg" if asked.lat_deg is None else "lon_deg")
    middle = position_from_degrees(lat_deg=asked.lat_deg, lon_deg=asked.lon_deg)
    return Point(middle=middle) if asked.radius_m is None else Circle(middle=middle, radius_m=asked.radius_m)


def _own_area(places: Places, centre: Centre) -> Area | None:
    """Give the circle of the kabupaten or kota of the centre; a gazetteer without it prefers no place."""
    return places.area_of(centre.kode)
