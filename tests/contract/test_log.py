"""What every log keeps to, whether in memory or in a file."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told import AML, CALL, IMEI, NOW, NUMBER, OTHER_CALL, PERSON, SITI, Scene, chain_of, located, received

from geo112.core.codes import PersonRef
from geo112.desk.board import Board
from geo112.incidents.chain import verify
from geo112.incidents.events import Actor, CallAnswered, CallRinging
from geo112.incidents.ports import IncidentLog, Person
from geo112.store.memory import MemoryLog
from geo112.store.sql import SqlLog


@pytest.fixture(params=["memory", "sql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IncidentLog]:
    if request.param == "memory":
        yield MemoryLog()
    else:
        sql = SqlLog.open(tmp_path / "centre.sqlite3")
        yield sql
        sql.close()


def test_an_empty_log_has_no_events(log: IncidentLog) -> None:
    assert (log.head(), list(log.read())) == ((0, ""), [])


def test_events_come_back_as_they_were_written(log: IncidentLog) -> None:
    events = (received(), CallRinging(call=CALL), located())
    written = log.append(events, at=NOW, actor=SITI)
    assert tuple(log.read()) == written
    assert [one.event for one in written] == list(events)
    assert [(one.n, one.at, one.actor) for one in written] == [(n, NOW, SITI) for n in (1, 2, 3)]
    assert log.head() == (3, written[-1].hash)


def test_every_log_makes_the_same_chain(log: IncidentLog) -> None:
    for one in chain_of(received(), CallRinging(call=CALL), located()):
        log.append([one.event], at=one.at, actor=one.actor)
    assert list(log.read()) == chain_of(received(), CallRinging(call=CALL), located())


def test_reading_goes_on_where_it_stopped(log: IncidentLog) -> None:
    log.append([received(call=f"call-{n}") for n in range(1, 8)], at=NOW, actor=SITI)
    assert [one.n for one in log.read(after=3)] == [4, 5, 6, 7]
    assert [one.n for one in log.read(after=3, limit=2)] == [4, 5]
    assert [one.n for one in log.read(after=6, limit=5)] == [7]
    assert list(log.read(after=7)) == []
    assert list(log.read(limit=0)) == []


def test_a_long_log_is_read_whole(log: IncidentLog) -> None:
    log.append([CallAnswered(call=CALL, by=str(n)) for n in range(2_500)], at=NOW, actor=SITI)
    assert [one.n for one in log.read()] == list(range(1, 2_501))
    assert len(list(log.read(after=400, limit=1_500))) == 1_500
    assert verify(log.read(), head=log.head())[0] == 2_500


def test_people_come_back_as_they_were_written(log: IncidentLog) -> None:
    person = Person(
        ref=PERSON,
        number=NUMBER,
        imei=IMEI,
        imsi="510",
        raw_message="kebakaran\n\x00🔥",
        received_at=NOW + timedelta(microseconds=1),
        external_ref="pbx-1",
    )
    log.append([received(person=PERSON)], at=NOW, actor=SITI, people=[person])
    assert log.person(PERSON) == person
    assert log.person(PersonRef("nobody")) is None
    assert log.people([PERSON, PersonRef("nobody")]) == {PERSON: person}
    assert log.people([]) == {}


def test_a_known_person_is_completed(log: IncidentLog) -> None:
    log.append([], at=NOW, actor=SITI, people=[Person(ref=PERSON, number=NUMBER, raw_message=AML)])
    log.append([], at=NOW + timedelta(hours=1), actor=SITI, people=[Person(ref=PERSON, imei=IMEI, received_at=NOW)])
    whole = Person(ref=PERSON, number=NUMBER, raw_message=AML, imei=IMEI, received_at=NOW)
    assert log.person(PERSON) == whole
    assert log.find_people(number=NUMBER, since=NOW) == (whole,)
    assert log.find_people(number=NUMBER, since=NOW + timedelta(microseconds=1)) == ()


def test_people_are_found_by_exactly_their_number(log: IncidentLog) -> None:
    people = [
        Person(ref=PersonRef("1"), number=NUMBER, raw_message=AML),
        Person(ref=PersonRef("2"), number=NUMBER),
        Person(ref=PersonRef("3"), number=NUMBER[:-1], raw_message=AML),
        Person(ref=PersonRef("4"), raw_message=AML),
    ]
    log.append([], at=NOW, actor=SITI, people=people)
    assert log.find_people(number=NUMBER) == tuple(people[:2])
    assert log.find_people(number=NUMBER, raw_message=AML) == (people[0],)
    assert log.find_people(number="%") == ()


def test_people_are_found_by_exactly_the_senders_id(log: IncidentLog) -> None:
    people = [
        Person(ref=PersonRef("1"), number=NUMBER, external_ref="pbx:17"),
        Person(ref=PersonRef("2"), external_ref="pbx:17"),
        Person(ref=PersonRef("3"), number=NUMBER, external_ref="sms:17"),
        Person(ref=PersonRef("4"), number=NUMBER),
    ]
    log.append([], at=NOW, actor=SITI, people=people)
    log.append([], at=NOW, actor=SITI, people=[Person(ref=PersonRef("4"), external_ref="pbx:\x00\udcff")])
    assert log.find_people(external_ref="pbx:17") == tuple(people[:2])
    assert log.find_people(external_ref="pbx:17", number=NUMBER) == (people[0],)
    assert log.find_people(external_ref="pbx:17", since=NOW + timedelta(microseconds=1)) == ()
    assert log.find_people(external_ref="17") == ()
    assert [one.ref for one in log.find_people(external_ref="pbx:\x00\udcff")] == ["4"]


def test_nobody_asks_for_everybody(log: IncidentLog) -> None:
    for said in ({}, {"raw_message": AML}, {"since": NOW}):
        with pytest.raises(ValueError, match="a number or an external_ref is needed"):
            log.find_people(**said)


def test_many_people_at_once(log: IncidentLog) -> None:
    people = [Person(ref=PersonRef(f"person-{n:04}"), number=str(n)) for n in range(1_200)]
    log.append([], at=NOW, actor=SITI, people=people)
    refs = [one.ref for one in people]
    assert log.people(refs) == {one.ref: one for one in people}
    assert log.erase_people(refs) == 1_200


def test_erasing_people_leaves_the_chain_whole(log: IncidentLog) -> None:
    log.append([received(person=PERSON)], at=NOW, actor=SITI, people=[Person(ref=PERSON, number=NUMBER)])
    before = log.head()
    assert log.erase_people([PERSON, PersonRef("nobody")]) == 1
    assert log.person(PERSON) is None
    assert log.find_people(number=NUMBER) == ()
    assert verify(log.read(), head=log.head()) == before
    assert log.erase_people([PERSON]) == 0


def test_half_characters_lose_no_message(log: IncidentLog) -> None:
    actor = Actor(name="si\udc80", role="call_taker\ud800")
    person = Person(ref=PERSON, number="08\udcff", raw_message="\ud800tolong")
    log.append([CallAnswered(call=CALL, by="\ud800")], at=NOW, actor=actor, people=[person])
    assert next(iter(log.read())).event == CallAnswered(call=CALL, by="\ud800")
    assert "tolong" in log.person(PERSON).raw_message
    assert log.find_people(number="08\udcff", raw_message="\ud800tolong") == (log.person(PERSON),)
    verify(log.read(), head=log.head())


def test_threads_append_at_once_and_nothing_is_lost(log: IncidentLog) -> None:
    acknowledged: list[tuple[int, str]] = []

    def work(number: int) -> None:
        for step in range(10):
            call = f"call-{number}-{step}"
            people = [Person(ref=PersonRef(call), number=call)]
            [written] = log.append([received(call=call, person=call)], at=NOW, actor=SITI, people=people)
            acknowledged.append((written.n, call))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(acknowledged) == [(one.n, one.event.call) for one in log.read()]
    assert len(acknowledged) == 240
    assert len(log.people([PersonRef(call) for _, call in acknowledged])) == 240
    verify(log.read(), head=log.head())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.lists(st.sampled_from([CALL, OTHER_CALL]), max_size=3), max_size=6))
def test_however_events_are_bundled_the_log_grows_by_all_of_them(log: IncidentLog, bundles: list[list[str]]) -> None:
    start = log.head()[0]
    for bundle in bundles:
        log.append([CallRinging(call=call) for call in bundle], at=NOW, actor=SITI)
    calls = [call for bundle in bundles for call in bundle]
    assert [one.event.call for one in log.read(after=start)] == calls
    assert log.head()[0] == start + len(calls)
    verify(log.read(), head=log.head())


def test_a_desk_works_the_same_on_every_log(log: IncidentLog) -> None:
    scene, twin = Scene(log), Scene(MemoryLog())
    for one in (scene, twin):
        one.sms()
        one.rings()
        one.sms("tolong", sender="0812 1111 2222")
        one.sms()
    assert scene.kinds() == twin.kinds()
    shown = [replace(call, call_id=CALL, person=None) for call in Board(log).calls()]
    assert shown == [replace(call, call_id=CALL, person=None) for call in twin.board.calls()]
