"""`geo112 resolve`: which kecamatan and which 112 centre, for one place, one message or a table of points."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.cli.boundary_sets import BuildDir, SetsDir, folder_in_force
from geo112.cli.output import print_json, print_line, read_input
from geo112.cli.points.job import Job, check_paths
from geo112.cli.points.scheduler import Scheduler
from geo112.core.errors import BadInput, BadMessage, BadPosition, BadShape, BadTable

if TYPE_CHECKING:
    from geo112.core.shapes import Area
    from geo112.zones.question.ask import Reply

_LONGEST_INPUT_BYTES = 1_000_000


def register(app: typer.Typer) -> None:
    """Add `resolve` to the command line."""
    app.command("resolve")(resolve)


def resolve(  # noqa: PLR0913 - the options that the command line promises
    *,
    lat: Annotated[str | None, typer.Option(help="Latitude in degrees, such as -8.0983.")] = None,
    lon: Annotated[str | None, typer.Option(help="Longitude in degrees, such as 112.1681.")] = None,
    radius_m: Annotated[str | None, typer.Option(help="Radius of the uncertainty in metres.")] = None,
    confidence_share: Annotated[
        str | None,
        typer.Option(help="Probability that the caller is within the radius, above 0 to 1 (0.95 if unsaid)."),
    ] = None,
    message: Annotated[str | None, typer.Option(help="File with a location message; `-` is stdin.")] = None,
    points: Annotated[Path | None, typer.Option(help="Table of points, .csv or .parquet.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the resolved table goes, .csv or .parquet.")] = None,
    lat_column: Annotated[str, typer.Option(help="Column of the latitude in --points.")] = "lat",
    lon_column: Annotated[str, typer.Option(help="Column of the longitude in --points.")] = "lon",
    boundaries: Annotated[Path | None, typer.Option(help="Folder of built boundaries, if not those in force.")] = None,
    on: Annotated[str | None, typer.Option(help="Day such as 2027-01-01: use what is in force then.")] = None,
    sets_dir: SetsDir = None,
    build_dir: BuildDir = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask scheduler whose workers resolve --points, tcp://host:port or tls://….")
    ] = None,
    scheduler_timeout_s: Annotated[
        float, typer.Option(min=1, help="How long to wait for a scheduler or a worker, in seconds.")
    ] = 60.0,
    scheduler_ca: Annotated[Path | None, typer.Option(help="Certificate authority of a tls:// scheduler, PEM.")] = None,
    scheduler_cert: Annotated[Path | None, typer.Option(help="Our certificate for a tls:// scheduler, PEM.")] = None,
    scheduler_key: Annotated[Path | None, typer.Option(help="The key of our certificate, PEM.")] = None,
    places: Annotated[
        Path | None, typer.Option(help="File of spoken places for the question, if not the project's own.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option(help="What the caller answers to the question that is to be asked: ya or tidak.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find the kecamatan and the 112 centre of one place, of a location message, or of a table of points.

    A table keeps all its columns and gains kode_kecamatan, kecamatan, kode_kabkota, kabkota, outcome and gap_m. A point
    at sea, abroad or in a gap has the outcome `outside`, the nearest kecamatan and the distance to it, gap_m in metres;
    inside, gap_m is 0. Rows without a usable position go to OUT with the suffix .rejected.csv, and the end is 2.
    """
    single = {"--lat": lat, "--lon": lon, "--radius-m": radius_m, "--confidence-share": confidence_share}
    given = [name for name, value in single.items() if value is not None]
    _one_way(single=given, message=message, points=points, out=out)
    ways = {"--scheduler-ca": scheduler_ca, "--scheduler-cert": scheduler_cert, "--scheduler-key": scheduler_key}
    cluster = _cluster(scheduler, timeout_s=scheduler_timeout_s, trust=ways, points=points)
    boundaries = folder_in_force(boundaries, on, sets_dir=sets_dir, build_dir=build_dir)
    reply = _reply(answer, points)
    if points is not None and out is not None:
        job = Job(source=points, out=out, lat_column=lat_column, lon_column=lon_column)
        _resolve_table(job, zones_path(boundaries), cluster=cluster, as_json=as_json)
        return
    area, noted = _area_of_message(message) if message is not None else (_area(single), ())
    _resolve_one(area, noted=noted, boundaries=boundaries, places=places, reply=reply, as_json=as_json)


