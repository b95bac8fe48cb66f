"""`geo112 zones …`: which sets of boundaries there are, which one is in force, and what changes between two."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.cli.boundary_sets import BuildDir, SetsDir, build_folder, day_of_text, folder_in_force, sets_folder, today
from geo112.cli.output import print_json, print_line
from geo112.core.clock import SystemClock, to_iso
from geo112.core.errors import BadInput
from geo112.zones.catalogue import DEFAULT, BoundarySet, find_set, in_force, read_sets, version_of
from geo112.zones.centres import WIB

if TYPE_CHECKING:
    from geo112.zones.difference import Difference

app = typer.Typer(help="Sets of boundaries: list, use, remove, compare.", no_args_is_help=True)


@app.callback()
def zones() -> None:
    """Work with sets of boundaries."""


@app.command("list")
def list_sets(
    *,
    sets_dir: SetsDir = None,
    build_dir: BuildDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the sets of this machine, the default first, and say which one is in force today (in Jakarta)."""
    sets, build = read_sets(sets_folder(sets_dir)), build_folder(build_dir)
    now = in_force(sets, on=today())
    rows = [_default_row(build, in_force=now is None or now.folder is None)]
    rows += [_row(one, sets_folder(sets_dir), in_force=one is now) for one in sets if one.folder is not None]
    waits = [one for one in sets if one.folder is None]
    back = None if not waits else str(waits[-1].first_day(WIB))
    if as_json:
        print_json({"today": str(today()), "sets": rows, "default_again_from": back})
        return
    for row in rows:
        mark = "●" if row["in_force"] else "○"
        since = "sejak semula" if row["valid_from"] is None else f"sejak {row['valid_from']}"
        print_line(f"{mark} {row['version']}  {since}  {row['name']}")
    if back is not None:
        print_line(f"Kembali ke {DEFAULT} sejak {back}")


def _default_row(build: Path, *, in_force: bool) -> dict[str, object]:
    row = {"version": version_of(build), "name": DEFAULT, "valid_from": None, "loaded_at": None, "folder": str(build)}
    return {**row, "in_force": in_force}


def _row(one: BoundarySet, sets: Path, *, in_force: bool) -> dict[str, object]:
    return {
        "version": one.version,
        "name": one.name,
        "valid_from": str(one.first_day(WIB)),
        "loaded_at": to_iso(one.loaded_at),
        "folder": str(sets / (one.folder or "")),
        "in_force": in_force,
    }


