"""`geo112 demo`: two neighbouring centres with simulated calls."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command("demo")(demo)


def demo(*, seed: Annotated[int, typer.Option(help="The same seed gives the same calls.")] = 2023) -> None:
    """Serve Kota Blitar and Kab. Blitar with simulated calls until Ctrl-C; GEO112_DEMO_PORTS=9112,9113 moves them."""
    from geo112.cli.demo.runner import run_demo  # noqa: PLC0415 - only when the command runs
    from geo112.cli.demo.settings import read_demo_settings  # noqa: PLC0415 - loads pydantic: only when it runs

    raise typer.Exit(run_demo(read_demo_settings(), seed=seed))
