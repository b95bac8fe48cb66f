"""Where the command line finds sets of boundaries, and which one is in force."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from geo112.core.clock import SystemClock
from geo112.core.errors import BadInput
from geo112.zones.catalogue import day_of, set_in_force
from geo112.zones.centres import WIB

SetsDir = Annotated[
    Path | None,
    typer.Option("--sets-dir", envvar="GEO112_BOUNDARY_SETS_DIR", help="Folder of further sets of boundaries."),
]
BuildDir = Annotated[
    Path | None,
    typer.Option("--build-dir", envvar="GEO112_BOUNDARIES_DIR", help="Folder of the national default."),
]


def sets_folder(said: Path | None) -> Path:
    """Give the folder of sets, if not said the one beside the program."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return said or installed_root() / "data" / "boundaries" / "sets"


def build_folder(said: Path | None) -> Path:
    """Give the folder of the default, if not said the one beside the program."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return said or installed_root() / "data" / "boundaries" / "build"


def beside_program(folder: Path, unsaid: Path) -> Path:
    """Give a folder that was left unsaid its place beside the program, wherever the command runs."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return installed_root() / folder if folder == unsaid else folder


def today() -> date:
    """Give the day that it is in Jakarta."""
    return day_of(SystemClock().now(), WIB)


def day_of_text(text: str | None, *, field: str) -> date | None:
    """Read a day such as 2027-01-01; raises BadInput naming the option."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise BadInput(f"{text!r} is no day such as 2027-01-01", field=field)
    return day


def folder_in_force(
    boundaries: Path | None, on: str | None, *, sets_dir: Path | None = None, build_dir: Path | None = None
) -> Path:
    """Give the folder that was named, or that of the set in force on a day, today if none is said; raises BadInput."""
    day = day_of_text(on, field="--on")
    if boundaries is not None:
        if day is not None:
            raise BadInput("does not go with --boundaries", field="--on")
        return boundaries
    return set_in_force(sets_folder(sets_dir), build_folder(build_dir), day or today())
