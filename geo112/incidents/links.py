"""A link as it stands now, folded from its events."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from geo112.core.codes import LinkId, PersonRef
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


class LinkState(StrEnum):
    """How far a link is; `timed_out` means that the telephone found no position in time."""

    MADE = "made"
    SENT = "sent"
    SEND_FAILED = "send_failed"
    OPENED = "opened"
    ASKED = "asked"
    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"
    SHARED = "shared"
    CLOSED = "closed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a call. `devices` are all telephones that opened it, `device` the one that shared first.

    `reached` is how far that telephone is, or while none has shared the one that spoke last.
    """

    link_id: LinkId
    via: LinkVia
    gateway: LinkGateway
    token_hash: str
    person: PersonRef | None
    made_by: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
    not_sent: str | None = None
    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    last_seen_at: datetime | None = None
    shared_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: LinkEnd | None = None
    device: str | None = None
    devices: tuple[str, ...] = ()
    reached: LinkState | None = None

    @property
    def state(self) -> LinkState:
        """How far the link is."""
        if self.closed_at is not None:
            return LinkState.EXPIRED if self.closed_by is LinkEnd.TIME else LinkState.CLOSED
        if self.reached is not None:
            return self.reached
        if self.not_sent is not None:
            return LinkState.SEND_FAILED
        return LinkState.MADE if self.sent_at is None else LinkState.SENT

    @property
    def waits_for_gateway(self) -> bool:
        """Whether the message was to be sent, and nothing is known of it yet."""
        asked = self.via is LinkVia.SMS and self.gateway is not LinkGateway.NONE
        return asked and self.sent_at is None and self.not_sent is None

    def state_at(self, now: datetime) -> LinkState:
        """How far the link is, where time may have ended it without anybody having written that down yet."""
        return LinkState.EXPIRED if self.closed_at is None and now >= self.expires_at else self.state

    def after(self, step: LinkStep) -> LinkState:
        """Say how far it is after a step; who has shared or refused and opens the page again is no less far."""
        if step is LinkStep.OPENED:
            return self.reached or LinkState.OPENED
        if self.reached is LinkState.SHARED and step in (LinkStep.ASKED, LinkStep.TIMED_OUT):
            return self.reached
        return LinkState(step.value)

    def is_over(self, now: datetime) -> bool:
        """Whether it takes no more positions."""
        return self.closed_at is not None or now >= self.expires_at


def links_after(links: tuple[Link, ...], event: LinkEvent, *, at: datetime, by: str) -> tuple[Link, ...]:
    """Give a call's links, newest first, after one more event of a link, written at `at` by `by`."""
    if isinstance(event, LinkMade):
        made = Link(
            link_id=event.link,
            via=event.via,
            gateway=event.gateway,
            token_hash=event.token_hash,
            person=event.person,
            made_by=by,
            created_at=at,
            expires_at=at + timedelta(seconds=event.life_s),
        )
        return (made, *links)
    return tuple(_stepped(one, event, at=at) if one.link_id == event.link else one for one in links)


def links_after_call(links: tuple[Link, ...], *, at: datetime) -> tuple[Link, ...]:
    """Close the links of a call that is over; one that was made afterwards is not asked."""
    return tuple(
        one if one.closed_at is not None else replace(one, closed_at=at, closed_by=LinkEnd.CALL) for one in links
    )


def _stepped(link: Link, event: LinkEvent, *, at: datetime) -> Link:  # noqa: C901, PLR0911 - one case for each event
    match event:
        case LinkSent():
            return replace(link, sent_at=link.sent_at or at, not_sent=None)
        case LinkNotSent():
            return link if link.sent_at is not None else replace(link, not_sent=event.reason)
        case LinkDelivered(reason=None):
            return replace(link, delivered_at=link.delivered_at or at, sent_at=link.sent_at or at, not_sent=None)
        case LinkDelivered():
            return link if link.delivered_at is not None else replace(link, not_sent=event.reason)
        case LinkStepped():
            seen = _seen(link, event.device, at=at)
            mine = link.device is None or link.device == event.device
            return replace(seen, reached=link.after(event.step)) if mine else seen
        case LinkShared():
            seen = _seen(link, event.device, at=at)
            if link.device is None:
                seen = replace(seen, device=event.device, shared_at=at)
            return replace(seen, reached=LinkState.SHARED) if seen.device == event.device else seen
        case LinkRenewed():
            expired = link.closed_by is LinkEnd.TIME
            link = replace(link, closed_at=None, closed_by=None) if expired else link
            return replace(link, expires_at=at + timedelta(seconds=event.life_s))
        case LinkClosed():
            return link if link.closed_at is not None else replace(link, closed_at=at, closed_by=event.by)
        case LinkMade():  # pragma: no cover - taken by links_after
            return link


def _seen(link: Link, device: str, *, at: datetime) -> Link:
    devices = link.devices if device in link.devices else (*link.devices, device)
    return replace(link, devices=devices, opened_at=link.opened_at or at, last_seen_at=at)