@app.command()
def use(
    version: Annotated[str, typer.Argument(help="Version of a set, or `default`.")],
    *,
    valid_from: Annotated[str | None, typer.Option("--from", help="Day from which it is valid; without: now.")] = None,
    sets_dir: SetsDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Put a set in force from a day on, or at once; a running centre follows by itself."""
    from geo112.prepare.sets import use as put  # noqa: PLC0415 - loads geopandas

    day = day_of_text(valid_from, field="--from")
    entry = put(version, sets_dir=sets_folder(sets_dir), valid_from=day, now=SystemClock().now())
    if as_json:
        print_json({"version": entry.version, "name": entry.name, "valid_from": str(entry.first_day(WIB))})
    else:
        print_line(f"Batas wilayah {entry.version} berlaku sejak {entry.first_day(WIB)}")


@app.command()
def remove(
    version: Annotated[str, typer.Argument(help="Version of a set; `default` ends a return to the default.")],
    *,
    sets_dir: SetsDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take a set out and delete its files; what is then in force takes over in a running centre."""
    from geo112.prepare.sets import remove as take_out  # noqa: PLC0415 - loads geopandas

    gone = take_out(version, sets_dir=sets_folder(sets_dir))
    if as_json:
        print_json({"removed": gone.version, "name": gone.name})
    else:
        print_line(f"Batas wilayah {gone.version} ({gone.name}) dihapus")


@app.command()
def raw(
    *,
    lat: Annotated[str, typer.Option(help="Latitude in degrees, such as -8.0983.")],
    lon: Annotated[str, typer.Option(help="Longitude in degrees, such as 112.1681.")],
    boundaries: Annotated[
        str | None, typer.Option(help="Version or folder of an imported set, if not the one in force.")
    ] = None,
    sets_dir: SetsDir = None,
    build_dir: BuildDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show every polygon of an imported file that covers a place, as the file has it: none, one, two or more.

    The file's own answer, before overlaps were settled and cracks were closed.
    """
    from geo112.cli.zones_raw import run_raw  # noqa: PLC0415 - loads geopandas

    folders = {"sets_dir": sets_folder(sets_dir), "build_dir": build_folder(build_dir)}
    folder = find_set(boundaries, **folders) if boundaries else folder_in_force(None, None, **folders)
    run_raw(lat=lat, lon=lon, folder=folder, as_json=as_json)


@app.command()
def diff(  # noqa: PLR0913 - the options that the command line promises
    before: Annotated[str, typer.Argument(metavar="A", help="Version, folder or `default`.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Version, folder or `default`.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Page to write, .html; it needs no internet.")] = None,
    calls: Annotated[
        Path | None, typer.Option(help="Folder of a centre, or a CSV with lat, lon and at: what happened in a year.")
    ] = None,
    dust_m2: Annotated[float, typer.Option(help="Pieces below this are summed up, not listed.")] = 10_000.0,
    villages: Annotated[Path | None, typer.Option(help="Table of village points; without: of the default.")] = None,
    sets_dir: SetsDir = None,
    build_dir: BuildDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what moves from set A to set B: ground, villages, and the calls and incidents of the last year."""
    from geo112.cli.zones_diff import Asked, run_diff  # noqa: PLC0415 - loads geopandas

    if not 0 <= dust_m2 < float("inf"):
        raise BadInput(f"{dust_m2} is no area in square metres", field="--dust-m2")
    if out is not None and out.suffix != ".html":
        raise BadInput(f"{out} does not end in .html", field="--out")
    build = build_folder(build_dir)
    found = run_diff(
        Asked(
            before=find_set(before, sets_dir=sets_folder(sets_dir), build_dir=build),
            after=find_set(after, sets_dir=sets_folder(sets_dir), build_dir=build),
            villages=villages or build / "desa.csv",
            calls=calls,
            dust_m2=dust_m2,
            out=out,
        ),
        shown=not as_json,
    )
    if as_json:
        from geo112.zones.difference_wire import difference_to_dict  # noqa: PLC0415 - loads numba

        print_json(difference_to_dict(found) | {"out": None if out is None else str(out)})
    else:
        _print(found, out)


def _print(found: "Difference", out: Path | None) -> None:
    """Print the figures in a few lines, each with what it is a part of."""
    from geo112.zones.difference import Kind  # noqa: PLC0415 - loads numba

    print_line(f"{found.before.version} ke {found.after.version}, dari {found.before.area_km2:.0f} km²:")
    words = {"centre": "ke pusat 112 lain", "kecamatan": "ke kecamatan lain", "new": "baru", "gone": "tidak lagi"}
    print_line(", ".join(f"{found.km2(kind):.3f} km² {words[kind]}" for kind in Kind))
    dust = found.dust
    print_line(f"{dust.area_km2:.3f} km² dalam {dust.parts} serpihan di bawah {dust.below_m2:.0f} m²")
    for what, one in [("desa", found.villages), *((each.what, each.counted) for each in found.happenings)]:
        of = f"dari {one.points} {what}"
        print_line(f"{one.centre_changes} {of} ke pusat 112 lain, {one.kecamatan_changes} {of} ke kecamatan lain")
    register = found.register
    print_line(f"Kecamatan baru {len(register.new)}, hilang {len(register.vanished)}, nama {len(register.renamed)}")
    if out is not None:
        print_line(f"Halaman: {out}")


def register(parent: typer.Typer) -> None:
    """Hang the commands under `geo112 zones`."""
    parent.add_typer(app, name="zones")
