"""The page behind a link: one file with its style and script inside, put together once from `web/caller/`."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Literal

from geo112.core.errors import NotFound
from geo112.wiring import Centre

Shown = Literal["open", "closed", "expired"]

# The states of the page as its style and script call them.
_STATES: dict[Shown, str] = {"open": "awal", "closed": "selesai", "expired": "kedaluwarsa"}
# Indonesia has no summer time.
_ZONES = {
    "Asia/Jakarta": (7, "WIB"),
    "Asia/Pontianak": (7, "WIB"),
    "Asia/Makassar": (8, "WITA"),
    "Asia/Jayapura": (9, "WIT"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPage:
    """The page of one centre, with the headers that let nothing run in it but its own script."""

    template: str
    headers: dict[str, str]

    def html(self, state: Shown) -> str:
        """Write the page as it stands in a state before its script runs."""
        return self.template.replace("{{state}}", _STATES[state])


def page_of(centre: Centre) -> CallerPage:
    """Give the page of a centre; raises NotFound where the files are not installed."""
    return _page(centre.settings.web_dir / "caller", centre.nama)


@lru_cache(maxsize=64)
def _page(folder: Path, nama: str) -> CallerPage:
    try:
        html, style, script = (
            (folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
        )
    except OSError:
        raise NotFound("the caller's page is not installed here: run make setup") from None
    style, script = _narrow(style), _narrow(script)
    template = html.replace("{{nama}}", escape(nama)).replace("/*style*/", style).replace("/*script*/", script)
    return CallerPage(template=template, headers={"Content-Security-Policy": _policy(style, script)})


def _narrow(text: str) -> str:
    """Take off what only people read, indents and whole lines of comment: mobile data cost the caller money."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


def _policy(style: str, script: str) -> str:
    """Allow this style and this script alone.

    Browsers before 2015 know no hashes and need 'unsafe-inline'; every browser that knows hashes passes over it (CSP
    level 2, 4.2.2).
    """
    return (
        f"default-src 'none'; style-src {_hash(style)} 'unsafe-inline'; script-src {_hash(script)} 'unsafe-inline'; "
        "img-src data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def time_words(moment: datetime, centre: Centre) -> str:
    """Write a moment as people at the centre read it, such as `19.42 WIB`."""
    hours, letters = _ZONES[centre.centres[centre.kode].time_zone]
    return f"{moment.astimezone(timezone(timedelta(hours=hours))):%H.%M} {letters}"
