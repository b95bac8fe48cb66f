"""The simulator process: rings, sends what handsets send, and works as a virtual call taker, over HTTP alone.

It reads one JSON object from stdin: `{"centres": [what `DEMO` prints, …], "boundaries_dir", "simulation_dir", "seed"}`.
"""

import heapq
import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from geo112.cli.demo.aml import aml_sms, aml_sms_without_position
from geo112.cli.demo.carrier import Centre
from geo112.cli.demo.mix import Mix, Outcome, read_mix
from geo112.cli.demo.parent import die_with_parent
from geo112.cli.demo.places import by_kecamatan, read_villages
from geo112.cli.demo.plan import (
    AML_PERCENT,
    KOTA,
    CallPlan,
    Report,
    Sends,
    border_call,
    next_call,
    pause_s,
    sentul_call,
)
from geo112.core.clock import Clock, SystemClock
from geo112.core.codes import KodeKabKota, kode_kabkota
from geo112.core.errors import Geo112Error

_log = logging.getLogger(__name__)

MAX_RINGING = 5
_FIRST_PAUSE_S = 6.0
# An incident stays open for as many times the length of its call.
_CLOSE_AFTER_TALKS = 4


@dataclass(slots=True, kw_only=True)
class Line:
    """A call that is going on: its plan, its centre, and its id once the centre gave one."""

    plan: CallPlan
    centre: Centre
    call_id: str | None = None
    ringing: bool = True


