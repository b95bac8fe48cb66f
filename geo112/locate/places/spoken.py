"""Takes apart what a caller says about a place: the name, what it lies in, what it is beside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from geo112.locate.places.kinds import ADMINISTRATIVE, Kind, kind_of_word
from geo112.locate.places.spelling import key_of, words_of

_BREAK = re.compile(r"[,;()\n\r]+")
_MOST_SEGMENTS = 4
_MOST_SPLIT_WORDS = 5
_LONGEST_NAME = 28
# A parent that was named outweighs nearness (match.FAR_MOST); a road or a house may be in no list.
_UNKNOWN_PATOKAN, _UNKNOWN_PARENT, _UNKNOWN_GUESSED = 3.0, 5.0, 6.0


class Beside(StrEnum):
    """How the caller stands to a patokan, with the Indonesian word for it."""

    DEKAT = "dekat"
    DEPAN = "depan"
    ARAH = "arah"


_BESIDE = {
    **dict.fromkeys(("dekat", "deket", "dkt", "sekitar", "sekitaran", "pinggir", "area"), Beside.DEKAT),
    **dict.fromkeys(("depan", "dpn", "belakang", "blkg", "blkng", "samping", "smping", "sebelah"), Beside.DEPAN),
    **dict.fromkeys(("seberang", "sebrang", "dalam"), Beside.DEPAN),
    **dict.fromkeys(("arah", "menuju", "jurusan"), Beside.ARAH),
}
_VILLAGE, _KECAMATAN, _KABKOTA = frozenset({Kind.DESA, Kind.DUSUN}), frozenset({Kind.KECAMATAN}), {Kind.KABKOTA}
_LEVELS: dict[str, frozenset[Kind]] = {
    **dict.fromkeys(("desa", "ds", "kelurahan", "kel", "klurahan", "dusun", "dsn", "dukuh", "lingkungan"), _VILLAGE),
    **dict.fromkeys(("kecamatan", "kec", "kcmtn", "kecmatan", "distrik"), _KECAMATAN),
    **dict.fromkeys(("kabupaten", "kab", "kota", "kotamadya"), frozenset(_KABKOTA)),
    **dict.fromkeys(("provinsi", "prov", "propinsi"), frozenset({Kind.PROVINSI})),
}
# The name of a kabupaten or kota is known with these words before it.
_PART_OF_NAME = {"kabupaten": "kab", "kab": "kab", "kota": "kota", "kotamadya": "kota"}
_NUMBERED = frozenset({"rt", "rw", "no", "nomor", "nomer", "blok"})
_NUMBER = frozenset(words_of("a 0 1 2 3 4 5 6 7 8 9 10")[1:])
_NOISE = frozenset({
    "di", "ke", "dari", "daerah", "wilayah", "saya", "pak", "bu", "mas", "mbak", "tolong", "ini", "itu", "ada", "nya",
    "lokasi", "lokasinya", "alamat", "alamatnya", "posisi", "tepatnya", "sini", "situ", "dengan", "yang", "sama",
    "ya", "halo", "mau", "rumah", "dekatnya", "depannya",
})  # fmt: skip
_DIRECTIONS = frozenset({"utara", "selatan", "timur", "barat", "lor", "kidul", "wetan", "kulon", "kiri", "kanan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else is said about a place: how it sounds, and what it costs when nothing around the place is called so."""

    key: str
    unknown_cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Words that belong together, which kinds of place they can mean, and how the caller stands to that place."""

    words: tuple[str, ...]
    wanted: frozenset[Kind] = frozenset()
    beside: Beside | None = None

    @property
    def key(self) -> str:
        """How the words sound as one."""
        return key_of(list(self.words))

    @property
    def spelt(self) -> str:
        """The words as one, as they were written."""
        return "".join(self.words)

    @property
    def around(self) -> Around:
        """The words as what another place lies in; no list holds all roads and houses, but all kecamatan."""
        loose = self.beside is not None or bool(self.wanted - ADMINISTRATIVE - {Kind.DUSUN})
        return Around(key=self.key, unknown_cost=_UNKNOWN_PATOKAN if loose else _UNKNOWN_PARENT)

    @property
    def bare(self) -> Kind | None:
        """The kind, where nothing but a kind is said (`masjid`)."""
        return kind_of_word(self.words[0]) if len(self.words) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One way to understand the text: `head` is how the place looked for sounds, `context` what else is said.

    `guessed` says that nothing in the text cuts it here.
    `reversed` says that the context came first, which is seldom meant.
    """

    head: str
    spelt: str
    context: tuple[Around, ...] = ()
    wanted: frozenset[Kind] = frozenset()
    beside: Beside | None = None
    guessed: bool = False
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """All ways to understand a text, plain ones first; `splits` are for when no whole name fits."""

    plain: tuple[Ask, ...]
    splits: tuple[Ask, ...]
    bare: Segment | None


