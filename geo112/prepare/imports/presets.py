"""The forms in which official and public boundaries come, and how each names codes and places."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geo112.core.errors import BadInput, BadTable
from geo112.prepare.imports.reading import Table
from geo112.prepare.imports.said import LEVEL_OF_LENGTH, Level, Said, from_numbers, kemendagri, without_kind

Reader = Callable[[Table], list[Said]]
AUTO, GENERIC = "auto", "generic"
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_OSM_LEVELS = {"4": Level.PROVINSI, "5": Level.KABKOTA, "6": Level.KECAMATAN, "7": Level.DESA, "8": Level.DESA}
_ADM_LEVELS = {"adm1": Level.PROVINSI, "adm2": Level.KABKOTA, "adm3": Level.KECAMATAN, "adm4": Level.DESA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One form of file.

    `fields` are groups of columns: a file is of this form when it has one column of every group. `accuracy_m` is one
    standard deviation of the error of its lines where the user does not know better: decision 0011 says why.
    """

    name: str
    fields: tuple[tuple[str, ...], ...]
    accuracy_m: float
    read: Reader

    def fits(self, table: Table) -> bool:
        """Tell whether a file has the columns of this form."""
        return all(any(name in table.columns for name in group) for group in self.fields)


def find_preset(name: str, table: Table) -> Preset:
    """Give the preset of a name, or with `auto` the first that fits the columns; raises BadInput or BadTable."""
    if name != AUTO:
        preset = PRESETS.get(name)
        if preset is None:
            raise BadInput(f"{name!r} is none of {', '.join((AUTO, *PRESETS, GENERIC))}", field="preset")
        if not preset.fits(table):
            wanted = " and ".join("/".join(group) for group in preset.fields)
            raise BadTable(f"{name} needs the columns {wanted}; found {_found(table)}", field="preset")
        return preset
    preset = next((one for one in PRESETS.values() if one.fits(table)), None)
    if preset is None:
        raise BadTable(
            f"no preset fits the columns {_found(table)}; give --preset, or generic with --mapping", field="preset"
        )
    return preset


def deepest_level(desa: Sequence[str], kecamatan: Sequence[str]) -> Level:
    """Say what the polygons of a layer are by the names and codes that it fills in."""
    if any(desa):
        return Level.DESA
    return Level.KECAMATAN if any(kecamatan) else Level.KABKOTA


def first_of(*values: str) -> str:
    """Give the first text that is not empty."""
    return next(filter(None, values), "")


def _found(table: Table) -> str:
    """List the columns of a file."""
    return ", ".join(table.columns) or "none"


def _big(table: Table) -> list[Said]:
    """Read BIG's RBI: KDEPUM, KDCPUM, KDPKAB are Kemendagri codes and may be empty; KD?BPS are another numbering."""
    kdepum, kdcpum, kdpkab = (table.column(name) for name in ("kdepum", "kdcpum", "kdpkab"))
    wadmkd, wadmkc, wadmkk, wadmpr = (table.column(name) for name in ("wadmkd", "wadmkc", "wadmkk", "wadmpr"))
    namobj, bps = table.column("namobj"), table.column("kdcbps")
    level = deepest_level([*wadmkd, *kdepum], [*wadmkc, *kdcpum])
    rows = []
    for at in range(len(table)):
        said = [kemendagri(text[at]) for text in (kdcpum, kdepum, kdpkab)]
        kode = first_of(*(code for code in said[:2] if len(code) >= 8), said[2], said[0], said[1])
        own = namobj[at]
        rows.append(
            Said(
                number=at + 1,
                level=level,
                kode=kode,
                kode_bps=_digits(bps[at]),
                provinsi=wadmpr[at],
                kabkota=wadmkk[at] or (own if level is Level.KABKOTA else ""),
                kecamatan=wadmkc[at] or (own if level is Level.KECAMATAN else ""),
                desa=wadmkd[at] or (own if level is Level.DESA else ""),
            )
        )
    return rows


