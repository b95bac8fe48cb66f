"""The door for ELS: handsets that send their position as an HTTPS form."""

from fastapi import APIRouter

from geo112.api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["elsforms"])
