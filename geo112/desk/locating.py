"""From a message or a given position to its result: located, or refused with the reason."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from geo112.core.codes import CallId, PersonRef
from geo112.core.confidence import at_standard_confidence
from geo112.core.errors import BadInput, BadMessage, Geo112Error
from geo112.core.geo import require_field
from geo112.core.shapes import Area
from geo112.desk.given import GivenPosition, given_position_from_text
from geo112.desk.numbers import without_personal
from geo112.incidents.events import CallLocated, FixRefused
from geo112.incidents.ports import Person
from geo112.locate.fix import Device, Located, NoPosition, NotUnderstood, Reading
from geo112.locate.read import read_message
from geo112.zones.decision import DEFAULT_RULE, Decision, DecisionRule
from geo112.zones.jurisdiction import Jurisdiction

TAKEN_LATER = "the time of positioning lies in the future"

_FRAMES = 20
_log = logging.getLogger("geo112.desk")


class Zones(Protocol):
    """Knows which 112 centre answers where."""

    @property
    def version(self) -> str:
        """The version of the boundaries."""

    def jurisdiction(self, area: Area) -> Jurisdiction:
        """Say which centre an area falls in."""

    def decide(self, area: Area, *, rule: DecisionRule, accuracy_m: float | None) -> Decision:
        """Decide which centre acts, and which are told."""


class ReadMessage(Protocol):
    """Reads a location message."""

    def __call__(self, text: str, *, format: str = "auto") -> Reading:  # noqa: A002 - as geo112.locate.read names it
        """Read a message in a named format, or find out which it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What a centre has set: when it is sure, whom it tells, and how well borders are known (None: as sources say)."""

    rule: DecisionRule = DEFAULT_RULE
    accuracy_m: float | None = None


DECIDING = Deciding()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a message: the event to record, what became known of the telephone, and the error to raise."""

    event: CallLocated | FixRefused
    person: Person
    understood: bool
    warnings: tuple[str, ...] = ()
    error: BadInput | None = None

    @property
    def reason(self) -> str | None:
        """Why there is no position; None when there is one."""
        return self.event.reason if isinstance(self.event, FixRefused) else None


class Locator:
    """Reads messages and finds their centre. Whatever goes wrong is an outcome: the call goes on without a position."""

    def __init__(self, *, zones: Zones, read: ReadMessage = read_message, deciding: Deciding = DECIDING) -> None:
        """Use these boundaries, this reader for messages, and what the centre has set for decisions."""
        self._zones = zones
        self._read = read
        self._deciding = deciding

    def from_text(self, call: CallId, person: PersonRef, text: str, *, format: str, now: datetime) -> Outcome:  # noqa: A002 - as above
        """Read a message about a call and decide where it means."""
        return self._outcome(call, person, lambda: self._read(text, format=format), now=now)

    def from_position(self, call: CallId, person: PersonRef, given: GivenPosition, *, now: datetime) -> Outcome:
        """Judge a given position and decide where it means."""
        return self._outcome(call, person, lambda: Located(fix=given.to_fix()), now=now)

    def from_reading(self, call: CallId, person: PersonRef, read: Callable[[], Reading], *, now: datetime) -> Outcome:
        """Read what a door of its own kind has said about a call, and decide where it means."""
        return self._outcome(call, person, read, now=now)

    def again(self, call: CallId, person: PersonRef, recorded: str, *, now: datetime) -> Outcome:
        """Take up a message or position that was recorded, as its text stands in the person table."""
        given = given_position_from_text(recorded)
        if given is None:
            return self.from_text(call, person, recorded, format="auto", now=now)
        return self.from_position(call, person, given, now=now)

    def _outcome(self, call: CallId, person: PersonRef, read: Callable[[], Reading], *, now: datetime) -> Outcome:
        try:
            reading = read()
            return self._of_reading(call, person, reading, now=now)
        except BadInput as error:
            shown = type(error)(without_personal(error.message), field=error.field)
            return _refused(call, person, reason=shown.message, field=shown.field, understood=False, error=shown)
        except Geo112Error as error:
            return _refused(call, person, reason=without_personal(error.message), field=error.field, understood=True)
        # The one place for it: whatever a parser or the boundaries raise, the call is on record and stays a call.
        except Exception as error:  # noqa: BLE001 - see above
            _log_where(error)
            reason = f"this position could not be worked out ({type(error).__name__})"
            return _refused(call, person, reason=reason, field=None, understood=False)

    def _of_reading(self, call: CallId, person: PersonRef, reading: Reading, *, now: datetime) -> Outcome:
        warnings = tuple(without_personal(one) for one in reading.warnings)
        match reading:
            case Located(fix=fix, device=device):
                require_field(fix.area.middle)
                at_standard_confidence(fix.area)  # A confidence that cannot be scaled fails here, not in the fold.
                if fix.taken_at is not None and fix.taken_at > now:
                    warnings = (*warnings, TAKEN_LATER)
                fix = replace(fix, warnings=warnings)
                found = self._zones.jurisdiction(fix.area)
                rule, accuracy_m = self._deciding.rule, self._deciding.accuracy_m
                decision = self._zones.decide(fix.area, rule=rule, accuracy_m=accuracy_m)
                if found.shares.boundaries != decision.shares.boundaries:
                    # Other boundaries took over between the two questions: both answers are of the new ones.
                    found = self._zones.jurisdiction(fix.area)
                located = CallLocated(call=call, fix=fix, jurisdiction=found, person=person, decision=decision)
                return Outcome(event=located, person=_known(person, device), understood=True, warnings=warnings)
            case NoPosition(reason=reason, device=device):
                refused = _refused(call, person, reason=without_personal(reason), field=None, understood=True)
                return replace(refused, person=_known(person, device), warnings=warnings)
            case NotUnderstood(reason=reason, field=field):  # pragma: no branch - mypy counts the readings
                error = BadMessage(without_personal(reason), field=field)
                refused = _refused(call, person, reason=error.message, field=field, understood=False, error=error)
                return replace(refused, warnings=warnings)


def _log_where(error: Exception) -> None:
    """Tell the operator what broke and where; what the error says may quote the caller, so that is left out."""
    frames = "".join(traceback.format_tb(error.__traceback__, limit=-_FRAMES))
    _log.error("a position could not be worked out: %s\n%s", type(error).__name__, frames)


def _known(person: PersonRef, device: Device) -> Person:
    return Person(ref=person, imei=device.imei, imsi=device.imsi)


def _refused(
    call: CallId,
    person: PersonRef,
    *,
    reason: str,
    field: str | None,
    understood: bool,
    error: BadInput | None = None,
) -> Outcome:
    event = FixRefused(call=call, field=field, reason=reason, understood=understood, person=person)
    return Outcome(event=event, person=Person(ref=person), understood=understood, error=error)
