"""What callers say, and the place that is meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.errors import BadInput, DataMissing
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.locate.places.found import found_to_dict
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.locate.places.shelf import Shelf
from geo112.locate.places.table import PlaceRow, write_places


@pytest.mark.parametrize(
    ("said", "kode"),
    [
        ("Bendogerit", "35.72.03.1007"),
        ("bendo gerit", "35.72.03.1007"),
        ("bendogrit", "35.72.03.1007"),
        ("Kepanjen Kidul dekat masjid", "35.72.01.1001"),
        ("kepanjen kdl", "35.72.01.1001"),
        ("Sananwetan", "35.72.03.1004"),
        ("kec. Sananwetan", "35.72.03"),
        ("desa Jatinom kanigoro", "35.05.10.2002"),
        ("jatinom kanigoro", "35.05.10.2002"),
        ("djatinom, kec kanigoro", "35.05.10.2002"),
        ("Sukorejo", "35.72.02.1006"),
        ("Soekoredjo", "35.72.02.1006"),
        ("Sukorejo kecamatan Udanawu", "35.05.02.2009"),
        ("desa Sukorejo, Kab. Blitar", "35.05.02.2009"),
        ("kel. Sukorejo kota Blitar", "35.72.02.1006"),
        ("kota Blitar", "35.72"),
        ("Kab Blitar", "35.05"),
        ("rumah saya di Tlumpu rt 03 rw 2", "35.72.02.1003"),
        ("sidomulyo dua", "18.07.20.2002"),
        ("Sidomulyo 2", "18.07.20.2002"),
        ("Labuhanratu lampung", "18.07.20.2001"),
        ("kanigoro jatinom", "35.05.10.2002"),
    ],
)
def test_the_village_that_is_meant_comes_first(small: Places, kota: Circle, said: str, kode: str) -> None:
    assert small.find(said, kota)[0].kode == kode


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("jl Merdeka depan pasar Legi", "Legi"),
        ("psr legi", "Legi"),
        ("mesjid agung", "Masjid Agung"),
        ("sd negeri sananwetan satu", "SDN Sananwetan 1"),
        ("masjid al ikhlas jatinom", "Masjid Al Ikhlas"),
    ],
)
def test_patokan_are_found_by_kind_and_name(small: Places, kota: Circle, said: str, name: str) -> None:
    found = small.find(said, kota)[0]
    assert (found.name, found.kode) == (name, None)
    assert found.kabkota in {"Kota Blitar", "Kab. Blitar"}


def test_namesakes_all_come_each_with_what_it_lies_in_and_why(small: Places, kota: Circle) -> None:
    found = [one for one in small.find("Sukorejo", kota) if one.name == "Sukorejo"]
    assert [(one.kode, one.kecamatan, one.kabkota) for one in found] == [
        ("35.72.02.1006", "Sukorejo", "Kota Blitar"),
        ("35.72.02", "Sukorejo", "Kota Blitar"),
        ("35.05.02.2009", "Udanawu", "Kab. Blitar"),
    ]
    assert all("satu dari 3 tempat bernama sama" in one.why for one in found)
    assert "di dalam perkiraan posisi" in found[0].why
    assert any("km di luar perkiraan posisi" in reason for reason in found[2].why)
    assert [one.score_share for one in found] == [1.0, 1.0, 1.0]


def test_near_is_a_prior_that_hides_no_perfect_name(small: Places, kota: Circle) -> None:
    far = small.find("Labuhan Ratu", kota, 2)
    assert "18.07.20.2001" in [one.kode for one in far]
    lampung = Circle(middle=Position(lon_deg=112.05, lat_deg=-8.0), radius_m=2_000)
    assert small.find("Sukorejo", lampung)[0].kode == "35.05.02.2009"
    assert small.find("Sukorejo", Point(middle=lampung.middle))[0].kode == "35.05.02.2009"


def test_a_perfect_name_far_away_keeps_a_seat_among_many_near_ones(tmp_path: Path) -> None:
    def village(name: str, lat_deg: float) -> PlaceRow:
        return PlaceRow(name=name, kind=Kind.DESA, kode=None, parent=-1, lat_deg=lat_deg, lon_deg=112.0, radius_m=500.0)

    near = [village(f"Mulyorej{letter}", -8.0) for letter in "abcdefgik"]
    write_places(tmp_path / "p", [*near, village("Mulyorejo", 4.0)], version="v")
    found = Places.open(tmp_path / "p").find(
        "Mulyorejo", Circle(middle=Position(lon_deg=112.0, lat_deg=-8.0), radius_m=3_000), 5
    )
    assert len(found) == 5
    assert found[-1].name == "Mulyorejo"


def test_beside_a_place_is_wider_than_the_place(small: Places, kota: Circle) -> None:
    at, front, near, towards = (
        small.find(f"{word} pasar legi".strip(), kota)[0] for word in ("", "depan", "dekat", "arah")
    )
    assert [one.area.radius_m for one in (at, front, near, towards)] == [150, 250, 450, 2_150]
    assert "perkiraan: radius ditambah 300 m karena disebut dekat" in near.why
    assert not any("ditambah" in reason for reason in at.why)


def test_a_kind_without_a_name_brings_those_of_the_village(small: Places, kota: Circle) -> None:
    found = small.find("Kepanjen Kidul dekat masjid", kota)
    assert [one.name for one in found[:2]] == ["Kepanjenkidul", "Masjid Agung"]
    assert found[0].area.radius_m == 877
    assert found[1].area.radius_m == 360
    assert "Masjid Al Ikhlas" not in [one.name for one in found]


def test_guesses_are_labelled(small: Places, kota: Circle) -> None:
    assert "perkiraan: radius ditaksir, tidak diukur" in small.find("kelurahan Bendo", kota)[0].why
    assert "perkiraan: dua sumber menaruhnya di tempat yang berbeda" in small.find("Tlumpu", kota)[0].why
    assert not any("perkiraan:" in reason for reason in small.find("Bendogerit", kota)[0].why)


def test_an_answer_is_an_area_with_its_confidence(small: Places, kota: Circle) -> None:
    found = small.find("bendogerit", kota)[0]
    written = found_to_dict(found)
    assert (written["shape"], written["radius_m"], written["confidence_share"]) == ("Circle", 1270.0, 0.95)
    assert (written["lat_deg"], written["lon_deg"]) == (-8.086, 112.177)
    assert found.distance_m == pytest.approx(kota.middle.distance_m(found.area.middle), abs=0.1)
    assert small.find("bendogerit")[0].distance_m is None


@pytest.mark.parametrize("said", ["", "   ", "!!!", "...", "😀", "مسجد", "\x00", "zzzzqqqq xkcd"])
def test_what_names_nothing_finds_nothing(small: Places, kota: Circle, said: str) -> None:
    assert small.find(said, kota) == []


def test_a_text_that_is_too_long_is_refused(small: Places) -> None:
    assert small.find("a" * 200) == []
    with pytest.raises(BadInput, match="201") as refused:
        small.find("a" * 201)
    assert refused.value.field == "text"


@given(st.text(max_size=200), st.integers(-5, 100))
def test_any_text_gives_a_list(small: Places, kota: Circle, said: str, limit: int) -> None:
    found = small.find(said, kota, limit)
    assert len(found) <= min(max(limit, 1), 50)
    assert len({(one.name, one.kind, one.kode, one.area) for one in found}) == len(found)
    assert all(0 <= one.score_share <= 1 and one.area.confidence_share == 0.95 for one in found)


_WORDS = (
    "sukorejo",
    "kanigoro",
    "dekat",
    "depan",
    "desa",
    "kec",
    "kota",
    "masjid",
    "jl",
    ",",
    "rt",
    "3",
    "blitar",
    "di",
)


@given(st.lists(st.sampled_from(_WORDS), max_size=25))
def test_any_heap_of_words_gives_a_list(small: Places, kota: Circle, words: list[str]) -> None:
    assert isinstance(small.find(" ".join(words)[:200], kota), list)


def test_codes_give_areas(small: Places) -> None:
    area = small.area_of("35.72")
    assert area is not None
    assert area.radius_m == 4_800
    assert small.area_of("35.72.03.1007") is not None
    assert small.area_of("99.99") is None
    assert small.area_of("٣٥") is None
    assert small.area_of("9" * 40) is None
    assert (len(small), small.version) == (26, "kecil-1")


def test_a_file_that_is_none_is_refused(tmp_path: Path, small_file: Path) -> None:
    whole = small_file.read_bytes()
    damaged = {"missing": None, "empty": b"", "other": b"x" * 500, "cut": whole[:3_000], "head": whole[:100]}
    for name, data in damaged.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(DataMissing) as refused:
            Places.open(tmp_path / name)
        assert refused.value.field == "places_file"


def test_a_shelf_opens_late_and_sees_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "places.geo112"
    shelf = Shelf(path)
    with pytest.raises(DataMissing):
        shelf.places()
    place = PlaceRow(name="Satu", kind=Kind.DESA, kode=None, parent=-1, lat_deg=-8, lon_deg=112, radius_m=500)
    write_places(path, [place], version="1")
    first = shelf.places()
    assert first.version == "1"
    assert shelf.places() is first
    write_places(path, [place, place], version="2")
    assert (shelf.places().version, len(shelf.places())) == ("2", 2)


@pytest.mark.parametrize(
    ("said", "kode"),
    [
        ("pasar Bendogerit", "35.72.03.1007"),
        ("polsek kanigoro", "35.05.10"),
        ("depan puskesmas tlumpu", "35.72.02.1003"),
        ("terminal blitar", "35.72"),
        ("masjid bendo", "35.72.01.1006"),
    ],
)
def test_a_patokan_in_no_list_is_looked_for_in_the_place_it_is_called_after(
    small: Places, kota: Circle, said: str, kode: str
) -> None:
    found = small.find(said, kota)
    assert found[0].kode == kode
    assert "sebagian kata tidak dikenal di sana" in found[0].why
    assert found[0].score_share < 0.8


def test_a_road_is_not_looked_for_in_the_place_it_is_called_after(small: Places, kota: Circle) -> None:
    assert all(one.score_share < 0.8 or one.kode is None for one in small.find("jl bendogerit lama", kota))
