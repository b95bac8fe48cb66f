"""The link that a caller opens to share the position: made, followed and ended at the desk."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/calls", tags=["links"])
