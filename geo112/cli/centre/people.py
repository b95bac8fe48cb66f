"""Users and keys of a centre from the command line; passwords come from a prompt or stdin, never from an argument."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from geo112.cli.centre.folder import open_folder
from geo112.core.errors import BadInput
from geo112.core.roles import Role, Scope
from geo112.store.accounts import Accounts
from geo112.wiring import open_accounts


@contextmanager
def accounts_of(folder: Path) -> Iterator[Accounts]:
    """Open the accounts of the centre in a folder; the centre may be running."""
    log, accounts = open_accounts(open_folder(folder))
    try:
        yield accounts
    finally:
        log.close()


def read_roles(words: list[str]) -> list[Role]:
    """Read the names of roles; raises BadInput naming those that exist."""
    try:
        return [Role(word) for word in words]
    except ValueError:
        raise BadInput(f"a role is one of {', '.join(Role)}", field="role") from None


def read_scope(word: str) -> Scope:
    """Read what a key is for; raises BadInput naming what there is."""
    try:
        return Scope(word)
    except ValueError:
        raise BadInput(f"a key is for one of {', '.join(Scope)}", field="scope") from None


def ask_password(*, from_stdin: bool) -> str:
    """Take the first line of stdin, or ask twice at the terminal without showing it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput("there is no terminal to ask at: use --password-stdin", field="password")
    asked: str = typer.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi", err=True)
    return asked
