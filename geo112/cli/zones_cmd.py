"""`geo112 zones …`: looks into sets of boundaries."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look into sets of boundaries.", no_args_is_help=True)


@app.callback()
def zones() -> None:
    """Look into sets of boundaries."""


@app.command()
def raw(
    *,
    lat: Annotated[str, typer.Option(help="Latitude in degrees, such as -8.0983.")],
    lon: Annotated[str, typer.Option(help="Longitude in degrees, such as 112.1681.")],
    boundaries: Annotated[
        str | None, typer.Option(help="Version or folder of an imported set, if not the one in force.")
    ] = None,
    sets: Annotated[Path | None, typer.Option(help="Folder of the imported sets, if not the project's own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show every polygon of an imported file that covers a place, as the file has it: none, one, two or more.

    The file's own answer, before overlaps were settled and cracks were closed.
    """
    from geo112.cli.zones_raw import run_raw  # noqa: PLC0415  heavy: only when it is used

    run_raw(lat=lat, lon=lon, boundaries=boundaries, sets=sets, as_json=as_json)


def register(parent: typer.Typer) -> None:
    """Hang the commands under `geo112 zones`."""
    parent.add_typer(app, name="zones")
