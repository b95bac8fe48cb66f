"""`geo112 prepare …`: builds the data that a centre needs."""

import json
import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from geo112.cli.boundary_sets import SetsDir, beside_program, sets_folder
from geo112.core.clock import SystemClock
from geo112.core.errors import BadInput

_SOURCE, _TABLES = Path("node_modules"), Path("data/boundaries")
_OUT = _TABLES / "build"

app = typer.Typer(help="Build the data that a centre needs: boundaries, cells, places.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Build the data that a centre needs."""


@app.command()
def boundaries(  # noqa: PLR0913 - the options that the command line promises
    *,
    file: Annotated[
        Path | None,
        typer.Option(help="A region's own boundaries: SHP (also .zip), GPKG, GDB, FGB, GeoJSON, GeoParquet, OSM, SQL."),
    ] = None,
    preset: Annotated[
        str, typer.Option(help="Form of FILE: auto big dukcapil gadm cod-ab geoboundaries wilayah osm generic.")
    ] = "auto",
    mapping: Annotated[Path | None, typer.Option(help="TOML that names the columns, for --preset generic.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of FILE, where it has several.")] = None,
    crs: Annotated[
        str | None, typer.Option(help="Coordinate system of a FILE that does not say it, such as EPSG:32749.")
    ] = None,
    bridge: Annotated[
        Path | None, typer.Option(help="CSV with kode_bps,kode_kecamatan, for a FILE with BPS codes.")
    ] = None,
    valid_from: Annotated[
        str | None, typer.Option(help="Day from which FILE is in force, YYYY-MM-DD; unsaid: at once.")
    ] = None,
    accuracy_m: Annotated[
        float | None,
        typer.Option(help="Standard deviation of the error of FILE's lines in metres; unsaid: the preset's."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the set; unsaid: the name of FILE.")] = None,
    licence: Annotated[str | None, typer.Option(help="Licence of FILE, for the report.")] = None,
    source_date: Annotated[str | None, typer.Option(help="Date of FILE, for the report.")] = None,
    sets_dir: SetsDir = None,
    source: Annotated[Path, typer.Option(help="Folder of the source packages (npm).")] = _SOURCE,
    out: Annotated[Path, typer.Option(help="Folder for what is built.")] = _OUT,
    tables: Annotated[Path, typer.Option(help="Folder of the tables of names and of split kecamatan.")] = _TABLES,
    compare: Annotated[
        Path | None, typer.Option(help="Other kecamatan boundaries to compare with (column kode_kecamatan or kode).")
    ] = None,
    cache: Annotated[Path, typer.Option(envvar="XDG_CACHE_HOME", help="The user's cache folder.")] = Path("~/.cache"),
    force: Annotated[bool, typer.Option("--force", help="Build again although the result is in the cache.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, without progress bars.")] = False,
) -> None:
    """Build the kecamatan boundaries of all Indonesia, or import a region's own FILE over them, with a report.

    With --file the set in force (--out or the newest of --sets-dir) stays as it is; a new set is written beside it.
    """
    if file is not None:
        _refuse({"--compare": compare is not None, "--force": force}, "does not go with --file")
        from geo112.cli.prepare_import import run_import  # noqa: PLC0415  heavy: only when it is used
        from geo112.prepare.imports.run import ImportRequest  # noqa: PLC0415

        request = ImportRequest(
            file=file,
            build=beside_program(out, _OUT),
            sets=sets_folder(sets_dir),
            source=beside_program(source, _SOURCE),
            tables=beside_program(tables, _TABLES),
            now=SystemClock().now(),
            preset=preset,
            mapping=mapping,
            layer=layer,
            crs=crs,
            bridge=bridge,
            valid_from=_day(valid_from),
            accuracy_m=accuracy_m,
            name=name,
            licence=licence or "",
            source_date=source_date or "",
        )
        run_import(request, as_json=as_json)
        return
    given = {
        "--preset": preset != "auto", "--mapping": mapping is not None, "--layer": layer is not None,
        "--crs": crs is not None, "--bridge": bridge is not None, "--valid-from": valid_from is not None,
        "--accuracy-m": accuracy_m is not None, "--name": name is not None, "--licence": licence is not None,
        "--source-date": source_date is not None,
    }  # fmt: skip
    _refuse(given, "needs --file")
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


def _refuse(given: dict[str, bool], why: str) -> None:
    """Refuse options that do not belong here; raises BadInput naming the first."""
    for option, wrong in given.items():
        if wrong:
            raise BadInput(why, field=option)


def _day(text: str | None) -> date | None:
    """Read a day such as 2027-01-01; raises BadInput."""
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadInput(f"{text!r} is not a day such as 2027-01-01", field="--valid-from") from None


def register(parent: typer.Typer) -> None:
    """Hang the commands under `geo112 prepare`."""
    parent.add_typer(app, name="prepare")
