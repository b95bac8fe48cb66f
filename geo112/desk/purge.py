"""What nobody rang for in time ends, and who sent it is erased."""

from datetime import datetime, timedelta

from geo112.desk.recorder import Recorder
from geo112.incidents.apart import ref_apart
from geo112.incidents.events import Actor, CallEnded, EndReason
from geo112.incidents.fold import Call, CallState


class Purge:
    """Ends messages and panic buttons that still wait for a call after their time."""

    def __init__(self, recorder: Recorder) -> None:
        """Write by this recorder."""
        self._recorder = recorder

    def waiting(self, *, actor: Actor, older_than: timedelta) -> int:
        """End every call that has waited for longer, erase the people behind it, and say how many calls there were.

        The log keeps when something came, through which door and the position, but nobody to whom they belong. A call
        that is part of an incident stays: somebody works on it.
        """
        self._recorder.board.catch_up()
        now = self._recorder.clock.now()
        late = {call.call_id: call for call in self._recorder.board.calls() if _is_late(call, now - older_than)}
        people = self._recorder.board.people_of(late)
        for call in late.values():
            noted = ref_apart(call.note)
            # Erased before the call ends: after a crash in between the next run finds the call still waiting.
            self._recorder.log.erase_people([*people[call.call_id], *([] if noted is None else [noted])])
            self._recorder.write(CallEnded(call=call.call_id, reason=EndReason.EXPIRED), at=now, actor=actor)
        return len(late)


def _is_late(call: Call, before: datetime) -> bool:
    return call.state is CallState.WAITING and call.incident_id is None and call.last_moment < before
