"""The board: all calls and incidents as they stand now, kept up to date from the log."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from geo112.core.codes import CallId, IncidentId, LinkId, PersonRef
from geo112.core.errors import NotFound
from geo112.incidents.events import Recorded
from geo112.incidents.fold import Call, Changed, Incident, State, apply
from geo112.incidents.ports import IncidentLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed on the board since the last look; `n` is the number of the last event it includes."""

    n: int
    calls: tuple[Call, ...] = ()
    incidents: tuple[Incident, ...] = ()


OnChange = Callable[[Changes], None]


class Subscription:
    """A wish to be told of changes, from `on_change` until `close`."""

    def __init__(self, board: "Board") -> None:
        """Belong to a board; `Board.subscribe` makes one."""
        self._board = board

    def on_change(self, tell: OnChange) -> None:
        """Call this for every change, in order and from whatever thread made it.

        It must return at once, such as `loop.call_soon_threadsafe`; once it raises RuntimeError (a closed event
        loop), it is not called again.
        """
        self._board._listen(self, tell)  # noqa: SLF001 - the two classes are one thing, shown to callers as two

    def close(self) -> None:
        """Be told no more."""
        self._board._leave(self)  # noqa: SLF001 - as above


class Board:
    """Live calls and incidents, folded from the log; many threads may use it."""

    def __init__(self, log: IncidentLog) -> None:
        """Fold the whole log."""
        self._log = log
        self._lock = threading.RLock()
        self._state = State()
        # Every item once, in the order of its last event, so that "changed after n" looks only at what changed.
        self._by_age: OrderedDict[str, int] = OrderedDict()
        self._listeners: dict[Subscription, OnChange] = {}
        self.catch_up()

    @property
    def n(self) -> int:
        """The number of the last event that the board includes."""
        with self._lock:
            return self._state.n

    def catch_up(self) -> Changes:
        """Fold what the log has beyond the board, from this and from other processes, and tell who listens."""
        with self._lock:
            return self._fold(self._log.read(after=self._state.n))

    def take(self, written: tuple[Recorded, ...]) -> Changes:
        """Fold events that were just written, without reading them again where none came between."""
        with self._lock:
            if written and written[0].n == self._state.n + 1:
                return self._fold(written)
            return self.catch_up()

    def _fold(self, events: Iterable[Recorded]) -> Changes:
        calls: dict[CallId, None] = {}
        incidents: dict[IncidentId, None] = {}
        for recorded in events:
            changed = apply(self._state, recorded)
            calls |= dict.fromkeys(changed.call_ids)
            incidents |= dict.fromkeys(changed.incident_ids)
            self._note_age(changed, recorded.n)
        changes = Changes(
            n=self._state.n,
            calls=tuple(self._state.calls[one] for one in calls),
            incidents=tuple(self._state.incidents[one] for one in incidents),
        )
        if calls or incidents:
            self._tell(changes)
        return changes

    def _note_age(self, changed: Changed, n: int) -> None:
        for one in (*changed.call_ids, *changed.incident_ids):
            self._by_age[one] = n
            self._by_age.move_to_end(one)

    def _tell(self, changes: Changes) -> None:
        for subscription, tell in list(self._listeners.items()):
            try:
                tell(changes)
            except RuntimeError:
                # Its event loop is closed: nobody is there any more, and no call may fail for that.
                self._listeners.pop(subscription, None)

    def calls(self, *, limit: int | None = None) -> list[Call]:
        """Give the calls, newest first."""
        with self._lock:
            return list(islice(reversed(self._state.calls.values()), limit))

    def call(self, call_id: CallId) -> Call:
        """Give one call; raises NotFound."""
        with self._lock:
            found = self._state.calls.get(call_id)
        if found is None:
            raise NotFound("there is no such call", field="call_id")
        return found

    def incidents(self, *, limit: int | None = None) -> list[Incident]:
        """Give the incidents, newest first."""
        with self._lock:
            return list(islice(reversed(self._state.incidents.values()), limit))

    def incident(self, incident_id: IncidentId) -> Incident:
        """Give one incident; raises NotFound."""
        with self._lock:
            found = self._state.incidents.get(incident_id)
        if found is None:
            raise NotFound("there is no such incident", field="incident_id")
        return found

    def call_of_person(self, ref: PersonRef) -> Call | None:
        """Find the call that a person or message belongs to."""
        with self._lock:
            found = self._state.call_of_person.get(ref)
            return None if found is None else self._state.calls[found]

    def people_of(self, call_ids: Collection[CallId]) -> dict[CallId, list[PersonRef]]:
        """Find everybody whom these calls and their messages name, in one look through all people."""
        found: dict[CallId, list[PersonRef]] = {call_id: [] for call_id in call_ids}
        with self._lock:
            for ref, call_id in self._state.call_of_person.items():
                if call_id in found:
                    found[call_id].append(ref)
        return found

    def call_of_token(self, token_hash: str) -> Call | None:
        """Find the call that a link belongs to, by the hash of the link's secret."""
        with self._lock:
            found = self._state.call_of_token.get(token_hash)
            return None if found is None else self._state.calls[found]

    def open_links(self) -> dict[LinkId, CallId]:
        """Give the links that are not closed, with their calls, oldest first; time may have ended some."""
        with self._lock:
            return dict(self._state.open_links)

    def unread(self) -> dict[PersonRef, CallId]:
        """Give the messages that were recorded but have no result yet, with their calls, oldest first."""
        with self._lock:
            return dict(self._state.unread)

    def changed_after(self, n: int) -> tuple[int, list[Call | Incident]]:
        """Give the board's number and every item whose last event is above `n`, oldest change first."""
        with self._lock:
            found: list[Call | Incident] = []
            for one, last_n in reversed(self._by_age.items()):
                if last_n <= n:
                    break
                found.append(self._item(one))
            found.reverse()
            return self._state.n, found

    def _item(self, one: str) -> Call | Incident:
        call = self._state.calls.get(CallId(one))
        return self._state.incidents[IncidentId(one)] if call is None else call

    def subscribe(self) -> Subscription:
        """Give a subscription; its `on_change` says whom to tell."""
        return Subscription(self)

    def _listen(self, subscription: Subscription, tell: OnChange) -> None:
        with self._lock:
            self._listeners[subscription] = tell

    def _leave(self, subscription: Subscription) -> None:
        with self._lock:
            self._listeners.pop(subscription, None)
