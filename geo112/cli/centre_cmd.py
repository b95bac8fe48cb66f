"""The commands of a real centre: `init`, `users`, `keys`, `serve`, `backup`, `restore`, `replay`, `doctor`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.cli.output import print_json, print_line
from geo112.core.clock import SystemClock, to_iso

if TYPE_CHECKING:
    from geo112.settings import Settings
    from geo112.wiring import Centre

Folder = Annotated[Path, typer.Option("--folder", help="The centre's folder.", show_default="the current one")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object per result.")]
Roles = Annotated[list[str], typer.Option("--role", help="call_taker, dispatcher, planner, supervisor or admin.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")]
HERE = Path()


def register(app: typer.Typer) -> None:
    """Add the commands of a centre to the command line."""
    app.command("init")(init)
    app.command("serve")(serve)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("replay")(replay)
    app.command("doctor")(doctor)
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


def init(
    kode: Annotated[str, typer.Argument(metavar="KODE", help="Kode of the kabupaten or kota, such as 35.72.")],
    *,
    folder: Folder = HERE,
    port: Annotated[int, typer.Option(help="Port of the server.", min=1, max=65535)] = 8112,
    as_json: Json = False,
) -> None:
    """Make a new centre in an empty folder and print its two keys, this once."""
    from geo112.cli.centre.setup import make_centre  # noqa: PLC0415 - loads the database: only when the command runs

    made = make_centre(folder, kode, port=port, now=SystemClock().now())
    where = made.settings.folder
    if as_json:
        keys = {"sms": made.sms_key, "pbx": made.pbx_key}
        print_json({"kode": made.centre.kode, "nama": made.centre.nama, "folder": str(where), "keys": keys})
        return
    for line in (
        f"Pusat 112 {made.centre.nama} ({made.centre.kode}) siap di {where}",
        "",
        "Kunci berikut hanya ditampilkan sekali; simpan sekarang (shown once, keep them now):",
        f"  SMS gateway (POST /api/v1/sms)  {made.sms_key}",
        f"  PBX         (POST /api/v1/pbx)  {made.pbx_key}",
        "",
        f"Langkah berikutnya (next), di dalam {where}:",
        "  geo112 users add NAMA --role admin --role supervisor",
        "  geo112 users add NAMA --role call_taker --role dispatcher",
        f"  geo112 serve                          # http://127.0.0.1:{port}, komputer ini saja (this machine only)",
        "  geo112 serve --tls --host 0.0.0.0     # untuk PC di jaringan lokal (for the PCs of the LAN)",
        "  geo112 doctor",
    ):
        print_line(line)


def serve(
    *,
    folder: Folder = HERE,
    host: Annotated[str | None, typer.Option(help="Address to listen on; other than 127.0.0.1 needs --tls.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
    tls: Annotated[bool, typer.Option("--tls", help="TLS by a local authority, for the PCs of the LAN.")] = False,
    name: Annotated[list[str] | None, typer.Option("--name", help="Another host name or address for --tls.")] = None,
    limit_concurrency: Annotated[int, typer.Option(help="Connections at a time; more get 503.", min=8)] = 512,
) -> None:
    """Serve the centre until Ctrl-C, and take in the SMS of the spool folder."""
    from geo112.cli.centre.serve import serve_centre  # noqa: PLC0415 - loads the server: only when the command runs

    settings = _settings_to_serve(folder, host=host, port=port, tls=tls, names=name or [])

    def said(centre: "Centre", address: str) -> None:
        print_line(f"Pusat 112 {centre.nama} ({centre.kode}): {address}")
        sys.stdout.flush()

    serve_centre(settings, names=name or [], limit_concurrency=limit_concurrency, said=said)


def backup(
    *,
    to: Annotated[Path | None, typer.Option("--to", help="File to write; default: backups/ of the folder.")] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Copy a centre, running or not, into one file, and check the copy by its hash chain."""
    from geo112.cli.centre.copies import backup_centre  # noqa: PLC0415 - loads the database: only when it runs
    from geo112.cli.centre.folder import open_folder  # noqa: PLC0415 - as above

    copy = backup_centre(open_folder(folder), to, now=SystemClock().now())
    if as_json:
        print_json({"file": str(copy.file), "n": copy.n, "hash": copy.hash})
    else:
        print_line(f"{copy.file}: {copy.n} kejadian, diperiksa (events, checked)")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `geo112 backup` wrote.")],
    *,
    folder: Folder = HERE,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of the centre that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Put a copy in place, checked by its hash chain; the database of before is kept beside it."""
    from geo112.cli.centre.copies import restore_centre  # noqa: PLC0415 - loads the database: only when it runs

    back = restore_centre(file, folder, replace=replace, now=SystemClock().now())
    if as_json:
        kept = None if back.kept is None else str(back.kept)
        print_json({"folder": str(back.folder), "kode": back.kode, "n": back.n, "hash": back.hash, "kept": kept})
        return
    print_line(f"{back.folder}: pusat {back.kode}, {back.n} kejadian, diperiksa (events, checked)")
    if back.kept is not None:
        print_line(f"Data sebelumnya disimpan (kept): {back.kept}")


def replay(
    *,
    folder: Folder = HERE,
    start: Annotated[int, typer.Option("--from", help="First number to print.", min=1)] = 1,
    call: Annotated[str | None, typer.Option("--call", help="Only the events of one call and its incident.")] = None,
    as_json: Json = False,
) -> None:
    """Print the events of the log again, in order, checking their chain."""
    from geo112.cli.centre.folder import open_folder  # noqa: PLC0415 - loads the settings: only when it runs
    from geo112.cli.centre.record import events_of, to_dict, to_line  # noqa: PLC0415 - as above
    from geo112.wiring import open_accounts  # noqa: PLC0415 - as above

    log, _ = open_accounts(open_folder(folder))
    try:
        for recorded in events_of(log, start=start, call=call):
            if as_json:
                print_json(to_dict(recorded))
            else:
                print_line(to_line(recorded))
    finally:
        log.close()


def doctor(*, folder: Folder = HERE, as_json: Json = False) -> None:
    """Look over database, boundaries, disk, clock, certificates, port and keys. Exit 1 when something fails."""
    from geo112.cli.centre.doctor import Level, examine  # noqa: PLC0415 - loads the database: only when it runs
    from geo112.cli.centre.folder import open_folder  # noqa: PLC0415 - as above

    findings = examine(open_folder(folder), now=SystemClock().now())
    marks = {Level.OK: "baik      ", Level.WARN: "PERIKSA   ", Level.FAIL: "GAGAL     "}
    for finding in findings:
        if as_json:
            print_json({"check": finding.check, "level": finding.level.value, "says": finding.says})
        else:
            print_line(f"{marks[finding.level]} {finding.check:<11} {finding.says}")
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


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
    scope: Annotated[str, typer.Argument(metavar="sms|pbx", help="What the key is for.")],
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


def _settings_to_serve(folder: Path, *, host: str | None, port: int | None, tls: bool, names: list[str]) -> "Settings":
    """Read the settings; with --tls the certificate comes first, since without one only this machine is served."""
    from geo112.cli.centre import tls as authority  # noqa: PLC0415 - loads the certificates: only when it runs
    from geo112.cli.centre.folder import open_folder, tls_dir  # noqa: PLC0415 - as above
    from geo112.core.errors import SetupError  # noqa: PLC0415 - as above

    if not tls:
        try:
            return open_folder(folder, host=host, port=port)
        except SetupError as error:
            if error.field != "host":
                raise
            raise SetupError(f"plain HTTP is only for this machine: serve {host} with --tls", field="host") from None
    # The names of the certificate do not depend on the address, so the settings are read for this machine first.
    place = tls_dir(open_folder(folder, host="127.0.0.1", port=port))
    made = authority.ensure(
        place,
        (*authority.machine_names(), *names),
        centre=open_folder(folder, host="127.0.0.1").kode,
        now=SystemClock().now(),
    )
    for line in (
        f"Otoritas lokal (local authority): {made.ca_cert}",
        f"  SHA-256 {authority.fingerprint(made.ca_cert)}",
        "  Salin ca.crt ke setiap PC dan percayai (copy it to each PC and trust it; docs/install.md).",
        f"Sertifikat server sampai (until) {made.server_until:%Y-%m-%d}: {', '.join(made.names)}",
    ):
        print_line(line)
    return open_folder(folder, host=host or "0.0.0.0", port=port, tls_cert=made.server_cert, tls_key=made.server_key)  # noqa: S104 - all PCs of the LAN, by TLS
