"""What can happen to the question about a call: the caller answers it, and what all answers say is worked out."""

from dataclasses import dataclass

from geo112.core.codes import CallId
from geo112.zones.question.ask import Question, Reply
from geo112.zones.question.offered import Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersWeighed:
    """What the answers so far make of the position to act on, and the question that is worth asking next.

    `fix_n` is the number of the position's event, `answers` how many answers were counted; the boundaries stand in the
    decision. It is recorded after each position and answer, so that the log holds what was shown to be asked.
    """

    call: CallId
    fix_n: int
    answers: int
    settled: Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """What the caller replied; a second one of the same `question_n` corrects the first, None takes it back.

    `question_n` is the number of the event that offered the question, `text` what was read out.
    """

    call: CallId
    question_n: int
    question: Question
    text: str
    reply: Reply | None


QuestionEvent = AnswersWeighed | QuestionAnswered
