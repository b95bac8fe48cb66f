"""AML text messages: `A"ML=1` as handsets send it, and `A"ML=2`, the ELS Beta, whose keys mean other things."""

import re
from datetime import UTC, datetime, timedelta

from geo112.core.errors import BadInput, BadMessage
from geo112.core.geo import Position
from geo112.locate.aml_fields import LONGEST_RADIUS_M, Pairs, area_of, method_of, moment_of, number_of, split_pairs
from geo112.locate.degrees import field_warnings, is_zero_pair, stated_position, strict_decimal
from geo112.locate.fix import (
    Device,
    Dialled,
    Fix,
    FixMethod,
    FixSource,
    Located,
    NoPosition,
    NotUnderstood,
    Reading,
)

_NO_POSITION = "the handset knew no position"
# Published examples count one or two characters wrong; a message that lost a part misses more.
_ML_TOLERANCE = 3
_FULL_DECIMALS = re.compile(r".*\.[0-9]{5,}", re.ASCII)


def read_aml_sms(text: str) -> Reading:
    """Read any text as an AML text message; never raises: what is broken comes back as NotUnderstood."""
    try:
        pairs = split_pairs(text)
        return _first(pairs, length=len(text.strip())) if pairs.version == "1" else _second(pairs)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _first(pairs: Pairs, *, length: int) -> Reading:
    """Read version 1: one key per figure."""
    device = Device(
        imei=pairs.matching("ei", "[0-9]{14,16}"),
        imsi=pairs.matching("si", "[0-9]{6,15}"),
        mcc=pairs.matching("mcc", "[0-9]{3}"),
        mnc=pairs.matching("mnc", "[0-9]{2,3}"),
    )
    _warn_if_short(pairs, length=length)
    says_none = [f"{key}=N" for key in ("rd", "pm") if pairs.values.get(key, "").upper() == "N"]
    if says_none and not pairs.take("lt") and not pairs.take("lg"):
        return _nowhere(pairs, device)
    lat_deg, lon_deg = _coordinate(pairs, "lt"), _coordinate(pairs, "lg")
    if is_zero_pair(lat_deg=lat_deg, lon_deg=lon_deg):
        if not says_none and pairs.values.get("lc") != "0":
            pairs.warnings.append("0/0 is what devices send when they know no position")
        return _nowhere(pairs, device)
    middle = stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field="lt", lon_field="lg")
    if says_none:
        pairs.warnings.append(f"the message says {' and '.join(says_none)}, but holds coordinates")
    area = area_of(pairs, middle, radius_m=_radius_m(pairs), radius_key="rd")
    method, taken_at = method_of(pairs, "pm"), moment_of(pairs, "top")
    warnings = (*pairs.warnings, *field_warnings(middle))
    fix = Fix(area=area, source=FixSource.AML, method=method, taken_at=taken_at, warnings=warnings)
    return Located(fix=fix, device=device)


def _nowhere(pairs: Pairs, device: Device) -> NoPosition:
    """Say that the message holds no position, with everything else that it tells."""
    taken_at = moment_of(pairs, "top")
    return NoPosition(reason=_NO_POSITION, taken_at=taken_at, device=device, warnings=tuple(pairs.warnings))


def _coordinate(pairs: Pairs, key: str) -> float:
    """Read a coordinate; one in which the message breaks off is refused, since its last digits may be missing."""
    text = pairs.require(key)
    if pairs.cut == key and not _FULL_DECIMALS.fullmatch(text):
        raise BadMessage(f"the message is cut off in {text[:40]!r}", field=key)
    return number_of(text, key=key)


def _radius_m(pairs: Pairs) -> float | None:
    """Read `rd` in metres; None for `N`, nothing, what is no radius on earth, and a message that breaks off in it."""
    text = pairs.take("rd")
    if text is None or text.upper() == "N":
        return None
    if pairs.cut == "rd":
        pairs.warnings.append("message cut off in rd")
        return None
    radius_m = strict_decimal(text.replace(",", "."))
    if radius_m is None or radius_m > LONGEST_RADIUS_M:
        pairs.warnings.append(f"rd not understood: {text[:40]!r}")
        return None
    return radius_m


