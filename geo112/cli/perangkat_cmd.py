"""`geo112 perangkat …`: who serves which category, what is sent, and whether the tables are sound."""

from pathlib import Path
from typing import Annotated

import typer

from geo112.cli.output import print_json, print_line
from geo112.core.codes import kode_kabkota
from geo112.core.errors import BadInput, BadTable
from geo112.routing.duties.cells import Problem
from geo112.routing.duties.duties import Duties
from geo112.routing.duties.read import (
    CATEGORIES,
    COLUMNS,
    DEFAULT_FOLDER,
    category_codes,
    files_in_force,
    strangers,
    try_duties,
)
from geo112.routing.duties.shelf import duties_of, folders_of, tables_from
from geo112.routing.duties.wire import category_to_dict
from geo112.routing.duties.words import Category, Severity

app = typer.Typer(help="Perangkat daerah, categories and run cards: show, check.", no_args_is_help=True)

Kode = Annotated[str | None, typer.Option("--centre", help="Code of a kabupaten or kota such as 35.72.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per result.")]


@app.callback()
def perangkat() -> None:
    """Work with the tables of who serves what."""


@app.command("show")
def show(
    *,
    centre: Kode = None,
    category: Annotated[str | None, typer.Option(help="Code or printed name, such as KEBAKARAN.")] = None,
    own: Annotated[Path | None, typer.Option("--dir", help="Folder with a centre's own tables.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say for each category who serves it and what is sent; without a centre, for any centre."""
    if own is not None and not own.is_dir():
        raise BadInput(f"{own} is no folder", field="--dir")
    folders = _folders(centre, own)
    duties = duties_of(folders)
    tables = tables_from(folders)
    chosen = list(duties.categories.values()) if category is None else [_category(duties, category)]
    for one in chosen:
        if as_json:
            print_json({**category_to_dict(duties, one), "tables": tables})
        else:
            _tell(duties, one)
    if not as_json:
        print_line(f"Tabel: {', '.join(f'{name} ({folder})' for name, folder in tables.items())}")


@app.command("check")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="Tables, or folders of tables, of one centre.")
    ] = None,
    *,
    centre: Kode = None,
    as_json: AsJson = False,
) -> None:
    """Name every cell that is wrong, with file, line and column; exit 2 if there is any.

    The tables that are not given are those of the centre, else those of any centre. Without any the tables that come
    with the program are checked.
    """
    if paths:
        results = {", ".join(str(path) for path in paths): _checked(_folders(centre, None), paths)}
    elif centre is not None:
        results = {centre: _checked(_folders(centre, None), [])}
    else:
        results = {name: _checked(_folders(name, None), []) for name in _shipped()}
    for name, (duties, problems) in results.items():
        _report(name, duties, problems, as_json=as_json)
    wrong = sum(len(problems) for _, problems in results.values())
    if wrong:
        raise BadTable(f"{wrong} wrong {'place' if wrong == 1 else 'places'} in the tables")


def register(root: typer.Typer) -> None:
    """Add `perangkat` to the command line."""
    root.add_typer(app, name="perangkat")


def _root() -> Path:
    from geo112.settings import perangkat_daerah_root  # noqa: PLC0415 - loads pydantic: only when the command runs

    return perangkat_daerah_root()


def _shipped() -> list[str]:
    """Name the folders of tables that come with the program, the default first."""
    return sorted(
        (one.name for one in _root().iterdir() if one.is_dir()), key=lambda name: (name != DEFAULT_FOLDER, name)
    )


def _folders(centre: str | None, own: Path | None) -> tuple[Path, ...]:
    """Say where tables may stand; raises BadCode for a centre that cannot be."""
    kode = DEFAULT_FOLDER if centre in (None, DEFAULT_FOLDER) else kode_kabkota(str(centre))
    return folders_of(kode, root=_root(), own=own)


def _category(duties: Duties, text: str) -> Category:
    try:
        return duties.category(text)
    except BadInput as error:
        raise BadInput(error.message, field="--category") from None


def _checked(folders: tuple[Path, ...], paths: list[Path]) -> tuple[Duties | None, list[Problem]]:
    """Check the given tables together with those of the folders; raises BadInput for a path that is no table."""
    files = files_in_force(folders)
    problems = [problem for folder in folders for problem in strangers(folder)]
    given: set[str] = set()
    for path in paths:
        if path.is_dir():
            problems += strangers(path)
            tables = [path / name for name in COLUMNS if (path / name).is_file()]
        else:
            tables = [path]
        if not tables or not tables[0].is_file() or tables[0].name not in COLUMNS:
            raise BadInput(f"is no table; a table is called {', '.join(COLUMNS)}", field=str(path))
        for table in tables:
            if table.name in given:
                raise BadInput(f"{table.name} is given twice", field=str(path))
            given.add(table.name)
            files[table.name] = table
    duties, wrong = try_duties(files, needed=category_codes(folders[-1] / CATEGORIES))
    return duties, [*problems, *wrong]


def _report(name: str, duties: Duties | None, problems: list[Problem], *, as_json: bool) -> None:
    notes = () if duties is None else duties.notes()
    if as_json:
        told = [{"file": one.file, "line": one.line, "column": one.column, "message": one.message} for one in problems]
        print_json({"tables": name, "sound": not problems, "problems": told, "notes": list(notes)})
        return
    print_line(f"{name}: {'sound' if not problems else 'refused'}")
    for problem in problems:
        print_line(f"  {problem}")
    for note in notes:
        print_line(f"  note: {note}")


def _tell(duties: Duties, one: Category) -> None:
    """Tell one category in Indonesian."""
    print_line(f"{one.kode}: {one.nama} ({one.nature}, biasanya {one.severity})")
    for service in duties.perangkat_for(one.kode):
        rows = ", ".join(f"{row.kode} {row.source}" for row in service.named_in)
        print_line(f"  {service.perangkat_daerah.nama} ({rows})")
    for severity in Severity:
        card = duties.run_card(one.kode, severity)
        if card.written_for is severity and card.needs:
            needs = ", ".join(f"{need.count} {need.capability} ({need.source})" for need in card.needs)
            print_line(f"  kirim bila {severity}: {needs}")