def zones_path(boundaries: Path | None) -> Path:
    """Give the compact file of zones in a folder, or in the folder that `make setup` builds."""
    return (boundaries or _tables() / "build") / "zones.geo112"


def _tables() -> Path:
    """Give the folder of the tables that come with the program."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return installed_root() / "data" / "boundaries"


def places_path(places: Path | None) -> Path:
    """Give the file of spoken places, or the one that `make setup` builds."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return places or installed_root() / "data" / "places" / "places.geo112"


def _reply(answer: str | None, points: Path | None) -> "Reply | None":
    """Read what the caller answers; raises BadInput for anything but yes or no."""
    from geo112.zones.question.ask import Reply  # noqa: PLC0415 - loads PROJ: only when the command runs

    if answer is None:
        return None
    if points is not None:
        raise BadInput("does not go with --points", field="--answer")
    if answer not in (Reply.YA, Reply.TIDAK):
        raise BadInput(f"{answer[:40]!r} is not ya or tidak", field="--answer")
    return Reply(answer)


def _one_way(*, single: list[str], message: str | None, points: Path | None, out: Path | None) -> None:
    """Refuse options that do not belong together; raises BadInput naming them."""
    named = [name for name, value in (("--message", message), ("--points", points)) if value is not None]
    if len(named) == 2:
        raise BadInput("does not go with --message", field="--points")
    if named and single:
        raise BadInput(f"does not go with {named[0]}", field=single[0])
    if not named and not single:
        raise BadInput("give --lat and --lon, or --message, or --points with --out", field="resolve")
    if out is not None and points is None:
        raise BadInput("belongs to --points", field="--out")
    if points is not None and out is None:
        raise BadInput("is missing: where shall the table go?", field="--out")


def _number(options: dict[str, str | None], name: str, error: type[BadInput]) -> float:
    """Read a number strictly: no NaN, no exponent, ASCII digits with a dot."""
    from geo112.locate.degrees import strict_decimal  # noqa: PLC0415 - loads PROJ: only when the command runs

    text = options[name]
    if text is None:
        raise error("is missing", field=name)
    number = strict_decimal(text.strip())
    if number is None:
        raise error(f"{text[:40]!r} is not a decimal number", field=name)
    return number


def _area(options: dict[str, str | None]) -> "Area":
    """Make the place of the options: a circle, or a bare point without a radius."""
    from geo112.core.geo import position_from_degrees  # noqa: PLC0415 - loads PROJ
    from geo112.core.shapes import Circle, Point  # noqa: PLC0415 - loads PROJ

    lat_deg, lon_deg = (_number(options, name, BadPosition) for name in ("--lat", "--lon"))
    middle = position_from_degrees(lat_deg=lat_deg, lon_deg=lon_deg)
    if options["--radius-m"] is None:
        if options["--confidence-share"] is not None:
            raise BadShape("says nothing without --radius-m", field="--confidence-share")
        return Point(middle=middle)
    radius_m = _number(options, "--radius-m", BadShape)
    if options["--confidence-share"] is None:
        return Circle(middle=middle, radius_m=radius_m)
    confidence_share = _number(options, "--confidence-share", BadShape)
    return Circle(middle=middle, radius_m=radius_m, confidence_share=confidence_share)


def _area_of_message(source: str) -> tuple["Area", tuple[str, ...]]:
    """Read the place of a message with its warnings; raises BadMessage where it holds none."""
    from geo112.core.geo import require_field  # noqa: PLC0415 - loads PROJ
    from geo112.locate.fix import Located, NoPosition  # noqa: PLC0415 - loads PROJ
    from geo112.locate.read import read_message  # noqa: PLC0415 - loads PROJ

    reading = read_message(read_input(source, limit_bytes=_LONGEST_INPUT_BYTES))
    if isinstance(reading, NoPosition):
        raise BadMessage(f"holds no position: {reading.reason}", field="message")
    if not isinstance(reading, Located):
        raise BadMessage(reading.reason, field=reading.field)
    require_field(reading.fix.area.middle)
    return reading.fix.area, reading.warnings


