"""How a name sounds: old and new spelling, habits of the ear, joined and split words become one key."""

import re
import unicodedata

LONGEST_TEXT = 200

_WORD = re.compile(r"[a-z]+|[0-9]+")
_APOSTROPHE = re.compile(r"['`’‘ʼ´\"]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")

# What is written for what is said; directions of Javanese names, titles of roads and buildings.
_SHORT = {
    "kdl": "kidul", "kdul": "kidul", "wtn": "wetan", "kln": "kulon", "kul": "kulon", "tgh": "tengah", "utr": "utara",
    "slt": "selatan", "sel": "selatan", "tmr": "timur", "tim": "timur", "brt": "barat", "kp": "kampung",
    "kmp": "kampung", "kamp": "kampung", "gn": "gunung", "gng": "gunung", "tj": "tanjung", "tg": "tanjung",
    "tjg": "tanjung", "tlk": "teluk", "pl": "pulau", "sei": "sungai", "sungei": "sungai", "s": "sungai",
    "psr": "pasar", "ps": "pasar", "jalan": "jl", "jln": "jl", "gang": "gg",
    "mesjid": "masjid", "msjd": "masjid", "mushola": "musala", "musholla": "musala", "mushalla": "musala",
    "musholah": "musala", "langgar": "musala", "puskes": "puskesmas", "pkm": "puskesmas", "rmh": "rumah",
    "perum": "perumahan", "prum": "perumahan", "perumnas": "perumahan", "jbt": "jembatan", "jmbtn": "jembatan",
    "stasion": "stasiun", "sta": "stasiun", "simp": "simpang", "sp": "simpang", "st": "santo",
}  # fmt: skip
# Several words that stand for one; the longest first.
_PHRASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("rumah", "sakit", "umum", "daerah"), "rsud"),
    (("sekolah", "dasar", "negeri"), "sdn"),
    (("sekolah", "dasar"), "sd"),
    (("rumah", "sakit", "umum"), "rsu"),
    (("rumah", "sakit"), "rs"),
    (("sd", "negeri"), "sdn"),
    (("smp", "negeri"), "smpn"),
    (("sma", "negeri"), "sman"),
    (("smk", "negeri"), "smkn"),
    (("sd", "n"), "sdn"),
    (("smp", "n"), "smpn"),
    (("sma", "n"), "sman"),
    (("smk", "n"), "smkn"),
    (("pom", "bensin"), "spbu"),
    (("pombensin",), "spbu"),
    (("pom",), "spbu"),
    (("kilo", "meter"), "km"),
    (("kilometer",), "km"),
)
_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}

# Sounds that callers and typists mix up; each rule shortens the word or uses up its letter, so they come to an end.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"oe", "u"),
        (r"tj", "c"),
        (r"d[jz]", "j"),
        (r"s[jyh]", "s"),
        (r"ch", "c"),
        (r"([kdtbg])h", r"\1"),
        (r"ph|[fv]", "p"),
        (r"z|y", "j"),
        (r"q", "k"),
        (r"x", "ks"),
        (r"ng", "n"),
        (r"ie|ij", "i"),
        (r"uw", "u"),
        (r"h(?=[^aeiou]|$)", ""),
        (r"(.)\1+", r"\1"),
    )
)


def plain(text: str) -> str:
    """Write a text in small letters a to z and digits, with single spaces between words."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_LETTERS.sub(" ", _APOSTROPHE.sub("", letters)).strip()


def words_of(text: str) -> list[str]:
    """Take a text apart into words, abbreviations written out, numbers as words, set phrases as one."""
    found = _WORD.findall(plain(text))
    full = [_SHORT.get(word, word) if at or len(found) > 1 else word for at, word in enumerate(found)]
    return [_number(word, first=not at) for at, word in enumerate(_joined_phrases(full))]


def fold(text: str) -> str:
    """Reduce letters to how they sound; what is folded already stays as it is."""
    while True:
        folded = text
        for pattern, sound in _SOUNDS:
            folded = pattern.sub(sound, folded)
        if folded == text:
            return folded
        text = folded


def key_of(words: list[str]) -> str:
    """Give what names are compared by: the sound of all words as one, so that joining and splitting do not matter."""
    return fold("".join(words))


def name_key(name: str) -> str:
    """Give the key of a name; empty where it holds no letter and no digit."""
    return key_of(words_of(name))


def _joined_phrases(words: list[str]) -> list[str]:
    """Put set phrases such as `sekolah dasar negeri` together."""
    out: list[str] = []
    at = 0
    while at < len(words):
        for phrase, short in _PHRASES:
            if tuple(words[at : at + len(phrase)]) == phrase:
                out.append(short)
                at += len(phrase)
                break
        else:
            out.append(words[at])
            at += 1
    return out


def _number(word: str, *, first: bool) -> str:
    """Say a number up to ten as a word; Roman ones only behind a name, where they cannot be a syllable of it."""
    if word.isdigit():
        value = int(word) if len(word) < 4 else -1
        return _DIGITS[value] if 0 <= value <= 10 else word.lstrip("0") or word
    return _DIGITS[_ROMAN[word]] if not first and word in _ROMAN else word
