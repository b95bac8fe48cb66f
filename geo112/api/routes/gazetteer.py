"""Spoken places: villages, kecamatan and patokan by name."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["gazetteer"])