class Agenda:
    """What is to be done when; one thread does everything in order."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def after(self, delay_s: float, step: Callable[[], None]) -> None:
        """Do a step some seconds from now."""
        self._count += 1
        heapq.heappush(self._due, (time.monotonic() + max(delay_s, 0.0), self._count, step))

    def run(self, stop: threading.Event) -> None:
        """Do what is due until told to stop or nothing is left."""
        while self._due and not stop.is_set():
            due_s, _, step = self._due[0]
            if not stop.wait(max(due_s - time.monotonic(), 0.0)):
                heapq.heappop(self._due)
                step()


class Simulator:
    """Plays calls to two centres."""

    def __init__(self, centres: dict[KodeKabKota, Centre], mix: Mix, boundaries_dir: Path, *, seed: int) -> None:
        """Play to these centres; the same seed and boundaries give the same calls."""
        self._centres = centres
        self._mix = mix
        self._villages = read_villages(boundaries_dir, frozenset(centres))
        self._grouped = by_kecamatan(self._villages)
        self._random = Random(seed)  # noqa: S311 - calls that can be repeated, nothing secret
        self._seed = seed
        self._calls = 0
        self._ringing = 0
        self._clock: Clock = SystemClock()
        self.agenda = Agenda()

    def begin(self) -> None:
        """Put the two fixed calls on the agenda, then one call after another."""
        self._try(lambda ref: sentul_call(self._villages, ref))
        self._try(lambda ref: border_call(self._villages, ref, self._centres[KOTA]))
        self.agenda.after(_FIRST_PAUSE_S, self._go_on)

    def _go_on(self) -> None:
        if self._ringing < MAX_RINGING:
            where = self._centres[KOTA]
            self._try(lambda ref: next_call(self._mix, self._grouped, where, self._random, ref))
        self.agenda.after(pause_s(self._calls, self._random), self._go_on)

    def _try(self, planned: Callable[[str], CallPlan]) -> None:
        """Play a call, or leave it out when no place was found for it, as while a centre is down."""
        self._calls += 1
        try:
            self._play(planned(f"sim-{self._seed}-{self._calls}"))
        except Geo112Error as error:
            _log.warning("call %s is left out: %s", self._calls, error)

    def _play(self, plan: CallPlan) -> None:
        """Put all of a call on the agenda that does not depend on how it goes."""
        line = Line(plan=plan, centre=self._centres[plan.rings_at])
        self._ringing += 1
        early_s = max([0.0, *(-report.after_s for report in plan.reports)])
        for report in plan.reports:
            self.agenda.after(early_s + report.after_s, partial(self._send, line, report))
        self.agenda.after(early_s, lambda: self._ring(line))
        self.agenda.after(early_s + plan.answer_after_s, lambda: self._answer(line))

    def _ring(self, line: Line) -> None:
        plan = line.plan
        line.call_id = line.centre.pbx("ringing", plan.ref, at=self._clock.now(), number=plan.number)
        _log.info("%s %s rings: %s in %s", plan.rings_at, plan.ref, plan.subject.outcome, plan.subject.kecamatan)

    def _send(self, line: Line, report: Report) -> None:
        now = self._clock.now()
        line.centre.sms(line.plan.number or "", _text(report, now), at=now)

    def _answer(self, line: Line) -> None:
        """Take the call, unless nobody is to take it or somebody at a console has it already."""
        plan, call_id = line.plan, line.call_id
        self._ringing -= 1
        line.ringing = False
        if call_id is None:
            return
        call = line.centre.call(call_id)
        if call is not None and call["answered_by"] is not None:
            self.agenda.after(plan.talk_s, lambda: self._hang_up(line, "caller_hung_up"))
        elif plan.subject.outcome is Outcome.NOT_ANSWERED:
            self._hang_up(line, "not_answered")
        else:
            line.centre.pbx("answered", plan.ref, at=self._clock.now(), agent=line.centre.user)
            self.agenda.after(plan.talk_s / 2, lambda: self._work(line, call_id))
            self.agenda.after(plan.talk_s, lambda: self._hang_up(line, "caller_hung_up"))

    def _work(self, line: Line, call_id: str) -> None:
        """Say what the call is, and make an incident of it where it is one."""
        subject, centre = line.plan.subject, line.centre
        if subject.category is None:
            centre.step(call_id, "disposition", {"disposition": subject.outcome.value})
            return
        category = subject.category
        centre.step(call_id, "note", {"category": category.name, "note": "SIMULASI"})
        if category.name == "INFORMASI":
            centre.step(call_id, "disposition", {"disposition": "informasi"})
            return
        centre.step(call_id, "disposition", {"disposition": "normal"})
        incident_id = centre.open_incident(call_id, category=category.name, priority=category.priority)
        if incident_id is not None:
            self.agenda.after(_CLOSE_AFTER_TALKS * line.plan.talk_s, lambda: centre.close_incident(incident_id))

    def _hang_up(self, line: Line, reason: str) -> None:
        line.centre.pbx("ended", line.plan.ref, at=self._clock.now(), reason=reason)


def _text(report: Report, now: datetime) -> str:
    """Write what the handset or the caller sends at this moment."""
    match report.sends:
        case Sends.AML:
            return aml_sms(
                report.position,
                radius_m=report.radius_m,
                confidence_percent=AML_PERCENT,
                taken_at=now,
                method=report.method,
            )
        case Sends.NO_POSITION:
            return aml_sms_without_position(now)
        case Sends.TYPED:
            return f"{report.position.lat_deg:.5f}, {report.position.lon_deg:.5f}"


def main(arguments: list[str]) -> int:
    """Play until told to stop; dies with the process that started it."""
    die_with_parent(int(arguments[0]))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    said: dict[str, Any] = json.load(sys.stdin)
    centres = [_centre(demo) for demo in said["centres"]]
    simulator = Simulator(
        {centre.kode: centre for centre in centres},
        read_mix(Path(said["simulation_dir"])),
        Path(said["boundaries_dir"]),
        seed=int(said["seed"]),
    )
    simulator.begin()
    simulator.agenda.run(stop)
    for centre in centres:
        centre.close()
    return 0


def _centre(demo: dict[str, Any]) -> Centre:
    taker = demo["users"]["call_taker"]
    return Centre(
        kode_kabkota(demo["kode"]),
        demo["url"],
        keys=demo["keys"],
        user=taker["user"],
        password=taker["password"],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
