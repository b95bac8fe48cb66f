"""One parser, guided by what its code does: `python tests/fuzz/guided.py PARSER [INPUTS] [SEED]` (atheris, libFuzzer).

The corpus begins with the seeds, lives in a folder for the run alone, and grows by inputs that reach new code; half of
the inputs are damaged as in fuzz_mutation.py, the rest as libFuzzer likes. Prints progress and report as mutated.py;
its times are those of code that is being watched.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["geo112.locate", "geo112.core", "geo112.lost", "geo112.held"]):
    from fuzz_parsers import PARSERS

from fuzz_mutation import mutate_bytes
from fuzz_watch import Watch

STEPS = 10
LONGEST = 4_096


def main() -> None:
    """Fuzz the parser of the command line; libFuzzer ends the process itself."""
    name, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    parser = PARSERS[name]
    watch = Watch(parser=parser, engine="guided")
    own = mutate_bytes(parser.seeds)
    step = max(1, count // STEPS)

    def one_input(data: bytes) -> None:
        watch.feed(data)
        done = len(watch.spent_s)
        if done % step == 0:
            print(json.dumps({"done": done}), flush=True)  # noqa: T201 - read by run.py
        if done >= count:
            report = watch.report()
            print(json.dumps(report), flush=True)  # noqa: T201 - read by run.py
            shutil.rmtree(place)
            os._exit(0 if report["ok"] else 1)

    def either(data: bytes, longest: int, chance: int) -> bytes:
        return own(data, longest, chance) if chance % 2 else atheris.Mutate(data, longest)

    # Nothing behind the last input runs in Python: the folder goes with it.
    place = Path(tempfile.mkdtemp(prefix="geo112-corpus-"))
    for n, text in enumerate(parser.seeds):
        (place / str(n)).write_bytes(text.encode("utf-8", "surrogateescape"))
    options = [
        f"-runs={count * 2}", f"-seed={seed}", f"-max_len={LONGEST}", "-len_control=0", "-verbosity=0",
        "-rss_limit_mb=0", "-timeout=60", f"-artifact_prefix={place}/",
    ]  # fmt: skip
    gc.collect()
    gc.freeze()
    atheris.Setup([sys.argv[0], *options, str(place)], one_input, custom_mutator=either)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
