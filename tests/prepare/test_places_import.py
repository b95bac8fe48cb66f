"""Patokan of a centre: read, refused with a reason, kept beside the file, found afterwards."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geo112.core.errors import BadTable, DataMissing, NotFound
from geo112.core.geo import Position
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.prepare.boundaries import Prepared
from geo112.prepare.places import Store, build_places, import_name, import_places, imports_of, remove_import
from geo112.prepare.places_import import Patokan, Refused, kind_from_words, read_patokan

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
 <node id="1" version="1" lat="-8.10" lon="112.16"><tag k="name" v="Masjid Agung"/>
  <tag k="amenity" v="place_of_worship"/>  <tag k="religion" v="muslim"/></node>
 <node id="2" version="1" lat="-8.11" lon="112.17"><tag k="name" v="SPBU Kanigoro"/><tag k="amenity" v="fuel"/>
  <tag k="alt_name" v="Pom Kanigoro"/></node>
 <node id="3" version="1" lat="-8.12" lon="112.18"><tag k="name" v="Bangku"/><tag k="natural" v="tree"/></node>
 <node id="4" version="1" lat="-8.13" lon="112.19"><tag k="highway" v="milestone"/><tag k="distance" v="12"/></node>
 <node id="5" version="1" lat="-8.100" lon="112.200"/><node id="6" version="1" lat="-8.100" lon="112.201"/>
 <node id="7" version="1" lat="-8.101" lon="112.201"/><node id="8" version="1" lat="-8.101" lon="112.200"/>
 <way id="10" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/>
  <tag k="name" v="Pasar Legi"/><tag k="amenity" v="marketplace"/></way>
 <way id="11" version="1"><nd ref="5"/><nd ref="7"/>
  <tag k="name" v="Jalan Merdeka"/><tag k="highway" v="residential"/></way>
</osm>
"""
RIVER = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
 <node id="5" version="1" lat="-8.100" lon="112.200"/><node id="6" version="1" lat="-8.110" lon="112.200"/>
 <node id="7" version="1" lat="-8.110" lon="112.205"/>
 <way id="10" version="1"><nd ref="5"/><nd ref="6"/><tag k="name" v="Kali Lahar"/><tag k="waterway" v="river"/></way>
 <way id="11" version="1"><nd ref="6"/><nd ref="7"/>
  <tag k="name" v="Jalan Merdeka"/><tag k="highway" v="residential"/></way>
