"""One run over a table of points: cut, resolve, write in order; broken rows go to a side file."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from geo112 import __version__
from geo112.cli.points.crew import Crew, LocalCrew, Resolved, in_order, usable_cores
from geo112.cli.points.job import Job, Summary, check_paths
from geo112.cli.points.keeping import Kept, manifest_of
from geo112.cli.points.pieces import Layout
from geo112.cli.points.scheduler import Scheduler
from geo112.cli.points.source import Source, open_source
from geo112.cli.points.writing import AtomicFile, CsvWriter, ParquetWriter, RejectedFile
from geo112.cli.points.zones_file import checksum_of
from geo112.core.errors import BadTable
from geo112.zones.index import ZoneIndex

Progress = Callable[[int, int], None]
"""Is told how much is done of how much: bytes of a CSV file, rows of a Parquet file."""
Hire = Callable[[Layout], AbstractContextManager[Crew]]
Keep = Callable[[Source], AbstractContextManager[Kept]]


def resolve_here(job: Job, zones_file: Path, *, progress: Progress, cores: int | None = None) -> Summary:
    """Resolve a table with all cores that this process may use, or with so many; raises BadTable and SetupError."""
    zones = ZoneIndex.open(zones_file)

    def hire(layout: Layout) -> LocalCrew:
        return LocalCrew(layout, zones, zones_file, cores=cores or usable_cores())

    return _resolve(job, boundaries=zones.version, hire=hire, progress=progress)


def resolve_on_cluster(job: Job, zones_file: Path, scheduler: Scheduler, *, progress: Progress) -> Summary:
    """Resolve a table with the workers of a cluster; what is resolved outlives a run that breaks off.

    The pieces are in a hidden folder beside the table; the same call goes on from them. Raises BadTable and SetupError.
    """
    from geo112.cli.points.cluster import ClusterCrew  # noqa: PLC0415 - loads dask, only for a cluster

    zones = ZoneIndex.open(zones_file)

    def keep(source: Source) -> Kept:
        manifest = manifest_of(job, zones=f"{zones.version} {checksum_of(zones_file)}", program=__version__)
        return Kept(job.out.with_name(f".{job.out.name}.pieces"), manifest, first=source.first)

    def hire(layout: Layout) -> ClusterCrew:
        return ClusterCrew(scheduler, layout, zones_file)

    return _resolve(job, boundaries=zones.version, hire=hire, progress=progress, keep=keep)


def _resolve(job: Job, *, boundaries: str, hire: Hire, progress: Progress, keep: Keep | None = None) -> Summary:
    """Resolve every row of a table and write it with its answer, in constant memory; raises BadTable.

    With `keep` resolved pieces are kept on the disk until the table is whole, and a broken run goes on from them.
    """
    check_paths(job)
    try:
        with ExitStack() as opened:
            source = opened.enter_context(open_source(job))
            if keep is None:
                crew = opened.enter_context(hire(source.layout))
                answers = in_order(crew, source.cut, start=source.first)
                return _write(job, source, answers, boundaries=boundaries, progress=progress)
            kept = opened.enter_context(keep(source))
            if kept.end < source.total:
                crew = opened.enter_context(hire(source.layout))
                for one in in_order(crew, source.cut, start=kept.end):
                    kept.add(one)
                    progress(one.end, source.total)
            summary = _write(job, source, kept.all(), boundaries=boundaries, progress=lambda *_: None)
            kept.forget()
            return summary
    except OSError as error:
        raise BadTable(f"cannot be read or written: {error.strerror or error}", field=job.out.name) from None
    except pa.ArrowInvalid as error:
        raise BadTable(f"is damaged or no Parquet: {str(error)[:200]}", field=job.source.name) from None


def _write(job: Job, source: Source, answers: Iterable[Resolved], *, boundaries: str, progress: Progress) -> Summary:
    """Write answers in order; rows and lines are counted on from piece to piece."""
    before = job.source.stat()
    # The header of CSV is its first line, and no row.
    rows, line, written = 0, 1, 0
    with RejectedFile(job.rejected) as rejected, AtomicFile(job.out) as out:
        kind: type[CsvWriter | ParquetWriter] = CsvWriter if job.to_csv else ParquetWriter
        with closing(kind(out.stream, source.layout)) as writer:
            for one in answers:
                answer = one.answer
                writer.write(answer.body)
                rejected.add(
                    [
                        replace(each, row=each.row + rows, line=None if each.line is None else each.line + line)
                        for each in answer.rejected
                    ]
                )
                rows, line, written = rows + answer.rows, line + answer.lines, written + answer.written
                progress(one.end, source.total)
        now = job.source.stat()
        if (before.st_size, before.st_mtime_ns) != (now.st_size, now.st_mtime_ns):
            raise BadTable("was changed while it was read", field=job.source.name)
    return Summary(
        rows=rows,
        written=written,
        rejected=rejected.count,
        out=job.out,
        rejected_file=rejected.path if rejected.count else None,
        first_error=str(rejected.first) if rejected.first else None,
        boundaries=boundaries,
    )
