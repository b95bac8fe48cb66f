"""What stands before ELS forms: they are always answered as received, since a handset makes nothing of a refusal."""

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/aml"
# Behind one address of a mobile network there are thousands of handsets, and an earthquake makes many of them call at
# once; who sends without end is held to what a disk bears.
MOST_AT_ONCE, MOST_PER_SECOND = 200, 20
_REMEMBERED_ADDRESSES = 10_000
_REMEMBERED_FORMS = 10_000
_SECOND = timedelta(seconds=1)
_REFUSALS = {403: "foreign_page", 413: "too_large"}
_log = logging.getLogger("geo112.aml")


class FormKeeper:
    """Remembers which forms were kept and how often each address sent one; any thread may ask it."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, tuple[datetime, float]] = OrderedDict()
        self._kept: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._discarded: Counter[str] = Counter()

    def may_send(self, address: str, now: datetime) -> bool:
        """Count a form of this address; false for more than 200 at once, of which 20 a second are forgotten."""
        with self._lock:
            counted_at, count = self._sent.pop(address, (now, 0.0))
            # A clock that was set back must not keep anybody out.
            gone = now - counted_at
            count = max(0.0, count - gone / _SECOND * MOST_PER_SECOND) if gone >= timedelta(0) else 0.0
            allowed = count + 1 <= MOST_AT_ONCE
            self._sent[address] = (now, count + 1 if allowed else count)
            while len(self._sent) > _REMEMBERED_ADDRESSES:
                self._sent.popitem(last=False)
            return allowed

    def is_kept(self, identity: tuple[str, ...] | None) -> bool:
        """Tell whether this very message was kept before."""
        with self._lock:
            return identity is not None and identity in self._kept

    def keep(self, identity: tuple[str, ...] | None) -> None:
        """Remember that this message was kept."""
        if identity is None:
            return
        with self._lock:
            self._kept[identity] = None
            while len(self._kept) > _REMEMBERED_FORMS:
                self._kept.popitem(last=False)

    def discard(self, reason: str) -> JSONResponse:
        """Answer a form that is not used, and count it in the log: the first, second, fourth, eighth … of a kind."""
        with self._lock:
            self._discarded[reason] += 1
            count = self._discarded[reason]
        if count & count - 1 == 0:
            _log.warning("ELS forms discarded since the start, %s: %d", reason, count)
        return JSONResponse({"stored": False, "reason": reason})


class ElsDoor:
    """Lets nothing but 2xx out to who sends a form, whatever refused it further in, and takes any query with it."""

    def __init__(self, app: ASGIApp, *, keeper: FormKeeper, headers: Mapping[str, str]) -> None:
        """Stand in front of everything else; `headers` are those that every answer carries."""
        self._app = app
        self._headers = headers
        self._keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and turn a refusal of a form into its receipt."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        refused: list[int] = []
        begun = False

        async def only_receipts(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and not 200 <= message["status"] < 300:
                refused.append(message["status"])
            if not refused:
                begun = True
                await send(message)

        try:
            await self._app({**scope, "query_string": b""}, receive, only_receipts)
        except ClientDisconnect:
            return
        # A fault of the centre is in its log; the handset is told that its form arrived, as for everything else.
        except Exception as error:  # noqa: BLE001 - see above
            _log.error("an ELS form could not be kept: %s", type(error).__name__)
            refused.append(500)
        if refused and not begun:
            reason = _REFUSALS.get(refused[0], "not_now" if refused[0] >= 500 else "refused")
            receipt = self._keeper.discard(reason)
            receipt.headers.update(self._headers)
            await receipt(scope, receive, send)
