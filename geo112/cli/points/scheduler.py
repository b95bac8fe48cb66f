"""Which Dask scheduler the command line was given; dask itself is loaded only when there is one."""

import re
from dataclasses import dataclass
from pathlib import Path

from geo112.core.errors import BadInput

_ADDRESS = re.compile(r"^(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduler:
    """Where a Dask scheduler is, how it is trusted, and how long to wait for it and for workers."""

    address: str
    timeout_s: float
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def check(self) -> None:
        """Refuse what cannot work before anything is read; raises BadInput naming the option."""
        if not _ADDRESS.match(self.address):
            raise BadInput(f"{self.address[:80]!r} is not tcp://host:port or tls://host:port", field="--scheduler")
        files = {"--scheduler-ca": self.ca, "--scheduler-cert": self.cert, "--scheduler-key": self.key}
        for name, path in files.items():
            if self.address.startswith("tcp:") and path is not None:
                raise BadInput("says nothing without a tls:// scheduler", field=name)
            if self.address.startswith("tls:") and path is None:
                raise BadInput("is missing: tls:// wants both sides to show who they are", field=name)
            if path is not None and not path.is_file():
                raise BadInput(f"there is no file {path}", field=name)
