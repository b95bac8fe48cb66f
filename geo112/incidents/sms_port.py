"""What the desk needs of whatever sends an SMS."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSms:
    """A message to one telephone; `ref` names it without saying whose it is, and stays the same at every try."""

    ref: str
    number: str
    text: str


class NotSent(Exception):
    """The gateway did not take a message; `again` tells whether another try may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        """Say why, without the number and the text."""
        super().__init__(reason)
        self.reason = reason
        self.again = again


class SmsGateway(Protocol):
    """Hands messages over for sending. When `send` returns, the gateway has the message."""

    def send(self, message: OutgoingSms) -> None:
        """Hand a message over, within seconds; raises NotSent."""
