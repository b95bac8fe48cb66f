"""Why a place was found, in the words of the screen, and how much a relation such as `dekat` adds to its area."""

from dataclasses import dataclass, replace
from typing import Self

from geo112.locate.places.spoken import Ask, Beside

# Who is beside a place is outside it; nobody measured how far, so this is a rule, and labelled a guess.
_GROWN_M = {Beside.DEPAN: 100.0, Beside.DEKAT: 300.0, Beside.ARAH: 2_000.0}

# A name of which all fits, yet so far away that other ways to understand the text are worth a look.
_FAR_AWAY = 2.0
_NEARLY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A place as one way to understand the text sees it; `unknown` counts the letters said that fit nothing."""

    row: int
    cost: float
    far_cost: float
    gap_m: float
    wrong: int
    unknown: int
    letters: int
    cut: bool
    context: bool
    guessed: bool
    namesakes: int
    beside: Beside | None
    of_kind: bool = False

    @property
    def perfect(self) -> bool:
        """Whether all that was said fits without an error."""
        return not (self.wrong or self.unknown or self.cut)

    def good_enough(self, ask: Ask) -> bool:
        """Whether it is needless to try one more way to understand the text.

        It is where name and surroundings fit, and where the whole text is a name nearby; a guess is needless where
        they nearly fit, and a seldom guess where another guess does.
        """
        if self.perfect:
            return self.context or (ask.guessed and self.far_cost < _FAR_AWAY)
        nearly = self.context and not (self.unknown or self.cut) and self.wrong <= _NEARLY
        return nearly and (ask.reversed or (ask.guessed and not self.guessed))

    @property
    def score_share(self) -> float:
        """Share of the letters said that fit."""
        return round(max(0.0, 1.0 - (self.wrong + self.unknown) / self.letters), 3)

    def like(self, row: int, *, beside: Beside | None) -> Self:
        """Give another place that was found through this one."""
        return replace(self, row=row, beside=beside, of_kind=True, namesakes=1)


def grown_m(beside: Beside | None) -> float:
    """By how many metres the radius grows when the caller is beside the place."""
    return _GROWN_M[beside] if beside is not None else 0.0


def reasons(seen: Seen, *, near: bool, estimated: bool, disputed: bool) -> tuple[str, ...]:
    """Say why a place was found, guesses last."""
    told = [_name(seen)]
    if seen.context:
        told.append("sebagian kata tidak dikenal di sana" if seen.unknown else "wilayahnya cocok")
    if near:
        away = f"{seen.gap_m / 1000:.0f} km" if seen.gap_m >= 1000 else f"{seen.gap_m:.0f} m"
        told.append("di dalam perkiraan posisi" if seen.gap_m <= 0 else f"{away} di luar perkiraan posisi")
    if seen.namesakes > 1:
        told.append(f"satu dari {seen.namesakes} tempat bernama sama")
    if seen.beside is not None:
        told.append(f"perkiraan: radius ditambah {grown_m(seen.beside):.0f} m karena disebut {seen.beside.value}")
    if estimated:
        told.append("perkiraan: radius ditaksir, tidak diukur")
    if disputed:
        told.append("perkiraan: dua sumber menaruhnya di tempat yang berbeda")
    return tuple(told)


def _name(seen: Seen) -> str:
    if seen.of_kind:
        return "jenis patokan yang disebut, di tempat yang disebut"
    if seen.cut:
        begun = "awal nama cocok"
        return begun if not seen.wrong else f"{begun}, {seen.wrong} huruf berbeda"
    return f"{seen.wrong} huruf berbeda" if seen.wrong else "nama cocok"
