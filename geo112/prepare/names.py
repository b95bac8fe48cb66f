"""Names of places as different lists write them, brought to one form so that they can be compared."""

import re
import unicodedata
from functools import cache

from rapidfuzz import fuzz

_NOT_LETTER = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z.])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|[^A-Za-z0-9]+")
# Words that lists add or leave out before a name.
_TITLES = re.compile(
    r"^(?:desa|kelurahan|kel|kampung|kampong|kp|lembang|nagari|gampong|gampoeng|negeri|nageri|pekon)(?=[a-z])"
)
_SHORT = {
    "sei": "sungai", "s": "sungai", "sungei": "sungai", "tj": "tanjung", "tg": "tanjung", "tanj": "tanjung",
    "gn": "gunung", "gng": "gunung", "bt": "batu", "bkt": "bukit", "ma": "muara", "m": "muara", "pd": "padang",
    "lb": "lubuk", "pem": "pematang", "perk": "perkebunan", "kec": "", "distrik": "", "pulau": "p",
    "kep": "kepulauan", "teb": "tebing", "utr": "utara", "slt": "selatan", "sel": "selatan", "brt": "barat",
    "bar": "barat", "tmr": "timur", "tim": "timur", "tgh": "tengah", "teng": "tengah", "hlr": "hilir", "hil": "hilir",
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "satu": "1", "dua": "2", "tiga": "3", "empat": "4",
    "lima": "5", "enam": "6", "tujuh": "7", "delapan": "8", "sembilan": "9", "sepuluh": "10",
}  # fmt: skip
_SOUNDS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("sch", "s"), ("kh", "k"), ("sy", "s"), ("ng", "n"), ("ph", "p"),
    ("gh", "g"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("ie", "i"), ("eu", "e"), ("ou", "o"), ("v", "p"), ("f", "p"),
    ("q", "k"), ("x", "ks"), ("z", "s"), ("y", "i"), ("w", "u"), ("h", ""),
)  # fmt: skip
_NAMELESS = re.compile(
    r"^(?:na|-|\?|hutan\w*|danau|danauwaduk|danaurawa|waduk\w*|rawa|laut|kosong|tnbts|laketoba|danaukerincilake|"
    r"danausunterdll|nn|unknown|noname|perairan|kawasanhutan\w*|tamannasional\w*)$"
)
# Real places whose names begin like forest and water.
_NAMED = frozenset({"hutanopan", "hutanabolon"})


@cache
def plain(name: str) -> str:
    """Lower-case letters and digits only: `Kota Blitar`, `KotaBlitar` and `KOTA-BLITAR` all become `kotablitar`."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NOT_LETTER.sub("", ascii_only.lower())


@cache
def skeleton(name: str) -> str:
    """Give what is left of a name when spelling habits are taken away.

    Old orthography (oe, dj, tj), doubled letters, mute h, abbreviations (Sei, Tj.) and Roman numerals
    differ between lists of the same places; two names with one skeleton are taken as one name.
    """
    words = [word.lower() for word in _CAMEL.split(name) if word]
    joined = plain("".join(_SHORT.get(word, word) for word in words))
    for old, new in _SOUNDS:
        joined = joined.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", joined)


def without_title(key: str) -> str:
    """Drop a leading `desa`, `kelurahan`, `nagari` and the like from a plain name."""
    return _TITLES.sub("", key) or key


def is_nameless(key: str) -> bool:
    """Tell forests, lakes and missing names (GADM writes `NA`) from villages."""
    return not key or (key not in _NAMED and _NAMELESS.match(key) is not None)


def closeness(left: str, right: str) -> float:
    """Compare two skeletons from 0 to 1; a name cut off after at least 12 letters counts as the whole name."""
    short, long = sorted((left, right), key=len)
    if 12 <= len(short) < len(long) and long.startswith(short):
        return 0.95
    return float(fuzz.ratio(left, right)) / 100.0
