"""The call taker's side of a link: made for one call, renewed, closed, and told how far it is."""

import secrets
from base64 import b32encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import phonenumbers

from geo112.core.codes import CallId, LinkId, PersonRef
from geo112.core.errors import BadInput, Conflict, NotFound, StorageError
from geo112.desk.link_outbox import LinkOutbox, Outgoing
from geo112.desk.link_text import link_text, whatsapp_url
from geo112.desk.numbers import is_callable, normal_number, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor
from geo112.incidents.fold import Call
from geo112.incidents.link_events import (
    LinkClosed,
    LinkDelivered,
    LinkEnd,
    LinkEvent,
    LinkGateway,
    LinkMade,
    LinkNotSent,
    LinkRenewed,
    LinkVia,
)
from geo112.incidents.links import Link
from geo112.incidents.ports import Person
from geo112.incidents.sms_port import OutgoingSms, SmsGateway

LIFE_S = 1_800
TOKEN_BYTES = 16
# A call needs one or two; more is somebody who sends messages at the cost of the centre.
MOST_LINKS = 12
RESTARTED = "the centre was restarted: nobody knows whether it was sent"
SWEEPER = Actor(name="geo112", role="system")

Token = Callable[[], str]


def fresh_token() -> str:
    """Make a secret of 128 random bits, in letters that can be read out: a to z and 2 to 7."""
    return b32encode(secrets.token_bytes(TOKEN_BYTES)).decode("ascii").rstrip("=").lower()


