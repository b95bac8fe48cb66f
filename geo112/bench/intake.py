"""How fast a call is on disk: one event per commit beside a bare log, and the whole intake at a steady rate."""

import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from geo112.bench.frame import Result, Tell, compared, interleave, machine
from geo112.core.clock import SystemClock
from geo112.core.codes import KodeKabKota
from geo112.core.geo import Position
from geo112.core.ids import call_id, person_ref
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.desk.locating import Zones
from geo112.incidents.chain import Draft
from geo112.incidents.events import Actor, CallReceived, Channel
from geo112.store.sql import SqlLog

DOOR = Actor(name="bench", role="sms")
ROUNDS = 9
APPENDS = 200
# The write-ahead file has its full size after the first checkpoint; a centre runs in that state for all of its life.
WARM_UP = 700
CALLS_PER_S = 20.0
CALLS = 100
THREADS = 8
P99_GOAL_MS = 50.0
BARE, BARE_GIVEN = "bare log, same events", "bare log, bytes given"
BLITAR = Position(lon_deg=112.1681, lat_deg=-8.0985)


def run(*, folder: Path, zones: Zones, tell: Tell) -> Iterator[Result]:
    """Measure both in a new folder inside `folder` (the disk that counts), telling how far it is."""
    with TemporaryDirectory(dir=folder) as name:
        yield append_job(Path(name), tell=tell)
        yield intake_job(Path(name), zones=zones, tell=tell)


def append_job(
    folder: Path, *, tell: Tell, rounds: int = ROUNDS, appends: int = APPENDS, warm_up: int = WARM_UP
) -> Result:
    """Append one event per commit, in turn with bare logs that append the same bytes and call fdatasync.

    `bare log, same events` makes its line of JSON from the event as ours has to; `bare log, bytes given` is handed
    the finished line and shows what making it costs.
    """
    log = SqlLog.open(folder / "append.sqlite3")
    flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    bare, given = (os.open(folder / name, flags, 0o600) for name in ("bare.log", "given.log"))
    [first] = log.append([_event()], at=SystemClock().now(), actor=DOOR)
    line = _line(first.n, first.hash)

    def ours() -> None:
        for _ in range(appends):
            log.append([_event()], at=SystemClock().now(), actor=DOOR)

    def same_events() -> None:
        for _ in range(appends):
            os.write(bare, _line(first.n, first.hash))
            os.fdatasync(bare)

    def bytes_given() -> None:
        for _ in range(appends):
            os.write(given, line)
            os.fdatasync(given)

    try:
        for _ in range(-(-warm_up // appends)):
            ours()
        work = {"ours": ours, BARE: same_events, BARE_GIVEN: bytes_given}
        taken = interleave(work, rounds=rounds, tell=lambda step: tell(f"intake append, {step}"))
    finally:
        log.close()
        os.close(bare)
        os.close(given)
    return compared(
        "intake append", unit="appends/s", taken=taken, per=lambda seconds: appends / seconds, goal={BARE: 0.8}
    )


def intake_job(folder: Path, *, zones: Zones, tell: Tell, rounds: int = 7, calls: int = CALLS) -> Result:
    """Take AML messages in at 20 a second: parse, resolve, store, and show on the board.

    Every message has its moment, whether those before are done or not; its time runs from that moment.
    """
    log = SqlLog.open(folder / "intake.sqlite3")
    kode = KodeKabKota("35.72")
    desk = Desk(log=log, zones=zones, board=Board(log), clock=SystemClock(), kode=kode)
    try:
        _round(desk, first=0, calls=calls // 5)  # Threads and connections are made once, not for every call.
        took: list[float] = []
        for one in range(rounds):
            tell(f"intake full: {one + 1}/{rounds}")
            took += _round(desk, first=(one + 1) * calls, calls=calls)
    finally:
        log.close()
    took.sort()
    p50_ms, p99_ms = (took[math.ceil(share * len(took)) - 1] * 1000 for share in (0.5, 0.99))
    goal = f"p99 {P99_GOAL_MS:.0f} ms"
    return {
        "job": f"intake full at {CALLS_PER_S:.0f} calls/s",
        "unit": "ms p99",
        "ours": p99_ms,
        "p50_ms": p50_ms,
        "others": {goal: P99_GOAL_MS},
        "ratio": {goal: P99_GOAL_MS / p99_ms},
        "goal": {goal: 1.0},
        "met": p99_ms <= P99_GOAL_MS,
        "rounds": rounds,
        "machine": machine(),
    }


def _event() -> CallReceived:
    uuid = "01a202b2-c500-7084-8fc1-72b5ac708ec7"
    return CallReceived(call=call_id(uuid), channel=Channel.SMS, person=person_ref(uuid), simulated=True)


def _line(n: int, prev_hash: str) -> bytes:
    draft = Draft.of(_event(), at=SystemClock().now(), actor=DOOR)
    return f"{draft.canonical(n=n, prev_hash=prev_hash)}{prev_hash}\n".encode("ascii")


def _aml(number: int) -> str:
    """Write a message of a caller somewhere within 4 km of the middle of Kota Blitar, on both sides of its border."""
    place = BLITAR.moved(bearing_deg=number * 137.5 % 360, distance_m=number * 61 % 4_000)
    top = SystemClock().now().strftime("%Y%m%d%H%M%S")
    body = f"lt={place.lat_deg:+.5f};lg={place.lon_deg:+.5f};rd={number % 90 + 5};top={top};lc=90;pm=G"
    return f'A"ML=1;{body};si=510100000000000;ei=356700000000000;mcc=510;mnc=10;ml=128'


def _round(desk: Desk, *, first: int, calls: int) -> list[float]:
    texts = [_aml(number) for number in range(first, first + calls)]

    def take(number: int, due: float) -> float:
        sender = f"+62811{first + number:08}"
        desk.receive_sms(actor=DOOR, channel=Channel.SMS, sender=sender, text=texts[number], simulated=True)
        return time.perf_counter() - due

    waiting: list[Future[float]] = []
    with ThreadPoolExecutor(THREADS) as pool:
        start = time.perf_counter()
        for number in range(calls):
            due = start + number / CALLS_PER_S
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(take, number, due))
        return [one.result() for one in waiting]
