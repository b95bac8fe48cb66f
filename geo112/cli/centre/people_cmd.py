"""`geo112 users` and `geo112 keys`: the people and machines of a centre."""

from typing import Annotated

import typer

from geo112.cli.centre.options import HERE, Folder, Json
from geo112.cli.output import print_json, print_line
from geo112.core.clock import SystemClock, to_iso

Roles = Annotated[list[str], typer.Option("--role", help="call_taker, dispatcher, planner, supervisor or admin.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")]


def register_people(app: typer.Typer) -> None:
    """Add `users` and `keys` to the command line."""
    users = typer.Typer(name="users", help="Who may log in, and as what.", no_args_is_help=True)
    for name, command in (
        ("add", add_user),
        ("list", list_users),
        ("remove", remove_user),
        ("password", change_password),
        ("roles", change_roles),
    ):
        users.command(name)(command)
    app.add_typer(users)
    keys = typer.Typer(name="keys", help="Keys of the SMS gateway and the telephone exchange.", no_args_is_help=True)
    keys.command("add")(add_key)
    keys.command("list")(list_keys)
    keys.command("remove")(remove_key)
    app.add_typer(keys)


def add_user(
    user: Annotated[str, typer.Argument(metavar="NAME", help="Log-in: a-z, 0-9, dot, dash, underline.")],
    *,
    role: Roles,
    name: Annotated[str | None, typer.Option("--name", help="Name on the screens; default: the log-in.")] = None,
    password_stdin: FromStdin = False,
    folder: Folder = HERE,
) -> None:
    """Add a user; the password is asked for."""
    from geo112.cli.centre.people import accounts_of, ask_password, read_roles  # noqa: PLC0415 - loads the database

    roles = read_roles(role)
    with accounts_of(folder) as accounts:
        password = ask_password(from_stdin=password_stdin)
        accounts.add_user(user=user, name=name or user, password=password, roles=roles, now=SystemClock().now())
    print_line(f"{user}: {', '.join(roles)}")


def list_users(*, folder: Folder = HERE, as_json: Json = False) -> None:
    """List the users with their roles."""
    from geo112.cli.centre.people import accounts_of  # noqa: PLC0415 - loads the database: only when it runs

    with accounts_of(folder) as accounts:
        users = accounts.users()
    for user in users:
        if as_json:
            roles = [role.value for role in user.roles]
            print_json({"user": user.user, "name": user.name, "roles": roles, "created_at": to_iso(user.created_at)})
        else:
            print_line(f"{user.user:<20} {user.name:<28} {', '.join(user.roles)}")


def remove_user(user: Annotated[str, typer.Argument(metavar="NAME")], *, folder: Folder = HERE) -> None:
    """Remove a user; open sessions end, the record keeps what the user did."""
    from geo112.cli.centre.people import accounts_of  # noqa: PLC0415 - loads the database: only when it runs

    with accounts_of(folder) as accounts:
        accounts.remove_user(user)
    print_line(f"{user}: dihapus (removed)")


def change_password(
    user: Annotated[str, typer.Argument(metavar="NAME")], *, password_stdin: FromStdin = False, folder: Folder = HERE
) -> None:
    """Give a user another password; open sessions end."""
    from geo112.cli.centre.people import accounts_of, ask_password  # noqa: PLC0415 - loads the database

    with accounts_of(folder) as accounts:
        accounts.user(user)
        accounts.change_user(user, password=ask_password(from_stdin=password_stdin))
    print_line(f"{user}: kata sandi diganti (password changed)")


def change_roles(user: Annotated[str, typer.Argument(metavar="NAME")], *, role: Roles, folder: Folder = HERE) -> None:
    """Give a user exactly these roles; open sessions end."""
    from geo112.cli.centre.people import accounts_of, read_roles  # noqa: PLC0415 - loads the database

    roles = read_roles(role)
    with accounts_of(folder) as accounts:
        accounts.change_user(user, roles=roles)
    print_line(f"{user}: {', '.join(roles)}")


def add_key(
    scope: Annotated[str, typer.Argument(metavar="sms|pbx|app|held|geolocate", help="What the key is for.")],
    *,
    name: Annotated[str | None, typer.Option("--name", help="Name of the machine.")] = None,
    folder: Folder = HERE,
) -> None:
    """Make a key for a machine and print it, this once."""
    from geo112.cli.centre.people import accounts_of, read_scope  # noqa: PLC0415 - loads the database

    meant = read_scope(scope)
    with accounts_of(folder) as accounts:
        print_line(accounts.add_key(name=name or scope, scopes=[meant], now=SystemClock().now()))


def list_keys(*, folder: Folder = HERE, as_json: Json = False) -> None:
    """List the keys; their secrets are kept nowhere."""
    from geo112.cli.centre.people import accounts_of  # noqa: PLC0415 - loads the database: only when it runs

    with accounts_of(folder) as accounts:
        keys = accounts.keys()
    for key in keys:
        scopes = [scope.value for scope in key.scopes]
        if as_json:
            made = to_iso(key.created_at)
            print_json({"key_id": key.key_id, "name": key.name, "scopes": scopes, "created_at": made})
        else:
            print_line(f"{key.key_id}  {', '.join(scopes):<8}  {key.name}")


def remove_key(key_id: Annotated[str, typer.Argument(metavar="ID")], *, folder: Folder = HERE) -> None:
    """Take a key back; whoever has it may not send any more."""
    from geo112.cli.centre.people import accounts_of  # noqa: PLC0415 - loads the database: only when it runs

    with accounts_of(folder) as accounts:
        accounts.remove_key(key_id)
    print_line(f"{key_id}: dihapus (removed)")
