"""The caller's side of a link: what the page on the telephone says, and the positions that it sends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from geo112.core.errors import BadInput, TooManyTries
from geo112.desk.given import GivenPosition
from geo112.desk.links import hash_of
from geo112.desk.locating import Locator
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor, CallLocated, Channel, MessageReceived
from geo112.incidents.fold import Call
from geo112.incidents.link_events import LinkClosed, LinkEnd, LinkShared, LinkStep, LinkStepped
from geo112.incidents.links import Link, LinkState
from geo112.incidents.ports import Person
from geo112.locate.choose import OTHER_PHONE
from geo112.locate.fix import FixMethod, FixSource

PAGE = Actor(name="link", role="link")
OPENED_ELSEWHERE = f"dibuka di {OTHER_PHONE}"
CLOCK_OFF = timedelta(minutes=2)
CACHED_AFTER = timedelta(seconds=60)
# Some telephones count from another year: such a time says nothing.
TIME_MEANT = timedelta(hours=24)
W3C_CONFIDENCE_SHARE = 0.95
# A link that more telephones open than this was put where everybody finds it.
MOST_DEVICES = 8
# A kecamatan that holds at least this much of the area is named to the caller.
NAMED_SHARE = 0.5

PageState = Literal["open", "closed", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """What the page is told: whether the link still holds, for how long, and where the centre sees the caller."""

    state: PageState
    at: datetime
    left_s: int = 0
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFix:
    """A position as a browser gives it (W3C Geolocation): accuracy in metres at 95 %, 0 where it knows none.

    Times are milliseconds since 1970 by the clock of the telephone: when it measured, and when it sent this.
    """

    lat_deg: float
    lon_deg: float
    accuracy_m: float
    taken_at_ms: float
    now_ms: float
    altitude_m: float | None = None
    altitude_accuracy_m: float | None = None


class LinkPage:
    """Takes what the page sends; who has the address may, and nobody learns anything of the call by it."""

    def __init__(self, recorder: Recorder, locator: Locator) -> None:
        """Write by this recorder, find the centre by this locator."""
        self._recorder = recorder
        self._locator = locator

    def look(self, token: str) -> PageAnswer | None:
        """Say whether a link holds, and change nothing; None when there is no such link."""
        found = self._find(token)
        return None if found is None else _answer(found[1], now=self._recorder.clock.now())

    def step(self, token: str, *, device: str, step: LinkStep | None) -> PageAnswer | None:
        """Record how far the page is, where that is news; without a step only say whether the link holds."""
        found = self._find(token)
        if found is None:
            return None
        with self._recorder.one_at_a_time(found[1].link_id):
            call, link = self._again(token, found)
            now = self._recorder.clock.now()
            if step is not None and not link.is_over(now):
                name = _known_device(link, device)
                stepped = LinkStepped(call=call.call_id, link=link.link_id, step=step, device=name)
                if _is_news(link, stepped):
                    self._recorder.write(stepped, at=now, actor=PAGE)
                    link = self._again(token, found)[1]
            return _answer(link, now=now)

    def stop(self, token: str, *, device: str) -> PageAnswer | None:
        """Let the caller end the link; a telephone that is not the caller's ends nothing."""
        found = self._find(token)
        if found is None:
            return None
        with self._recorder.one_at_a_time(found[1].link_id):
            call, link = self._again(token, found)
            now = self._recorder.clock.now()
            if link.is_over(now):
                return _answer(link, now=now)
            if link.device in (None, hash_of(device)):
                closed = LinkClosed(call=call.call_id, link=link.link_id, by=LinkEnd.CALLER)
                self._recorder.write(closed, at=now, actor=PAGE)
            return PageAnswer(state="closed", at=now)

    def share(self, token: str, fix: PageFix, *, device: str) -> PageAnswer | None:
        """Put a position on record, then find its centre; raises BadInput, after recording that, for what cannot be.

        The first telephone that shares is taken for the caller's. What another one sends is kept with a warning by
        which the position to act on is never chosen.
        """
        found = self._find(token)
        if found is None:
            return None
        with self._recorder.one_at_a_time(found[1].link_id):
            call, link = self._again(token, found)
            now = self._recorder.clock.now()
            if link.is_over(now):
                return _answer(link, now=now)
            name = _known_device(link, device)
            given = _given(fix, now=now, foreign=link.device not in (None, name))
            person = Person(ref=self._recorder.new_person(now), raw_message=given.to_text())
            self._recorder.write(
                MessageReceived(call=call.call_id, channel=Channel.LINK, person=person.ref),
                LinkShared(call=call.call_id, link=link.link_id, device=name, person=person.ref),
                at=now,
                actor=PAGE,
                people=[person],
            )
        outcome = self._locator.from_position(call.call_id, person.ref, given, now=now)
        self._recorder.write(outcome.event, at=now, actor=PAGE, people=[outcome.person])
        if outcome.error is not None:
            field = "accuracy_m" if outcome.error.field == "radius_m" else outcome.error.field
            raise BadInput(outcome.error.message, field=field)
        place = _place(outcome.event) if isinstance(outcome.event, CallLocated) else None
        return _answer(link, now=now, place=place)

    def _find(self, token: str) -> tuple[Call, Link] | None:
        """Find a link by the hash of its secret, so that the time it takes tells nothing of the secret."""
        digest = hash_of(token.lower())
        call = self._recorder.board.call_of_token(digest)
        if call is None:
            # Another process may have made it a moment ago.
            self._recorder.board.catch_up()
            call = self._recorder.board.call_of_token(digest)
        if call is None:
            return None
        return call, next(link for link in call.links if link.token_hash == digest)

    def _again(self, token: str, before: tuple[Call, Link]) -> tuple[Call, Link]:
        """Look again, now that nobody else works on the link."""
        self._recorder.board.catch_up()
        return self._find(token) or before


