"""Notes that hold a telephone number: the log keeps a reference, the person table the words."""

from geo112.core.codes import PersonRef

_MARK = "person:"


def apart(ref: PersonRef) -> str:
    """Give what stands in an event instead of words that are kept in the person table."""
    return f"{_MARK}{ref}"


def ref_apart(note: str) -> PersonRef | None:
    """Give the reference under which the words of a note are kept; None for a note that stands in the log itself."""
    return PersonRef(note.removeprefix(_MARK)) if note.startswith(_MARK) else None
