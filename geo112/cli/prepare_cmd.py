"""`geo112 prepare …`: builds the data that a centre needs."""

import json
import math
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Build the data that a centre needs: boundaries, cells, places.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Build the data that a centre needs."""


@app.command()
def boundaries(
    *,
    source: Annotated[Path, typer.Option(help="Folder of the source packages (npm).")] = Path("node_modules"),
    out: Annotated[Path, typer.Option(help="Folder for what is built.")] = Path("data/boundaries/build"),
    tables: Annotated[Path, typer.Option(help="Folder of the tables of names and of split kecamatan.")] = Path(
        "data/boundaries"
    ),
    compare: Annotated[
        Path | None, typer.Option(help="Other kecamatan boundaries to compare with (column kode_kecamatan or kode).")
    ] = None,
    cache: Annotated[Path, typer.Option(envvar="XDG_CACHE_HOME", help="The user's cache folder.")] = Path("~/.cache"),
    force: Annotated[bool, typer.Option("--force", help="Build again although the result is in the cache.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, without progress bars.")] = False,
) -> None:
    """Build the kecamatan boundaries of all Indonesia, with a report on their quality."""
    from geo112.prepare.boundaries import Request, prepare_boundaries  # noqa: PLC0415  heavy: only when it is used
    from geo112.prepare.phases import Phases  # noqa: PLC0415

    built = prepare_boundaries(
        Request(
            source=source,
            tables=tables,
            out=out,
            compare=compare,
            cache=cache.expanduser() / "geo112" / "boundaries",
            force=force,
        ),
        phases=Phases(shown=not as_json),
    )
    if as_json:
        typer.echo(json.dumps(built.facts(), ensure_ascii=False))
    else:
        typer.echo(built.summary())


@app.command()
def cells(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Lists of cells, CSV or CSV.gz.")],
    *,
    preset: Annotated[
        str, typer.Option(help="auto, opencellid (also Mozilla's lists) or operator (sites and sectors).")
    ] = "auto",
    add: Annotated[
        bool, typer.Option("--add/--replace", help="Add to the cells that are there, or build the table anew.")
    ] = False,
    mnc: Annotated[
        str | None, typer.Option(help="Network code of an operator's list that has no column for it.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for what is built.")] = Path("data/cells/build"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, without progress bars.")] = False,
) -> None:
    """Build the table of mobile cells out of OpenCelliD's or an operator's lists, with a report on refused rows."""
    from geo112.cli.points.progress import PATIENCE_S, LateBar  # noqa: PLC0415  only when it is used
    from geo112.prepare.cells import Request, prepare_cells  # noqa: PLC0415

    with LateBar("sel", patience_s=math.inf if as_json else PATIENCE_S) as bar:
        built = prepare_cells(Request(files=files, out=out, preset=preset, add=add, mnc=mnc), progress=bar)
    if as_json:
        typer.echo(json.dumps(built.facts(), ensure_ascii=False))
    else:
        typer.echo(built.summary())


@app.command()
def places(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Patokan to import: .csv, .geojson, .osm or .osm.pbf.")
    ] = None,
    *,
    builtin: Annotated[
        bool, typer.Option("--builtin", help="Only build anew: villages and kecamatan, with all imports.")
    ] = False,
    remove: Annotated[str | None, typer.Option(help="Name of an import to take out again.")] = None,
    boundaries: Annotated[Path, typer.Option(help="Folder of the built boundaries.")] = Path("data/boundaries/build"),
    out: Annotated[Path, typer.Option(help="The file of places; imports are kept beside it.")] = Path(
        "data/places/places.geo112"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Build the gazetteer: villages, kecamatan and kabupaten, and the patokan that you import."""
    from geo112.cli.prepare_places import run_places  # noqa: PLC0415  heavy: only when it is used

    run_places(file, builtin=builtin, remove=remove, boundaries=boundaries, out=out, as_json=as_json)


def register(parent: typer.Typer) -> None:
    """Hang the commands under `geo112 prepare`."""
    parent.add_typer(app, name="prepare")