def understand(text: str) -> Spoken:
    """Find the ways in which a text can name a place; none for a text without letters and digits."""
    pieces = [words for piece in _BREAK.split(text) if (words := words_of(piece))]
    segments = [segment for words in pieces for segment in _segments(words)]
    named = [segment for segment in segments if segment.bare is None and segment.key][:_MOST_SEGMENTS]
    bare = next((segment for segment in segments if segment.bare is not None), None)
    every = [word for words in pieces for word in words]
    spelt = "".join(every)
    # A whole sentence is no name.
    is_name = len(segments) < 2 or (len(named) < 3 and len(spelt) <= _LONGEST_NAME)
    asks = [Ask(head=key_of(every), spelt=spelt)] if is_name else []
    for at, head in enumerate(named):
        context = tuple(other.around for other in named[:at] + named[at + 1 :])
        asks.append(Ask(head=head.key, spelt=head.spelt, context=context, wanted=head.wanted, beside=head.beside))
    splits = [*_unlisted(named), *_splits(named)]
    return Spoken(plain=_different(asks), splits=_different(splits), bare=bare)


def _segments(words: list[str]) -> Iterator[Segment]:
    """Cut words where a level, a kind or a relation begins."""
    kept: list[str] = []
    wanted: frozenset[Kind] = frozenset()
    beside: Beside | None = None
    for word, last in _telling(words):
        opens = (word in _BESIDE or word in _LEVELS) and not last
        kind = kind_of_word(word)
        if opens or (kind is not None and kept):
            if kept:
                yield Segment(words=tuple(kept), wanted=wanted, beside=beside)
                beside = None
            kept, wanted = [], frozenset()
        if opens:
            beside, wanted = _BESIDE.get(word, beside), _LEVELS.get(word, wanted)
            kept = [_PART_OF_NAME[word]] if word in _PART_OF_NAME else []
            continue
        if kind is not None:
            wanted = frozenset({kind})
        kept.append(word)
    if kept:
        yield Segment(words=tuple(kept), wanted=wanted, beside=beside)


def _telling(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Leave out what names nothing (RT, RW, house numbers, `sebelah utara`), and say which word is last."""
    kept: list[str] = []
    numbered = False
    for at, word in enumerate(words):
        is_number = word in _NUMBER or word.isdigit()
        if numbered and is_number:
            kept.pop()
        elif word in _NOISE or (word in _DIRECTIONS and kept and kept[-1] in _BESIDE and at + 1 < len(words)):
            continue
        else:
            kept.append(word)
        numbered = word in _NUMBERED
    for at, word in enumerate(kept):
        yield word, at + 1 == len(kept)


def _unlisted(named: list[Segment]) -> Iterator[Ask]:
    """Look for the place that a patokan is called after, which no list may have: `pasar srengat` is in Srengat.

    A road is left out: it is called after a town to which it leads, or after one far away.
    """
    for at, segment in enumerate(named):
        kind = kind_of_word(segment.words[0])
        if len(segment.words) < 2 or kind in {None, Kind.JALAN, Kind.DUSUN}:
            continue
        first, rest = Segment(words=segment.words[:1]), Segment(words=segment.words[1:])
        if first.key and rest.key:
            others = tuple(other.around for other in named[:at] + named[at + 1 :])
            patokan = Around(key=first.key, unknown_cost=_UNKNOWN_PATOKAN)
            yield _guess(rest, (patokan, *others), segment, turned=True)


def _splits(named: list[Segment]) -> Iterator[Ask]:
    """Cut segments in two, since nobody says a comma: `jatinom kanigoro`; the other way round comes last."""
    turned: list[Ask] = []
    for at, segment in enumerate(named):
        if not 2 <= len(segment.words) <= _MOST_SPLIT_WORDS:
            continue
        others = tuple(other.around for other in named[:at] + named[at + 1 :])
        for cut in range(len(segment.words) - 1, 0, -1):
            first, rest = Segment(words=segment.words[:cut]), Segment(words=segment.words[cut:])
            if first.bare is None and first.key and rest.key:
                yield _guess(first, (_guessed(rest), *others), segment, turned=False)
                turned.append(_guess(rest, (_guessed(first), *others), segment, turned=True))
    yield from turned


def _guessed(segment: Segment) -> Around:
    """Where only a guess cuts the text, words that fit nothing say that the guess is wrong."""
    return Around(key=segment.key, unknown_cost=_UNKNOWN_GUESSED)


def _guess(head: Segment, context: tuple[Around, ...], whole: Segment, *, turned: bool) -> Ask:
    """Understand a part of a segment as the place looked for."""
    return Ask(
        head=head.key,
        spelt=head.spelt,
        context=context,
        wanted=frozenset() if turned else whole.wanted,
        beside=whole.beside,
        guessed=True,
        reversed=turned,
    )


def _different(asks: list[Ask]) -> tuple[Ask, ...]:
    """Leave out what is said twice, and what has no sound."""
    return tuple(dict.fromkeys(ask for ask in asks if ask.head))
