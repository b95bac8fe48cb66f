"""Keeps the places of a centre at hand: opened when first asked for, and again when their file was replaced."""

import threading
from pathlib import Path

from geo112.core.errors import DataMissing
from geo112.locate.places.search import Places


class Shelf:
    """The file of places of a centre; any number of threads may ask it."""

    __slots__ = ("_lock", "_path", "_places", "_seen")

    def __init__(self, path: Path) -> None:
        """Remember the file; it is not opened before somebody asks, and a centre starts without it too."""
        self._path = path
        self._lock = threading.Lock()
        self._places: Places | None = None
        self._seen: tuple[int, int, int] | None = None

    def places(self) -> Places:
        """Give the places as the file now holds them; raises DataMissing where there is none that can be read."""
        try:
            status = self._path.stat()
        except OSError:
            raise DataMissing(
                f"{self._path} is not there; `geo112 prepare places --builtin` builds it", field="places_file"
            ) from None
        now = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            if self._places is None or self._seen != now:
                self._places = Places.open(self._path)
                self._seen = now
            return self._places
