"""A folium map within a page of its own that asks nobody for anything: Leaflet stands in the page itself."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

import folium
from branca.element import Figure

from geo112.core.errors import DataMissing

# The browser itself refuses every request, whatever the page may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_IMAGE = re.compile(r"url\([^)]*\)")
_PAGE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """The map library as text."""

    script: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands around a map: all texts are plain and are escaped here, `beside` is HTML that is ready."""

    title: str
    subtitle: str
    source: str
    drawn_at: datetime
    beside: str


def read_leaflet(vendor: Path) -> Leaflet:
    """Read the map library that the set-up copied; raises DataMissing."""
    folder = vendor / "leaflet"
    try:
        script = (folder / "leaflet.js").read_text(encoding="utf-8")
        style = (folder / "leaflet.css").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataMissing(f"{error.filename} is not there: run make setup", field="leaflet") from None
    # Its pictures serve pins and a menu of layers, which these maps have not.
    return Leaflet(script=script.replace("</script", "<\\/script"), style=_IMAGE.sub("none", style))


def empty_map() -> folium.Map:
    """Begin a map without ground from elsewhere and without a library from elsewhere."""
    drawn = folium.Map(tiles=None, attribution_control=False, prefer_canvas=True, zoom_snap=0.25)
    drawn.default_js, drawn.default_css = [], []
    return drawn


def write_page(path: Path, drawn: folium.Map, page: Page, leaflet: Leaflet) -> None:
    """Write the page with its map, all at once."""
    text = page_text(drawn, page, leaflet)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def page_text(drawn: folium.Map, page: Page, leaflet: Leaflet) -> str:
    """Give the page as text."""
    root = drawn.get_root()
    if not isinstance(root, Figure):
        raise TypeError("the map stands in something else than a page of its own")
    root.render()
    names = {
        "policy": _POLICY,
        "title": html.escape(page.title),
        "subtitle": html.escape(page.subtitle),
        "source": html.escape(page.source),
        "drawn": f"{page.drawn_at:%d-%m-%Y %H.%M %Z}",
        "beside": page.beside,
        "leaflet_style": leaflet.style,
        "leaflet_script": leaflet.script,
        "map_head": root.header.render(),
        "map_body": root.html.render(),
        "map_script": root.script.render(),
        "map_name": drawn.get_name(),
    }
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(names)
