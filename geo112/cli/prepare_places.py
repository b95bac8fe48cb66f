"""What `geo112 prepare places` does: import, remove, build, and say how it went."""

from pathlib import Path

from geo112.cli.output import print_json, print_line
from geo112.core.errors import BadInput
from geo112.prepare.phases import Phases
from geo112.prepare.places import Import, Store, build_places, import_places, imports_of, remove_import


def run_places(
    file: Path | None, *, builtin: bool, remove: str | None, boundaries: Path, out: Path, as_json: bool
) -> None:
    """Do one of the three and build the file; raises BadInput where none or several are asked for."""
    if sum((file is not None, builtin, remove is not None)) != 1:
        raise BadInput("give a FILE to import, or --builtin, or --remove NAME", field="places")
    store = Store(boundaries=boundaries, out=out)
    taken: Import | None = None
    phases = Phases(shown=not as_json)
    with phases.running():
        if file is not None:
            with phases.phase("Membaca patokan"):
                taken = import_places(file, store)
        if remove is not None:
            remove_import(remove, store)
        with phases.phase("Menyusun daftar tempat"):
            built = build_places(store)
    facts: dict[str, object] = {**built.facts(), "imports": imports_of(store)}
    if taken is not None:
        facts |= {"import": taken.name, "taken": taken.taken, "refused": taken.refused, "first": taken.first_reason}
    if as_json:
        print_json(facts)
        return
    if taken is not None:
        print_line(f"{taken.taken} patokan dari {taken.name}, {taken.refused} ditolak")
        if taken.first_reason is not None:
            print_line(f"Penolakan pertama: {taken.first_reason}")
    print_line(f"{built.builtin + built.patokan} tempat di {built.out} (versi {built.version})")
