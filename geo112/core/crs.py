"""The projections in which geo112 measures: a plane around each place, and one of all land for areas alone."""

from functools import lru_cache

from pyproj import CRS, Transformer

from geo112.core.geo import Position


def plane_around(middle: Position) -> CRS:
    """Equal-area plane in metres that touches the ellipsoid at the position (Lambert azimuthal, Snyder 1987)."""
    return CRS.from_proj4(
        f"+proj=laea +lat_0={middle.lat_deg!r} +lon_0={middle.lon_deg!r} +datum=WGS84 +units=m +no_defs"
    )


@lru_cache(maxsize=64)
def to_plane(middle: Position) -> Transformer:
    """Transformer from lon, lat in degrees to metres in the plane around the position."""
    return Transformer.from_crs("EPSG:4326", plane_around(middle), always_xy=True)


@lru_cache(maxsize=1)
def to_equal_area() -> Transformer:
    """Transformer from lon, lat in degrees to the metres of one equal-area plane for all land (EPSG:6933).

    It compares areas that lie anywhere in the country; only areas mean anything in it, no distances and no angles.
    """
    return Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True)
