"""A country of masts as radio engineers simulate it, which knows nothing of how geo112 reads cells.

Sites stand about 1.8 km apart with three sectors each (antenna pattern and path loss after 3GPP TR 36.814, shadowing of
8 dB); people stand anywhere and are served by the strongest sector. What a crowd and what an operator know of the cells
is drawn from other people. Metres east and north of a place; bearings from north clockwise.
"""

from dataclasses import dataclass

import numpy as np

HALF_M = 12_000.0
SPACING_M = 1_800.0
CHIP_M = 78.07


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Where people stand, the sectors that they hear from the strongest on, and their advance in steps of LTE."""

    east_m: np.ndarray
    north_m: np.ndarray
    heard: np.ndarray
    advance: np.ndarray


class RadioWorld:
    """The masts, and whoever stands among them."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        line = np.arange(-HALF_M, HALF_M + 1, SPACING_M)
        east, north = (part.ravel() for part in np.meshgrid(line, line))
        jitter = self.random.uniform(-400, 400, (2, len(east)))
        self.site_east_m, self.site_north_m = east + jitter[0], north + jitter[1]
        first = self.random.uniform(0, 120, len(east))
        self.azimuth_deg = (first[:, None] + np.array([0, 120, 240])).ravel() % 360
        self.sectors = len(self.azimuth_deg)
        self.site_of = np.repeat(np.arange(len(east)), 3)

    def people(self, count: int, *, heard_within_db: float = 10.0) -> People:
        """Put people into the inner country and let their telephones listen."""
        inner = HALF_M - 2 * SPACING_M
        east_m, north_m = self.random.uniform(-inner, inner, (2, count))
        to_east = east_m[:, None] - self.site_east_m
        to_north = north_m[:, None] - self.site_north_m
        far_m = np.hypot(to_east, to_north)
        loss = 128.1 + 37.6 * np.log10(np.maximum(far_m, 20) / 1000) + self.random.normal(0, 8, far_m.shape)
        bearing = np.degrees(np.arctan2(to_east, to_north))
        off = (bearing[:, self.site_of] - self.azimuth_deg + 180) % 360 - 180
        power = -loss[:, self.site_of] - np.minimum(12 * (off / 70) ** 2, 20)
        order = np.argsort(-power, axis=1)[:, :7]
        strength = np.take_along_axis(power, order, axis=1)
        heard = np.where(strength >= strength[:, :1] - heard_within_db, order, -1)
        path_m = far_m[np.arange(count), self.site_of[order[:, 0]]]
        detour_m = self.random.exponential(120 * np.sqrt(path_m / 1000 + 0.01))
        advance = np.rint((path_m + detour_m) / CHIP_M + self.random.normal(0, 0.3, count))
        return People(east_m=east_m, north_m=north_m, heard=heard, advance=np.maximum(advance, 0).astype(int))

    def crowd_list(self, observers: People, *, most: int) -> dict[int, tuple[float, float, float, int]]:
        """Give middle, range and number of at most `most` observations of each sector."""
        found = {}
        for sector in range(self.sectors):
            mine = np.flatnonzero(observers.heard[:, 0] == sector)[: int(self.random.integers(1, most + 1))]
            if len(mine):
                east, north = observers.east_m[mine], observers.north_m[mine]
                middle = east.mean(), north.mean()
                range_m = float(np.hypot(east - middle[0], north - middle[1]).max())
                found[sector] = (float(middle[0]), float(middle[1]), range_m, len(mine))
        return found

    def ranges_m(self, observers: People) -> np.ndarray:
        """Give how far each sector serves, as an operator's planning says: nearly the farthest of those it serves."""
        sector = observers.heard[:, 0]
        site = self.site_of[sector]
        far_m = np.hypot(observers.east_m - self.site_east_m[site], observers.north_m - self.site_north_m[site])
        return np.array(
            [
                np.quantile(far_m[sector == one], 0.99) if (sector == one).any() else 1000.0
                for one in range(self.sectors)
            ]
        )
