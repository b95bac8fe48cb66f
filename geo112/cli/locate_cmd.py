"""`geo112 locate`: one location message in, one position or the reason why there is none out."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo112.cli.output import print_json, print_line, read_octets, text_of
from geo112.core.errors import BadMessage

if TYPE_CHECKING:
    from geo112.locate.cells.table import CellTable
    from geo112.locate.fix import Reading

# Room for a whole MMS or web page pasted by mistake; the readers themselves refuse far shorter texts.
_LONGEST_INPUT_BYTES = 1_000_000
_WHITE = b"\t\n\r\f"


def register(app: typer.Typer) -> None:
    """Add `locate` to the command line."""
    app.command("locate")(locate)


def locate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="File with the message; `-` is stdin.")] = "-",
    *,
    message_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="auto, aml-sms (ML=1 and ML=2), aml-data-sms, aml-https (ELS form), pidf-lo, mlp, gad, cells, "
            "geolocate (reply or request) or text (coordinates, degrees and minutes, plus code, geo: address, link).",
        ),
    ] = "auto",
    gad_orientation_factor: Annotated[
        int, typer.Option(min=1, max=2, help="Degrees of one step of the orientation of a GAD ellipse.")
    ] = 2,
    cells: Annotated[Path | None, typer.Option(help="Table of cells, if not the project's own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read one location message of any kind; binary ones as they are, or as hex or base64.

    A message that is understood but holds no position ends with 0, one that is not understood with 2.
    """
    from geo112.locate.fix import NotUnderstood  # noqa: PLC0415 - loads PROJ: only when the command runs
    from geo112.locate.read import read_message  # noqa: PLC0415 - as above
    from geo112.locate.wire import reading_to_dict  # noqa: PLC0415 - as above

    def read(text: str) -> "Reading":
        return read_message(
            text, format=message_format, gad_orientation_factor=gad_orientation_factor, cells=lambda: _table(cells)
        )

    try:
        reading = _reading(read_octets(file, limit_bytes=_LONGEST_INPUT_BYTES), file, read)
    except BadMessage as error:
        if as_json:
            print_json(reading_to_dict(NotUnderstood(reason=error.message, field="text")))
        raise
    facts = reading_to_dict(reading)
    if as_json:
        print_json(facts)
    if isinstance(reading, NotUnderstood):
        raise BadMessage(reading.reason, field=reading.field)
    if not as_json:
        for line in _lines(facts):
            print_line(line)


def _reading(data: bytes, source: str, read: Callable[[str], "Reading"]) -> "Reading":
    """Read a file as text; what is none, or holds control characters, may be the octets of a message themselves."""
    from geo112.locate.fix import NotUnderstood  # noqa: PLC0415 - loads PROJ

    try:
        reading = read(text_of(data, source))
        plain = not any(byte < 0x20 and byte not in _WHITE for byte in data)
        if plain or not isinstance(reading, NotUnderstood):
            return reading
        packed = read(data.hex())
        return reading if isinstance(packed, NotUnderstood) else packed
    except BadMessage:
        packed = read(data.hex())
        if isinstance(packed, NotUnderstood):
            raise
        return packed


def _table(path: Path | None) -> "CellTable | None":
    """Open the table of cells; None where there is none."""
    from geo112.locate.cells.table import open_table  # noqa: PLC0415 - loads numpy: only for cells
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only for cells

    return open_table(path or installed_root() / "data" / "cells" / "build" / "cells.geo112")


def _lines(facts: dict[str, object]) -> list[str]:
    """Tell a reading in Indonesian, warnings last."""
    fix, warnings = facts["fix"], facts["warnings"]
    if isinstance(fix, dict):
        lines = [
            f"Posisi     {_rounded(fix['lat_deg'], 7)}, {_rounded(fix['lon_deg'], 7)}",
            f"Bentuk     {_shape(fix)}",
        ]
        lines += [f"Radius     {_radius(fix)}", f"Waktu      {fix['taken_at'] or 'tidak diketahui'}"]
        lines += [f"Sumber     {fix['source']} ({fix['method']})", *_height(fix)]
    else:
        lines = [f"Tidak ada posisi: {facts['reason']}"]
    noted = warnings if isinstance(warnings, list) else []
    return lines + [f"Peringatan {warning}" for warning in noted]


def _shape(fix: dict[str, object]) -> str:
    """Tell the shape of the area with its measures."""
    match fix["shape"]:
        case "Circle":
            return "lingkaran"
        case "Ellipse":
            axes = f"{_metres(fix['semi_major_m'])} × {_metres(fix['semi_minor_m'])}"
            return f"elips, setengah sumbu {axes}, arah {_degrees(fix['orientation_deg'])} dari utara"
        case "ArcBand":
            far = f"{_metres(fix['inner_m'])} sampai {_metres(fix['outer_m'])} dari posisi di atas"
            if fix["opening_deg"] == 360:
                return f"cincin, {far}"
            return f"pita busur, {far}, dari {_degrees(fix['start_deg'])} selebar {_degrees(fix['opening_deg'])}"
        case "Polygon":
            ring = fix["ring"]
            corners = len(ring) - 1 if isinstance(ring, list) else 0
            return f"poligon {corners} titik, luas {_square(fix['area_m2'])}"
        case _:
            return "titik"


def _radius(fix: dict[str, object]) -> str:
    """Tell the radius with its confidence, or that nobody stated it."""
    if fix["radius_m"] is None or not isinstance(fix["confidence_share"], float):
        return "tidak diketahui"
    confidence = f"keyakinan {fix['confidence_share']:.0%}"
    if fix["shape"] == "Circle":
        return f"{_rounded(fix['radius_m'], 2)} m, {confidence} (95 %: {fix['radius_95_m']} m)"
    return f"seluruhnya dalam {_metres(fix['radius_m'])}, {confidence} (95 %: {_metres(fix['radius_95_m'])})"


def _height(fix: dict[str, object]) -> list[str]:
    """Tell height and floor where they are known."""
    lines = []
    if fix["altitude_m"] is not None:
        within = "" if fix["vertical_accuracy_m"] is None else f" ± {_metres(fix['vertical_accuracy_m'])}"
        lines.append(f"Ketinggian {_metres(fix['altitude_m'])}{within} di atas elipsoid")
    if fix["floor"] is not None:
        lines.append(f"Lantai     {fix['floor']}")
    return lines


def _rounded(value: object, decimals: int) -> object:
    return round(value, decimals) if isinstance(value, float) else value


def _metres(value: object) -> str:
    return f"{value:.1f} m" if isinstance(value, float | int) else "tidak diketahui"


def _degrees(value: object) -> str:
    return f"{value:g}°" if isinstance(value, float | int) else "tidak diketahui"


def _square(value: object) -> str:
    if not isinstance(value, float | int):
        return "tidak diketahui"
    return f"{value / 1e6:.2f} km²" if value >= 1e5 else f"{value:.0f} m²"
