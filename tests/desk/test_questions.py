"""A call on a border at the desk: asked, answered, corrected, taken back, and located again."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from shapely import box
from told import DOOR, NOW, SITI, StandingClock, chain_of, folded

from geo112.core.codes import CallId, KodeKabKota, KodeKecamatan
from geo112.core.errors import Conflict, NotFound
from geo112.core.geo import Position
from geo112.core.shapes import Area
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.desk.given import GivenPosition
from geo112.incidents.fold import Call
from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered
from geo112.store.memory import MemoryLog
from geo112.zones.compact import write_zones
from geo112.zones.decision import DecisionRule
from geo112.zones.index import ZoneIndex
from geo112.zones.question.ask import Reply
from geo112.zones.question.landmark import Landmark
from geo112.zones.question.offered import Asking
from geo112.zones.question.settle import settle
from geo112.zones.records import Zone

WEST, EAST = KodeKabKota("35.72"), KodeKabKota("35.05")
BORDER = Position(lon_deg=112.2, lat_deg=-8.1)


def zone(kode: str, kabkota: str) -> Zone:
    kecamatan = KodeKecamatan(kode)
    return Zone(kode=kecamatan, nama=kode, kode_kabkota=KodeKabKota(kode[:5]), kabkota=kabkota, area_km2=240.0)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ZoneIndex:
    path: Path = tmp_path_factory.mktemp("squares") / "zones.geo112"
    polygons = np.array([box(112.2, -8.2, 112.3, -8.0), box(112.1, -8.2, 112.2, -8.0)], object)
    zones = [zone("35.05.01", "Kab. Blitar"), zone("35.72.02", "Kota Blitar")]
    write_zones(path, zones=zones, polygons=polygons, version="kotak-1")
    return ZoneIndex.open(path)


def marks(_: Area) -> list[Landmark]:
    """A river on the border, and a market to the east of it."""
    ends = tuple(BORDER.moved(bearing_deg=turn, distance_m=1_500) for turn in (180, 0))
    market = BORDER.moved(bearing_deg=90, distance_m=350)
    return [
        Landmark(name="Lahar", kind="sungai", middle=BORDER, radius_m=1_500, lines=(ends,)),
        Landmark(name="Pon", kind="pasar", middle=market, radius_m=120),
    ]


def broken(_: Area) -> list[Landmark]:
    raise OSError("the list of places is gone")


class Room:
    """A desk with real boundaries and what lies around its callers."""

    def __init__(self, index: ZoneIndex, landmarks=marks) -> None:
        self.log = MemoryLog()
        self.clock = StandingClock()
        asking = Asking(rule=DecisionRule(), wrong_share=0.05)
        self.desk = Desk(
            log=self.log,
            zones=index,
            board=Board(self.log),
            clock=self.clock,
            kode=WEST,
            settle=partial(settle, index=index, landmarks=landmarks, asking=asking),
        )

    def call(self, *, east_m: float = 0.0, radius_m: float = 400.0) -> Call:
        call = self.desk.pbx(actor=DOOR, event="ringing", pbx_call_id="pbx-1", number="+6281234567890")
        return self.place(call.call_id, east_m=east_m, radius_m=radius_m)

    def place(self, call_id: CallId, *, east_m: float, radius_m: float) -> Call:
        at = BORDER.moved(bearing_deg=90, distance_m=east_m)
        given = GivenPosition(lat_deg=at.lat_deg, lon_deg=at.lon_deg, radius_m=radius_m, confidence_share=0.68)
        return self.desk.add_position(call_id, actor=SITI, position=given)

    def reply(self, call: Call, reply: Reply | None, *, question_n: int | None = None) -> Call:
        n = asked_n(call) if question_n is None else question_n
        return self.desk.answer_question(call.call_id, actor=SITI, question_n=n, reply=reply)

    def kinds(self) -> list[str]:
        return [type(one.event).__name__ for one in self.log.read()]


def asked_n(call: Call) -> int:
    assert call.located is not None
    assert call.located.weighed is not None
    return call.located.weighed.n


def best(call: Call) -> tuple[KodeKabKota, bool]:
    assert call.located is not None
    assert call.located.decided is not None
    assert call.located.decided.primary is not None
    return call.located.decided.primary.kode, call.located.decided.sure


def place_of(call: Call) -> str | None:
    weighed = None if call.located is None else call.located.weighed
    return None if weighed is None or weighed.settled.offer is None else weighed.settled.offer.question.place


def test_a_call_on_a_border_has_a_question_and_one_clear_of_it_none(index: ZoneIndex) -> None:
    assert place_of(Room(index).call()) == "Sungai Lahar"
    clear = Room(index)
    assert place_of(clear.call(east_m=3_000, radius_m=50)) is None
    assert "AnswersWeighed" not in clear.kinds()


def test_an_answer_is_recorded_with_who_when_and_what_and_decides(index: ZoneIndex) -> None:
    room = Room(index)
    call = room.call()
    assert call.located is not None
    plain = call.located.decision
    after = room.reply(call, Reply.YA)
    assert best(after) == (EAST, True)
    assert place_of(after) is None
    assert after.located is not None
    assert after.located.decision == plain
    answer = after.answers[0]
    assert (answer.by, answer.at, answer.reply) == ("siti", NOW, Reply.YA)
    assert answer.text == "Apakah Bapak/Ibu di sebelah timur Sungai Lahar?"
    events = [one.event for one in room.log.read()]
    weighed = [one for one in events if isinstance(one, AnswersWeighed)]
    assert [one.answers for one in weighed] == [0, 1]
    assert weighed[-1].fix_n == after.located.n
    assert weighed[-1].settled.decision is not None
    assert weighed[-1].settled.decision.shares.boundaries == "kotak-1"
    assert sum(isinstance(one, QuestionAnswered) for one in events) == 1


def test_an_answer_can_be_corrected_and_taken_back(index: ZoneIndex) -> None:
    room = Room(index)
    first = room.call()
    n = asked_n(first)
    room.reply(first, Reply.YA)
    corrected = room.reply(first, Reply.TIDAK, question_n=n)
    assert best(corrected) == (WEST, True)
    assert len(corrected.answers) == 1
    back = room.reply(first, None, question_n=n)
    assert back.located is not None
    assert back.located.decided == back.located.decision
    assert (back.answers[0].reply, place_of(back)) == (None, "Sungai Lahar")
    before = room.kinds()
    assert room.reply(first, None, question_n=n) == back
    assert room.kinds() == before


def test_the_same_question_answered_twice_counts_once_and_by_the_latest_reply(index: ZoneIndex) -> None:
    room = Room(index)
    first = room.call()
    n = asked_n(first)
    once = room.reply(first, Reply.YA)
    back = room.reply(first, None, question_n=n)
    again = asked_n(back)
    assert again != n
    room.reply(back, Reply.YA)
    twice = room.reply(first, Reply.YA, question_n=n)
    assert [one.reply for one in twice.answers] == [Reply.YA, Reply.YA]
    assert once.located is not None
    assert twice.located is not None
    assert twice.located.decided == once.located.decided
    changed = room.reply(first, Reply.TIDAK, question_n=n)
    assert best(changed) == (WEST, True)


def test_who_does_not_know_is_asked_the_next_question(index: ZoneIndex) -> None:
    room = Room(index)
    first = room.call()
    after = room.reply(first, Reply.TIDAK_TAHU)
    assert after.located is not None
    assert after.located.decided == after.located.decision
    assert place_of(after) == "Pasar Pon"


def test_a_better_position_keeps_what_was_answered(index: ZoneIndex) -> None:
    room = Room(index)
    call = room.call()
    answered = room.reply(call, Reply.TIDAK)
    assert answered.located is not None
    room.clock.wait(seconds=20)
    better = room.place(call.call_id, east_m=15, radius_m=60)
    assert better.located is not None
    assert better.located.n != answered.located.n
    assert better.located.decision is not None
    assert better.located.decision.primary is not None
    assert better.located.decision.primary.kode == EAST
    assert best(better)[0] == WEST


def test_a_question_that_is_gone_cannot_be_answered(index: ZoneIndex) -> None:
    room = Room(index)
    call = room.call()
    with pytest.raises(Conflict, match="another question"):
        room.reply(call, Reply.YA, question_n=asked_n(call) + 1)
    with pytest.raises(Conflict, match="no answer to take back"):
        room.reply(call, None)
    with pytest.raises(NotFound):
        room.desk.answer_question(CallId("nobody"), actor=SITI, question_n=1, reply=Reply.YA)
    assert "QuestionAnswered" not in room.kinds()


def test_an_incident_stands_where_the_answers_put_its_call(index: ZoneIndex) -> None:
    room = Room(index)
    call = room.call()
    incident = room.desk.open_incident(actor=SITI, call_id=call.call_id, category="KEBAKARAN", priority=1)
    room.reply(call, Reply.YA)
    located = Board(room.log).incident(incident.incident_id).located
    assert located is not None
    assert located.decided is not None
    assert located.decided.primary is not None
    assert (located.decided.primary.kode, located.decided.sure) == (EAST, True)


def test_the_board_of_another_process_and_of_tomorrow_shows_the_same(index: ZoneIndex) -> None:
    room = Room(index)
    after = room.reply(room.call(), Reply.YA)
    assert Board(room.log).call(after.call_id) == after


def test_a_list_of_places_that_breaks_loses_no_position(index: ZoneIndex, caplog: pytest.LogCaptureFixture) -> None:
    call = Room(index, landmarks=broken).call()
    assert call.located is not None
    assert call.located.decision is not None
    assert place_of(call) is None
    assert "no question could be worked out: OSError" in caplog.text


def test_weighing_a_position_that_is_not_there_changes_no_other(index: ZoneIndex) -> None:
    room = Room(index)
    call = room.call()
    events = [one.event for one in room.log.read()]
    strange = next(one for one in events if isinstance(one, AnswersWeighed))
    again = folded(chain_of(*events, AnswersWeighed(call=call.call_id, fix_n=999, answers=0, settled=strange.settled)))
    plain = folded(chain_of(*events))
    assert again.calls[call.call_id].located == plain.calls[call.call_id].located
