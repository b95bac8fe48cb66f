"""What a run over a table of points is asked to do, and how it ended."""

from dataclasses import dataclass
from pathlib import Path

from geo112.core.errors import BadTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to resolve: which file, where to, and which columns hold the coordinates."""

    source: Path
    out: Path
    lat_column: str = "lat"
    lon_column: str = "lon"

    @property
    def to_csv(self) -> bool:
        """Tell whether the resolved table is CSV; otherwise it is Parquet."""
        return self.out.suffix.lower() == ".csv"

    @property
    def rejected(self) -> Path:
        """Name the side file of refused rows."""
        return self.out.with_suffix(".rejected.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run ended: `rows` counts data rows, each of which was either written or rejected."""

    rows: int
    written: int
    rejected: int
    out: Path
    rejected_file: Path | None
    first_error: str | None
    boundaries: str

    def as_dict(self) -> dict[str, object]:
        """Write the summary as JSON."""
        return {
            "rows": self.rows,
            "written": self.written,
            "rejected": self.rejected,
            "out": str(self.out),
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "first_error": self.first_error,
            "boundaries": self.boundaries,
        }


def check_paths(job: Job) -> None:
    """Refuse names that cannot work before anything is read or written; raises BadTable."""
    for field, path in (("points", job.source), ("out", job.out)):
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise BadTable(f"{path.name!r} does not end in .csv or .parquet", field=field)
    if not job.source.is_file():
        raise BadTable(f"there is no file {job.source}", field="points")
    if not job.out.parent.is_dir():
        raise BadTable(f"there is no folder {job.out.parent}", field="out")
    if job.out.is_dir():
        raise BadTable("is a folder", field="out")
    taken = job.source.resolve()
    if taken in (job.out.resolve(), job.rejected.resolve()):
        raise BadTable("is the file that is read; choose another name", field="out")
    if job.lat_column == job.lon_column:
        raise BadTable(f"{job.lat_column!r} cannot be both latitude and longitude", field="lon_column")
