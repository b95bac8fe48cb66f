"""The folder in which a centre lives: where things are in it, and that only one server works in it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

from geo112.core.codes import kode_kabkota
from geo112.core.errors import Conflict, NotFound
from geo112.settings import FILE_NAME, Settings, read_settings
from geo112.zones.centres import Centre, read_centres

__all__ = ["FILE_NAME", "LOCK_NAME", "backups_dir", "lock_folder", "open_folder", "register_of", "tls_dir", "zone_of"]

LOCK_NAME = ".serving"


def open_folder(folder: Path, **overrides: object) -> Settings:
    """Read the settings of the centre in a folder; options that were not given change nothing. Raises SetupError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    return read_settings(folder, **given)


def tls_dir(settings: Settings) -> Path:
    """Say where the certificates of the local authority lie."""
    return settings.folder / "tls"


def backups_dir(settings: Settings) -> Path:
    """Say where copies go when nobody names a place."""
    return settings.folder / "backups"


def register_of(settings: Settings) -> Centre:
    """Give what the register of centres knows of this one; raises NotFound."""
    centre = read_centres(settings.centres_csv).get(kode_kabkota(settings.kode))
    if centre is None:
        raise NotFound(f"{settings.kode} is not in the register of centres", field="kode")
    return centre


def zone_of(centre: Centre) -> tzinfo:
    """Give the time of the centre's clocks: WIB, WITA or WIT."""
    return centre.clock_zone


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Keep the folder for this process; raises Conflict while another server works in it.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"another server is running in {folder.resolve()}", field="folder") from None
        yield
    finally:
        os.close(descriptor)
