import threading

import pytest
from told import CALL, INCIDENT, NOW, OTHER_CALL, PERSON, SITI, located, received

from geo112.core.errors import NotFound
from geo112.desk.board import Board, Changes
from geo112.incidents.events import CallLinked, CallRinging, Channel, Event, IncidentOpened, MessageReceived
from geo112.store.memory import MemoryLog

OPENED = IncidentOpened(incident=INCIDENT, call=CALL, category="BANJIR", priority=2, note="")


def log_with(*events: Event) -> MemoryLog:
    log = MemoryLog()
    log.append(events, at=NOW, actor=SITI)
    return log


def test_a_board_starts_with_the_whole_log() -> None:
    board = Board(log_with(received(), received(call=OTHER_CALL), OPENED))
    assert board.n == 3
    assert [call.call_id for call in board.calls()] == [OTHER_CALL, CALL]
    assert [call.call_id for call in board.calls(limit=1)] == [OTHER_CALL]
    assert board.incidents() == [board.incident(INCIDENT)]
    assert board.call(CALL).incident_id == INCIDENT


def test_what_does_not_exist_is_not_found() -> None:
    board = Board(MemoryLog())
    with pytest.raises(NotFound, match="call_id"):
        board.call(CALL)
    with pytest.raises(NotFound, match="incident_id"):
        board.incident(INCIDENT)
    assert board.call_of_person(PERSON) is None


def test_catching_up_takes_what_others_wrote() -> None:
    log = log_with(received())
    board = Board(log)
    assert board.catch_up() == Changes(n=1)
    log.append([CallRinging(call=CALL, person=PERSON), OPENED], at=NOW, actor=SITI)
    assert board.catch_up() == Changes(n=3, calls=(board.call(CALL),), incidents=(board.incident(INCIDENT),))
    assert board.call_of_person(PERSON) == board.call(CALL)


def test_taking_what_was_just_written_never_skips_what_came_between() -> None:
    log = log_with(received())
    board = Board(log)
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    mine = log.append([OPENED], at=NOW, actor=SITI)
    assert board.take(mine).n == 3
    assert board.call(CALL).ringing_at == NOW
    assert board.take(mine) == Changes(n=3)
    assert board.take(()) == Changes(n=3)


def test_taking_the_next_event_needs_no_reading() -> None:
    board = Board(MemoryLog())
    elsewhere = log_with(received())
    assert board.take(tuple(elsewhere.read())).calls == (board.call(CALL),)


def test_changed_after_gives_every_item_once_with_its_last_change() -> None:
    board = Board(log_with(received(), received(call=OTHER_CALL), OPENED, located(call=OTHER_CALL)))
    assert board.changed_after(4) == (4, [])
    assert board.changed_after(3) == (4, [board.call(OTHER_CALL)])
    n, items = board.changed_after(0)
    assert n == 4
    assert items == [board.call(CALL), board.incident(INCIDENT), board.call(OTHER_CALL)]


def test_unread_messages_are_known() -> None:
    board = Board(log_with(received(), MessageReceived(call=CALL, channel=Channel.SMS, person=PERSON)))
    assert board.unread() == {PERSON: CALL}
    assert board.call_of_person(PERSON) == board.call(CALL)


def test_who_subscribes_is_told_until_it_closes() -> None:
    log = log_with(received())
    board = Board(log)
    told: list[Changes] = []
    subscription = board.subscribe()
    subscription.on_change(told.append)
    board.catch_up()
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    board.catch_up()
    subscription.close()
    subscription.close()
    log.append([located()], at=NOW, actor=SITI)
    board.catch_up()
    assert [changes.n for changes in told] == [2]


def test_events_that_change_no_item_tell_nobody() -> None:
    log = log_with(received())
    board = Board(log)
    told: list[Changes] = []
    board.subscribe().on_change(told.append)
    log.append([CallLinked(call=OTHER_CALL, incident=INCIDENT)], at=NOW, actor=SITI)
    assert board.catch_up() == Changes(n=2)
    assert told == []


def test_a_listener_whose_loop_is_closed_is_left_out() -> None:
    log = log_with(received())
    board = Board(log)
    told: list[int] = []

    def closed(changes: Changes) -> None:
        told.append(changes.n)
        raise RuntimeError("Event loop is closed")

    board.subscribe().on_change(closed)
    for _ in range(2):
        log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
        board.catch_up()
    assert told == [2]


def test_many_threads_tell_everything_once_and_in_order() -> None:
    log = MemoryLog()
    board = Board(log)
    told: list[int] = []
    board.subscribe().on_change(lambda changes: told.append(changes.n))

    def work(number: int) -> None:
        for step in range(25):
            board.take(log.append([received(call=f"call-{number}-{step}")], at=NOW, actor=SITI))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board.n == 200
    assert len(board.calls()) == 200
    assert told == sorted(told)
    assert told[-1] == 200
