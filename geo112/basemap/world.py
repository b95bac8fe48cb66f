"""World units: web Mercator (EPSG:3857) as whole numbers, 2^30 around the earth, x to the east, y to the south.

One unit is 0.037 m on the equator, so that a tile of zoom 16 still has four units to each of its 4096 steps.
"""

import math

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WORLD_BITS = 30
WORLD = 1 << WORLD_BITS
UNIT_M = 2 * math.pi * 6378137.0 / WORLD
MAX_ZOOM = 16
EXTENT_BITS = 12
EXTENT = 1 << EXTENT_BITS
# A border that is straight in degrees is bent on a Mercator map: by 0.1 m over this length at 11 S.
STRAIGHT_DEG = 0.05


def to_world(lonlat_deg: Floats) -> Ints:
    """Turn rows of lon, lat in degrees into rows of x, y in world units (Snyder 1987, 7-1 and 7-2, sphere)."""
    x = (lonlat_deg[:, 0] + 180.0) / 360.0
    y = 0.5 - np.arcsinh(np.tan(np.radians(lonlat_deg[:, 1]))) / (2.0 * math.pi)
    return np.rint(np.column_stack((x, y)) * WORLD).astype(np.int64)


def to_degrees(world: npt.NDArray[np.generic]) -> Floats:
    """Turn rows of x, y in world units into rows of lon, lat in degrees."""
    share = world.astype(np.float64) / WORLD
    lat = np.degrees(np.arctan(np.sinh((0.5 - share[:, 1]) * 2.0 * math.pi)))
    return np.column_stack((share[:, 0] * 360.0 - 180.0, lat))


def pixel_units(zoom: int) -> float:
    """Size of a screen pixel in world units where a tile is drawn 512 pixels wide."""
    return float(WORLD) / (512 << zoom)
