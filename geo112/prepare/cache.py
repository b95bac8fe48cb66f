"""Keeps finished builds in the user's cache folder by the checksum of everything that decides their bytes."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import geopandas
import pyarrow
import shapely

from geo112.prepare.outputs import MANIFEST, file_sum
from geo112.prepare.packages import Package
from geo112.prepare.splits import TABLES

_CODE = Path(__file__).parent
# A build takes some 180 MB; older ones serve nobody but a second working copy.
_KEPT = 3


def build_key(packages: Sequence[Package], tables_folder: Path) -> str:
    """Checksum of the sources, the hand-kept tables, this builder and the libraries that write the files."""
    digest = hashlib.sha256()
    for package in packages:
        digest.update(f"{package}\n".encode())
    for name in TABLES:
        digest.update(f"{name}={file_sum(tables_folder / name)}\n".encode())
    digest.update(code_sum(_CODE).encode())
    digest.update(
        f"{shapely.__version__} {shapely.geos_version} {pyarrow.__version__} {geopandas.__version__}".encode()
    )
    return digest.hexdigest()


def code_sum(*folders: Path) -> str:
    """Checksum of the program text in some packages."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.iterdir() if p.suffix in {".py", ".html"}):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compact_sum() -> str:
    """Checksum of the program that writes the files for the service."""
    return code_sum(_CODE.parent / "zones", _CODE.parent / "basemap")[:16]


def is_whole(folder: Path) -> bool:
    """Tell whether every file of a build is there and has the checksum that its manifest names."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return bool(files) and all(file_sum(folder / name) == value for name, value in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def restore(cache: Path, key: str, fresh: Path) -> bool:
    """Copy a kept build into an empty folder; false when there is none or it is damaged."""
    kept = cache / key
    if not is_whole(kept):
        return False
    shutil.copytree(kept, fresh, dirs_exist_ok=True)
    return is_whole(fresh)


def keep(cache: Path, key: str, built: Path) -> None:
    """Keep a finished build; when another process kept the same one meanwhile, that one stays."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".new-") as folder:
        copy = Path(folder) / key
        shutil.copytree(built, copy)
        with suppress(OSError):
            (cache / key).rename(Path(folder) / "old")
        with suppress(OSError):
            copy.rename(cache / key)
    kept = sorted(
        (path for path in cache.iterdir() if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime_ns
    )
    for path in kept[:-_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
