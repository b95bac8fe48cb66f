"""The benchmark of the readers: every format, each message understood, beside something that is measured as well."""

from geo112.bench.frame import JOBS
from geo112.bench.locate import CONTESTS, _places, readers
from geo112.locate.read import FORMATS, format_of

PROMISED = {"job", "unit", "ours", "others", "ratio", "goal", "met", "rounds", "machine", "disagreements"}


def test_every_reader_is_measured_and_understands_what_it_is_given() -> None:
    told: list[str] = []
    results = list(readers(tell=told.append, rounds=3, messages=5))
    assert len(results) == len(CONTESTS)
    assert {one.format for one in CONTESTS} == set(FORMATS) - {"auto"}
    for result, contest in zip(results, CONTESTS, strict=True):
        assert set(result) == PROMISED
        assert result["unit"] == "messages/s"
        assert result["disagreements"] == 0, result
        assert set(result["others"]) == set(result["ratio"]) == {contest.rival}
        assert result["ratio"][contest.rival] > 0
        assert result["rounds"] == 3
    assert told[-1] == "locate plus code, openlocationcode: 3/3"


def test_messages_are_of_their_format_and_of_different_places() -> None:
    for contest in CONTESTS:
        texts = [contest.write(n, place) for n, place in enumerate(_places(20))]
        assert len(set(texts)) == 20
        if contest.format not in ("gad", "cells"):
            assert format_of(texts[0]) == contest.format


def test_the_job_is_registered() -> None:
    assert JOBS["locate"].start == "geo112.bench.locate:locate"