def _known_device(link: Link, device: str) -> str:
    """Name a device; raises TooManyTries when the link has been opened everywhere already."""
    name = hash_of(device)
    if name not in link.devices and len(link.devices) >= MOST_DEVICES:
        raise TooManyTries("this link was opened on too many telephones", facts={"retry_after_s": 60})
    return name


def _is_news(link: Link, event: LinkStepped) -> bool:
    """Tell whether a step says anything that is not on record."""
    if event.device not in link.devices:
        return True
    if link.device not in (None, event.device):
        return False
    return link.after(event.step) is not link.reached


def _answer(link: Link, *, now: datetime, place: str | None = None) -> PageAnswer:
    match link.state_at(now):
        case LinkState.EXPIRED:
            return PageAnswer(state="expired", at=now)
        case LinkState.CLOSED:
            return PageAnswer(state="closed", at=now)
        case _:
            return PageAnswer(state="open", at=now, left_s=int((link.expires_at - now).total_seconds()), place=place)


def _given(fix: PageFix, *, now: datetime, foreign: bool) -> GivenPosition:
    """Put a browser's position into the centre's time, with the doubts that it raises."""
    skew = timedelta(milliseconds=fix.now_ms) - (now - datetime.fromtimestamp(0, tz=now.tzinfo))
    age = max(timedelta(0), timedelta(milliseconds=fix.now_ms) - timedelta(milliseconds=fix.taken_at_ms))
    warnings = [OPENED_ELSEWHERE] if foreign else []
    if abs(skew) > CLOCK_OFF:
        warnings.append("handset clock off by more than 2 min")
    if age > TIME_MEANT:
        warnings.append("time of positioning unknown")
    elif age > CACHED_AFTER:
        warnings.append("position was older than 60 s when sent")
    if fix.accuracy_m == 0:
        warnings.append("radius unknown")
    return GivenPosition(
        lat_deg=fix.lat_deg,
        lon_deg=fix.lon_deg,
        # A telephone that knows no accuracy says 0, and nobody is anywhere to the millimetre.
        radius_m=fix.accuracy_m or None,
        confidence_share=W3C_CONFIDENCE_SHARE if fix.accuracy_m else None,
        source=FixSource.SMS_LINK,
        method=FixMethod.UNKNOWN,
        taken_at=None if age > TIME_MEANT else now - age,
        altitude_m=fix.altitude_m,
        vertical_accuracy_m=fix.altitude_accuracy_m,
        warnings=tuple(warnings),
    )


def _place(event: CallLocated) -> str | None:
    """Name the kecamatan that most of the area lies in; None where that would be a guess."""
    named = max(event.jurisdiction.shares.kecamatan, key=lambda one: one.share, default=None)
    return None if named is None or named.share < NAMED_SHARE else named.nama
