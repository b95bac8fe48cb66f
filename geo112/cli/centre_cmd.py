"""The commands of a real centre: `init`, `users`, `keys`, `serve`, `backup`, `restore`, `replay`, `doctor`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.cli.centre.options import HERE, Folder, Json
from geo112.cli.centre.people_cmd import register_people
from geo112.cli.output import print_json, print_line
from geo112.core.clock import SystemClock

if TYPE_CHECKING:
    from geo112.settings import Settings
    from geo112.wiring import Centre


def register(app: typer.Typer) -> None:
    """Add the commands of a centre to the command line."""
    app.command("init")(init)
    app.command("serve")(serve)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("replay")(replay)
    app.command("doctor")(doctor)
    register_people(app)


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
    """Print the events of the log again, in order; behind each position which one was acted on, and why."""
    from geo112.cli.centre.folder import open_folder  # noqa: PLC0415 - loads the settings: only when it runs
    from geo112.cli.centre.record import events_of, to_dict, to_line  # noqa: PLC0415 - as above
    from geo112.wiring import open_accounts  # noqa: PLC0415 - as above

    log, _ = open_accounts(open_folder(folder))
    try:
        for replayed in events_of(log, start=start, call=call):
            if as_json:
                print_json(to_dict(replayed))
            else:
                print_line(to_line(replayed))
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
