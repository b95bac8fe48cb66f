"""A reading as JSON: units in the keys, unknown as null, GeoJSON with the ring of the circle."""

import math

from geo112.core.clock import to_iso
from geo112.core.confidence import at_standard_confidence
from geo112.core.geo import Circle, Position
from geo112.locate.fix import Device, Dialled, Fix, Located, NotUnderstood, Reading

_CORNERS = 64


def reading_to_dict(reading: Reading) -> dict[str, object]:
    """Write a reading as JSON: the fix, or null with the reason, and always the warnings."""
    warnings = list(reading.warnings)
    if isinstance(reading, NotUnderstood):
        return {"fix": None, "reason": reading.reason, "field": reading.field, "warnings": warnings}
    told = {**_device(reading.device), **_dialled(reading.dialled)}
    if isinstance(reading, Located):
        return {"fix": {**_fix(reading.fix), **told}, "geojson": _feature(reading.fix), "warnings": warnings}
    taken_at = to_iso(reading.taken_at) if reading.taken_at else None
    return {"fix": None, "reason": reading.reason, "taken_at": taken_at, **told, "warnings": warnings}


def ring_around(middle: Position, *, radius_m: float, corners: int = _CORNERS) -> list[list[float]]:
    """Draw a circle as a closed ring of lon, lat, counter-clockwise, its corners on the circle along geodesics."""
    points = [middle.moved(bearing_deg=-360 * n / corners, distance_m=radius_m) for n in range(corners)]
    ring = [[round(point.lon_deg, 7), round(point.lat_deg, 7)] for point in points]
    return [*ring, ring[0]]


def radius_95_m(circle: Circle) -> float:
    """Radius that holds the caller with 95 % (RFC 7459, 5.4), rounded up to the centimetre as its section 5.2 asks."""
    return math.ceil(round(at_standard_confidence(circle).radius_m * 100, 6)) / 100


def _fix(fix: Fix) -> dict[str, object]:
    """Write where and how sure."""
    circle = fix.area if isinstance(fix.area, Circle) else None
    return {
        "shape": type(fix.area).__name__,
        "lat_deg": fix.area.middle.lat_deg,
        "lon_deg": fix.area.middle.lon_deg,
        "radius_m": circle.radius_m if circle else None,
        "confidence_share": circle.confidence_share if circle else None,
        "radius_95_m": radius_95_m(circle) if circle else None,
        "taken_at": to_iso(fix.taken_at) if fix.taken_at else None,
        "source": fix.source.value,
        "method": fix.method.value,
        "altitude_m": fix.altitude_m,
        "vertical_accuracy_m": fix.vertical_accuracy_m,
    }


def _device(device: Device) -> dict[str, object]:
    """Write what the message told about the telephone, and nothing that it did not tell."""
    facts = {
        "imei": device.imei,
        "imsi": device.imsi,
        "mcc": device.mcc,
        "mnc": device.mnc,
        "home_mcc": device.home_mcc,
        "home_mnc": device.home_mnc,
        "languages": device.languages,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _dialled(dialled: Dialled) -> dict[str, object]:
    """Write what the message told about the call, and nothing that it did not tell."""
    facts = {"number": dialled.number, "call_started_at": to_iso(dialled.at) if dialled.at else None}
    return {key: value for key, value in facts.items() if value is not None}


def _feature(fix: Fix) -> dict[str, object]:
    """Write the fix as a GeoJSON feature: a ring for a circle, a point where the radius is unknown."""
    middle = [fix.area.middle.lon_deg, fix.area.middle.lat_deg]
    geometry: dict[str, object] = {"type": "Point", "coordinates": middle}
    if isinstance(fix.area, Circle):
        ring = ring_around(fix.area.middle, radius_m=fix.area.radius_m)
        geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "geometry": geometry, "properties": {"middle": middle, **_fix(fix)}}
