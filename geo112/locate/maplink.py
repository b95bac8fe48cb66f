"""Links of maps as people paste and share them: the place that a link marks, or a labelled guess from its view.

The forms are those that Google Maps, Apple Maps, OpenStreetMap, Waze, Bing and HERE make; a link with a pair under any
of their names is read whatever its host, since apps share links under many.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from geo112.core.errors import BadMessage
from geo112.locate.pluscode import codes_in
from geo112.locate.sexagesimal import read_pair

OF_A_VIEW = "perkiraan: middle of a map view, no pin"
OF_A_ROUTE = "perkiraan: destination of a route"

_LINK = re.compile(
    r"(?<![a-z0-9])(?:(?:https?|comgooglemaps|waze|maps|om|google\.navigation)(?:://|:(?=[qQ]=))"
    r"|(?:www\.|maps\.|m\.)?(?:google\.[a-z.]{2,6}/maps|goo\.gl/|maps\.google\.|app\.goo\.gl/|openstreetmap\.org/"
    r"|maps\.apple\.com/|waze\.com/|g\.co/))(?:[^\s<>\"]|\"(?=[NSEW]))*",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_END = r"(?!\.?[0-9])"
_PAIR = re.compile(rf"\s*(?:loc:|ll\.)?(?P<lat>{_NUMBER})[,~;_]\ ?(?P<lon>{_NUMBER}){_END}", re.ASCII)
_NAMED = re.compile(rf"[^@]{{1,200}}@(?P<lat>{_NUMBER}),(?P<lon>{_NUMBER})", re.ASCII)
_PIN = re.compile(rf"!3d(?P<lat>{_NUMBER})!4d(?P<lon>{_NUMBER}){_END}", re.ASCII)
# In the data of a route and of an embedded map the longitude stands first.
_ROUTE_DATA = re.compile(rf"!1d(?P<lon>{_NUMBER})!2d(?P<lat>{_NUMBER}){_END}", re.ASCII)
_EMBEDDED = re.compile(rf"!2d(?P<lon>{_NUMBER})!3d(?P<lat>{_NUMBER}){_END}", re.ASCII)
_VIEW = re.compile(rf"/@(?P<lat>{_NUMBER}),(?P<lon>{_NUMBER}){_END}", re.ASCII)
_HASH = re.compile(rf"map=[0-9.]{{1,6}}/(?P<lat>{_NUMBER})/(?P<lon>{_NUMBER}){_END}", re.ASCII)
_POINT = re.compile(rf"(?:point|pos)\.(?P<lat>{_NUMBER})_(?P<lon>{_NUMBER}){_END}", re.ASCII)

_PLACE_KEYS = ("query", "q", "ll", "latlng", "coordinate", "coordinates", "where1", "loc", "location", "pin")
_ROUTE_KEYS = ("destination", "daddr", "to", "navigate_to")
_START_KEYS = ("origin", "saddr", "from")
_VIEW_KEYS = ("center", "viewpoint", "cbll", "cp", "sll", "map")
_DEGREE_KEYS = ((("mlat",), ("mlon",)), (("lat", "latitude"), ("lon", "lng", "long", "longitude")))
_NESTED_KEYS = ("link", "continue", "url", "q", "u")
_SHORT_HOSTS = (
    *("maps.app.goo.gl", "goo.gl", "g.co", "maps.apple", "osm.org", "her.is", "binged.it", "bit.ly", "s.id", "t.co"),
    *("grb.to", "gojek.link", "tinyurl.com"),
)
_MOST_LINKS = 8
_GEOHASH_SIGNS = "0123456789bcdefghjkmnpqrstuvwxyz"
_GEOHASH = re.compile(rf"/ul/h(?P<hash>[{_GEOHASH_SIGNS}]{{8,12}})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A pair of degrees that a link holds, with what is to be said about it."""

    lat_deg: float
    lon_deg: float
    warnings: tuple[str, ...] = ()


def links_in(text: str) -> tuple[str, ...]:
    """Find the links in a text, without the full stop or bracket of the sentence around them."""
    found = dict.fromkeys(one[0].rstrip(".,;:!?)]}'*_") for one in _LINK.finditer(text))
    return tuple(found)[:_MOST_LINKS]


def read_links(links: tuple[str, ...]) -> Marked | str:
    """Give what the links of one text mark, a plus code as its text; raises BadMessage where they mark nothing.

    Two that mark different places are refused: nobody knows which is meant.
    """
    marked: list[Marked | str] = []
    refusal = BadMessage("holds no link", field="text")
    for link in links:
        try:
            marked.append(_read(link))
        except BadMessage as error:
            refusal = error
    if not marked:
        raise refusal
    if len(set(marked)) > 1:
        raise BadMessage("holds links to different places: which one is meant?", field="text")
    return marked[0]


