"""One centre of the demonstration as a process of its own: made afresh, then served like any real one.

It reads `{"kode", "folder", "port", "password"}` from stdin and prints one line `DEMO {…}` before it serves.
"""

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from geo112.cli.demo.parent import die_with_parent
from geo112.cli.output import print_error, print_line
from geo112.core.clock import SystemClock
from geo112.core.errors import Geo112Error
from geo112.core.roles import Role

# A random password that ends with the demonstration needs no slow hash, and ten slow ones would hold up the start.
_QUICK_HASH = {"memory_kib": 1024, "rounds": 1}
_NAMES = {
    Role.CALL_TAKER: "Penerima Simulasi",
    Role.DISPATCHER: "Dispatcher Simulasi",
    Role.PLANNER: "Perencana Simulasi",
    Role.SUPERVISOR: "Supervisor Simulasi",
    Role.ADMIN: "Admin Simulasi",
}


def make_demo_centre(folder: Path, kode: str, *, port: int, password: str) -> dict[str, Any]:
    """Make the centre afresh with its users and say what the `DEMO` line says."""
    from geo112.cli.centre.setup import make_centre  # noqa: PLC0415 - after the parent is watched
    from geo112.store.accounts import Accounts  # noqa: PLC0415 - as above
    from geo112.store.passwords import Passwords  # noqa: PLC0415 - as above
    from geo112.store.sql import SqlLog  # noqa: PLC0415 - as above

    shutil.rmtree(folder, ignore_errors=True)
    now = SystemClock().now()
    made = make_centre(folder, kode, port=port, simulation=True, now=now)
    log = SqlLog.open(made.settings.database)
    try:
        accounts = Accounts(log.engine, Passwords(**_QUICK_HASH))
        with ThreadPoolExecutor(len(_NAMES)) as pool:
            added = [
                pool.submit(accounts.add_user, user=role.value, name=name, password=password, roles=[role], now=now)
                for role, name in _NAMES.items()
            ]
            for one in added:
                one.result()
    finally:
        log.close()
    return {
        "kode": made.centre.kode,
        "nama": made.centre.nama,
        "url": f"http://127.0.0.1:{port}",
        "users": {role.value: {"user": role.value, "password": password} for role in _NAMES},
        "keys": {"sms": made.sms_key, "pbx": made.pbx_key},
    }


def main(arguments: list[str]) -> int:
    """Make and serve one centre until told to stop; dies with the process that started it."""
    die_with_parent(int(arguments[0]))
    said = json.load(sys.stdin)
    folder = Path(said["folder"])
    try:
        demo = make_demo_centre(folder, said["kode"], port=said["port"], password=said["password"])
        print_line("DEMO " + json.dumps(demo))
        sys.stdout.flush()
        from geo112.cli.centre.folder import open_folder  # noqa: PLC0415 - as above
        from geo112.cli.centre.serve import serve_centre  # noqa: PLC0415 - as above

        settings = open_folder(folder, host="127.0.0.1", port=said["port"])
        serve_centre(settings, names=[], limit_concurrency=512, said=lambda *_: None)
    except Geo112Error as error:
        print_error(str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
