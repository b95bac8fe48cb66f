"""The question about a call on a border: worked out after each position and answer, and recorded with them."""

import logging
import traceback

from geo112.core.codes import CallId
from geo112.core.errors import Conflict
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor
from geo112.incidents.fold import Call, LocatedFix
from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered
from geo112.incidents.questions import Answer, evidence
from geo112.zones.question.ask import Reply
from geo112.zones.question.offered import Settle
from geo112.zones.question.words import text_id

_FRAMES = 20
_log = logging.getLogger("geo112.desk")


class Questions:
    """Offers the question that settles where a call belongs, and takes down what the caller answers."""

    def __init__(self, recorder: Recorder, settle: Settle | None) -> None:
        """Write by this recorder; without a way to settle, nothing is ever asked."""
        self._recorder = recorder
        self._settle = settle

    def answer(self, call_id: CallId, *, actor: Actor, question_n: int, reply: Reply | None) -> Call:
        """Take down a reply, correct an earlier one, or take it back (None).

        Raises Conflict where the question is neither the one on the screen nor one that was answered: a better position
        has brought another one meanwhile.
        """
        with self._recorder.one_at_a_time(call_id):
            self._recorder.board.catch_up()
            call = self._recorder.board.call(call_id)
            known = next((one for one in call.answers if one.question_n == question_n), None)
            if known is not None and known.reply is reply:
                return call
            event = _again(known, reply, call_id) if known is not None else _first(call, question_n, reply)
            self._recorder.write(event, at=self._recorder.clock.now(), actor=actor)
            self.weigh(call_id, actor=actor)
            return self._recorder.board.call(call_id)

    def weigh(self, call_id: CallId, *, actor: Actor) -> None:
        """Work out what the answers make of the position to act on, and what to ask next, and record it.

        Nothing is recorded where there is nothing to ask and nothing was answered. Whatever goes wrong, the call goes
        on.
        """
        settle, call = self._settle, self._recorder.board.call(call_id)
        located = call.located
        if settle is None or located is None or located.decision is None or _is_weighed(call, located):
            return
        answers = evidence(call.answers)
        try:
            settled = settle(located.fix.area, located.decision, answers=answers)
        # As for positions: whatever the list of places or the boundaries raise, the call is on record and stays a call.
        except Exception as error:  # noqa: BLE001 - see above
            frames = "".join(traceback.format_tb(error.__traceback__, limit=-_FRAMES))
            _log.error("no question could be worked out: %s\n%s", type(error).__name__, frames)
            return
        if settled.offer is None and settled.decision is None and located.weighed is None:
            return
        weighed = AnswersWeighed(call=call_id, fix_n=located.n, answers=len(answers), settled=settled)
        self._recorder.write(weighed, at=self._recorder.clock.now(), actor=actor)


def _is_weighed(call: Call, located: LocatedFix) -> bool:
    """Tell whether the last answer was weighed at this position already."""
    last_n = max((one.n for one in call.answers), default=0)
    return located.weighed is not None and located.weighed.n > last_n


def _again(known: Answer, reply: Reply | None, call_id: CallId) -> QuestionAnswered:
    return QuestionAnswered(
        call=call_id, question_n=known.question_n, question=known.question, text=known.text, reply=reply
    )


def _first(call: Call, question_n: int, reply: Reply | None) -> QuestionAnswered:
    weighed = None if call.located is None else call.located.weighed
    offer = None if weighed is None else weighed.settled.offer
    if weighed is None or offer is None or weighed.n != question_n:
        raise Conflict("another question is to be asked now, or none", field="question_n")
    if reply is None:
        raise Conflict("there is no answer to take back", field="reply")
    return QuestionAnswered(
        call=call.call_id,
        question_n=question_n,
        question=offer.question,
        text=text_id(offer.question),
        reply=reply,
    )