def _dukcapil(table: Table) -> list[Said]:
    """Read Dukcapil's layers: codes of 4, 6 or 10 digits in columns whose names a shapefile cut off."""
    desa = table.column("kode_desa_", "kode_desa_spatial", "kode_kel_s", "kode_kel_spatial", "kode_desa")
    kec = table.column("kode_kec_s", "kode_kec_spatial", "kode_kec_", "kode_kec")
    kab = table.column("kode_kab_s", "kode_kab_spatial", "kode_kab_", "kode_kab")
    numbers = [
        table.column("no_prop"), table.column("no_kab"), table.column("no_kec"), table.column("no_kel", "no_desa"),
    ]  # fmt: skip
    nama_desa = table.column("nama_kel", "nama_desa", "nama_kel_s", "nama_kelur", "nama_desa_", "nama_kelurahan")
    nama_kec = table.column("nama_kec", "nama_kec_s", "nama_kec_spatial")
    nama_kab = table.column("nama_kab", "nama_kab_s", "nama_kab_spatial")
    nama_prop = table.column("nama_prop", "nama_prop_", "nama_prop_spatial")
    level = deepest_level([*desa, *nama_desa], [*kec, *nama_kec])
    if level is Level.KABKOTA and not any((*kab, *nama_kab)):
        level = Level.PROVINSI
    return [
        Said(
            number=at + 1,
            level=level,
            kode=first_of(
                *(code for text in (desa, kec) if len(code := kemendagri(text[at])) >= 8),
                from_numbers(*(column[at] for column in numbers)),
                kemendagri(kab[at]),
            ),
            provinsi=nama_prop[at],
            kabkota=nama_kab[at],
            kecamatan=nama_kec[at],
            desa=nama_desa[at],
        )
        for at in range(len(table))
    ]


def _gadm(table: Table) -> list[Said]:
    """Read GADM: names without spaces, `NA` for none, and the BPS code of a kecamatan in CC_3."""
    kab, kind, kec, desa = (table.column(name) for name in ("name_2", "type_2", "name_3", "name_4"))
    provinsi, bps = table.column("name_1"), table.column("cc_3")
    level = Level.DESA if "gid_4" in table.columns else Level.KECAMATAN if "gid_3" in table.columns else Level.KABKOTA
    return [
        Said(
            number=at + 1,
            level=level,
            kode_bps=_digits(bps[at]),
            provinsi=provinsi[at],
            kabkota=_with_kind(kab[at], kind[at]),
            kecamatan=kec[at],
            desa=desa[at],
        )
        for at in range(len(table))
    ]


def _cod_ab(table: Table) -> list[Said]:
    """Read OCHA's COD-AB: `ID` and BPS digits in ADM3_PCODE, names in ADM?_EN or ADM?_NAME."""
    names = {n: table.column(f"adm{n}_en", f"adm{n}_name", f"adm{n}_id") for n in (1, 2, 3, 4)}
    depth = next((n for n in (4, 3, 2) if f"adm{n}_pcode" in table.columns and any(table.column(f"adm{n}_pcode"))), 1)
    bps = table.column("adm3_pcode")
    return [
        Said(
            number=at + 1,
            level=_ADM_LEVELS[f"adm{depth}"],
            kode_bps=_digits(bps[at]),
            provinsi=names[1][at],
            kabkota=names[2][at],
            kecamatan=names[3][at],
            desa=names[4][at],
        )
        for at in range(len(table))
    ]


def _geoboundaries(table: Table) -> list[Said]:
    """Read geoBoundaries: one name per polygon and its level; no code of ours."""
    names, kinds = table.column("shapename"), table.column("shapetype")
    rows = []
    for at in range(len(table)):
        level = _ADM_LEVELS.get(kinds[at].lower(), Level.KABKOTA)
        rows.append(_named(at, level, names[at], kode=""))
    return rows