</osm>
"""


def read(path: Path) -> tuple[dict[str, Patokan], list[Refused]]:
    every = list(read_patokan(path))
    taken = {one.name: one for one in every if isinstance(one, Patokan)}
    return taken, [one for one in every if isinstance(one, Refused)]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_gives_places_and_reasons(tmp_path: Path) -> None:
    text = (
        "nama;lat;lon;jenis;radius_m;alias\n"
        "Pasar Legi;-8.10;112.16;;;\n"
        "Jami';-8.11;112.17;masjid;40;Masjid Tua;\n"
        "Tanpa Posisi;x;112;;;\n"
        "Terbalik;112.16;-8.1;;;\n"
        ";-8.1;112.1;;;\n"
        "Terlalu Luas;-8.1;112.1;;999999;\n"
        "Nol;-8.1;112.1;;0;\n"
    )
    taken, refused = read(written(tmp_path, "p.csv", text))
    assert set(taken) == {"Pasar Legi", "Jami'"}
    assert (taken["Pasar Legi"].kind, taken["Pasar Legi"].radius_m, taken["Pasar Legi"].measured) == (
        Kind.PASAR,
        150,
        False,
    )
    assert (taken["Jami'"].kind, taken["Jami'"].radius_m, taken["Jami'"].measured) == (Kind.MASJID, 40, True)
    assert taken["Jami'"].aliases == ("Masjid Tua",)
    assert [one.where for one in refused] == ["line 4", "line 5", "line 6", "line 7", "line 8"]
    assert "swapped" in refused[1].reason
    assert "name" in refused[2].reason


def test_a_table_of_an_indonesian_spreadsheet_has_decimal_commas(tmp_path: Path) -> None:
    text = "nama;lat;lon;radius_m\nPasar Templek;-8,1005;112,1655;120,5\nSalah;-8.100,5;112,1655;\n"
    taken, [refused] = read(written(tmp_path, "a.csv", text))
    assert (taken["Pasar Templek"].lat_deg, taken["Pasar Templek"].lon_deg) == (-8.1005, 112.1655)
    assert taken["Pasar Templek"].radius_m == 120.5
    assert refused.where == "line 3"


def test_shapes_give_their_own_circle(tmp_path: Path) -> None:
    square = [[112.0, -8.0], [112.01, -8.0], [112.01, -8.01], [112.0, -8.01], [112.0, -8.0]]
    features = [
        {"properties": {"name": "Kampus", "kind": "sekolah"}, "geometry": {"type": "Polygon", "coordinates": [square]}},
        {
            "properties": {"name": "Stasiun", "railway": "station"},
            "geometry": {"type": "Point", "coordinates": [112, -8]},
        },
        {"properties": {"name": "Kosong"}, "geometry": None},
        {"properties": None, "geometry": {"type": "Point", "coordinates": [112, -8]}},
        {"properties": {"name": "Aneh", "radius_m": "1"}, "geometry": {"type": "Point", "coordinates": [112, -8]}},
    ]
    path = written(tmp_path, "p.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    taken, refused = read(path)
    assert set(taken) == {"Kampus", "Stasiun"}
    assert taken["Kampus"].measured
    assert taken["Kampus"].radius_m == pytest.approx(782, abs=5)
    assert (taken["Stasiun"].kind, taken["Stasiun"].measured) == (Kind.STASIUN, False)
    assert [one.where for one in refused] == ["feature 3", "feature 4", "feature 5"]


def test_what_lies_all_in_one_spot_or_nowhere_does_not_stop_an_import(tmp_path: Path) -> None:
    def line(name: str, *corners: list[float]) -> dict[str, object]:
        geometry = {"type": "LineString", "coordinates": corners}
        return {"type": "Feature", "properties": {"name": name, "kind": "pasar"}, "geometry": geometry}

    features = [line("Pasar Legi", [112.2, -8.1], [112.2, -8.1]), line("Pasar Jauh", [112.2, -8.1], [1e9, 1e9])]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    taken, refused = read(written(tmp_path, "a.geojson", text))
    (place,) = taken.values()
    assert (place.name, place.lat_deg, place.lon_deg) == ("Pasar Legi", -8.1, 112.2)
    assert [one.where for one in refused] == ["feature 2"]


def test_an_extract_gives_what_is_named_and_known(tmp_path: Path) -> None:
    taken, refused = read(written(tmp_path, "kota.osm", OSM))
    assert {name: one.kind for name, one in taken.items()} == {
        "Masjid Agung": Kind.MASJID,
        "SPBU Kanigoro": Kind.SPBU,
        "KM 12": Kind.KM,
        "Jalan Merdeka": Kind.JALAN,
        "Pasar Legi": Kind.PASAR,
    }
    assert taken["SPBU Kanigoro"].aliases == ("Pom Kanigoro",)
    assert taken["Pasar Legi"].measured
    assert 60 < taken["Pasar Legi"].radius_m < 100
    assert refused == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "nama,lat\nx,1\n"),
        ("a.csv", ""),
        ("a.json", "[1"),
        ("a.json", "{}"),
        ("a.json", '{"features": [1]}'),
        ("a.osm", "no xml"),
        ("a.osm.pbf", "no pbf"),
        ("a.xlsx", "x"),
    ],
)
def test_what_is_no_table_of_places_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BadTable):
        list(read_patokan(written(tmp_path, name, text)))


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="not there"):
        read_patokan(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"name,lat,lon\n\xff\xfe,1,2\n")
    with pytest.raises(BadTable, match="UTF-8"):
        list(read_patokan(tmp_path / "latin.csv"))


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("masjid", "Agung", Kind.MASJID),
        ("rumah sakit", "Mardi Waluyo", Kind.RUMAH_SAKIT),
        ("", "SDN 1 Turi", Kind.SEKOLAH),
        ("", "Puskesmas Sukorejo", Kind.PUSKESMAS),
        ("", "Aloon-aloon", Kind.LAINNYA),
        ("desa", "Pasar Baru", Kind.PASAR),
        ("", "", Kind.LAINNYA),
    ],
)
def test_kinds_are_read_from_words(said: str, name: str, kind: Kind) -> None:
    assert kind_from_words(said, name) is kind


def test_imports_are_kept_found_replaced_and_removed(tmp_path: Path, build: Callable[..., Prepared]) -> None:
    build()
    store = Store(boundaries=tmp_path / "build", out=tmp_path / "places" / "places.geo112")
    plain = build_places(store)
    before = store.out.read_bytes()
    middle = Places.open(store.out).find("Kab. Baru", None, 1)[0].area.middle
    table = f"name,lat_deg,lon_deg,kind\nLegi,{middle.lat_deg},{middle.lon_deg},pasar\n,1,2,\n"
    done = import_places(written(tmp_path, "Patokan Kota.CSV", table), store)
    assert (done.name, done.taken, done.refused) == ("patokan-kota", 1, 1)
    assert done.first_reason is not None
    built = build_places(store)
    assert (built.patokan, built.builtin) == (1, plain.builtin)
    assert built.version.startswith(plain.version + "+")
    found = Places.open(store.out).find("pasar legi")[0]
    assert (found.name, found.kind) == ("Legi", Kind.PASAR)
    assert found.kabkota == "Kab. Baru"
    assert found.kecamatan is not None
    with pytest.raises(NotFound, match="patokan-kota"):
        remove_import("../places", store)
    remove_import("patokan-kota", store)
    assert imports_of(store) == []
    build_places(store)
    assert store.out.read_bytes() == before


def test_nothing_usable_changes_nothing(tmp_path: Path) -> None:
    store = Store(boundaries=tmp_path / "none", out=tmp_path / "places.geo112")
    with pytest.raises(BadTable, match="line 2"):
        import_places(written(tmp_path, "p.csv", "name,lat,lon\n,1,2\n"), store)
    assert imports_of(store) == []
    with pytest.raises(DataMissing):
        build_places(store)
    store.imports.mkdir()
    (store.imports / "p.csv").write_text("name,kind\nx,y\n")
    assert import_name(Path("../A b.osm.pbf")) == "a-b"


def test_an_import_that_somebody_changed_is_refused(tmp_path: Path, build: Callable[..., Prepared]) -> None:
    build()
    store = Store(boundaries=tmp_path / "build", out=tmp_path / "places" / "places.geo112")
    store.imports.mkdir(parents=True)
    (store.imports / "p.csv").write_text("name,kind\nx,y\n")
    with pytest.raises(BadTable, match="import it again"):
        build_places(store)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes) -> bytes:
    """One field of a protocol buffer; negative whole numbers are not needed."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def pbf_block(kind: bytes, body: bytes) -> bytes:
    blob = field(1, body) + field(2, len(body))
    head = field(1, kind) + field(3, len(blob))
    return len(head).to_bytes(4, "big") + head + blob


