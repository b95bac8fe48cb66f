"""The door for citizen apps: a panic button and the positions that follow it."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/apps", tags=["apps"])
