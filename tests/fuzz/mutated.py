"""One parser, many damaged messages: `python tests/fuzz/mutated.py PARSER [INPUTS] [SEED]`.

Prints its progress and, at the end, its report, one JSON object a line; ends with 1 when it found anything.
"""

import gc
import json
import sys

from fuzz_mutation import inputs
from fuzz_parsers import PARSERS
from fuzz_watch import Watch

STEPS = 10


def run(name: str, count: int, seed: int) -> Watch:
    """Feed so many inputs to a parser, telling ten times how far it is."""
    parser = PARSERS[name]
    watch = Watch(parser=parser, engine="mutated")
    step = max(1, count // STEPS)
    gc.collect()
    gc.freeze()
    for n, data in enumerate(inputs(parser.seeds, count, seed), start=1):
        watch.feed(data)
        if n % step == 0:
            print(json.dumps({"done": n}), flush=True)  # noqa: T201 - read by run.py
    return watch


def main() -> int:
    """Fuzz the parser of the command line."""
    name, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    report = run(name, count, seed).report()
    print(json.dumps(report), flush=True)  # noqa: T201 - read by run.py
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
