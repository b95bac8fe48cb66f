"""Cells to a position, as Ichnaea answers."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["geolocate"])
