"""Results as tables of Markdown, put into a file between marks, so that no figure is typed."""

import importlib.metadata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from geo112.bench.frame import Result

_VERSIONS = ("numpy", "numba", "shapely", "geopandas", "sedonadb", "dask-geopandas", "fastapi", "pydantic", "uvicorn")


def section(job: str, results: Sequence[Result], *, at: datetime) -> str:
    """Write the table of one job, with what it was measured on and when."""
    lines = [
        f"Measured on {at:%Y-%m-%d %H:%M} UTC, `geo112 bench {job}`; {results[-1]['machine']}; {_versions()}.",
        "",
        "| measure | geo112 | beside | theirs | geo112 is better by |",
        "|---|---|---|---|---|",
    ]
    for result in results:
        ours = f"**{figure(result['ours'])}** {result['unit']}"
        if not result["others"]:
            lines.append(f"| {result['job']} | {ours} | | | |")
        for name, theirs in result["others"].items():
            lines.append(f"| {result['job']} | {ours} | {name} | {figure(theirs)} | {_ratio(result, name)} |")
    notes = [f"- {note}" for result in results for note in _notes(result)]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def put(file: Path, job: str, text: str) -> None:
    """Put a section between the marks of its job, or behind all that is there; the file may be new."""
    begin, end = f"<!-- geo112 bench {job} -->", f"<!-- end of {job} -->"
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    whole = f"{begin}\n{text}\n{end}"
    before, found, rest = said.partition(begin)
    _, closed, after = rest.partition(end)
    said = f"{before}{whole}{after}" if found and closed else f"{said.rstrip()}\n\n{whole}\n".lstrip()
    file.write_text(said, encoding="utf-8")


def figure(value: float) -> str:
    """Write a figure with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _ratio(result: Result, name: str) -> str:
    ratio = f"{result['ratio'][name]:.2g}" if result["ratio"][name] < 10 else f"{result['ratio'][name]:,.1f}"
    goal = result["goal"].get(name)
    if goal is None:
        return f"{ratio} (a limit, not a goal)" if name.startswith("limit") else ratio
    met = "met" if result["ratio"][name] >= goal else "**missed**"
    return f"**{ratio}** (goal {goal:g}, {met})"


def _notes(result: Result) -> list[str]:
    """Say what a result knows besides its figures."""
    job, notes = result["job"], []
    if "compared" in result:
        parts = ", ".join(f"{name} {count:,}" for name, count in result["compared"].items())
        notes.append(f"{job}: {parts}")
    if "disagreements" in result:
        notes.append(f"{job}: {result['disagreements']} disagreements")
    if "error" in result:
        others = ", ".join(f"{name} {error:.0e}" for name, error in result["error_of_others"].items())
        notes.append(f"{job}: largest error {result['error']:.0e} (goal 1e-05); {others}")
    if "brier" in result:
        notes.append(f"{job}, {result['callers']:,} callers, Brier score: " + _each(result["brier"]))
        notes.append(f"{job}, share of callers whose most probable centre was right: " + _each(result["right"]))
    if "p99_us" in result:
        notes.append(f"{job}, p99 in µs: " + _each(result["p99_us"]))
    if "p99_ms" in result:
        notes.append(f"{job}, p50 in ms: " + _each(result["p50_ms"]))
        notes.append(f"{job}, p99 in ms: " + _each(result["p99_ms"]))
    return notes


def _each(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {figure(value)}" for name, value in values.items())


def _versions() -> str:
    """Name what stands beside ours with its versions."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _VERSIONS)
