"""What HELD may tell of calls: the location of the latest call of a number, and references to it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from lxml import etree

from geo112.core.codes import CallId
from geo112.core.errors import NotFound
from geo112.core.xml import xml_line
from geo112.desk.numbers import is_callable, normal_number
from geo112.held.answer import Reference, error_answer, location_answer
from geo112.held.names import ErrorCode, LocationKind
from geo112.held.references import References, open_key
from geo112.held.request import LocationRequest, Refusal
from geo112.incidents.fold import Call, CallState
from geo112.locate.pidf_write import presence_element
from geo112.wiring import Centre

KEY_FILE = "held.key"
# A call that nobody ended is believed this long after it last moved: an exchange may have lost the end.
_LONGEST_CALL = timedelta(hours=4)
# RFC 4119, 2.2.2: an asker may keep the location this long, unless it knows better.
_KEPT_FOR = timedelta(hours=24)
_NO_POSITION = Refusal(code=ErrorCode.UNKNOWN, message="no position of this call is known yet; ask again later")


@lru_cache(maxsize=16)
def references_of(folder: Path) -> References:
    """Give what makes and reads the references of the centre in this folder; raises StorageError."""
    return References(open_key(folder / KEY_FILE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer, what it is of for the record, and the presence document alone where there is one."""

    body: bytes
    outcome: str
    call_id: CallId | None = None
    presence: bytes | None = None


def tell_of_number(request: LocationRequest | Refusal, centre: Centre, *, base_url: str) -> Told:
    """Answer a request by a machine that may ask; raises StorageError."""
    if isinstance(request, Refusal):
        return _refused(request)
    if request.device is None:
        return _refused(Refusal(code=ErrorCode.NOT_LOCATABLE, message="only callers have a location here"))
    numbers = {normal_number(one.number) for one in request.device}
    if len(numbers) > 1:
        return _refused(Refusal(code=ErrorCode.BAD_IDENTIFIER, message="the names are those of several telephones"))
    call = _latest(numbers.pop(), centre)
    if call is None:
        return _refused(Refusal(code=ErrorCode.NOT_LOCATABLE, message="there is no such call"))
    return _told(request, call, centre, base_url=base_url)


def tell_of_reference(request: LocationRequest | Refusal, token: str, centre: Centre) -> Told:
    """Answer whoever has a reference, with the location as it is now; raises StorageError."""
    if isinstance(request, Refusal):
        return _refused(request)
    found = references_of(centre.settings.folder).find(token, now=centre.clock.now())
    call = None if found is None else _call(found[0], centre)
    if call is None or not _is_recent(call, centre):
        return _refused(Refusal(code=ErrorCode.UNKNOWN, message="this reference leads nowhere, or not any more"))
    return _told(request, call, centre, base_url=None)


def _told(request: LocationRequest, call: Call, centre: Centre, *, base_url: str | None) -> Told:
    """Write what was asked for; a reference never comes from a reference (RFC 6753, 4): no `base_url`, no reference."""
    asked = request.kinds
    wants_any = LocationKind.ANY in asked
    refusal = _cannot(request, may_refer=base_url is not None)
    if refusal is not None:
        return _refused(refusal, call)
    wants_place = wants_any or LocationKind.GEODETIC in asked or LocationKind.CIVIC in asked
    wants_reference = base_url is not None and (wants_any or LocationKind.LOCATION_URI in asked)
    presence = _presence(call, centre) if wants_place or not wants_reference else None
    if presence is None and ((request.exact and wants_place) or not wants_reference):
        return _refused(_NO_POSITION, call)
    reference = _reference(call, centre, base_url) if wants_reference and base_url is not None else None
    # The document on its own is written first: inside the answer it becomes part of another tree.
    alone = None if presence is None else xml_line(presence)
    body = location_answer(presence, reference=reference, device=request.device or () if base_url is not None else ())
    return Told(
        body=body, outcome="located" if presence is not None else "reference", call_id=call.call_id, presence=alone
    )


def _cannot(request: LocationRequest, *, may_refer: bool) -> Refusal | None:
    """Refuse what is asked for exactly and cannot be had: an address is never made out of a position here."""
    cannot = {LocationKind.CIVIC} if may_refer else {LocationKind.CIVIC, LocationKind.LOCATION_URI}
    if request.exact and not cannot.isdisjoint(request.kinds):
        return Refusal(code=ErrorCode.CANNOT_PROVIDE, message="only geodetic locations and references are given here")
    return None


def _refused(refusal: Refusal, call: Call | None = None) -> Told:
    return Told(body=error_answer(refusal), outcome=refusal.code.value, call_id=None if call is None else call.call_id)


def _latest(number: str | None, centre: Centre) -> Call | None:
    """Find the latest call of exactly this number that is open or ended a short while ago."""
    if number is None or not is_callable(number):
        return None
    centre.board.catch_up()
    since = centre.clock.now() - _LONGEST_CALL - timedelta(minutes=centre.settings.held_recent_min)
    people = centre.log.find_people(number=number, since=since)
    calls = [call for one in people if (call := centre.board.call_of_person(one.ref)) is not None]
    recent = [call for call in calls if _is_recent(call, centre)]
    return max(recent, key=lambda call: (call.last_moment, call.n), default=None)


def _is_recent(call: Call, centre: Centre) -> bool:
    now = centre.clock.now()
    if call.state is CallState.ENDED and call.ended_at is not None:
        return now - call.ended_at <= timedelta(minutes=centre.settings.held_recent_min)
    return now - call.last_moment <= _LONGEST_CALL


def _call(call_id: CallId, centre: Centre) -> Call | None:
    centre.board.catch_up()
    try:
        return centre.board.call(call_id)
    except NotFound:
        return None


def _presence(call: Call, centre: Centre) -> etree._Element | None:
    """Write the position to act on, under a name that leads to nobody and is another one each time."""
    if call.fix is None:
        return None
    entity = f"pres:{secrets.token_urlsafe(12)}@geo112.invalid"
    return presence_element(call.fix, entity=entity, keep_until=_later(centre.clock.now(), _KEPT_FOR))


def _reference(call: Call, centre: Centre, base_url: str) -> Reference:
    expires_at = _later(centre.clock.now(), timedelta(minutes=centre.settings.held_reference_min))
    token = references_of(centre.settings.folder).make(call.call_id, expires_at=expires_at)
    return Reference(uri=f"{base_url}/held/{token}", expires_at=expires_at)


def _later(now: datetime, wait: timedelta) -> datetime:
    """Give a moment to come, in whole seconds: it is written so."""
    return (now + wait).replace(microsecond=0)