def hash_of(secret: str) -> str:
    """Give the SHA-256 of a secret, in hexadecimal: all that is kept of it."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSetup:
    """How a centre makes links: under which address callers reach it, and what sends the SMS."""

    base_url: str | None = None
    nama: str = ""
    gateway: SmsGateway | None = None
    kind: LinkGateway = LinkGateway.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLink:
    """A link that was just made; the address is shown this once and kept nowhere."""

    call: Call
    link: Link
    url: str
    text: str
    whatsapp_url: str | None


class Links:
    """Makes, renews and closes links."""

    def __init__(self, recorder: Recorder, outbox: LinkOutbox, setup: LinkSetup, *, token: Token = fresh_token) -> None:
        """Write by this recorder, send by this outbox."""
        self._recorder = recorder
        self._outbox = outbox
        self._setup = setup
        self._token = token

    def make(self, call_id: CallId, *, actor: Actor, via: LinkVia, number: str | None = None) -> GivenLink:
        """Make a link for a call and send it in the background where that was asked for and a gateway is there.

        Raises BadInput for a number that gets no SMS, Conflict where links cannot be made; then nothing is recorded.
        """
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if len(call.links) >= MOST_LINKS:
                raise Conflict(f"this call has {MOST_LINKS} links already", field="call_id")
            now = self._recorder.clock.now()
            to, person, people = self._target(call, number, now=now)
            if via is LinkVia.SMS:
                to = _gets_sms(to)
            token = self._token()
            url = f"{self._base_url()}/l/{token}"
            text = link_text(nama=self._setup.nama, url=url)
            # Nobody wants the SMS of an exercise, and its numbers may be somebody's.
            sends = via is LinkVia.SMS and self._setup.gateway is not None and not call.simulated
            made = LinkMade(
                call=call_id,
                link=LinkId(self._recorder.ids(now)),
                via=via,
                gateway=self._setup.kind if sends else LinkGateway.NONE,
                token_hash=hash_of(token),
                person=person,
                life_s=LIFE_S,
            )
            self._recorder.write(made, at=now, actor=actor, people=people)
        if sends and to is not None:
            sms = OutgoingSms(ref=made.link, number=to, text=text)
            self._outbox.put(Outgoing(call=call_id, link=made.link, sms=sms))
        call = self._recorder.board.call(call_id)
        open_with = whatsapp_url(text, number=to) if via is LinkVia.WHATSAPP else None
        return GivenLink(call=call, link=link_of(call, made.link), url=url, text=text, whatsapp_url=open_with)

    def renew(self, call_id: CallId, link_id: LinkId, *, actor: Actor) -> Link:
        """Let a link hold for another half hour from now, also one that time has ended; raises Conflict if closed."""
        with self._recorder.one_at_a_time(link_id):
            link = link_of(self._call(call_id), link_id)
            if link.closed_at is not None and link.closed_by is not LinkEnd.TIME:
                raise Conflict("the link is closed: make a new one", field="link_id")
            return self._write(LinkRenewed(call=call_id, link=link_id, life_s=LIFE_S), actor=actor)

    def close(self, call_id: CallId, link_id: LinkId, *, actor: Actor) -> Link:
        """Let a link take no more positions; a second time changes nothing."""
        with self._recorder.one_at_a_time(link_id):
            link = link_of(self._call(call_id), link_id)
            if link.closed_at is not None:
                return link
            return self._write(LinkClosed(call=call_id, link=link_id, by=LinkEnd.CALL_TAKER), actor=actor)

    def receipt(self, link_id: LinkId, *, actor: Actor, reason: str | None) -> Link:
        """Take what the network says of a message, None for delivered; a second time changes nothing.

        Raises NotFound for a link that is over: nobody waits for it any more.
        """
        with self._recorder.one_at_a_time(link_id):
            self._recorder.board.catch_up()
            call_id = self._recorder.board.open_links().get(link_id)
            if call_id is None:
                raise NotFound("there is no such open link", field="ref")
            link = link_of(self._recorder.board.call(call_id), link_id)
            said = None if reason is None else without_telephones(reason)
            if link.delivered_at is not None or (said is not None and link.not_sent == said):
                return link
            return self._write(LinkDelivered(call=call_id, link=link_id, reason=said), actor=actor)

    def tidy(self, *, actor: Actor) -> int:
        """Say of every message that was not sent before a stop that nobody knows; give how many there were.

        It is not sent again: the address is kept nowhere, and the call taker makes a new link with one key.
        """
        self._recorder.board.catch_up()
        waiting = [(call, link) for call, link in self._open() if link.waits_for_gateway]
        for call_id, link in waiting:
            self._write(LinkNotSent(call=call_id, link=link.link_id, reason=RESTARTED), actor=actor)
        return len(waiting)

    def sweep(self) -> None:
        """Write down which links time has ended, so that consoles hear of it."""
        now = self._recorder.clock.now()
        with suppress(StorageError):  # The console sees the end by itself; the next round tries again.
            for call_id, known in self._open():
                if now < known.expires_at:
                    continue
                with self._recorder.one_at_a_time(known.link_id):
                    link = link_of(self._call(call_id), known.link_id)
                    if link.closed_at is None and now >= link.expires_at:
                        self._write(LinkClosed(call=call_id, link=link.link_id, by=LinkEnd.TIME), actor=SWEEPER)

    def _open(self) -> list[tuple[CallId, Link]]:
        found = self._recorder.board.open_links()
        return [(call, link_of(self._recorder.board.call(call), link)) for link, call in found.items()]

    def _base_url(self) -> str:
        if self._setup.base_url is None:
            reason = "callers need an address that their telephones reach over HTTPS: set public_url"
            raise Conflict(reason, field="public_url")
        return self._setup.base_url

    def _target(
        self, call: Call, number: str | None, *, now: datetime
    ) -> tuple[str | None, PersonRef | None, Sequence[Person]]:
        """Say to which number the link goes, and behind which reference that number stands."""
        caller = None if call.person is None else self._recorder.log.person(call.person)
        own = None if caller is None else caller.number
        given = normal_number(number)
        if given is None or given == own:
            return own, None if own is None else call.person, ()
        person = Person(ref=self._recorder.new_person(now), number=given)
        return given, person.ref, (person,)

    def _call(self, call_id: CallId) -> Call:
        self._recorder.board.catch_up()
        return self._recorder.board.call(call_id)

    def _write(self, event: LinkEvent, *, actor: Actor) -> Link:
        self._recorder.write(event, at=self._recorder.clock.now(), actor=actor)
        return link_of(self._recorder.board.call(event.call), event.link)


def link_of(call: Call, link_id: LinkId) -> Link:
    """Find a link of a call; raises NotFound."""
    for link in call.links:
        if link.link_id == link_id:
            return link
    raise NotFound("there is no such link", field="link_id")


def _gets_sms(number: str | None) -> str:
    """Give the number if an SMS can reach it; raises BadInput."""
    if number is None:
        raise BadInput("the call has no number: give one", field="number")
    if not is_callable(number):
        raise BadInput("this is no number that gets an SMS", field="number")
    parsed = phonenumbers.parse(number, None)
    if not phonenumbers.is_possible_number(parsed):
        raise BadInput("this number has too few or too many digits", field="number")
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise BadInput("a fixed line gets no SMS: give a mobile number", field="number")
    return number
