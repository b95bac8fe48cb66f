"""Sends SMS through a gateway that takes them over HTTP."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from geo112.core.errors import SetupError
from geo112.incidents.sms_port import NotSent, OutgoingSms

TIMEOUT_S = 8.0
# Of the refusals these may pass by themselves.
_AGAIN = frozenset({408, 425, 429})


class HttpGateway:
    """Posts each message to one address; any 2xx answer means that the gateway has it.

    `template` is a JSON object whose texts hold `{number}`, `{text}` and `{ref}`; as a form it must be flat.
    """

    def __init__(
        self,
        url: str,
        *,
        template: str,
        form: bool = False,
        header: str = "Authorization",
        key: str | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Post to this address, with this key in this header; raises SetupError for a template that is no object."""
        self._url = url
        self._form = form
        self._headers = {} if key is None else {header: key}
        self._template = read_template(template)
        self._timeout_s = timeout_s

    def send(self, message: OutgoingSms) -> None:
        """Hand a message over; raises NotSent with the status or the kind of fault, never with what was sent."""
        said = {"number": message.number, "text": message.text, "ref": message.ref}
        body = filled(self._template, said)
        content: dict[str, Any] = {"data": body} if self._form else {"json": body}
        try:
            # Redirects are not followed: they would carry the number and the link to somebody else.
            with (
                httpx.Client(timeout=self._timeout_s, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self._url, headers=self._headers, **content) as answer,
            ):
                status = answer.status_code
        except httpx.TimeoutException:
            raise NotSent("the gateway did not answer in time", again=True) from None
        except httpx.HTTPError as error:
            raise NotSent(f"the gateway cannot be reached ({type(error).__name__})", again=True) from None
        if not 200 <= status < 300:
            raise NotSent(f"the gateway answered {status}", again=status >= 500 or status in _AGAIN)


def read_template(text: str) -> dict[str, Any]:
    """Read the form of the body; raises SetupError when it is no JSON object or has no place for number and text."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise SetupError(f"it is not JSON: {error.msg}", field="sms_gateway_body") from None
    if not isinstance(read, dict):
        raise SetupError("it is not a JSON object", field="sms_gateway_body")
    for name in ("{number}", "{text}"):
        if name not in text:
            raise SetupError(f"it has no place for {name}", field="sms_gateway_body")
    return read


def filled(template: Any, said: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is anything
    """Put what is said into every text of a JSON value; what is said can never become a part of its structure."""
    match template:
        case str():
            return _filled_text(template, said)
        case list():
            return [filled(one, said) for one in template]
        case dict():
            return {name: filled(one, said) for name, one in template.items()}
        case other:
            return other


def _filled_text(text: str, said: Mapping[str, str]) -> str:
    """Fill in one pass: a name that stands in what is said is no place of the template."""
    parts: list[str] = []
    rest = text
    while rest:
        places = [(rest.find(f"{{{name}}}"), name) for name in said if f"{{{name}}}" in rest]
        if not places:
            break
        at, name = min(places)
        parts += [rest[:at], said[name]]
        rest = rest[at + len(name) + 2 :]
    return "".join([*parts, rest])
