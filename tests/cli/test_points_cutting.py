"""A table may be cut anywhere, and resolved anywhere: nobody sees it in the answer."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.cli.points.crew import LocalCrew, Pending, in_order
from geo112.cli.points.csv_reading import LONGEST_LINE_BYTES, sniff
from geo112.cli.points.cutting import csv_pieces
from geo112.cli.points.job import Job
from geo112.cli.points.pieces import Answer, Layout, Piece
from geo112.cli.points.rows import Rejected
from geo112.cli.points.run import resolve_here
from geo112.cli.points.work import Work
from geo112.zones.index import ZoneIndex

HEADER = b"lat,lon,note\n"


class HereCrew:
    """Resolves at once, and counts how many pieces were on their way together."""

    def __init__(self, work: Work, room: int) -> None:
        self.work, self.room = work, room
        self.on_the_way = self.most = 0

    def submit(self, piece: Piece) -> Pending:
        self.on_the_way += 1
        self.most = max(self.most, self.on_the_way)
        return Counted(self, self.work(piece))


class Counted:
    def __init__(self, crew: HereCrew, answer: Answer) -> None:
        self.crew, self.answer = crew, answer

    def result(self) -> Answer:
        self.crew.on_the_way -= 1
        return self.answer

    def cancel(self) -> None:
        self.crew.on_the_way -= 1


@pytest.fixture(scope="module")
def zones(squares_dir: Path) -> ZoneIndex:
    return ZoneIndex.open(squares_dir / "zones.geo112")


def crew_for(path: Path, zones: ZoneIndex, room: int = 3) -> HereCrew:
    form = sniff(path, lat_column="lat", lon_column="lon")
    return HereCrew(Work(Layout(lat_column="lat", lon_column="lon", to_csv=True, form=form), zones), room)


def cut_and_resolved(path: Path, zones: ZoneIndex, piece_bytes: int) -> tuple[bytes, list[Rejected], int, int]:
    """Resolve a file cut into pieces of about so many bytes."""

    def cutter(start: int, times: int) -> Iterator[Piece]:
        return csv_pieces(path, start=start, piece_bytes=times * piece_bytes)

    body, rejected, rows, lines = b"", list[Rejected](), 0, 0
    end = len(HEADER)
    for one in in_order(crew_for(path, zones), cutter, start=end):
        assert one.start == end
        end = one.end
        body += one.answer.body
        rejected += [replace(each, row=each.row + rows, line=(each.line or 0) + lines) for each in one.answer.rejected]
        rows, lines = rows + one.answer.rows, lines + one.answer.lines
    assert end == path.stat().st_size
    return body, rejected, rows, lines


PARTS = [
    b"-8.05,112.05,a\n",
    b'"',
    b"\n",
    b"\r\n",
    b",",
    b"\xff",
    b"\0",
    b'"a"',
    b"x",
    b'5" pipe',
    b'-8.05,112.05,"a\nb"\n',
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=40), st.integers(1, 80))
def test_cut_of_any_bytes_changes_nothing(
    tmp_path: Path, zones: ZoneIndex, parts: list[bytes], piece_bytes: int
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(HEADER + b"".join(parts))
    assert cut_and_resolved(path, zones, piece_bytes) == cut_and_resolved(path, zones, 1 << 20)


notes = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.lists(notes, max_size=15), st.integers(1, 200), st.sampled_from(["\n", "\r\n"]))
def test_cut_of_written_csv_loses_no_row(
    tmp_path: Path, zones: ZoneIndex, texts: list[str], piece_bytes: int, end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([("-8.05", "112.05", note) for note in texts])
    path = tmp_path / "in.csv"
    path.write_bytes(HEADER + text.getvalue().encode())
    body, rejected, rows, _ = cut_and_resolved(path, zones, piece_bytes)
    assert [row[2] for row in csv.reader(io.StringIO(body.decode(), newline=""))] == texts
    assert (rejected, rows) == ([], len(texts))


@pytest.mark.parametrize("piece_bytes", [1_000, 700_000, LONGEST_LINE_BYTES, 5 << 20])
def test_line_that_is_too_long_is_one_row_however_it_is_cut(tmp_path: Path, zones: ZoneIndex, piece_bytes: int) -> None:
    path = tmp_path / "in.csv"
    good, huge = b"-8.05,112.05,a\n", b"-8.05,112.05," + b"x" * (LONGEST_LINE_BYTES - 12)
    path.write_bytes(HEADER + good + b'-8.05,112.05,"open\n' + huge + b"\n" + huge + b"\n" + good + huge)
    body, rejected, rows, lines = cut_and_resolved(path, zones, piece_bytes)
    assert body.count(b"\n") == 2
    assert [(one.row, one.line, one.reason) for one in rejected] == [
        (2, 2, "a quote is opened and never closed"),
        (3, 3, f"is longer than {LONGEST_LINE_BYTES} bytes"),
        (4, 4, f"is longer than {LONGEST_LINE_BYTES} bytes"),
        (6, 6, f"is longer than {LONGEST_LINE_BYTES} bytes"),
    ]
    assert (rows, lines) == (6, 6)


def test_no_more_pieces_are_on_their_way_than_there_is_room_for(tmp_path: Path, zones: ZoneIndex) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(HEADER + b"-8.05,112.05,a\n" * 1_000)
    crew = crew_for(path, zones, room=4)
    pieces = list(
        in_order(crew, lambda start, times: csv_pieces(path, start=start, piece_bytes=150), start=len(HEADER))
    )
    assert len(pieces) == 100
    assert crew.most == 4
    assert crew.on_the_way == 0


def test_other_processes_give_the_same(tmp_path: Path, squares_dir: Path, zones: ZoneIndex) -> None:
    path = tmp_path / "in.csv"
    rows = [f'{"x" if at % 900 == 5 else "-8.05"},112.05,"{"n" * 1_500}\n{at}"\n' for at in range(3_000)]
    path.write_bytes(HEADER + "".join(rows).encode())
    alone = tmp_path / "alone.csv"
    zones_file = squares_dir / "zones.geo112"
    one = resolve_here(Job(source=path, out=alone), zones_file, progress=lambda *_: None, cores=1)
    layout = crew_for(path, zones).work._layout
    written = b""
    with LocalCrew(layout, zones, zones_file, cores=2, alone_s=0.0) as crew:
        for each in in_order(crew, lambda start, _: csv_pieces(path, start=start), start=len(HEADER)):
            written += each.answer.body
        assert crew.room == 6
    assert alone.read_bytes().partition(b"\n")[2] == written
    assert (one.rows, one.rejected) == (3_000, 4)