def test_a_binary_extract_is_read_too(tmp_path: Path) -> None:
    words = b"".join(field(1, word) for word in (b"", b"name", b"Terminal Patria", b"amenity", b"bus_station"))
    node = field(1, zigzag(7)) + field(2, b"\x01\x03") + field(3, b"\x02\x04")
    node += field(8, zigzag(-81_000_000)) + field(9, zigzag(1_121_600_000))
    data = field(1, words) + field(2, field(1, node))
    path = tmp_path / "blitar.osm.pbf"
    path.write_bytes(pbf_block(b"OSMHeader", field(4, b"OsmSchema-V0.6")) + pbf_block(b"OSMData", data))
    taken, refused = read(path)
    assert refused == []
    assert [(one.name, one.kind) for one in taken.values()] == [("Terminal Patria", Kind.TERMINAL)]
    assert (taken["Terminal Patria"].lat_deg, taken["Terminal Patria"].lon_deg) == (-8.1, 112.16)


def test_roads_and_rivers_keep_how_they_run_until_they_are_looked_for(
    tmp_path: Path, build: Callable[..., Prepared]
) -> None:
    build()
    store = Store(boundaries=tmp_path / "build", out=tmp_path / "places" / "places.geo112")
    import_places(written(tmp_path, "sungai.osm", RIVER), store)
    build_places(store)
    places = Places.open(store.out)
    reach_m = {Kind.SUNGAI: 5_000.0, Kind.JALAN: 5_000.0}
    around = {one.name: one for one in places.around(Position(lon_deg=112.2, lat_deg=-8.105), reach_m)}
    assert around["Kali Lahar"].kind is Kind.SUNGAI
    corners = [[(one.lon_deg, one.lat_deg) for one in run] for run in around["Kali Lahar"].lines]
    assert corners == [[(112.2, -8.1), (112.2, -8.11)]]
    assert len(around["Jalan Merdeka"].lines) == 1
    assert places.around(Position(lon_deg=112.2, lat_deg=-8.105), {Kind.SUNGAI: 5_000.0})[0].name == "Kali Lahar"
    assert places.around(Position(lon_deg=113.2, lat_deg=-8.105), reach_m) == []


def test_an_import_of_an_earlier_version_has_no_lines_and_is_read_all_the_same(
    tmp_path: Path, build: Callable[..., Prepared]
) -> None:
    build()
    store = Store(boundaries=tmp_path / "build", out=tmp_path / "places" / "places.geo112")
    import_places(written(tmp_path, "sungai.osm", RIVER), store)
    kept = store.imports / "sungai.csv"
    rows = [line.split(",") for line in kept.read_text(encoding="utf-8").splitlines()]
    kept.write_text("".join(",".join(row[:7]) + "\n" for row in rows), encoding="utf-8")
    build_places(store)
    places = Places.open(store.out).around(Position(lon_deg=112.2, lat_deg=-8.105), {Kind.SUNGAI: 5_000.0})
    assert [(one.name, one.lines) for one in places] == [("Kali Lahar", ())]
