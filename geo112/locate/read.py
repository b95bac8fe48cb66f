"""One door for every kind of location message."""

from geo112.core.errors import BadInput
from geo112.locate.aml_fields import looks_like_aml
from geo112.locate.aml_sms import read_aml_sms
from geo112.locate.fix import Reading
from geo112.locate.typed import read_typed

FORMATS = ("auto", "aml-sms", "text")


def read_message(text: str, *, format: str = "auto") -> Reading:  # noqa: A002 - the word of the command line
    """Read a message in a named format, or find out which it is; raises BadInput for a format that is not known."""
    match format:
        case "aml-sms":
            return read_aml_sms(text)
        case "text":
            return read_typed(text)
        case "auto":
            return read_aml_sms(text) if looks_like_aml(text) else read_typed(text)
        case _:
            raise BadInput(f"{format[:40]!r} is not one of {', '.join(FORMATS)}", field="format")
