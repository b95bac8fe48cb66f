"""`geo112 prepare …`: builds the data that a centre needs."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Menyiapkan data: batas wilayah dan lainnya.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Menyiapkan data yang dibutuhkan sebuah pusat 112."""


@app.command()
def boundaries(
    *,
    source: Annotated[Path, typer.Option(help="Folder paket sumber (npm).")] = Path("node_modules"),
    out: Annotated[Path, typer.Option(help="Folder hasil.")] = Path("data/boundaries/build"),
    tables: Annotated[Path, typer.Option(help="Folder tabel nama dan pemekaran.")] = Path("data/boundaries"),
    compare: Annotated[
        Path | None, typer.Option(help="Batas kecamatan lain untuk dibandingkan (kolom kode_kecamatan atau kode).")
    ] = None,
    cache: Annotated[Path, typer.Option(envvar="XDG_CACHE_HOME", help="Folder simpanan pengguna.")] = Path("~/.cache"),
    force: Annotated[bool, typer.Option("--force", help="Bangun ulang walaupun hasilnya sudah tersimpan.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Satu objek JSON, tanpa bilah kemajuan.")] = False,
) -> None:
    """Membangun batas kecamatan seluruh Indonesia, dengan laporan mutu."""
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


def register(parent: typer.Typer) -> None:
    """Hang the commands under `geo112 prepare`."""
    parent.add_typer(app, name="prepare")
