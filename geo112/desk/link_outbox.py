"""Sends the messages with links in the background, so that no call taker waits for a gateway."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from geo112.core.codes import CallId, LinkId
from geo112.core.errors import StorageError
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor
from geo112.incidents.link_events import LinkNotSent, LinkSent
from geo112.incidents.sms_port import NotSent, OutgoingSms, SmsGateway

GATEWAY = Actor(name="sms-gateway", role="system")
SENDERS = 4
# Seconds before the second, third and fourth try: the caller is on the line, so this is soon given up and said.
WAITS_S = (1.0, 3.0, 8.0)
SWEEP_S = 2.0
LAST_SENDS_S = 3.0
STOPPED = "the centre stopped before the gateway took it"

_log = logging.getLogger("geo112.desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message of a link that is on record."""

    call: CallId
    link: LinkId
    sms: OutgoingSms


class LinkOutbox:
    """Keeps what is to be sent, and sends it while it is started; the log knows what became of it."""

    def __init__(self, recorder: Recorder, gateway: SmsGateway | None, *, waits_s: tuple[float, ...] = WAITS_S) -> None:
        """Send by this gateway, with these waits between the tries; without one nothing is ever put in."""
        self._recorder = recorder
        self._gateway = gateway
        self._waits_s = waits_s
        self._queue: queue.SimpleQueue[Outgoing | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._gone = threading.Event()
        self._threads: list[threading.Thread] = []

    def put(self, one: Outgoing) -> None:
        """Take a message to be sent, and return at once."""
        self._queue.put(one)

    def start(self, sweep: Callable[[], None]) -> None:
        """Begin to send, and to call `sweep` every other second."""
        self._stop.clear()
        self._gone.clear()
        senders = 0 if self._gateway is None else SENDERS
        self._threads = [threading.Thread(target=self._send_all, name="sms", daemon=True) for _ in range(senders)]
        self._threads.append(threading.Thread(target=self._sweep_all, args=(sweep,), name="links", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End within seconds; what is under way then is not on record, and is told at the next start."""
        self._stop.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(LAST_SENDS_S)
        self._gone.set()
        self._threads = []

    def send_waiting(self) -> int:
        """Send what waits, here and now, and say how many messages that were."""
        count = 0
        while True:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return count
            if one is not None:
                self._send(one)
                count += 1

    def _send_all(self) -> None:
        while not self._stop.is_set():
            one = self._queue.get()
            if one is not None:
                self._send(one)

    def _sweep_all(self, sweep: Callable[[], None]) -> None:
        while not self._stop.wait(SWEEP_S):
            sweep()

    def _send(self, one: Outgoing) -> None:
        reason = self._tried(one.sms)
        if self._gone.is_set():
            return
        event = (
            LinkSent(call=one.call, link=one.link)
            if reason is None
            else LinkNotSent(call=one.call, link=one.link, reason=reason)
        )
        try:
            self._recorder.write(event, at=self._recorder.clock.now(), actor=GATEWAY)
        except StorageError as error:
            _log.error("what became of an SMS is not on record: %s", error)

    def _tried(self, sms: OutgoingSms) -> str | None:
        """Try until the gateway has it; give the reason when it has not."""
        if self._gateway is None:
            return "there is no gateway"
        for wait_s in (*self._waits_s, None):
            try:
                self._gateway.send(sms)
            except NotSent as refused:
                if not refused.again or wait_s is None:
                    return refused.reason
            # A gateway is somebody else's program: whatever it raises, the call taker has to be told.
            except Exception as error:  # noqa: BLE001 - see above
                _log.error("the SMS gateway broke: %s", type(error).__name__)
                return f"the gateway broke ({type(error).__name__})"
            else:
                return None
            if self._stop.wait(wait_s):
                return STOPPED
        return STOPPED
