"""Who asks: people by a session cookie, machines by a key."""

import base64
import binascii
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio
from anyio import to_thread
from fastapi import Request, Response

from geo112.api.backoff import Backoff
from geo112.core.clock import Clock
from geo112.core.errors import NotAllowed, NotLoggedIn
from geo112.core.roles import Role, Scope
from geo112.settings import Settings
from geo112.store.accounts import Accounts, Key, Session, User, token_hash

# How long this process believes a session without asking the store again: another process may have ended it.
BELIEVED = timedelta(seconds=1)
TOUCHED_EVERY = timedelta(seconds=60)
REMEMBERED = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person with a session."""

    user: str
    name: str
    roles: tuple[Role, ...]
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine with a key, such as the SMS gateway."""

    key_id: str
    name: str


class Doors:
    """Knows who stands before the centre; used on the event loop, only `forget` from anywhere."""

    def __init__(self, *, accounts: Accounts, settings: Settings, clock: Clock) -> None:
        """Guard the centre with these accounts."""
        self._accounts = accounts
        self._clock = clock
        self._idle = timedelta(hours=settings.session_idle_h)
        self._absolute = timedelta(hours=settings.session_absolute_h)
        self._secure = settings.has_tls
        self._backoff = Backoff(wait_max_s=settings.login_wait_max_s)
        self._sessions: OrderedDict[str, tuple[Session, datetime]] = OrderedDict()
        self._keys: OrderedDict[str, tuple[Key, datetime]] = OrderedDict()
        self._hashing = anyio.CapacityLimiter(2)
        # A browser sends cookies of one host to all its ports: two centres on one machine need two names.
        self.cookie = "__Host-geo112" if self._secure else f"geo112-{settings.kode.replace('.', '')}"

    async def who(self, request: Request) -> Who:
        """Say which person asks; raises NotLoggedIn."""
        token = request.cookies.get(self.cookie)
        found = await self.session(token_hash(token)) if token else None
        if found is None:
            raise NotLoggedIn
        return Who(user=found.user.user, name=found.user.name, roles=found.user.roles, session=found.hash)

    async def session(self, digest: str) -> Session | None:
        """Give a session that still holds; None when it ended, here or in another process."""
        now = self._clock.now()
        known = self._sessions.get(digest)
        if known is not None and timedelta(0) <= now - known[1] < BELIEVED:
            found = known[0]
        else:
            looked_up = await to_thread.run_sync(self._accounts.find_session, digest)
            if looked_up is None:
                self._sessions.pop(digest, None)
                return None
            found = looked_up
            _remember(self._sessions, digest, (found, now))
        if now - found.opened_at >= self._absolute or now - found.seen_at >= self._idle:
            return None
        if now - found.seen_at >= TOUCHED_EVERY:
            await to_thread.run_sync(self._accounts.touch_session, digest, now)
            self._sessions.pop(digest, None)
        return found

    async def machine(self, request: Request, scope: Scope) -> Machine:
        """Say which machine asks; raises NotLoggedIn without a key, NotAllowed when the key is for something else."""
        token = request.headers.get("x-api-key") or _shown(request)
        if not token:
            raise NotLoggedIn("send a key as X-Api-Key or as Authorization: Bearer")
        found = await self._key(token_hash(token), self._clock.now())
        if found is None:
            raise NotLoggedIn("there is no such key")
        if scope not in found.scopes:
            raise NotAllowed(f"the key is not for {scope.value}")
        return Machine(key_id=found.key_id, name=found.name)

    async def _key(self, digest: str, now: datetime) -> Key | None:
        known = self._keys.get(digest)
        if known is not None and timedelta(0) <= now - known[1] < BELIEVED:
            return known[0]
        found = await to_thread.run_sync(self._accounts.find_key, digest)
        if found is None:
            self._keys.pop(digest, None)
            return None
        _remember(self._keys, digest, (found, now))
        return found

    async def log_in(self, *, user: str, password: str, address: str) -> tuple[User, str]:
        """Open a session and give its secret; raises NotLoggedIn, or TooManyTries after wrong passwords.

        An unknown user takes as long as a wrong password, and nobody is ever shut out for good.
        """
        tried = (user.casefold(), address)
        self._backoff.require(tried, now=self._clock.now())
        # The try counts before it is checked, so that many at once are no way around the wait.
        self._backoff.failed(tried, now=self._clock.now())
        found = await to_thread.run_sync(self._accounts.check_password, user, password, limiter=self._hashing)
        if found is None:
            raise NotLoggedIn("the user or the password is wrong")
        self._backoff.succeeded(tried)
        token = await to_thread.run_sync(self._accounts.open_session, found.user, self._clock.now())
        return found, token

    async def change_own_password(self, who: Who, *, old_password: str, password: str, address: str) -> None:
        """Set a new password and end all sessions; raises NotAllowed, or TooManyTries after wrong old ones."""
        tried = (who.user, address)
        self._backoff.require(tried, now=self._clock.now())
        self._backoff.failed(tried, now=self._clock.now())
        check, change = self._accounts.check_password, self._accounts.change_user
        if await to_thread.run_sync(check, who.user, old_password, limiter=self._hashing) is None:
            raise NotAllowed("the present password is wrong", field="old_password")
        self._backoff.succeeded(tried)
        await to_thread.run_sync(partial(change, who.user, password=password), limiter=self._hashing)
        self.forget()

    async def log_out(self, who: Who) -> None:
        """End the session."""
        await to_thread.run_sync(self._accounts.close_session, who.session)
        self.forget()

    def forget(self) -> None:
        """Believe nobody any more: users, roles or sessions changed."""
        # A new table, not an empty one: this is called from other threads, too.
        self._sessions = OrderedDict()

    def give_cookie(self, response: Response, token: str) -> None:
        """Hand the secret of a session to the browser."""
        seconds = int(self._absolute.total_seconds())
        response.set_cookie(
            self.cookie, token, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="strict"
        )

    def take_cookie(self, response: Response) -> None:
        """Let the browser forget the secret."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="strict")


def _remember[T](known: OrderedDict[str, T], digest: str, value: T) -> None:
    """Keep a value, and only as many as fit."""
    known[digest] = value
    known.move_to_end(digest)
    while len(known) > REMEMBERED:
        known.popitem(last=False)


def _shown(request: Request) -> str | None:
    """Read the key of an `Authorization: Bearer`, or the password of a `Basic`: some exchanges know only that."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip() or None
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(token.strip(), validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None
