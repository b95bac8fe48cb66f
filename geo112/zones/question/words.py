"""A question as the call taker reads it out, in Indonesian and in English."""

from geo112.zones.question.ask import Direction, Question, QuestionKind

# What stands before the name of a place where the name does not say what it is.
_BEFORE = {
    "sekolah": "Sekolah", "masjid": "Masjid", "pasar": "Pasar", "puskesmas": "Puskesmas",
    "rumah_sakit": "Rumah Sakit", "spbu": "SPBU", "terminal": "Terminal", "stasiun": "Stasiun",
    "kantor": "Kantor", "polisi": "Kantor Polisi", "jembatan": "Jembatan", "jalan": "Jalan", "simpang": "Simpang",
    "dusun": "Dusun", "perumahan": "Perumahan", "sungai": "Sungai", "kecamatan": "Kecamatan",
}  # fmt: skip
# First words of names that say what the place is.
_TELLING = frozenset({
    "sekolah", "sd", "sdn", "smp", "smpn", "sma", "sman", "smk", "smkn", "mi", "mts", "man", "tk", "paud", "kampus",
    "universitas", "madrasah", "masjid", "mesjid", "mushola", "musholla", "musala", "langgar", "surau", "gereja",
    "pura", "vihara", "klenteng", "pasar", "puskesmas", "pustu", "rumah", "rs", "rsu", "rsud", "rsia", "klinik",
    "spbu", "pom", "pertamina", "terminal", "stasiun", "kantor", "balai", "polsek", "polres", "polresta", "pos",
    "koramil", "jembatan", "jalan", "jl", "jln", "gang", "simpang", "perempatan", "pertigaan", "bundaran", "dusun",
    "dukuh", "kampung", "perumahan", "perum", "griya", "komplek", "kompleks", "sungai", "kali", "ci", "way",
    "krueng", "batang", "air", "bengawan", "kecamatan", "distrik", "desa", "kelurahan", "nagari", "gampong", "taman",
    "alun-alun",
})  # fmt: skip
_ENGLISH = {
    Direction.UTARA: "north",
    Direction.TIMUR: "east",
    Direction.SELATAN: "south",
    Direction.BARAT: "west",
}


def spoken(name: str, kind: str, kode: str | None) -> str:
    """Name a place so that it is clear what is meant: `Pasar Pon`, `Kelurahan Bendogerit`."""
    if kind == "desa":
        # Kemendagri numbers kelurahan from 1001 and desa from 2001.
        return f"{'Kelurahan' if (kode or '')[9:10] == '1' else 'Desa'} {name}"
    first = name.split(maxsplit=1)[0].rstrip(".").casefold() if name.split() else ""
    before = _BEFORE.get(kind)
    telling = first in _TELLING and kind != "kecamatan"
    # Rivers of West Java carry their word within: Ciliwung.
    telling = telling or (kind == "sungai" and first.startswith("ci") and len(first) > 3)
    return name if before is None or telling else f"{before} {name}"


def text_id(question: Question) -> str:
    """Write the question in Indonesian."""
    match question.kind:
        case QuestionKind.NEAR:
            return f"Apakah Bapak/Ibu dekat {question.place}?"
        case QuestionKind.SIDE:
            return f"Apakah Bapak/Ibu di sebelah {_direction(question).value} {question.place}?"
        case QuestionKind.DESA | QuestionKind.KECAMATAN:  # pragma: no branch - mypy counts the kinds
            return f"Apakah Bapak/Ibu di {question.place}?"


def text_en(question: Question) -> str:
    """Write the question in English."""
    match question.kind:
        case QuestionKind.NEAR:
            return f"Are you near {question.place}?"
        case QuestionKind.SIDE:
            return f"Are you on the {_ENGLISH[_direction(question)]} side of {question.place}?"
        case QuestionKind.DESA | QuestionKind.KECAMATAN:  # pragma: no branch - mypy counts the kinds
            return f"Are you in {question.place}?"


def _direction(question: Question) -> Direction:
    assert question.direction is not None  # noqa: S101 - a side is always named
    return question.direction
