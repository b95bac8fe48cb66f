"""A latitude and a longitude out of typed text: 8.0983 S, 8°05'54" LS, -8,0983 112,1681, lat=-8.1 lon=112.2."""

import re
from dataclasses import dataclass
from typing import Literal

from geo112.core.errors import BadMessage

Axis = Literal["lat", "lon"]

# What phones, keyboards and documents write for a minus, a degree, a minute and a second. Digits stay as they are.
_SIGNS = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-",
        "\u00ba": "\u00b0", "\u02da": "\u00b0",
        "\u2032": "'", "\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'",
        "\u2033": '"', "\u201d": '"', "\u201c": '"',
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\ufeff": " ", "\u200e": " ", "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip

_WORDS: dict[str, tuple[Axis, int]] = {
    "N": ("lat", 1), "U": ("lat", 1), "LU": ("lat", 1), "LINTANG UTARA": ("lat", 1), "NORTH": ("lat", 1),
    "S": ("lat", -1), "LS": ("lat", -1), "LINTANG SELATAN": ("lat", -1), "SOUTH": ("lat", -1),
    "E": ("lon", 1), "T": ("lon", 1), "BT": ("lon", 1), "BUJUR TIMUR": ("lon", 1), "EAST": ("lon", 1),
    "W": ("lon", -1), "B": ("lon", -1), "BB": ("lon", -1), "BUJUR BARAT": ("lon", -1), "WEST": ("lon", -1),
    "UTARA": ("lat", 1), "SELATAN": ("lat", -1), "TIMUR": ("lon", 1), "BARAT": ("lon", -1),
}  # fmt: skip
_LABELS: dict[str, Axis] = {
    "LAT": "lat", "LATITUDE": "lat", "LINTANG": "lat", "LAT_DEG": "lat",
    "LON": "lon", "LNG": "lon", "LONG": "lon", "LONGITUDE": "lon", "BUJUR": "lon", "LON_DEG": "lon",
}  # fmt: skip

# As a caller says it and a call taker writes it down: minus 8 koma 0983, 8 derajat 5 menit 53 detik.
_SPOKEN = (
    (re.compile(r"\bminus\ ?(?=[0-9])", re.IGNORECASE), "-"),
    (re.compile(r"(?<=[0-9])\ ?(?:koma|titik)\ ?(?=[0-9])", re.IGNORECASE), "."),
    (re.compile(r"(?<=[0-9])\ ?(?:derajat|degrees?|deg)\b", re.IGNORECASE), "\u00b0"),
    (re.compile(r"(?<=[0-9])\ ?(?:menit|minutes?|min)\b", re.IGNORECASE), "'"),
    (re.compile(r"(?<=[0-9])\ ?(?:detik|seconds?|sec)\b", re.IGNORECASE), '"'),
)
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_LABEL = "|".join(sorted(_LABELS, key=len, reverse=True))


def _angle(name: str, *, mark: str) -> str:
    """Give the pattern of one angle; `mark` is what parts its decimals: a dot or a comma."""
    number = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{1,20}})?"
    minutes = rf"(?P<m{name}>{number})\ ?'\ ?(?:(?P<s{name}>{number})\ ?(?:\"|'')\ ?)?"
    return (
        rf"(?:[\"']?(?P<l{name}>{_LABEL})[\"']?\ ?[=:]?\ ?)?"
        rf"(?:(?P<a{name}>{_WORD})\ ?[=:]?\ ?(?=[0-9]))?"
        rf"(?P<g{name}>[+-]?)(?P<d{name}>{number})\ ?(?:\u00b0\ ?(?:{minutes})?)?"
        rf"(?(a{name})|(?P<b{name}>{_WORD})?)"
    )


