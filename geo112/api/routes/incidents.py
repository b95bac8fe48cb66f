"""Incidents: opening, reading, closing."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo112.api.answers import IncidentOut, IncidentsOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import CallReader, IncidentOpener, Permission, actor
from geo112.api.schemas import CloseIn, IncidentIn
from geo112.api.strict import StrictRoute
from geo112.api.views import Json, incident_view, numbers_of
from geo112.core.codes import CallId, IncidentId
from geo112.incidents.fold import Incident

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/incidents", tags=["incidents"])


@router.post("", status_code=201, response_model=IncidentOut)
def open_incident(body: IncidentIn, who: IncidentOpener, centre: ThisCentre) -> JSONResponse:
    """Make an incident of a call."""
    opened = centre.desk.open_incident(
        actor=actor(who, Permission.OPEN_INCIDENTS),
        call_id=CallId(body.call_id),
        category=body.category,
        priority=body.priority,
        note=body.note,
    )
    return JSONResponse(_shown(opened, centre), status_code=201)


@router.get("", response_model=IncidentsOut)
def incidents(_who: CallReader, centre: ThisCentre, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> JSONResponse:
    """Give the incidents, newest first."""
    found = centre.board.incidents(limit=limit)
    numbers = numbers_of(found, centre.log)
    return JSONResponse({"incidents": [incident_view(one, numbers) for one in found]})


@router.get("/{incident_id}", response_model=IncidentOut)
def one_incident(incident_id: str, _who: CallReader, centre: ThisCentre) -> JSONResponse:
    """Give one incident."""
    return JSONResponse(_shown(centre.board.incident(IncidentId(incident_id)), centre))


@router.post("/{incident_id}/close", response_model=IncidentOut)
def close(incident_id: str, body: CloseIn, who: IncidentOpener, centre: ThisCentre) -> JSONResponse:
    """End an incident."""
    closed = centre.desk.close_incident(
        IncidentId(incident_id), actor=actor(who, Permission.OPEN_INCIDENTS), disposition=body.disposition
    )
    return JSONResponse(_shown(closed, centre))


def _shown(incident: Incident, centre: ThisCentre) -> Json:
    """Write an incident with the words of its note."""
    return incident_view(incident, numbers_of([incident], centre.log))
