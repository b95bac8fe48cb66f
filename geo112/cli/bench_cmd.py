"""`geo112 bench`: each job beside its alternatives, interleaved in one run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.bench.frame import JOBS
from geo112.cli.output import print_json, print_line

if TYPE_CHECKING:
    from geo112.bench.frame import Result

WRONG_EXIT = 1


def register(app: typer.Typer) -> None:
    """Add `bench` to the command line."""
    app.command("bench")(bench)


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help=f"Which jobs, of {', '.join(JOBS)}; all without any."),
    ] = None,
    *,
    boundaries: Annotated[
        Path | None, typer.Option(help="Folder of built boundaries, if not the project's own.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Folder on the disk that intake is measured on.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per job.")] = False,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Put the tables into this file, each between the marks of its job; `-` prints them."),
    ] = None,
) -> None:
    """Measure geo112 beside what others offer, all in one run, as ratios.

    Ends with 1 when an answer was wrong; a goal that a busy machine missed is only said.
    """
    from rich.console import Console  # noqa: PLC0415 - loads rich: only when the command runs

    from geo112.bench.frame import Room, chosen  # noqa: PLC0415 - only when the command runs
    from geo112.bench.markdown import put, section  # noqa: PLC0415 - as above
    from geo112.cli.resolve_cmd import zones_path  # noqa: PLC0415 - only when the command runs
    from geo112.core.clock import SystemClock  # noqa: PLC0415 - as above

    jobs = chosen(names or [])
    console = Console(stderr=True)
    results: list[Result] = []
    with console.status("bench") as status:
        room = Room(boundaries=zones_path(boundaries).parent, folder=folder, tell=status.update)
        for job in jobs:
            own: list[Result] = []
            for result in job.run(room):
                own.append(result)
                if as_json:
                    print_json(result)
            results += own
            if markdown is not None:
                text = section(job.name, own, at=SystemClock().now())
                print_line(text) if str(markdown) == "-" else put(markdown, job.name, text)
    if not as_json and str(markdown) != "-":
        print_table(results)
    if any(result.get("disagreements") for result in results):
        raise typer.Exit(WRONG_EXIT)


def print_table(results: "list[Result]") -> None:
    """Print one row per job and alternative."""
    from rich.console import Console  # noqa: PLC0415 - loads rich: only when the command runs
    from rich.table import Table  # noqa: PLC0415 - loads rich: only when the command runs

    from geo112.bench.markdown import figure  # noqa: PLC0415 - only when the command runs

    table = Table("job", "beside", "unit", "ours", "theirs", "times better", "goal", "met")
    for result in results:
        for name, theirs in result["others"].items():
            goal = result["goal"].get(name)
            table.add_row(
                result["job"],
                name,
                result["unit"],
                figure(result["ours"]),
                figure(theirs),
                f"{result['ratio'][name]:.1f}",
                f"{goal:g}" if goal else "",
                "" if goal is None else "yes" if result["ratio"][name] >= goal else "no",
            )
    console = Console()
    console.print(table)
    for result in results:
        if "disagreements" in result:
            print_line(f"{result['job']}: {result['disagreements']} disagreements with covers")
        if "error" in result:
            print_line(f"{result['job']}: largest error {result['error']:.1e}")
    print_line(f"{results[0]['machine']}, median of {results[0]['rounds']} rounds")
