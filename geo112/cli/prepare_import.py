"""What `geo112 prepare boundaries --file` does: import a region's own boundaries and say how it went."""

from geo112.cli.output import print_json, print_line
from geo112.prepare.imports.run import ImportRequest, import_boundaries
from geo112.prepare.phases import Phases


def run_import(request: ImportRequest, *, as_json: bool) -> None:
    """Import the file and print the result."""
    done = import_boundaries(request, phases=Phases(shown=not as_json))
    if as_json:
        print_json(done.facts())
    else:
        print_line(done.summary())
