"""From the list of places to what a caller can be asked about."""

from collections.abc import Sequence

from geo112.core.errors import DataMissing
from geo112.core.extent import reach_m as reach_of
from geo112.core.geo import Position
from geo112.core.shapes import Area
from geo112.locate.places.around import Nearby
from geo112.locate.places.kinds import Kind
from geo112.locate.places.shelf import Shelf
from geo112.zones.question.ground import Ground
from geo112.zones.question.landmark import KNOWLEDGE, Landmark

# Around a wide area only so much more is looked at: what lies farther off is asked by kecamatan.
_WIDEST_M = 10_000.0
# Runs of a road or river of one name whose ends are this close belong together; others are namesakes.
_JOINED_M = 300.0

Runs = tuple[tuple[Position, ...], ...]


class Surveyor:
    """Tells what lies around a caller; without a list of places there is nothing to ask about."""

    __slots__ = ("_shelf",)

    def __init__(self, shelf: Shelf | None) -> None:
        """Look into this list of places."""
        self._shelf = shelf

    def around(self, area: Area) -> list[Landmark]:
        """Give what a caller in this area can be asked about."""
        if self._shelf is None:
            return []
        try:
            places = self._shelf.places()
        except DataMissing:
            # The call goes on without a question, as it does without a list of places.
            return []
        more_m = min(reach_of(area) or 0.0, _WIDEST_M)
        reach_m = {Kind(kind): 2 * one.reach_m + more_m for kind, one in KNOWLEDGE.items()}
        reach_m[Kind.DESA] = KNOWLEDGE["desa"].reach_m + more_m
        reach_m[Kind.KECAMATAN] = KNOWLEDGE["kecamatan"].reach_m + more_m
        return landmarks_of(places.around(area.middle, reach_m), middle=area.middle)


def landmarks_of(places: Sequence[Nearby], *, middle: Position) -> list[Landmark]:
    """Take places as landmarks; the pieces of one road or river, which maps cut at every bridge, become one."""
    pieces: dict[tuple[str, Kind], list[Nearby]] = {}
    out = []
    for one in places:
        if one.lines:
            pieces.setdefault((one.name.casefold(), one.kind), []).append(one)
        else:
            out.append(_landmark(one, ()))
    for same in pieces.values():
        out += [_landmark(same[0], runs) for runs in _joined([run for one in same for run in one.lines], middle)]
    return out


def _landmark(place: Nearby, lines: Runs) -> Landmark:
    return Landmark(
        name=place.name,
        kind=place.kind.value,
        middle=place.middle,
        radius_m=place.radius_m,
        kode=place.kode,
        lines=lines,
    )


def _joined(runs: Sequence[tuple[Position, ...]], middle: Position) -> list[Runs]:
    """Put runs together whose ends meet, or nearly."""
    ground = Ground(middle=middle)
    groups: list[list[int]] = []
    ends = [[ground.spot(run[0]), ground.spot(run[-1])] for run in runs]
    for at in range(len(runs)):
        touched = [group for group in groups if any(_meet(ends[at], ends[other]) for other in group)]
        groups = [group for group in groups if group not in touched]
        groups.append(sorted([at, *(one for group in touched for one in group)]))
    return [tuple(runs[at] for at in group) for group in sorted(groups)]


def _meet(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    return any((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 <= _JOINED_M**2 for a in one for b in other)
