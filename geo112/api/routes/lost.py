"""LoST: which centre serves a location (RFC 5222)."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["lost"])
