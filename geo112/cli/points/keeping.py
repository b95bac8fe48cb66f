"""Keeps resolved pieces on the disk beside the goal, so that a run that was broken off goes on where it was."""

import fcntl
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from geo112.cli.points.crew import Resolved
from geo112.cli.points.cutting import PIECE_BYTES, PIECE_ROWS
from geo112.cli.points.job import Job
from geo112.cli.points.pieces import Answer
from geo112.cli.points.rows import Rejected
from geo112.core.errors import BadTable

_FORMAT = 1
# Of the source so much at its beginning and at its end is looked at, beside its size and the time of its last change.
_HASHED_BYTES = 1 << 20


def manifest_of(job: Job, *, zones: str, program: str) -> dict[str, object]:
    """Say what a piece depends on: source, columns, form of the goal, boundaries, program; any change starts anew."""
    stat = job.source.stat()
    with job.source.open("rb") as stream:
        seen = hashlib.blake2b(stream.read(_HASHED_BYTES))
        stream.seek(max(0, stat.st_size - _HASHED_BYTES))
        seen.update(stream.read(_HASHED_BYTES))
    return {
        "format": _FORMAT,
        "source": str(job.source.resolve()),
        "size_bytes": stat.st_size,
        "changed_ns": stat.st_mtime_ns,
        "ends_blake2b": seen.hexdigest(),
        "columns": [job.lat_column, job.lon_column],
        "to": job.out.suffix.lower(),
        "zones": zones,
        "program": program,
        "pieces": [PIECE_BYTES, PIECE_ROWS],
    }


class Kept:
    """The resolved pieces of one run, in order from the beginning of the table, one file for each."""

    def __init__(self, folder: Path, manifest: dict[str, object], *, first: int) -> None:
        """Take up the pieces that an earlier run with the same manifest left; `first` is where the table begins."""
        self._folder, self._manifest, self._first = folder, manifest, first
        self._lock: IO[bytes] | None = None
        self.count, self.end = 0, first

    def __enter__(self) -> Self:
        """Lock the folder; raises BadTable where another run has it."""
        self._folder.mkdir(exist_ok=True)
        self._lock = (self._folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise BadTable("is being written by another run", field="out") from None
        said = self._folder / "manifest.json"
        wanted = json.dumps(self._manifest, sort_keys=True)
        if not said.is_file() or said.read_text() != wanted:
            for path in [said, *self._folder.glob("*.piece*")]:
                path.unlink(missing_ok=True)
            _put(said, wanted.encode())
        for one in self._whole():
            self.count, self.end = self.count + 1, one.end
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let another run have the folder; one without a piece in it goes."""
        if self._lock is not None:
            self._lock.close()
        if self.count == 0:
            shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, one: Resolved) -> None:
        """Keep the next piece."""
        assert one.start == self.end  # noqa: S101 - pieces come in order and without a gap
        facts = asdict(one.answer)
        body = facts.pop("body")
        head = json.dumps({"start": one.start, "end": one.end, "check": zlib.crc32(body), **facts})
        _put(self._path(self.count), head.encode() + b"\n" + body)
        self.count, self.end = self.count + 1, one.end

    def all(self) -> Iterator[Resolved]:
        """Read all kept pieces again; raises BadTable where one was damaged meanwhile."""
        count = 0
        for one in self._whole():
            count += 1
            yield one
        if count != self.count:
            raise BadTable(f"piece {count} in {self._folder} was damaged", field="out")

    def forget(self) -> None:
        """Take all pieces away, once the table is whole."""
        shutil.rmtree(self._folder)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.piece"

    def _whole(self) -> Iterator[Resolved]:
        """Read pieces as long as they are whole and follow one another."""
        number, end = 0, self._first
        while (one := _read(self._path(number))) is not None and one.start == end:
            yield one
            number, end = number + 1, one.end


def _read(path: Path) -> Resolved | None:
    """Read a piece; None where there is none, or none that is whole."""
    if not path.is_file():
        return None
    head, _, body = path.read_bytes().partition(b"\n")
    try:
        facts = json.loads(head)
        start, end, check = facts.pop("start"), facts.pop("end"), facts.pop("check")
        rejected = tuple(Rejected(**each) for each in facts.pop("rejected"))
        one = Resolved(start=start, end=end, answer=Answer(body=body, rejected=rejected, **facts))
    except (ValueError, KeyError, TypeError):
        return None
    return one if zlib.crc32(body) == check else None


def _put(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
