"""How the events of a link are written down, and read back."""

from collections.abc import Callable, Mapping
from typing import Any

from geo112.core.codes import CallId, LinkId, PersonRef
from geo112.incidents.link_events import (
    LinkClosed,
    LinkDelivered,
    LinkEnd,
    LinkEvent,
    LinkGateway,
    LinkMade,
    LinkNotSent,
    LinkRenewed,
    LinkSent,
    LinkShared,
    LinkStep,
    LinkStepped,
    LinkVia,
)

Body = Mapping[str, Any]


def link_to_body(event: LinkEvent) -> dict[str, Any]:  # noqa: PLR0911 - one case for each event reads best in one place
    """Give what an event of a link says as JSON values."""
    named = {"call": event.call, "link": event.link}
    match event:
        case LinkMade():
            return named | {
                "via": event.via.value,
                "gateway": event.gateway.value,
                "token_hash": event.token_hash,
                "person": event.person,
                "life_s": event.life_s,
            }
        case LinkSent():
            return named
        case LinkNotSent() | LinkDelivered():
            return named | {"reason": event.reason}
        case LinkStepped():
            return named | {"step": event.step.value, "device": event.device}
        case LinkShared():
            return named | {"device": event.device, "person": event.person}
        case LinkRenewed():
            return named | {"life_s": event.life_s}
        case LinkClosed():  # pragma: no branch - mypy counts the events
            return named | {"by": event.by.value}


def _call(body: Body) -> CallId:
    return CallId(body["call"])


def _link(body: Body) -> LinkId:
    return LinkId(body["link"])


def _made(body: Body) -> LinkMade:
    person = body["person"]
    return LinkMade(
        call=_call(body),
        link=_link(body),
        via=LinkVia(body["via"]),
        gateway=LinkGateway(body["gateway"]),
        token_hash=body["token_hash"],
        person=None if person is None else PersonRef(person),
        life_s=body["life_s"],
    )


LINK_READERS: dict[str, Callable[[Body], LinkEvent]] = {
    "LinkMade": _made,
    "LinkSent": lambda b: LinkSent(call=_call(b), link=_link(b)),
    "LinkNotSent": lambda b: LinkNotSent(call=_call(b), link=_link(b), reason=b["reason"]),
    "LinkDelivered": lambda b: LinkDelivered(call=_call(b), link=_link(b), reason=b["reason"]),
    "LinkStepped": lambda b: LinkStepped(call=_call(b), link=_link(b), step=LinkStep(b["step"]), device=b["device"]),
    "LinkShared": lambda b: LinkShared(call=_call(b), link=_link(b), device=b["device"], person=PersonRef(b["person"])),
    "LinkRenewed": lambda b: LinkRenewed(call=_call(b), link=_link(b), life_s=b["life_s"]),
    "LinkClosed": lambda b: LinkClosed(call=_call(b), link=_link(b), by=LinkEnd(b["by"])),
}
