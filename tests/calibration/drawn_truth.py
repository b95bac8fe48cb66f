"""Simulated truth: where callers really are, and what a device that errs says of it in the messages of the field.

Nothing of geo112 is used here: the radii of curvature of WGS 84, the normal quantiles and the messages are this file's
own, so that a wrong formula in the parsers or in the choice cannot agree with itself.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

_A = 6378137.0
_E2 = 0.00669437999014
STANDARD = NormalDist()


def radii_m(lat_deg: float) -> tuple[float, float]:
    """Metres in a degree of latitude and of longitude on WGS 84."""
    sine = math.sin(math.radians(lat_deg))
    w2 = 1 - _E2 * sine * sine
    north = _A * (1 - _E2) / (w2 * math.sqrt(w2))
    east = _A / math.sqrt(w2) * math.cos(math.radians(lat_deg))
    return math.radians(north), math.radians(east)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the ground."""

    lat_deg: float
    lon_deg: float

    def shifted(self, *, north_m: float, east_m: float) -> "Place":
        north, east = radii_m(self.lat_deg)
        return Place(lat_deg=self.lat_deg + north_m / north, lon_deg=self.lon_deg + east_m / east)

    def from_here(self, other: "Place") -> tuple[float, float]:
        """Metres north and east to another place."""
        north, east = radii_m((self.lat_deg + other.lat_deg) / 2)
        return (other.lat_deg - self.lat_deg) * north, (other.lon_deg - self.lon_deg) * east


def somewhere(dice: random.Random) -> Place:
    return Place(lat_deg=dice.uniform(-10, 5), lon_deg=dice.uniform(96, 140))


def rayleigh(share: float) -> float:
    """Radius that holds this share of a circular normal error of standard deviation 1."""
    return math.sqrt(-2 * math.log(1 - share))


def within(share: float) -> float:
    """Half-width that holds this share of a normal error of standard deviation 1."""
    return STANDARD.inv_cdf((1 + share) / 2)


def aml(place: Place, *, radius_m: float, share: float, second: int = 0) -> str:
    return (
        f'A"ML=1;lt={place.lat_deg:+.6f};lg={place.lon_deg:+.6f};rd={radius_m:.2f};top=202611220959{second:02d};'
        f"lc={share * 100:.2f};pm=G;si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=0"
    )


def els(place: Place, *, radius_m: float, share: float) -> str:
    return (
        f"v=1&emergency_number=112&source=CALL&time=1795341600000&location_latitude={place.lat_deg:.7f}"
        f"&location_longitude={place.lon_deg:.7f}&location_time=1795341595000&location_accuracy={radius_m:.2f}"
        f"&location_confidence={share:.4f}&location_source=wifi"
    )


def _presence(shape: str, share: float) -> str:
    return (
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
        'xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:con="urn:ietf:params:xml:ns:geopriv:conf" '
        'entity="pres:abc@example.com"><dm:device id="d"><gp:geopriv><gp:location-info>'
        f'{shape}<con:confidence pdf="normal">{share * 100:.2f}</con:confidence></gp:location-info><gp:usage-rules/>'
        "<gp:method>Cell</gp:method></gp:geopriv><dm:timestamp>2026-11-22T09:59:55Z</dm:timestamp></dm:device></presence>"
    )


_SRS = 'srsName="urn:ogc:def:crs:EPSG::4326"'
_METRE = 'uom="urn:ogc:def:uom:EPSG::9001"'
_DEGREE = 'uom="urn:ogc:def:uom:EPSG::9102"'


def pidf_ellipse(place: Place, *, major_m: float, minor_m: float, bearing_deg: float, share: float) -> str:
    shape = (
        f"<gs:Ellipse {_SRS}><gml:pos>{place.lat_deg:.7f} {place.lon_deg:.7f}</gml:pos>"
        f"<gs:semiMajorAxis {_METRE}>{major_m:.3f}</gs:semiMajorAxis>"
        f"<gs:semiMinorAxis {_METRE}>{minor_m:.3f}</gs:semiMinorAxis>"
        f"<gs:orientation {_DEGREE}>{bearing_deg:.4f}</gs:orientation></gs:Ellipse>"
    )
    return _presence(shape, share)