def _wilayah(table: Table) -> list[Said]:
    """Read `kode, nama` tables: the length of the code says the level."""
    codes = table.column("kode", "code", "kode_kecamatan")
    names = table.column("nama", "name", "kecamatan")
    kabkota, provinsi = table.column("regency", "kabkota", "kabupaten"), table.column("province", "provinsi")
    rows = []
    for at in range(len(table)):
        kode = kemendagri(codes[at])
        level = LEVEL_OF_LENGTH.get(len(kode), Level.KECAMATAN)
        row = _named(at, level, names[at], kode=kode, kabkota=kabkota[at], provinsi=provinsi[at])
        rows.append(row if kode else _named(at, level, names[at], kode="", kabkota=kabkota[at], bps=_digits(codes[at])))
    return rows


def _osm(table: Table) -> list[Said]:
    """Read OpenStreetMap: admin_level 5 kabupaten/kota, 6 kecamatan, 7 and 8 villages; the Kemendagri code in `ref`."""
    levels, names, refs = table.column("admin_level"), table.column("name"), table.column("ref")
    others = table.column("other_tags")
    rows = []
    for at in range(len(table)):
        tags = dict(_HSTORE.findall(others[at]))
        level = _OSM_LEVELS.get(levels[at] or tags.get("admin_level", ""), Level.PROVINSI)
        kode = kemendagri(first_of(refs[at], tags.get("ref", ""), tags.get("ref:kemendagri", "")))
        # A reference of another length is another numbering.
        rows.append(_named(at, level, names[at], kode=kode if LEVEL_OF_LENGTH.get(len(kode)) is level else ""))
    return rows


def _named(
    at: int, level: Level, name: str, *, kode: str, kabkota: str = "", provinsi: str = "", bps: str = ""
) -> Said:
    """Make a row that has one name, which is that of its own level."""
    return Said(
        number=at + 1,
        level=level,
        kode=kode,
        kode_bps=bps,
        provinsi=provinsi,
        kabkota=name if level is Level.KABKOTA else kabkota,
        kecamatan=without_kind(name) if level is Level.KECAMATAN else "",
        desa=name if level is Level.DESA else "",
    )


def _with_kind(name: str, kind: str) -> str:
    """Write `Kota Surabaya` for GADM's `Surabaya` of type Kota, and `Kota Blitar` for `KotaBlitar`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    if kind.lower() == "kota" and not spaced.startswith("Kota "):
        return f"Kota {spaced}"
    return spaced if not kind or spaced.startswith("Kota ") else f"Kab. {spaced}"


def _digits(text: str) -> str:
    """Keep the digits of a code such as `ID3572010`."""
    return "".join(re.findall(r"[0-9]", text))


PRESETS: Mapping[str, Preset] = {
    one.name: one
    for one in (
        Preset(
            name="big",
            fields=(("wadmkc", "wadmkk", "kdcpum", "kdpkab"), ("kdppum", "kdpkab", "kdcpum", "kdepum", "wadmpr")),
            accuracy_m=10.0,
            read=_big,
        ),
        Preset(
            name="dukcapil",
            fields=(
                ("no_prop", "kode_prop_", "kode_prov_", "kode_kab_s", "kode_kec_s", "kode_kec_spatial", "kode_desa_"),
                ("nama_prop", "nama_prop_", "nama_kab", "nama_kab_s", "nama_kec", "nama_kec_s", "nama_kec_spatial"),
            ),
            accuracy_m=15.0,
            read=_dukcapil,
        ),
        Preset(name="gadm", fields=(("gid_2", "gid_3", "gid_4"), ("name_2",)), accuracy_m=30.0, read=_gadm),
        Preset(
            name="cod-ab",
            fields=(("adm2_pcode", "adm3_pcode", "adm4_pcode"), ("adm2_en", "adm2_name", "adm2_id")),
            accuracy_m=20.0,
            read=_cod_ab,
        ),
        Preset(
            name="geoboundaries",
            fields=(("shapename",), ("shapetype", "shapeid", "shapegroup")),
            accuracy_m=50.0,
            read=_geoboundaries,
        ),
        Preset(name="osm", fields=(("admin_level",), ("name",)), accuracy_m=25.0, read=_osm),
        Preset(
            name="wilayah",
            fields=(("kode", "code", "kode_kecamatan"), ("nama", "name", "kecamatan")),
            accuracy_m=20.0,
            read=_wilayah,
        ),
    )
}
