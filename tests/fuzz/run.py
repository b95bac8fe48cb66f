"""The long fuzz: every parser by both engines, each in a process: `python tests/fuzz/run.py INPUTS [NAME]...`.

A name is a parser (`mlp`) or an engine with a parser (`guided:mlp`); all of both without any. Ends with 1 when
anything was found, with the input that shows it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz_parsers import PARSERS

HERE = Path(__file__).resolve().parent
ENGINES = ("mutated", "guided")
SEED = 112


def tell(words: str) -> None:
    """Print at once, with the time of the day."""
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)  # noqa: T201 - the progress of a script


def fuzz(engine: str, name: str, count: int, place: str) -> dict[str, object]:
    """Run one engine on one parser and give its report; a run that ends without one is a finding."""
    command = [sys.executable, str(HERE / f"{engine}.py"), name, str(count), str(SEED)]
    # What an engine keeps for its run goes with this folder, however it ends.
    spoken: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "TMPDIR": place}
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if not line.startswith("{"):
                spoken = [*spoken[-30:], line]
                continue
            said: dict[str, object] = json.loads(line)
            if "parser" in said:
                return said
            tell(f"{engine} {name}: " + (f"{said['done']:,} of {count:,}" if "done" in said else f"{said['finding']}"))
    why = f"ended with {running.returncode} and without a report: {''.join(spoken)}"
    return {"parser": name, "engine": engine, "ok": False, "findings": [{"why": why, "input": "unknown"}]}


def chosen(words: list[str]) -> list[tuple[str, str]]:
    """Give the runs that are meant by names, all without any."""
    every = [(engine, name) for name in PARSERS for engine in ENGINES]
    known = {*PARSERS, *ENGINES, *(f"{engine}:{name}" for engine, name in every)}
    wrong = [word for word in words if word not in known]
    if wrong:
        raise SystemExit(f"there is no {', '.join(wrong)}; there are {', '.join((*ENGINES, *PARSERS))}")
    return [(engine, name) for engine, name in every if not words or {engine, name, f"{engine}:{name}"} & set(words)]


def main() -> int:
    """Fuzz as many at once as there are processors, and print every report."""
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="geo112-fuzz-") as place, ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = list(pool.map(lambda one: _told(fuzz(*one, count, place)), chosen(sys.argv[2:])))
    wrong = [report for report in reports if not report["ok"]]
    tell(f"{len(reports)} runs of {count:,} inputs, {len(wrong)} with findings")
    return 1 if wrong else 0


def _told(report: dict[str, object]) -> dict[str, object]:
    tell(json.dumps(report, ensure_ascii=False))
    return report


if __name__ == "__main__":
    sys.exit(main())
