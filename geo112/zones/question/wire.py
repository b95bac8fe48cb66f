"""A question as JSON: whole for the log, and as the command line, the API and the console show it."""

from collections.abc import Mapping
from typing import Any

from geo112.core.codes import KodeKabKota
from geo112.core.geo import Position
from geo112.zones.jurisdiction import CentreShare
from geo112.zones.question.ask import Direction, Question, QuestionKind
from geo112.zones.question.offered import Offer
from geo112.zones.question.words import text_en, text_id

Body = Mapping[str, Any]


def offer_to_dict(offer: Offer) -> dict[str, object]:
    """Write out what to ask, where that place is, and the shares after either answer."""
    return question_to_dict(offer.question) | {
        "gain_bits": round(offer.gain_bits, 4),
        "if_yes": [_share(one) for one in offer.if_yes],
        "if_no": [_share(one) for one in offer.if_no],
    }


def question_to_dict(question: Question) -> dict[str, object]:
    """Write out a question in both languages, with its kind and its place."""
    return {
        "text": text_id(question),
        "text_en": text_en(question),
        "kind": question.kind.value,
        "place": question.place,
        "lat_deg": question.middle.lat_deg,
        "lon_deg": question.middle.lon_deg,
    }


def _share(share: CentreShare) -> dict[str, object]:
    return {"kode": share.kode, "nama": share.nama, "share": share.share}


def question_to_wire(question: Question) -> dict[str, Any]:
    """Write all that a question is made of."""
    return {
        "kind": question.kind.value,
        "place": question.place,
        "place_kind": question.place_kind,
        "middle": _pair(question.middle),
        "radius_m": question.radius_m,
        "kode": question.kode,
        "direction": None if question.direction is None else question.direction.value,
        "on_left": question.on_left,
        "lines": [[_pair(one) for one in run] for run in question.lines],
        "rivals": [_pair(one) for one in question.rivals],
    }


def question_from_wire(body: Body) -> Question:
    """Read what `question_to_wire` wrote."""
    return Question(
        kind=QuestionKind(body["kind"]),
        place=body["place"],
        place_kind=body["place_kind"],
        middle=_position(body["middle"]),
        radius_m=body["radius_m"],
        kode=body["kode"],
        direction=None if body["direction"] is None else Direction(body["direction"]),
        on_left=body["on_left"],
        lines=tuple(tuple(_position(one) for one in run) for run in body["lines"]),
        rivals=tuple(_position(one) for one in body["rivals"]),
    )


def offer_to_wire(offer: Offer) -> dict[str, Any]:
    """Write all that an offer is made of."""
    return {
        "question": question_to_wire(offer.question),
        "gain_bits": offer.gain_bits,
        "if_yes": [[one.kode, one.nama, one.share] for one in offer.if_yes],
        "if_no": [[one.kode, one.nama, one.share] for one in offer.if_no],
    }


def offer_from_wire(body: Body) -> Offer:
    """Read what `offer_to_wire` wrote."""
    return Offer(
        question=question_from_wire(body["question"]),
        gain_bits=body["gain_bits"],
        if_yes=tuple(_centre(row) for row in body["if_yes"]),
        if_no=tuple(_centre(row) for row in body["if_no"]),
    )


def _centre(row: list[Any]) -> CentreShare:
    return CentreShare(kode=KodeKabKota(row[0]), nama=row[1], share=row[2])


def _pair(position: Position) -> list[float]:
    return [position.lon_deg, position.lat_deg]


def _position(pair: list[float]) -> Position:
    return Position(lon_deg=pair[0], lat_deg=pair[1])
