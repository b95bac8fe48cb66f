"""The packages that boundaries are made of: name, version, licence, checksum, as data/boundaries/sources.json says."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo112.core.errors import DataMissing

SOURCES = "sources.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package, the files in it that the build reads, their checksum, and what the licence asks.

    `accuracy_m` is one standard deviation of the error of the lines in it, in metres; None where it holds none.
    """

    name: str
    version: str
    licence: str
    holds: str
    files: tuple[str, ...]
    sha256: str
    accuracy_m: float | None = None


def read_packages(tables: Path) -> list[Package]:
    """Read which packages the build needs."""
    rows = json.loads((tables / SOURCES).read_bytes())
    return [Package(**(row | {"files": tuple(row["files"])})) for row in rows]


def check_packages(packages: Sequence[Package], source: Path) -> None:
    """Refuse a package that is missing, of another version, or changed."""
    for package in packages:
        folder = source / package.name
        described = folder / "package.json"
        if not described.is_file():
            raise DataMissing(f"{package.name} {package.version} is not in {source}: run `make setup`", field="source")
        version = json.loads(described.read_bytes())["version"]
        if version != package.version:
            raise DataMissing(
                f"{package.name} is {version}, but {package.version} is needed: run `make setup`", field="source"
            )
        if package_sum(folder, package.files) != package.sha256:
            raise DataMissing(f"the files of {package.name} are not the known ones: run `make setup`", field="source")


def package_sum(folder: Path, files: Sequence[str]) -> str:
    """SHA-256 over the names and contents of some files of a package."""
    digest = hashlib.sha256()
    for name in files:
        if not (folder / name).is_file():
            raise DataMissing(f"{folder.name} has no file {name}: run `make setup`", field="source")
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    return digest.hexdigest()