def _warn_if_short(pairs: Pairs, *, length: int) -> None:
    """Warn where the message states far more characters than arrived; the count is unreliable by a few."""
    stated = pairs.matching("ml", "[0-9]{1,4}")
    if stated is not None and int(stated) - length > _ML_TOLERANCE:
        pairs.warnings.append(f"{length} of {stated} characters arrived")


def _second(pairs: Pairs) -> Reading:
    """Read version 2: `lo` holds the position, `lt` is seconds after `et`, `lg` is a language."""
    device = Device(
        imei=pairs.matching("ei", "[0-9]{14,16}"),
        languages=pairs.matching("lg", "[A-Za-z0-9,_-]{2,80}"),
        **_network(pairs),
    )
    started_at = _epoch(pairs)
    dialled = Dialled(number=pairs.matching("en", r"\+?[0-9*#]{2,20}"), at=started_at)
    taken_at = _taken_at(pairs, started_at)
    place = _place(pairs)
    if place is None:
        reason, warnings = _NO_POSITION, tuple(pairs.warnings)
        return NoPosition(reason=reason, taken_at=taken_at, device=device, dialled=dialled, warnings=warnings)
    middle, accuracy_m = place
    area = area_of(pairs, middle, radius_m=accuracy_m, radius_key="lo")
    # Without the start of the call neither the altitude nor the method belongs to this position.
    altitude_m, vertical_accuracy_m = _altitude(pairs) if started_at else (None, None)
    fix = Fix(
        area=area,
        source=FixSource.AML,
        method=method_of(pairs, "ls") if started_at else FixMethod.UNKNOWN,
        taken_at=taken_at,
        altitude_m=altitude_m,
        vertical_accuracy_m=vertical_accuracy_m,
        warnings=(*pairs.warnings, *field_warnings(middle)),
    )
    return Located(fix=fix, device=device, dialled=dialled)


def _network(pairs: Pairs) -> dict[str, str | None]:
    """Split `nc` and `hc` into country (first three digits) and network; kept as text, since 01 is not 1."""
    network, home = pairs.matching("nc", "[0-9]{5,6}"), pairs.matching("hc", "[0-9]{5,6}")
    return {
        "mcc": network and network[:3],
        "mnc": network and network[3:],
        "home_mcc": home and home[:3],
        "home_mnc": home and home[3:],
    }


def _epoch(pairs: Pairs) -> datetime | None:
    """Read `et`, seconds since 1970 at the start of the call."""
    text = pairs.matching("et", "[0-9]{1,11}")
    return None if text is None else datetime.fromtimestamp(int(text), UTC)


def _taken_at(pairs: Pairs, started_at: datetime | None) -> datetime | None:
    """Read `lt`, seconds between the start of the call and the positioning, mostly below zero."""
    offset_s = pairs.matching("lt", "[+-]?[0-9]{1,9}")
    if offset_s is None or started_at is None:
        pairs.warnings.append("time of positioning unknown")
        return None
    return started_at + timedelta(seconds=int(offset_s))


def _place(pairs: Pairs) -> tuple[Position, float | None] | None:
    """Read `lo`, `lat,lon,accuracy`; accuracy 0 or less is unknown; None where there is no position."""
    text = pairs.take("lo")
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) not in (2, 3):
        raise BadMessage(f"{text[:40]!r} is not latitude,longitude,accuracy", field="lo")
    lat_deg, lon_deg, *accuracy = (number_of(part.strip(), key="lo") for part in parts)
    if is_zero_pair(lat_deg=lat_deg, lon_deg=lon_deg):
        return None
    middle = stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field="lo", lon_field="lo")
    if pairs.cut == "lo":
        if not accuracy:
            raise BadMessage(f"the message is cut off in {text[:40]!r}", field="lo")
        pairs.warnings.append("message cut off in lo")
        return middle, None
    return middle, accuracy[0] if accuracy else None


def _altitude(pairs: Pairs) -> tuple[float | None, float | None]:
    """Read `lz`, altitude and its uncertainty in metres; an uncertainty of 0 is unknown."""
    text = pairs.matching("lz", r"[+-]?[0-9]{1,6}(\.[0-9]{0,6})?(,[0-9]{1,6}(\.[0-9]{0,6})?)?")
    if text is None:
        return None, None
    altitude, _, vertical = text.partition(",")
    return float(altitude), (float(vertical) or None) if vertical else None