def _read(link: str, *, depth: int = 0) -> Marked | str:
    """Read one link: a pin first, then a place, a route, a link within the link, a plus code, and a view last."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        raise BadMessage("this link is broken", field="text") from None
    plain, path = unquote(link), unquote_plus(parts.path)
    query = parts.query or link.partition(":")[2]
    values = {name.lower(): said for name, said in parse_qs(query).items()}
    pin = _PIN.search(plain)
    marked = _marked(pin) if pin else _place(values, path) or _route(values, path, plain) or _waze(host, path)
    if marked is not None:
        return marked
    for inner in _values(values, _NESTED_KEYS) if depth == 0 else ():
        if links_in(inner)[:1] == (inner,):
            return _read(inner, depth=1)
    # A plus sign in a link stands for itself or for a space.
    codes = (*codes_in(plain).full, *codes_in(unquote_plus(link)).full)
    if codes:
        return codes[0]
    if (view := _view(values, plain)) is not None:
        return view
    if codes_in(unquote_plus(link)).short:
        raise BadMessage("this link holds the short form of a plus code: ask for the whole code", field="text")
    if host in _SHORT_HOSTS:
        raise BadMessage(f"{host} is a short link, without coordinates: open it and paste them", field="text")
    raise BadMessage("this link holds no coordinates; open it and paste the coordinates", field="text")


def _waze(host: str, path: str) -> Marked | None:
    """Read the geohash of a link that Waze shares; of fewer than eight signs the cell is wider than a street."""
    found = _GEOHASH.fullmatch(path) if host == "waze.com" else None
    if found is None:
        return None
    bits = "".join(f"{_GEOHASH_SIGNS.index(sign):05b}" for sign in found["hash"].lower())
    lon_bits, lat_bits = bits[::2], bits[1::2]
    lon_share, lat_share = ((int(half, 2) + 0.5) / 2 ** len(half) for half in (lon_bits, lat_bits))
    return Marked(lat_deg=round(lat_share * 180 - 90, 7), lon_deg=round(lon_share * 360 - 180, 7))


def _view(values: dict[str, list[str]], plain: str) -> Marked | None:
    """Find the middle of the view that a link shows."""
    view = _VIEW.search(plain) or _HASH.search(plain) or _EMBEDDED.search(plain)
    view = view or next((pair for value in _values(values, _VIEW_KEYS) if (pair := _PAIR.match(value))), None)
    return None if view is None else _marked(view, OF_A_VIEW)


def _marked(found: re.Match[str], *warnings: str) -> Marked:
    return Marked(lat_deg=float(found["lat"]), lon_deg=float(found["lon"]), warnings=warnings)


def _values(values: dict[str, list[str]], names: tuple[str, ...]) -> Iterator[str]:
    """Give the values of these names in their order."""
    for name in names:
        yield from values.get(name, ())


def _place(values: dict[str, list[str]], path: str) -> Marked | None:
    """Find the place that a link marks by its parameters or its path."""
    for lat_keys, lon_keys in _DEGREE_KEYS:
        for lat, lon in zip(_values(values, lat_keys), _values(values, lon_keys), strict=False):
            if found := _PAIR.fullmatch(f"{lat},{lon}"):
                return _marked(found)
    for value in _values(values, ("sp", "pos")):
        if found := _POINT.search(value):
            return _marked(found)
    texts = [*_values(values, _PLACE_KEYS), *re.split(r"/(?:place|search|l|mylocation)/", path)[1:]]
    for text in texts:
        if (pair := _pair(text)) is not None:
            return pair
    return None


def _route(values: dict[str, list[str]], path: str, plain: str) -> Marked | None:
    """Find where a route leads; of one that also says where it starts, the end is only a guess."""
    for value in _values(values, _ROUTE_KEYS):
        if (pair := _pair(value)) is not None:
            starts = any(values.get(name) for name in _START_KEYS)
            return Marked(lat_deg=pair.lat_deg, lon_deg=pair.lon_deg, warnings=(OF_A_ROUTE,) if starts else ())
    stops = [stop for stop in path.partition("/dir/")[2].split("/") if stop and not stop.startswith(("@", "data="))]
    pairs = [pair for stop in stops if (pair := _pair(stop)) is not None]
    if pairs:
        warnings = (OF_A_ROUTE,) if len(stops) > 1 else ()
        return Marked(lat_deg=pairs[-1].lat_deg, lon_deg=pairs[-1].lon_deg, warnings=warnings)
    ends = list(_ROUTE_DATA.finditer(plain)) if stops else []
    return _marked(ends[-1], OF_A_ROUTE) if ends else None


def _pair(text: str) -> Marked | None:
    """Read a pair at the start of a value: decimal degrees, or degrees with minutes as map services write them."""
    if found := _PAIR.match(text) or _NAMED.fullmatch(text):
        return _marked(found)
    try:
        lat_deg, lon_deg = read_pair(text.removeprefix("loc:").partition("/")[0][:80])
    except BadMessage:
        return None
    return Marked(lat_deg=lat_deg, lon_deg=lon_deg)
