"""A reading as JSON: units in the keys, unknown as null, GeoJSON with the ring of the circle."""

from geo112.core.clock import to_iso
from geo112.core.extent import outline
from geo112.locate.area_wire import area_to_dict, sizes_to_dict
from geo112.locate.fix import Civic, Device, Dialled, Fix, Located, NotUnderstood, Reading


def reading_to_dict(reading: Reading) -> dict[str, object]:
    """Write a reading as JSON: the fix, or null with the reason, and always the warnings."""
    warnings = list(reading.warnings)
    if isinstance(reading, NotUnderstood):
        return {"fix": None, "reason": reading.reason, "field": reading.field, "warnings": warnings}
    told = {**_device(reading.device), **_dialled(reading.dialled), **_civic(reading.civic)}
    if isinstance(reading, Located):
        return {"fix": {**_fix(reading.fix), **told}, "geojson": _feature(reading.fix), "warnings": warnings}
    taken_at = to_iso(reading.taken_at) if reading.taken_at else None
    return {"fix": None, "reason": reading.reason, "taken_at": taken_at, **told, "warnings": warnings}


def _fix(fix: Fix) -> dict[str, object]:
    """Write a fix; a radius that nobody stated is null, never 0."""
    return {
        **area_to_dict(fix.area),
        **sizes_to_dict(fix.area),
        "taken_at": to_iso(fix.taken_at) if fix.taken_at else None,
        "source": fix.source.value,
        "method": fix.method.value,
        "altitude_m": fix.altitude_m,
        "vertical_accuracy_m": fix.vertical_accuracy_m,
        "floor": fix.floor,
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
        "device_number": device.number,
        "model": device.model,
        "iccid": device.iccid,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _dialled(dialled: Dialled) -> dict[str, object]:
    """Write what the message told about the call, and nothing that it did not tell."""
    facts = {"number": dialled.number, "call_started_at": to_iso(dialled.at) if dialled.at else None}
    return {key: value for key, value in facts.items() if value is not None}


def _civic(civic: Civic) -> dict[str, object]:
    """Write a civic address as it came; a repeated element keeps all its texts."""
    return {"civic": [list(part) for part in civic]} if civic else {}


def _feature(fix: Fix) -> dict[str, object]:
    """Write the fix as a GeoJSON feature: the area's outline, a point where the uncertainty is unknown."""
    middle = [fix.area.middle.lon_deg, fix.area.middle.lat_deg]
    rings = outline(fix.area)
    geometry: dict[str, object] = {"type": "Point", "coordinates": middle}
    if rings:
        geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "geometry": geometry, "properties": {"middle": middle, **_fix(fix)}}
