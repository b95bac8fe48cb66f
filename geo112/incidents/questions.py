"""The questions of a call as they stand now, folded from the events alone."""

from dataclasses import dataclass, replace
from datetime import datetime

from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered
from geo112.zones.question.ask import Answered, Question, Reply
from geo112.zones.question.offered import Settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as it stands, with who took it down last; `reply` is None once it was taken back."""

    question_n: int
    question: Question
    text: str
    reply: Reply | None
    by: str
    at: datetime
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the answers make of one position; `n` is the number of the event, by which its question is answered."""

    settled: Settled
    fix_n: int
    answers: int
    n: int


def answers_after(
    answers: tuple[Answer, ...], event: QuestionAnswered, *, at: datetime, by: str, n: int
) -> tuple[Answer, ...]:
    """Give the answers of a call after one more, which takes the seat of an earlier one to the same question."""
    given = Answer(
        question_n=event.question_n, question=event.question, text=event.text, reply=event.reply, by=by, at=at, n=n
    )
    if any(one.question_n == event.question_n for one in answers):
        return tuple(given if one.question_n == event.question_n else one for one in answers)
    return (*answers, given)


def weighed_of(event: AnswersWeighed, *, n: int) -> Weighed:
    """Take over what was worked out."""
    return Weighed(settled=event.settled, fix_n=event.fix_n, answers=event.answers, n=n)


def evidence(answers: tuple[Answer, ...]) -> list[Answered]:
    """Give the answers that were not taken back; of a question that was asked again only the latest reply counts."""
    latest = {_asked(one.question): one.n for one in sorted(answers, key=lambda one: one.n) if one.reply is not None}
    return [
        Answered(question=one.question, reply=one.reply)
        for one in answers
        if one.reply is not None and latest[_asked(one.question)] == one.n
    ]


def _asked(question: Question) -> tuple[str, str, str | None, str | None]:
    """Tell what the caller hears: the same twice is one piece of evidence."""
    return question.kind, question.place, question.kode, question.direction


def without_offer(weighed: Weighed | None) -> Weighed | None:
    """Give the same without its question, once that was answered."""
    return None if weighed is None else replace(weighed, settled=replace(weighed.settled, offer=None))