def pidf_band(
    mast: Place, *, inner_m: float, outer_m: float, start_deg: float, opening_deg: float, share: float
) -> str:
    shape = (
        f"<gs:ArcBand {_SRS}><gml:pos>{mast.lat_deg:.7f} {mast.lon_deg:.7f}</gml:pos>"
        f"<gs:innerRadius {_METRE}>{inner_m:.3f}</gs:innerRadius>"
        f"<gs:outerRadius {_METRE}>{outer_m:.3f}</gs:outerRadius>"
        f"<gs:startAngle {_DEGREE}>{start_deg:.5f}</gs:startAngle>"
        f"<gs:openingAngle {_DEGREE}>{opening_deg:.5f}</gs:openingAngle></gs:ArcBand>"
    )
    return _presence(shape, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A caller's real place, and the messages that tell of it; `second` is when each was measured."""

    truth: Place
    messages: tuple[str, ...]


def circles(count: int, share: float, dice: random.Random) -> Iterator[Told]:
    for _ in range(count):
        truth, sigma_m = somewhere(dice), math.exp(dice.uniform(math.log(8), math.log(3000)))
        seen = truth.shifted(north_m=dice.gauss(0, sigma_m), east_m=dice.gauss(0, sigma_m))
        yield Told(truth=truth, messages=(aml(seen, radius_m=sigma_m * rayleigh(share), share=share),))


def ellipses(count: int, share: float, dice: random.Random) -> Iterator[Told]:
    for _ in range(count):
        truth = somewhere(dice)
        minor_m = math.exp(dice.uniform(math.log(8), math.log(1000)))
        major_m, bearing_deg = minor_m * dice.uniform(1, 6), dice.uniform(0, 360)
        along, across, turn = dice.gauss(0, major_m), dice.gauss(0, minor_m), math.radians(bearing_deg)
        north_m = along * math.cos(turn) - across * math.sin(turn)
        east_m = along * math.sin(turn) + across * math.cos(turn)
        seen = truth.shifted(north_m=north_m, east_m=east_m)
        k = rayleigh(share)
        message = pidf_ellipse(seen, major_m=k * major_m, minor_m=k * minor_m, bearing_deg=bearing_deg, share=share)
        yield Told(truth=truth, messages=(message,))


def rings(count: int, share: float, dice: random.Random) -> Iterator[Told]:
    """A mast that knows the distance alone."""
    for _ in range(count):
        mast, distance_m, turn = somewhere(dice), dice.uniform(1500, 20_000), dice.uniform(0, 2 * math.pi)
        truth = mast.shifted(north_m=distance_m * math.cos(turn), east_m=distance_m * math.sin(turn))
        sigma_m = dice.uniform(40, 300)
        seen_m, half_m = distance_m + dice.gauss(0, sigma_m), sigma_m * within(share)
        message = pidf_band(
            mast, inner_m=max(0.0, seen_m - half_m), outer_m=seen_m + half_m, start_deg=0, opening_deg=360, share=share
        )
        yield Told(truth=truth, messages=(message,))


def bands(count: int, share: float, dice: random.Random) -> Iterator[Told]:
    """A mast that knows distance and direction, each with an error of its own."""
    for _ in range(count):
        mast, distance_m, bearing_deg = somewhere(dice), dice.uniform(1500, 20_000), dice.uniform(0, 360)
        turn = math.radians(bearing_deg)
        truth = mast.shifted(north_m=distance_m * math.cos(turn), east_m=distance_m * math.sin(turn))
        sigma_m, sigma_deg = dice.uniform(40, 300), dice.uniform(2, 20)
        k = within(math.sqrt(share))
        seen_m, seen_deg = distance_m + dice.gauss(0, sigma_m), bearing_deg + dice.gauss(0, sigma_deg)
        message = pidf_band(
            mast,
            inner_m=max(0.0, seen_m - k * sigma_m),
            outer_m=seen_m + k * sigma_m,
            start_deg=(seen_deg - k * sigma_deg) % 360,
            opening_deg=2 * k * sigma_deg,
            share=share,
        )
        yield Told(truth=truth, messages=(message,))


def several(count: int, share: float, dice: random.Random) -> Iterator[Told]:
    """A caller who stands still, found three times: by AML, by ELS over HTTPS and by the operator."""
    for _ in range(count):
        truth = somewhere(dice)
        messages = []
        for write in (aml, els):
            sigma_m = math.exp(dice.uniform(math.log(8), math.log(500)))
            seen = truth.shifted(north_m=dice.gauss(0, sigma_m), east_m=dice.gauss(0, sigma_m))
            messages.append(write(seen, radius_m=sigma_m * rayleigh(share), share=share))
        messages += next(ellipses_at(truth, share, dice)).messages
        yield Told(truth=truth, messages=tuple(messages))


def ellipses_at(truth: Place, share: float, dice: random.Random) -> Iterator[Told]:
    while True:
        minor_m, bearing_deg = dice.uniform(100, 800), dice.uniform(0, 360)
        major_m, turn = minor_m * dice.uniform(1, 4), math.radians(bearing_deg)
        along, across = dice.gauss(0, major_m), dice.gauss(0, minor_m)
        seen = truth.shifted(
            north_m=along * math.cos(turn) - across * math.sin(turn),
            east_m=along * math.sin(turn) + across * math.cos(turn),
        )
        k = rayleigh(share)
        message = pidf_ellipse(seen, major_m=k * major_m, minor_m=k * minor_m, bearing_deg=bearing_deg, share=share)
        yield Told(truth=truth, messages=(message,))
