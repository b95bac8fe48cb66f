"""What a geolocation service answers (Ichnaea, Google): a circle of 95 %, or that it knows none.

A service that has no cell or Wi-Fi answers with the place of an internet address or of a whole location area; neither
is where a caller is, so neither becomes a position.
"""

import json
import math

from geo112.core.errors import BadInput, BadMessage
from geo112.core.shapes import Area, Circle, Point
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings, is_zero_pair, stated_position
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading

LONGEST_JSON = 65_536
REQUEST_KEYS = frozenset({"cellTowers", "wifiAccessPoints", "bluetoothBeacons"})

# The widest cell that Ichnaea answers with; location areas begin there, internet addresses lie above.
_WIDEST_CELL_M = 50_000
_DOUBTFUL_M = 25_000
_FALLBACKS = {
    "ipf": "the service answered with the place of an internet address, which is not where a caller is",
    "lacf": "the service answered with a whole location area, which is no place of a caller",
}


def read_reply(text: str) -> Reading:
    """Read the reply of a geolocation service; never raises: what is broken comes back as NotUnderstood."""
    try:
        return _read(json_object(text))
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def json_object(text: str) -> dict[str, object]:
    """Read a JSON object that says everything once; raises BadMessage for any other text."""
    if len(text) > LONGEST_JSON:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_JSON}", field="message")
    try:
        body = json.loads(text.strip("\ufeff \t\r\n"), object_pairs_hook=_once, parse_constant=_no_number)
    except BadMessage:
        raise
    except (ValueError, RecursionError):
        # A number with thousands of digits is a ValueError, too.
        raise BadMessage("is no JSON", field="message") from None
    if not isinstance(body, dict):
        raise BadMessage("is no JSON object", field="message")
    return body


def is_reply(body: dict[str, object]) -> bool:
    """Tell whether an object is what a geolocation service answers."""
    return "error" in body or (isinstance(body.get("location"), dict) and not REQUEST_KEYS & body.keys())


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise BadMessage("stands twice", field=next(name for name in names if names.count(name) > 1)[:40])
    return made


def _no_number(word: str) -> None:
    raise BadMessage(f"holds {word}, which is no number", field="message")


def _read(body: dict[str, object]) -> Reading:
    """Read a reply: the fallback first, since its place must not be used."""
    if "error" in body:
        return _error(body["error"])
    if (fallback := body.get("fallback")) is not None:
        reason = _FALLBACKS.get(fallback) if isinstance(fallback, str) else None
        return NoPosition(reason=reason or "the service answered with a fallback, which is no place of a caller")
    location = body.get("location")
    if not isinstance(location, dict):
        raise BadMessage("is missing", field="location")
    lat_deg, lon_deg = _degrees(location, "lat"), _degrees(location, "lng")
    if is_zero_pair(lat_deg=lat_deg, lon_deg=lon_deg):
        return NoPosition(reason="0/0 is what services send when they know no position")
    accuracy_m = _accuracy_m(body)
    if accuracy_m is not None and accuracy_m > _WIDEST_CELL_M:
        return NoPosition(reason=f"{accuracy_m:g} m is a location area or an internet address, no place of a caller")
    middle = stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field="lat", lon_field="lng")
    area: Area = Circle(middle=middle, radius_m=accuracy_m) if accuracy_m else Point(middle=middle)
    warnings = [] if accuracy_m else [RADIUS_UNKNOWN]
    if accuracy_m is not None and accuracy_m >= _DOUBTFUL_M:
        warnings.append("so wide an answer may be the place of an internet address")
    warnings += ["time of positioning unknown", *field_warnings(middle)]
    return Located(
        fix=Fix(
            area=area,
            source=FixSource.OPERATOR,
            method=FixMethod.UNKNOWN,
            taken_at=None,
            warnings=tuple(warnings),
        )
    )


def _error(error: object) -> Reading:
    """Tell "nothing is known" (404) from a service that is not working."""
    code = error.get("code") if isinstance(error, dict) else None
    if code == 404:
        return NoPosition(reason="the service knows none of these cells and networks")
    named = f" {code}" if isinstance(code, int) and not isinstance(code, bool) and 0 <= code < 1000 else ""
    return NoPosition(reason=f"the service answered with an error{named}")


def _degrees(location: dict[str, object], name: str) -> float:
    value = location.get(name)
    if value is None:
        raise BadMessage("is missing", field=name)
    number = _number(value)
    if number is None:
        raise BadMessage(f"{str(value)[:40]!r} is not a number", field=name)
    return number


def _accuracy_m(body: dict[str, object]) -> float | None:
    """Read the radius of the 95 % circle; 0, less and none are unknown."""
    value = body.get("accuracy")
    if value is None:
        return None
    number = _number(value)
    if number is None:
        raise BadMessage(f"{str(value)[:40]!r} is not a number", field="accuracy")
    return number if number > 0 else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
