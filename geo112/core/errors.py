"""Everything that geo112 refuses, as one tree.

    Geo112Error
    ├── BadInput                a field is wrong; nothing was guessed
    │   ├── BadPosition         latitude or longitude cannot be meant
    │   ├── BadShape            a radius, angle or confidence cannot be meant
    │   ├── BadMessage          a location message is not understood
    │   ├── BadCode             a kode wilayah does not exist
    │   └── BadTable            a file lacks a column or holds broken rows
    ├── NotFound                no such call, incident, centre or tile
    ├── Conflict                the step does not fit the state
    ├── NotAllowed              the role may not do this
    ├── NotLoggedIn             no session, or it ended
    ├── TooManyTries            wait before the next try
    ├── DataMissing             boundaries or other data are not built
    ├── SetupError              the centre's folder or settings do not fit
    └── StorageError            the log cannot be written or is damaged

The docstring of a class is its message when none is given, `code` is stable, `facts` are data.
"""

from collections.abc import Mapping


class Geo112Error(Exception):
    """Something was refused."""

    code = "refused"

    def __init__(
        self, message: str = "", *, field: str | None = None, facts: Mapping[str, object] | None = None
    ) -> None:
        """Say what was wrong, in which field, with which facts."""
        self.message = message or (type(self).__doc__ or "").splitlines()[0]
        self.field = field
        self.facts: dict[str, object] = dict(facts or {})
        super().__init__(self.message)

    def __str__(self) -> str:
        """Name the field first, since that is what the reader has to mend."""
        return f"{self.field}: {self.message}" if self.field else self.message


class BadInput(Geo112Error):
    """The input is not understood."""

    code = "bad_input"


class BadPosition(BadInput):
    """The position cannot be meant."""

    code = "bad_position"


class BadShape(BadInput):
    """The uncertain area cannot be meant."""

    code = "bad_shape"


class BadMessage(BadInput):
    """The location message is not understood."""

    code = "bad_message"


class BadCode(BadInput):
    """There is no such kode wilayah."""

    code = "bad_code"


class BadTable(BadInput):
    """The table lacks a column or holds broken rows."""

    code = "bad_table"


class NotFound(Geo112Error):
    """There is no such thing here."""

    code = "not_found"


class Conflict(Geo112Error):
    """The step does not fit the present state."""

    code = "conflict"


class NotAllowed(Geo112Error):
    """Your role may not do this."""

    code = "not_allowed"


class NotLoggedIn(Geo112Error):
    """Log in first."""

    code = "not_logged_in"


class TooManyTries(Geo112Error):
    """Too many tries, wait a moment."""

    code = "too_many_tries"


class DataMissing(Geo112Error):
    """Data that this needs are not built yet."""

    code = "data_missing"


class SetupError(Geo112Error):
    """The centre's folder or settings do not fit."""

    code = "setup_error"


class StorageError(Geo112Error):
    """The record cannot be written or is damaged."""

    code = "storage_error"
