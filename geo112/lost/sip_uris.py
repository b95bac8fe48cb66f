"""A list of the true SIP addresses of centres: a CSV with the columns kode and sip_uri."""

import csv
import re
from pathlib import Path

from geo112.core.codes import kode_kabkota
from geo112.core.errors import BadCode, BadTable, DataMissing

COLUMNS = ["kode", "sip_uri"]
# The forms that can be sent as they are; what a peer does with them is its own affair.
SIP_URI = re.compile(r"sips?:[A-Za-z0-9._~!$&'()*+,;=:@%/?\[\]-]{1,200}", re.ASCII)
_PROVINSI = re.compile(r"[1-9]\d", re.ASCII)


def read_sip_uris(path: Path) -> dict[str, str]:
    """Read the list; raises BadTable with line and column, or DataMissing."""
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if rows.fieldnames != COLUMNS:
                raise BadTable(f"{path.name} line 1 is not {','.join(COLUMNS)}", field="columns")
            for row in rows:
                where = f"{path.name} line {rows.line_num}"
                if None in row or None in row.values():
                    raise BadTable(f"{where} has not {len(COLUMNS)} columns", field="columns")
                kode, uri = _kode(row["kode"], where), row["sip_uri"]
                if kode in found:
                    raise BadTable(f"{where}: {kode} is there twice", field="kode")
                if not SIP_URI.fullmatch(uri):
                    raise BadTable(
                        f"{where}: {uri[:60]!r} is no address such as sip:112@example.go.id", field="sip_uri"
                    )
                found[kode] = uri
    except FileNotFoundError:
        raise DataMissing(f"{path} is missing", field="lost_sip_uris_csv") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no CSV in UTF-8: {error}", field="lost_sip_uris_csv") from None
    return found


def _kode(text: str, where: str) -> str:
    """Read the code of a kabupaten or kota, or of a province whose centre answers for all of it."""
    if _PROVINSI.fullmatch(text):
        return text
    try:
        return kode_kabkota(text)
    except BadCode as error:
        raise BadTable(f"{where}: {error.message}", field="kode") from None
