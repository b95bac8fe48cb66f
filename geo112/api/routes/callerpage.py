"""The page behind the link that a caller opens, and what it sends."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/l", tags=["callerpage"])