def _resolve_one(
    area: "Area",
    *,
    noted: tuple[str, ...],
    boundaries: Path | None,
    places: Path | None,
    reply: "Reply | None",
    as_json: bool,
) -> None:
    """Print which centre answers for a place, what to ask where that is not sure, and what the answer makes of it."""
    from geo112.cli.panel import answer_panel, jurisdiction_panel, question_line  # noqa: PLC0415 - loads rich
    from geo112.cli.question import ask  # noqa: PLC0415 - loads shapely
    from geo112.zones.index import ZoneIndex  # noqa: PLC0415 - loads numba
    from geo112.zones.question.wire import offer_to_dict  # noqa: PLC0415 - loads the types of the zones
    from geo112.zones.second_line import SecondLines, read_second_lines  # noqa: PLC0415 - as above
    from geo112.zones.wire import decision_to_dict, jurisdiction_to_dict  # noqa: PLC0415 - as above

    lines = SecondLines(numbers=read_second_lines(_tables() / "second_lines.csv"))
    zones = ZoneIndex.open(zones_path(boundaries), lines=lines)
    jurisdiction, decision = zones.jurisdiction(area), zones.decide(area)
    asked = ask(zones, area, decision, places=places_path(places), named=places is not None, reply=reply)
    question = None if asked.offer is None else offer_to_dict(asked.offer)
    facts = jurisdiction_to_dict(jurisdiction, decision) | {"question": question}
    if reply is not None:
        facts |= {"after_answer": None if asked.after is None else decision_to_dict(asked.after)}
    warnings = list(dict.fromkeys([*noted, *jurisdiction.shares.warnings]))
    if as_json:
        print_json({**facts, "warnings": warnings})
        return
    print_line(jurisdiction_panel(jurisdiction, decision, warnings=warnings))
    if asked.offer is not None:
        print_line(question_line(asked.offer))
    if reply is not None:
        print_line(answer_panel(reply, asked.after))


def _cluster(
    address: str | None, *, timeout_s: float, trust: dict[str, Path | None], points: Path | None
) -> Scheduler | None:
    """Read the options of a cluster; raises BadInput where they do not fit."""
    if address is None:
        for name, path in trust.items():
            if path is not None:
                raise BadInput("says nothing without --scheduler", field=name)
        return None
    if points is None:
        raise BadInput("belongs to --points", field="--scheduler")
    ca, cert, key = trust.values()
    cluster = Scheduler(address=address, timeout_s=timeout_s, ca=ca, cert=cert, key=key)
    cluster.check()
    return cluster


def _resolve_table(job: Job, zones_file: Path, *, cluster: Scheduler | None, as_json: bool) -> None:
    """Resolve a table and say how it went; raises BadTable where rows were refused."""
    from geo112.cli.points.progress import LateBar  # noqa: PLC0415 - loads rich
    from geo112.cli.points.run import resolve_here, resolve_on_cluster  # noqa: PLC0415 - loads pyarrow and numba

    check_paths(job)
    with LateBar(f"resolve {job.source.name}", silent=as_json) as bar:
        if cluster is None:
            summary = resolve_here(job, zones_file, progress=bar)
        else:
            summary = resolve_on_cluster(job, zones_file, cluster, progress=bar)
    if as_json:
        print_json(summary.as_dict())
    elif not summary.rejected:
        print_line(f"{summary.written} baris ditulis ke {summary.out} (batas wilayah {summary.boundaries})")
    if summary.rejected:
        count = f"{summary.rejected} of {summary.rows} rows rejected, see {summary.rejected_file}"
        raise BadTable(f"{count}; first: {summary.first_error}")
