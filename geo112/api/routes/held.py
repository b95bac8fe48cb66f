"""HELD: the location of a call, by request and by reference (RFC 5985, 6753, 6155)."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["held"])
