"""What a run of the fuzz found: exceptions, wrong answers and slow inputs, each with the input that shows it."""

import json
import math
import time
from array import array
from dataclasses import dataclass, field

from fuzz_parsers import Parser

from geo112.locate.fix import Located

P999_LIMIT_S = 0.010
WORST_LIMIT_S = 0.100
# A collection of garbage or a first import falls on any input: slow is only what is slow again.
_TRIES = 3
_MOST_FINDINGS = 5


@dataclass(slots=True, kw_only=True)
class Watch:
    """Runs one parser on many inputs and remembers how it went. Times are processor seconds of this thread."""

    parser: Parser
    engine: str
    spent_s: array[float] = field(default_factory=lambda: array("f"))
    slowest: bytes = b""
    worst_s: float = 0.0
    exceptions: int = 0
    located: int = 0
    findings: list[dict[str, str]] = field(default_factory=list)

    def feed(self, data: bytes) -> None:
        """Give one input to the parser."""
        start_s = time.thread_time()
        found, ok = self._run(data)
        spent_s = time.thread_time() - start_s
        if ok:
            self.located += isinstance(found, tuple) and isinstance(found[0], Located)
            try:
                self.parser.check(found)
            except Exception as error:  # noqa: BLE001 - finding any of them is the purpose
                self._note(f"wrong: {error!r}", data)
        if spent_s > P999_LIMIT_S:
            spent_s = min(spent_s, *(self._again_s(data) for _ in range(_TRIES)))
            if spent_s > WORST_LIMIT_S:
                self._note(f"slow: {spent_s * 1000:.0f} ms", data)
        self.spent_s.append(spent_s)
        if spent_s > self.worst_s:
            self.worst_s, self.slowest = spent_s, data

    def _run(self, data: bytes) -> tuple[object, bool]:
        try:
            return self.parser.run(data), True
        except Exception as error:  # noqa: BLE001 - finding any of them is the purpose
            self.exceptions += 1
            self._note(f"raised: {error!r}", data)
            return None, False

    def _again_s(self, data: bytes) -> float:
        start_s = time.thread_time()
        self._run(data)
        return time.thread_time() - start_s

    def _note(self, why: str, data: bytes) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            finding = {"why": why[:500], "input": repr(data)}
            self.findings.append(finding)
            # At once, whatever becomes of the run.
            print(json.dumps({"finding": finding}), flush=True)  # noqa: T201 - read by run.py

    def p999_s(self) -> float:
        """Give what 999 of 1,000 inputs stay within."""
        ordered = sorted(self.spent_s)
        return ordered[math.ceil(len(ordered) * 0.999) - 1] if ordered else 0.0

    def report(self) -> dict[str, object]:
        """Tell how it went; `ok` is false for anything that must not be."""
        p999_s = self.p999_s()
        return {
            "parser": self.parser.name,
            "engine": self.engine,
            "inputs": len(self.spent_s),
            "located": self.located,
            "exceptions": self.exceptions,
            "p999_ms": round(p999_s * 1000, 3),
            "worst_ms": round(self.worst_s * 1000, 3),
            "ok": not self.findings and p999_s <= P999_LIMIT_S,
            "findings": self.findings,
            "slowest": "" if self.worst_s < P999_LIMIT_S else repr(self.slowest[:300]),
        }
