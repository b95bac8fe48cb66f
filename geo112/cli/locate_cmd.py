"""`geo112 locate`: one location message in, one position or the reason why there is none out."""

from typing import Annotated

import typer

from geo112.cli.output import print_json, print_line, read_input
from geo112.core.errors import BadMessage

# Room for a whole MMS or web page pasted by mistake; the readers themselves refuse far shorter texts.
_LONGEST_INPUT_BYTES = 1_000_000


def register(app: typer.Typer) -> None:
    """Add `locate` to the command line."""
    app.command("locate")(locate)


def locate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="File with the message; `-` is stdin.")] = "-",
    *,
    message_format: Annotated[
        str, typer.Option("--format", help="auto, aml-sms (AML text SMS, ML=1 and ML=2) or text (typed coordinates).")
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read one message: AML text SMS, coordinates, degrees and minutes, a geo: address or a map link.

    A message that is understood but holds no position ends with 0, one that is not understood with 2.
    """
    from geo112.locate.fix import NotUnderstood  # noqa: PLC0415 - loads PROJ: only when the command runs
    from geo112.locate.read import read_message  # noqa: PLC0415 - as above
    from geo112.locate.wire import reading_to_dict  # noqa: PLC0415 - as above

    try:
        text = read_input(file, limit_bytes=_LONGEST_INPUT_BYTES)
    except BadMessage as error:
        if as_json:
            print_json(reading_to_dict(NotUnderstood(reason=error.message, field="text")))
        raise
    reading = read_message(text, format=message_format)
    facts = reading_to_dict(reading)
    if as_json:
        print_json(facts)
    if isinstance(reading, NotUnderstood):
        raise BadMessage(reading.reason, field=reading.field)
    if not as_json:
        for line in _lines(facts):
            print_line(line)


def _lines(facts: dict[str, object]) -> list[str]:
    """Tell a reading in Indonesian, warnings last."""
    fix, warnings = facts["fix"], facts["warnings"]
    if isinstance(fix, dict):
        lines = [f"Posisi     {fix['lat_deg']}, {fix['lon_deg']}", f"Radius     {_radius(fix)}"]
        lines += [f"Waktu      {fix['taken_at'] or 'tidak diketahui'}", f"Sumber     {fix['source']} ({fix['method']})"]
    else:
        lines = [f"Tidak ada posisi: {facts['reason']}"]
    noted = warnings if isinstance(warnings, list) else []
    return lines + [f"Peringatan {warning}" for warning in noted]


def _radius(fix: dict[str, object]) -> str:
    """Tell the radius with its confidence, or that nobody stated it."""
    if fix["radius_m"] is None or not isinstance(fix["confidence_share"], float):
        return "tidak diketahui"
    return f"{fix['radius_m']} m, keyakinan {fix['confidence_share']:.0%} (95 %: {fix['radius_95_m']} m)"
