"""How the events of a question are written down, and read back."""

from collections.abc import Callable, Mapping
from typing import Any

from geo112.core.codes import CallId
from geo112.incidents.decision_wire import decision_from_wire, decision_to_wire
from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered, QuestionEvent
from geo112.zones.question.ask import Reply
from geo112.zones.question.offered import Settled
from geo112.zones.question.wire import offer_from_wire, offer_to_wire, question_from_wire, question_to_wire

Body = Mapping[str, Any]


def question_event_to_body(event: QuestionEvent) -> dict[str, Any]:
    """Give what an event of a question says as JSON values."""
    match event:
        case AnswersWeighed(settled=settled):
            return {
                "call": event.call,
                "fix_n": event.fix_n,
                "answers": event.answers,
                "decision": None if settled.decision is None else decision_to_wire(settled.decision),
                "offer": None if settled.offer is None else offer_to_wire(settled.offer),
            }
        case QuestionAnswered():  # pragma: no branch - mypy counts the events
            return {
                "call": event.call,
                "question_n": event.question_n,
                "question": question_to_wire(event.question),
                "text": event.text,
                "reply": None if event.reply is None else event.reply.value,
            }


def _weighed(body: Body) -> AnswersWeighed:
    offer = body["offer"]
    settled = Settled(
        decision=decision_from_wire(body["decision"]), offer=None if offer is None else offer_from_wire(offer)
    )
    return AnswersWeighed(call=CallId(body["call"]), fix_n=body["fix_n"], answers=body["answers"], settled=settled)


def _answered(body: Body) -> QuestionAnswered:
    return QuestionAnswered(
        call=CallId(body["call"]),
        question_n=body["question_n"],
        question=question_from_wire(body["question"]),
        text=body["text"],
        reply=None if body["reply"] is None else Reply(body["reply"]),
    )


QUESTION_READERS: dict[str, Callable[[Body], AnswersWeighed | QuestionAnswered]] = {
    "AnswersWeighed": _weighed,
    "QuestionAnswered": _answered,
}
