"""What an outside share is made of, and whom to call besides the nearest centre: a drawn coast on the equator."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from zone_maps import zone

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import BadTable, DataMissing, StorageError
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.zones.compact import write_zones
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside, Outside, OutsideKind, SecondLine, Straddles
from geo112.zones.outside import OUTSIDE_FILE
from geo112.zones.records import Zone
from geo112.zones.second_line import COLUMNS, SecondLines, read_second_lines
from geo112.zones.wire import jurisdiction_to_dict

BASARNAS = SecondLine(number="115", nama="Basarnas", why="laut")
MALAYSIA = SecondLine(number="999", nama="Malaysia", why="luar negeri")
LINES = SecondLines(numbers={"laut": (BASARNAS,), "MY": (MALAYSIA,)})
# Two kecamatan side by side across the equator with a lake in the second; Malaysia east of them; sea all around.
LAKE = box(109.25, 0.0, 109.3, 0.05)
OUTSIDE = {"MY": ("abroad", box(109.4, -0.2, 109.8, 0.2)), "danau": ("lake", LAKE)}


@pytest.fixture(scope="module")
def coast_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coast")
    kecamatan = {"61.01.01": box(109.0, -0.2, 109.2, 0.2), "61.02.01": box(109.2, -0.2, 109.4, 0.2).difference(LAKE)}
    write_zones(
        folder / "zones.geo112",
        zones=[zone(code) for code in kecamatan],
        polygons=np.array(list(kecamatan.values()), object),
        version="pantai",
    )
    zones = [
        Zone(
            kode=KodeKecamatan(code),
            nama="Malaysia" if code == "MY" else code,
            kode_kabkota=KodeKabKota(kind),
            kabkota="",
            area_km2=1.0,
        )
        for code, (kind, _) in OUTSIDE.items()
    ]
    shapes = np.array([shape for _, shape in OUTSIDE.values()], object)
    write_zones(folder / OUTSIDE_FILE, zones=zones, polygons=shapes, version="pantai", cell_deg=0.0512)
    return folder


@pytest.fixture(scope="module")
def coast(coast_dir: Path) -> ZoneIndex:
    return ZoneIndex.open(coast_dir / "zones.geo112", lines=LINES)


def place(lon: float, lat: float) -> Position:
    return Position(lon_deg=lon, lat_deg=lat)


def circle(lon: float, lat: float, radius_m: float) -> Circle:
    return Circle(middle=place(lon, lat), radius_m=radius_m)


def told(index: ZoneIndex, area: Area) -> tuple[str, dict[str, float], list[str]]:
    """Give the outcome, the parts of what is outside by kind, and the numbers; check that the sum is kept."""
    answer = index.jurisdiction(area)
    shares = answer.shares
    parts = {part.kind.value: part.share for part in shares.outside or ()}
    assert math.fsum(parts.values()) == pytest.approx(shares.outside_share, abs=1e-12)
    total = math.fsum([one.share for one in shares.centres]) + shares.outside_share + shares.unknown_share
    assert total == pytest.approx(1)
    assert all(share >= 0 for share in parts.values())
    return type(answer).__name__, parts, [line.number for line in shares.second_line]


@pytest.mark.parametrize(
    ("area", "outcome", "kind", "numbers"),
    [
        (Point(middle=place(109.1, -0.5)), "Outside", "sea", ["115"]),
        (circle(109.1, -0.5, 500), "Outside", "sea", ["115"]),
        (Point(middle=place(109.6, 0.1)), "Outside", "abroad", ["999"]),
        (circle(109.6, 0.1, 500), "Outside", "abroad", ["999"]),
        (Point(middle=place(109.27, 0.02)), "Outside", "lake", []),
        (circle(109.27, 0.02, 500), "Outside", "lake", []),
        (
            Ellipse(middle=place(108.9, 0.1), semi_major_m=800, semi_minor_m=200, orientation_deg=30),
            "Outside",
            "sea",
            ["115"],
        ),
        (
            ArcBand(apex=place(109.6, 0.0), inner_m=100, outer_m=900, start_deg=0, opening_deg=120),
            "Outside",
            "abroad",
            ["999"],
        ),
        (Polygon(ring=(place(109.5, 0.3), place(109.6, 0.3), place(109.6, 0.4))), "Outside", "sea", ["115"]),
    ],
)
def test_what_lies_outside_has_a_kind(
    coast: ZoneIndex, area: Area, outcome: str, kind: str, numbers: list[str]
) -> None:
    found, parts, called = told(coast, area)
    assert (found, list(parts), called) == (outcome, [kind], numbers)


def test_a_country_is_named_with_its_code(coast: ZoneIndex) -> None:
    answer = jurisdiction_to_dict(coast.jurisdiction(circle(109.6, 0.1, 500)))
    assert (answer["outside_kind"], answer["sea_share"], answer["lake_share"], answer["gap_share"]) == (
        "abroad",
        0,
        0,
        0,
    )
    assert answer["abroad"] == [{"kode": "MY", "nama": "Malaysia", "share": pytest.approx(0.95)}]
    assert answer["abroad_share"] == pytest.approx(0.95)
    assert answer["second_line"] == [{"number": "999", "nama": "Malaysia", "why": "luar negeri"}]


def test_inside_nothing_is_outside(coast: ZoneIndex) -> None:
    answer = coast.jurisdiction(circle(109.1, 0.1, 500))
    assert isinstance(answer, Inside)
    facts = jurisdiction_to_dict(answer)
    assert (facts["outside_kind"], facts["sea_share"], facts["abroad"], facts["second_line"]) == (None, 0.0, [], [])


def test_without_the_file_the_kinds_are_unknown(coast_dir: Path, tmp_path: Path) -> None:
    bare = tmp_path / "zones.geo112"
    bare.write_bytes((coast_dir / "zones.geo112").read_bytes())
    facts = jurisdiction_to_dict(ZoneIndex.open(bare, lines=LINES).jurisdiction(circle(109.1, -0.5, 500)))
    assert (facts["outside_share"], facts["sea_share"], facts["second_line"]) == (0.95, None, [])


def test_a_damaged_file_is_refused(coast_dir: Path, tmp_path: Path) -> None:
    for name in ("zones.geo112", OUTSIDE_FILE):
        (tmp_path / name).write_bytes((coast_dir / name).read_bytes())
    body = bytearray((tmp_path / OUTSIDE_FILE).read_bytes())
    body[-9] ^= 1
    (tmp_path / OUTSIDE_FILE).write_bytes(body)
    with pytest.raises(StorageError, match=r"outside\.geo112"):
        ZoneIndex.open(tmp_path / "zones.geo112")


def test_a_beach_with_most_of_the_area_on_land_does_not_point_to_the_sea(coast: ZoneIndex) -> None:
    outcome, parts, numbers = told(coast, circle(109.1, -0.2 + 0.0005, 100))
    assert (outcome, list(parts), numbers) == ("Straddles", ["sea"], [])
    assert 0 < parts["sea"] < 0.475


def test_a_swimmer_with_most_of_the_area_in_the_sea_does(coast: ZoneIndex) -> None:
    outcome, parts, numbers = told(coast, circle(109.1, -0.2 - 0.0005, 100))
    assert (outcome, numbers) == ("Straddles", ["115"])
    assert 0.475 < parts["sea"] < 0.95


def test_a_ferry_three_kilometres_off_has_the_nearest_centre_first(coast: ZoneIndex) -> None:
    answer = coast.jurisdiction(circle(109.1, -0.2 - 3000 / 110_574, 300))
    assert isinstance(answer, Outside)
    assert (answer.nearest.kode, answer.shares.second_line) == ("61.01", (BASARNAS,))
    assert answer.nearest.gap_m == pytest.approx(2700, abs=2700 * 0.15)


def test_some_sea_far_from_every_kecamatan_is_enough(coast: ZoneIndex) -> None:
    """Three quarters of the area are Malaysian land 20 km from us, the rest is sea: both numbers are named."""
    outcome, parts, numbers = told(coast, circle(109.6, 0.2 - 0.009, 2_500))
    assert (outcome, list(parts)) == ("Outside", ["abroad", "sea"])
    assert parts["sea"] < 0.475
    assert numbers == ["115", "999"]


def test_the_thresholds_are_settings(coast_dir: Path) -> None:
    careful = SecondLines(numbers=LINES.numbers, min_share=0.1, gap_m=1e6)
    index = ZoneIndex.open(coast_dir / "zones.geo112", lines=careful)
    assert told(index, circle(109.1, -0.2 + 0.0005, 100))[2] == ["115"]
    late = ZoneIndex.open(
        coast_dir / "zones.geo112", lines=SecondLines(numbers=LINES.numbers, min_share=1.0, gap_m=1e6)
    )
    assert told(late, circle(109.6, 0.2 - 0.009, 2_500))[2] == []


@settings(max_examples=80, deadline=None)
@given(
    lon=st.floats(108.8, 110.0),
    lat=st.floats(-0.4, 0.4),
    radius_m=st.floats(5, 20_000),
)
def test_the_parts_of_a_circle_mirror_at_the_equator(
    mirrored: tuple[ZoneIndex, ZoneIndex], lon: float, lat: float, radius_m: float
) -> None:
    """What lies north of the equator on one map lies south of it on the other: all shares are the same."""
    north, south = mirrored
    one, two = (index.jurisdiction(circle(lon, sign * lat, radius_m)) for index, sign in ((north, 1.0), (south, -1.0)))
    assert type(one) is type(two)
    assert one.shares.outside_share == pytest.approx(two.shares.outside_share, abs=1e-7)
    first, second = ({one.kode: one.share for one in each.shares.centres} for each in (one, two))
    assert first == pytest.approx(second, abs=1e-7)
    if isinstance(one, Outside) and isinstance(two, Outside):
        assert one.nearest.gap_m == pytest.approx(two.nearest.gap_m, abs=0.002)


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> tuple[ZoneIndex, ZoneIndex]:
    """A map across the equator and the same one upside down."""

    def draw(sign: float) -> ZoneIndex:
        shapes = [
            box(109.0, min(sign * -0.05, sign * 0.2), 109.2, max(sign * -0.05, sign * 0.2)),
            box(109.2, min(sign * -0.2, sign * 0.1), 109.4, max(sign * -0.2, sign * 0.1)),
        ]
        path = tmp_path_factory.mktemp("cermin") / "zones.geo112"
        codes = ("61.01.01", "61.02.01")
        write_zones(path, zones=[zone(code) for code in codes], polygons=np.array(shapes, object), version="cermin")
        return ZoneIndex.open(path)

    return draw(1.0), draw(-1.0)


@pytest.mark.parametrize("radius_m", [None, 1.0, 100.0, 5_000.0, 40_000.0])
def test_zero_and_minus_zero_are_the_same_latitude(coast: ZoneIndex, radius_m: float | None) -> None:
    for lon in (108.9, 109.0, 109.1, 109.2, 109.27, 109.4, 109.6):
        north, south = (
            jurisdiction_to_dict(
                coast.jurisdiction(Point(middle=place(lon, lat)) if radius_m is None else circle(lon, lat, radius_m))
            )
            for lat in (0.0, -0.0)
        )
        assert north == south


def test_a_circle_on_the_equator_has_halves(coast: ZoneIndex) -> None:
    """The border of the lake runs along the equator, and a circle around a place on it is half lake."""
    answer = coast.jurisdiction(circle(109.275, 0.0, 1_000))
    assert isinstance(answer, Straddles)
    assert answer.shares.outside is not None
    assert [(part.kind, part.share) for part in answer.shares.outside] == [
        (OutsideKind.LAKE, pytest.approx(0.475, abs=1e-6))
    ]


HEAD = ",".join(COLUMNS)


def write_table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "second_lines.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_the_table_is_read_with_several_numbers_and_none(tmp_path: Path) -> None:
    path = write_table(
        tmp_path,
        "laut,115,Basarnas,basarnas.go.id,2026-11,",
        "SG,995,Singapura,scdf.gov.sg,2023,",
        "SG,999,Singapura (polisi),x,,",
        "TH,,Thailand,,,",
    )
    numbers = read_second_lines(path)
    assert {kode: [line.number for line in lines] for kode, lines in numbers.items()} == {
        "laut": ["115"],
        "SG": ["995", "999"],
    }
    assert [numbers["laut"][0].why, numbers["SG"][0].why] == ["laut", "luar negeri"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("malaysia,999,Malaysia,x,2026,", "kode"),
        ("MY,tiga,Malaysia,x,2026,", "number"),
        ("MY,9,Malaysia,x,2026,", "number"),
        ("MY,999,,x,2026,", "nama"),
        ("MY,999,Malaysia,,2026,", "source"),
        ("MY,999,Malaysia,x,kemarin,", "source_date"),
        ("MY,999,Malaysia", "columns"),
        ("MY,999,Malaysia,x,2026,,,", "columns"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(BadTable, match="line 2") as caught:
        read_second_lines(write_table(tmp_path, row))
    assert caught.value.field == field


def test_another_table_none_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="line 1"):
        read_second_lines(write_table(tmp_path, head="kode,nomor"))
    with pytest.raises(DataMissing, match="missing"):
        read_second_lines(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadTable, match="UTF-8"):
        read_second_lines(tmp_path / "bad.csv")


def test_the_table_that_comes_with_the_program_names_basarnas() -> None:
    table = Path(__file__).parents[2] / "data" / "boundaries" / "second_lines.csv"
    numbers = read_second_lines(table)
    assert [line.number for line in numbers["laut"]] == ["115"]
    assert {"MY", "SG", "BN", "TL", "PG", "PH"} <= set(numbers)
