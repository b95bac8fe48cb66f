"""What routes take from the app that they belong to."""

from typing import Annotated

from fastapi import Depends, Request

from geo112.api.feed import Feed
from geo112.api.session import Doors
from geo112.wiring import Centre


async def _centre(request: Request) -> Centre:
    """Give the centre that this app serves."""
    centre: Centre = request.app.state.centre
    return centre


async def _doors(request: Request) -> Doors:
    """Give who knows the people and machines before the centre."""
    doors: Doors = request.app.state.doors
    return doors


async def _feed(request: Request) -> Feed:
    """Give the live stream."""
    feed: Feed = request.app.state.feed
    return feed


ThisCentre = Annotated[Centre, Depends(_centre)]
TheseDoors = Annotated[Doors, Depends(_doors)]
TheFeed = Annotated[Feed, Depends(_feed)]