# 8 05 53.9 S: only before a letter of the sky, since bare numbers in a row may mean anything.
_BARE_DMS = re.compile(
    rf"(?<![0-9.,])([0-9]{{1,3}})[ :]([0-9]{{1,2}})[ :]([0-9]{{1,2}}(?:[.,][0-9]{{1,20}})?)\ ?(?={_WORD})",
    re.IGNORECASE | re.ASCII,
)
# S 8 05.898, S08°05.898 or S 8 05 53.9 as satellite receivers write it, and 8 05.898 S. Minutes without seconds need
# two decimals, so that no number of a house becomes one.
_GAP = r"(?:\ |\u00b0\ ?)"
_MINUTES = r"[0-9]{1,2}[.,][0-9]{2,20}"
_LED = re.compile(
    rf"\b(?P<word>{_WORD})\ ?(?P<d>[0-9]{{1,3}}){_GAP}"
    rf"(?:(?P<m>[0-9]{{1,2}})\ (?P<s>[0-9]{{1,2}}(?:[.,][0-9]{{1,20}})?)|(?P<alone>{_MINUTES}))"
    r"(?![0-9]|[.,][0-9]|\ ?['\"])",
    re.IGNORECASE | re.ASCII,
)
_BARE_DM = re.compile(
    rf"(?<![0-9.,])([0-9]{{1,3}}){_GAP}({_MINUTES})\ ?(?=(?:{_WORD})(?![A-Za-z]))", re.IGNORECASE | re.ASCII
)
# A comma parts two numbers with dots; numbers with commas are parted by a space or a semicolon.
_PAIRS = tuple(
    f"{_angle('1', mark=mark)}{gap}{_angle('2', mark=mark)}"
    for mark, gap in ((r"\.", r"(?:\ *[,;/]\ *|\ +)"), (",", r"(?:,?\ +|\ *;\ *)"))
)
_FORMS = tuple(re.compile(rf"[({{\[]?\ *{pair}\ *[)}}\]]?\.?", re.IGNORECASE | re.ASCII) for pair in _PAIRS)
_WITHIN = tuple(
    re.compile(rf"(?<![0-9A-Za-z.,+-])(?<![+-]\ ){pair}(?![0-9A-Za-z]|[.,][0-9])", re.IGNORECASE | re.ASCII)
    for pair in _PAIRS
)
_LONGEST_PAIR, _LONGEST_SENTENCE = 300, 1600
_WEST, _EAST = 94.0, 142.0
# Prices have three digits behind the dot; a place that is worth something has four, which are 11 m.
_FINE = re.compile(r".*[.,][0-9]{4,}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Angle:
    """One angle as it was written, with the axis where a label or a letter named it."""

    value_deg: float
    axis: Axis | None


def read_pair(text: str) -> tuple[float, float]:
    """Read a latitude and a longitude in degrees; raises BadMessage where the text has no single meaning."""
    plain = _plain(text[:_LONGEST_PAIR])
    found = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if len(text) > _LONGEST_PAIR:
        found = None
    if found is None:
        raise BadMessage(f"{text[:60]!r} is no pair of coordinates such as -8.0983, 112.1681", field="text")
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", plain.strip("()[]{}. ")) and plain != "0,0":
        raise BadMessage(f"{text[:60]!r} may be one number or two: write it with a dot", field="text")
    return _pair(found)


def pair_within(text: str) -> tuple[float, float] | None:
    """Read the one pair that stands in a sentence, with four decimals or with minutes; None where there is none.

    One of the two must be a longitude of Indonesia, so that no other numbers become a place. Raises BadMessage where
    it is no place, or where there are two.
    """
    plain = _plain(text[:_LONGEST_SENTENCE])
    for form in _WITHIN:
        read = (_pair(found) for found in form.finditer(plain) if _is_fine(found))
        pairs = dict.fromkeys(pair for pair in read if any(_WEST <= deg <= _EAST for deg in pair))
        if len(pairs) > 1:
            raise BadMessage("holds several places: which one is meant?", field="text")
        if pairs:
            return next(iter(pairs))
    return None


def _plain(text: str) -> str:
    """Write signs, spaces and spoken words as the patterns know them."""
    plain = re.sub(" {2,}", " ", text.translate(_SIGNS)).strip()
    for pattern, sign in _SPOKEN:
        plain = pattern.sub(sign, plain)
    # Letters before the numbers first: behind `S 8 05 53 E 112 …` stands a letter, too, but of the next angle.
    plain = _LED.sub(_led, plain)
    return _BARE_DM.sub("\\1\u00b0\\2'", _BARE_DMS.sub("\\1\u00b0\\2'\\3\"", plain))


def _led(found: re.Match[str]) -> str:
    """Put the marks behind the degrees, minutes and seconds that follow a letter of the sky."""
    rest = f"{found['alone']}'" if found["alone"] else f"{found['m']}'{found['s']}\""
    return f"{found['word']} {found['d']}\u00b0{rest}"


def _is_fine(found: re.Match[str]) -> bool:
    """Tell whether both numbers are so exact that they can be nothing but a place."""
    return all(found[f"m{name}"] or _FINE.fullmatch(found[f"d{name}"]) for name in "12")


def _pair(found: re.Match[str]) -> tuple[float, float]:
    """Put the two angles of a match into their order; raises BadMessage where nobody can know it."""
    first, second = _read(found, "1"), _read(found, "2")
    match first.axis, second.axis:
        case ("lat", "lon" | None) | (None, "lon") | (None, None):
            return first.value_deg, second.value_deg
        case ("lon", "lat"):
            return second.value_deg, first.value_deg
        case ("lon", None):
            raise BadMessage("the second number does not say that it is a latitude", field="lat_deg")
        case (None, "lat"):
            raise BadMessage("the first number does not say that it is a longitude", field="lon_deg")
        case _:
            missing = "lon_deg" if first.axis == "lat" else "lat_deg"
            raise BadMessage("both numbers are of one axis", field=missing)


def _read(found: re.Match[str], name: str) -> _Angle:
    """Read one angle of a match; raises BadMessage where its parts contradict each other."""
    letter, sign, label = found[f"a{name}"] or found[f"b{name}"], found[f"g{name}"], found[f"l{name}"]
    word = _WORDS[letter.upper()] if letter else None
    axis = _LABELS[label.upper()] if label else None
    if word and axis and word[0] != axis:
        raise BadMessage(f"{found[0][:60]!r} names two axes for one number", field=f"{axis}_deg")
    axis = axis or (word[0] if word else None)
    field = f"{axis}_deg" if axis else "text"
    if word and sign:
        raise BadMessage("has both a sign and a letter of the sky: write one of them", field=field)
    degrees, minutes, seconds = (_number(found[f"{part}{name}"]) for part in "dms")
    if minutes >= 60 or seconds >= 60:
        raise BadMessage("minutes and seconds end at 60", field=field)
    if (minutes or seconds) and degrees % 1:
        raise BadMessage("has decimals both in the degrees and behind them", field=field)
    value_deg = degrees + minutes / 60 + seconds / 3600
    return _Angle(value_deg=value_deg * (word[1] if word else -1 if sign == "-" else 1), axis=axis)


def _number(text: str | None) -> float:
    """Read a number whose form the pattern has checked."""
    return float(text.replace(",", ".")) if text else 0.0
