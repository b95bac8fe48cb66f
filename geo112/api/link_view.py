"""What a console sees of a link: the JSON of docs/api.md."""

from collections.abc import Mapping
from datetime import datetime

from geo112.core.clock import to_iso
from geo112.core.codes import PersonRef
from geo112.incidents.links import Link


def link_view(link: Link, numbers: Mapping[PersonRef, str | None]) -> dict[str, object]:
    """Write a link, never with its address; `number` is the one that it was made for."""
    return {
        "link_id": link.link_id,
        "via": link.via.value,
        "state": link.state.value,
        "number": None if link.person is None else numbers.get(link.person),
        "gateway": link.gateway.value,
        "reason": link.not_sent,
        "created_by": link.made_by,
        "created_at": to_iso(link.created_at),
        "expires_at": to_iso(link.expires_at),
        "sent_at": _iso(link.sent_at),
        "delivered_at": _iso(link.delivered_at),
        "opened_at": _iso(link.opened_at),
        "shared_at": _iso(link.shared_at),
        "last_seen_at": _iso(link.last_seen_at),
        "closed_at": _iso(link.closed_at),
        "closed_by": None if link.closed_by is None else link.closed_by.value,
        "openers": len(link.devices),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else to_iso(moment)
