"""Places drawn evenly, the same ones every time: where adding up exactly would cost more than it tells."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sequence(count: int, dimensions: int) -> Floats:
    """Give points that fill a cube evenly: the additive sequence of the generalised golden ratio (Roberts 2018)."""
    ratio = 2.0
    for _ in range(64):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    points: Floats = (0.5 + np.outer(np.arange(1, count + 1), steps)) % 1.0
    return points


def normal_pair(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Make two normal numbers of two even ones (Box and Muller 1958)."""
    length = np.sqrt(-2 * np.log1p(-first))
    return length * np.cos(2 * math.pi * second), length * np.sin(2 * math.pi * second)


def spots_in(flat: shapely.Polygon, numbers: Floats) -> tuple[Floats, Floats]:
    """Choose a triangle of a polygon by its size, then a place in it; the third of three numbers is the triangle's."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(flat))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    sizes = np.cumsum(shapely.area(triangles))
    chosen = corners[np.minimum(np.searchsorted(sizes, numbers[:, 2] * sizes[-1], side="right"), len(corners) - 1)]
    root, along = np.sqrt(numbers[:, :1]), numbers[:, 1:2]
    spots = (1 - root) * chosen[:, 0] + root * (1 - along) * chosen[:, 1] + root * along * chosen[:, 2]
    return spots[:, 0], spots[:, 1]
