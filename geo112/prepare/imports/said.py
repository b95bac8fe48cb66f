"""What one row of a boundary file says, in one form whatever the preset."""

import re
from dataclasses import dataclass
from enum import StrEnum

from geo112.core.codes import KodeKabKota, KodeKecamatan

_DIGITS = {2: (2,), 4: (2, 2), 6: (2, 2, 2), 10: (2, 2, 2, 4)}
_WHOLE = re.compile(r"(\d+)[.,]0+", re.ASCII)
# A village of Kemendagri begins with 1, 2 or 3; in the ten digits of BPS there mostly stands a 0.
_DOTTED = re.compile(r"[1-9]\d(?:\.\d{2}(?:\.\d{2}(?:\.[1-9]\d{3})?)?)?", re.ASCII)
_KIND = re.compile(r"(?:kecamatan\s+|kec\.\s*)", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "na", "nan", "none", "null", "<null>", "0", "nat"})


class Level(StrEnum):
    """What a polygon of a file is."""

    PROVINSI = "provinsi"
    KABKOTA = "kabkota"
    KECAMATAN = "kecamatan"
    DESA = "desa"


LEVEL_OF_LENGTH = {2: Level.PROVINSI, 5: Level.KABKOTA, 8: Level.KECAMATAN, 13: Level.DESA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One row: its number in the file from 1, its level, the codes (Kemendagri, with dots) and the names that it gives.

    `kode` is that of the row's own level or of anything above it; `kode_bps` is in the other numbering and says nothing
    without a table. Empty texts are unknown.
    """

    number: int
    level: Level
    kode: str = ""
    kode_bps: str = ""
    provinsi: str = ""
    kabkota: str = ""
    kecamatan: str = ""
    desa: str = ""

    @property
    def kode_kecamatan(self) -> KodeKecamatan | None:
        """The code of the kecamatan, where the row gives one."""
        return KodeKecamatan(self.kode[:8]) if len(self.kode) >= 8 else None

    @property
    def kode_kabkota(self) -> KodeKabKota | None:
        """The code of the kabupaten or kota, where the row gives one."""
        return KodeKabKota(self.kode[:5]) if len(self.kode) >= 5 else None

    def shown(self) -> str:
        """Name the row for a person who looks it up in the file."""
        names = [name for name in (self.desa, self.kecamatan, self.kabkota) if name]
        return f"baris {self.number}: {self.kode or self.kode_bps or 'tanpa kode'} {', '.join(names)}".rstrip()


def without_kind(name: str) -> str:
    """Take `Kecamatan` or `Kec.` off the front of a name, as lists of places write it."""
    return name[found.end() :] if (found := _KIND.match(name)) else name


def text_of(value: object) -> str:
    """Write a cell as text: no number with a needless `.0`, no `nan`, single spaces."""
    words = " ".join(str(value).split()) if value is not None else ""
    whole = _WHOLE.fullmatch(words)
    if whole:
        words = whole.group(1)
    return "" if words.lower() in _EMPTY else words


def kemendagri(text: str) -> str:
    """Bring `357201`, `35.72.01` or `35 72 01` to `35.72.01`; empty for what is no such code (2, 4, 6 or 10 digits)."""
    dotted = ".".join(re.findall(r"\d+", text))
    if _DOTTED.fullmatch(dotted) and len(dotted) > 2:
        return dotted
    digits = dotted.replace(".", "") if dotted == text.strip() and "." not in dotted else ""
    if len(digits) not in _DIGITS or not re.fullmatch(r"[\d\s.]+", text):
        return ""
    parts, at = [], 0
    for width in _DIGITS[len(digits)]:
        parts.append(digits[at : at + width])
        at += width
    joined = ".".join(parts)
    return joined if _DOTTED.fullmatch(joined) else ""


def from_numbers(*parts: str) -> str:
    """Join `35`, `72`, `1` as tables of Dukcapil give them to `35.72.01`, as far as they are given."""
    found: list[str] = []
    for part, width in zip(parts, (2, 2, 2, 4), strict=False):
        if not part.isdecimal() or len(part) > width:
            break
        found.append(part.zfill(width))
    return kemendagri(".".join(found)) if found else ""
