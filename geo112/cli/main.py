"""The command `geo112`: every sub-command in one tree, errors as one line, exit 2 for bad input."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from geo112 import __version__
from geo112.cli.output import BAD_INPUT_EXIT, exit_code_of, print_error, print_line
from geo112.core.errors import Geo112Error

COMMANDS = (
    *("locate_cmd", "resolve_cmd", "place_cmd", "zones_cmd", "perangkat_cmd"),
    *("prepare_cmd", "bench_cmd", "centre_cmd", "demo_cmd"),
)
INTERRUPTED_EXIT = 130
PIPE_EXIT = 1  # as typer itself ends then


def build_app() -> typer.Typer:
    """Put the commands of all modules into one application."""
    app = typer.Typer(
        name="geo112",
        help="The right 112 centre for every caller.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in COMMANDS:
        import_module(f"geo112.cli.{name}").register(app)
    return app


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 done, 2 bad input, 130 interrupted, 1 nobody reads the output."""
    try:
        code = _command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer would raise again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_EXIT
    return code


def run() -> None:
    """Start `geo112` with the arguments of the process."""
    sys.exit(main(sys.argv[1:]))


def _command(arguments: Sequence[str]) -> int:
    """Run one command; every refusal becomes one line on stderr."""
    try:
        code = build_app()(args=list(arguments), prog_name="geo112", standalone_mode=False)
    except Geo112Error as error:
        return exit_code_of(error)
    except typer.TyperException as error:
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED_EXIT
    return code if isinstance(code, int) else 0


def _usage(error: typer.TyperException) -> int:
    """Tell a wrong use of the command line in one line; without any argument the help has been shown already."""
    format_message = getattr(error, "format_message", None)
    message = str(format_message() if format_message else error)
    if message.strip():
        print_error(message)
    return BAD_INPUT_EXIT


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    """Print the version and end."""
    if wanted:
        print_line(f"geo112 {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(  # noqa: FBT001 - an option of the command line; its callback acts
        False,  # noqa: FBT003 - an option of the command line
        "--version",
        help="Print the version and exit.",
        callback=_show_version,
        is_eager=True,
    ),
) -> None:
    """Find the 112 centre that answers for a caller, and keep every call."""


if __name__ == "__main__":
    run()
