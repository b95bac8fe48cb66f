"""Who may come in: users with their roles and sessions, and machines with their keys."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Engine, ForeignKey, Integer, Row, Table, Text, delete, insert, select, update

from geo112.core.errors import BadInput, Conflict, NotFound
from geo112.core.roles import Role, Scope
from geo112.incidents.wire import moment_from_wire, moment_to_wire
from geo112.store.database import reading, storage_errors
from geo112.store.passwords import Passwords
from geo112.store.tables import metadata

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
_SECRET_BYTES = 32

account = Table(
    "account",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
session = Table(
    "session",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("user", Text, ForeignKey("account.user", ondelete="CASCADE"), nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)
machine_key = Table(
    "machine_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)
pulse = Table("pulse", metadata, Column("id", Integer, primary_key=True), Column("beats", Integer, nullable=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with a log-in."""

    user: str
    name: str
    roles: tuple[Role, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A log-in that goes on; `hash` stands for the secret that only the browser has."""

    hash: str
    user: User
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A machine that may send."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime


def token_hash(token: str) -> str:
    """Give what is kept of a secret of 256 random bits; such a one needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Accounts:
    """The users, sessions and keys of a centre, in its database; many threads and processes may use it."""

    def __init__(self, engine: Engine, passwords: Passwords | None = None) -> None:
        """Use the database behind the engine, which is in its present form already."""
        self._engine = engine
        self._passwords = passwords or Passwords()

    def users(self) -> list[User]:
        """Give all users by name."""
        with reading(self._engine) as connection:
            return [_user(row) for row in connection.execute(select(account).order_by(account.c.user))]

    def user(self, user: str) -> User:
        """Give one user; raises NotFound."""
        with reading(self._engine) as connection:
            return _user(_row(connection, user))

    def add_user(self, *, user: str, name: str, password: str, roles: Iterable[Role], now: datetime) -> User:
        """Add a user; raises BadInput, or Conflict when there is one already."""
        if not _USER.fullmatch(user):
            raise BadInput("a user has 1 to 63 of a-z, 0-9, dot, dash and underline", field="user")
        if not name.strip():
            raise BadInput("a user has a name", field="name")
        values = {
            "user": user,
            "name": name.strip(),
            "password_hash": self._passwords.hash(password),
            "roles": _words(roles),
            "created_at": moment_to_wire(now),
        }
        with storage_errors("written"), self._engine.begin() as connection:
            if connection.execute(select(account.c.user).where(account.c.user == user)).first():
                raise Conflict(f"there is a user {user} already", field="user")
            connection.execute(insert(account).values(values))
        return self.user(user)

    def change_user(
        self,
        user: str,
        *,
        name: str | None = None,
        password: str | None = None,
        roles: Iterable[Role] | None = None,
    ) -> User:
        """Change what is given; new roles or a new password end all sessions of the user.

        Raises NotFound, and Conflict when nobody would be left who may manage users.
        """
        values: dict[str, str] = {}
        if name is not None:
            if not name.strip():
                raise BadInput("a user has a name", field="name")
            values["name"] = name.strip()
        if password is not None:
            values["password_hash"] = self._passwords.hash(password)
        if roles is not None:
            values["roles"] = _words(roles)
        with storage_errors("written"), self._engine.begin() as connection:
            before = _user(_row(connection, user))
            if values:
                connection.execute(update(account).where(account.c.user == user).values(values))
            if password is not None or roles is not None:
                connection.execute(delete(session).where(session.c.user == user))
            _require_admin(connection, before)
        return self.user(user)

    def remove_user(self, user: str) -> None:
        """Remove a user with all sessions; the record keeps what the user did. Raises NotFound or Conflict."""
        with storage_errors("written"), self._engine.begin() as connection:
            before = _user(_row(connection, user))
            connection.execute(delete(account).where(account.c.user == user))
            _require_admin(connection, before)

    def check_password(self, user: str, password: str) -> User | None:
        """Give the user whose password this is; an unknown user takes as long as a wrong password."""
        with reading(self._engine) as connection:
            row = connection.execute(select(account).where(account.c.user == user.casefold())).first()
        fits = self._passwords.fits(password, None if row is None else row.password_hash)
        return _user(row) if fits and row is not None else None

    def open_session(self, user: str, now: datetime) -> str:
        """Begin a session and give its secret, which is kept nowhere."""
        token = secrets.token_urlsafe(_SECRET_BYTES)
        at = moment_to_wire(now)
        with storage_errors("written"), self._engine.begin() as connection:
            _row(connection, user)
            values = {"hash": token_hash(token), "user": user, "opened_at": at, "seen_at": at}
            connection.execute(insert(session).values(values))
        return token

    def find_session(self, digest: str) -> Session | None:
        """Give the session of a secret by its hash; None when it was ended or never was."""
        query = select(session, account).join(account, account.c.user == session.c.user).where(session.c.hash == digest)
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None or not hmac.compare_digest(row.hash, digest):
            return None
        return Session(
            hash=row.hash,
            user=_user(row),
            opened_at=moment_from_wire(row.opened_at),
            seen_at=moment_from_wire(row.seen_at),
        )

    def touch_session(self, digest: str, now: datetime) -> None:
        """Remember that the session is used."""
        with storage_errors("written"), self._engine.begin() as connection:
            connection.execute(update(session).where(session.c.hash == digest).values(seen_at=moment_to_wire(now)))

    def close_session(self, digest: str) -> None:
        """End a session."""
        with storage_errors("written"), self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.hash == digest))

    def drop_old_sessions(self, *, now: datetime, idle: timedelta, absolute: timedelta) -> int:
        """Remove sessions that hold no more and say how many there were."""
        too_old, too_quiet = moment_to_wire(now - absolute), moment_to_wire(now - idle)
        with storage_errors("written"), self._engine.begin() as connection:
            gone = connection.execute(
                delete(session).where((session.c.opened_at <= too_old) | (session.c.seen_at <= too_quiet))
            )
        return gone.rowcount

    def keys(self) -> list[Key]:
        """Give all keys, oldest first; their secrets are kept nowhere."""
        with reading(self._engine) as connection:
            query = select(machine_key).order_by(machine_key.c.created_at, machine_key.c.key_id)
            return [_key(row) for row in connection.execute(query)]

    def add_key(self, *, name: str, scopes: Iterable[Scope], now: datetime) -> str:
        """Make a key for a machine and give its secret, once; raises BadInput without a name or scope."""
        words = " ".join(sorted({scope.value for scope in scopes}))
        if not name.strip():
            raise BadInput("a key has a name", field="name")
        if not words:
            raise BadInput("a key is for something: sms or pbx", field="scopes")
        token = f"g112_{secrets.token_urlsafe(_SECRET_BYTES)}"
        values = {
            "key_id": secrets.token_hex(4),
            "name": name.strip(),
            "scopes": words,
            "hash": token_hash(token),
            "created_at": moment_to_wire(now),
        }
        with storage_errors("written"), self._engine.begin() as connection:
            connection.execute(insert(machine_key).values(values))
        return token

    def find_key(self, digest: str) -> Key | None:
        """Give the key of a secret by its hash; None when there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(machine_key).where(machine_key.c.hash == digest)).first()
        return _key(row) if row is not None and hmac.compare_digest(row.hash, digest) else None

    def remove_key(self, key_id: str) -> None:
        """Take a key back; raises NotFound."""
        with storage_errors("written"), self._engine.begin() as connection:
            gone = connection.execute(delete(machine_key).where(machine_key.c.key_id == key_id))
        if not gone.rowcount:
            raise NotFound(f"there is no key {key_id}", field="key_id")

    def try_to_write(self) -> None:
        """Write something to the disk, as a call would be; raises StorageError when that fails."""
        with storage_errors("written"), self._engine.begin() as connection:
            connection.execute(update(pulse).values(beats=pulse.c.beats + 1))


def _row(connection: Connection, user: str) -> Row[Any]:
    row = connection.execute(select(account).where(account.c.user == user)).first()
    if row is None:
        raise NotFound(f"there is no user {user[:64]}", field="user")
    return row


def _require_admin(connection: Connection, before: User) -> None:
    """Refuse to take the last one away who may manage the users that are left."""
    left = connection.execute(select(account.c.roles)).scalars().all()
    if Role.ADMIN in before.roles and left and not any(Role.ADMIN in roles.split() for roles in left):
        raise Conflict(f"without {before.user} as admin nobody could manage users", field="user")


def _words(roles: Iterable[Role]) -> str:
    held = set(roles)
    if not held:
        raise BadInput("a user has at least one role", field="roles")
    return " ".join(role.value for role in Role if role in held)


def _user(row: Row[Any]) -> User:
    return User(
        user=row.user,
        name=row.name,
        roles=tuple(Role(word) for word in row.roles.split()),
        created_at=moment_from_wire(row.created_at),
    )


def _key(row: Row[Any]) -> Key:
    return Key(
        key_id=row.key_id,
        name=row.name,
        scopes=tuple(Scope(word) for word in row.scopes.split()),
        created_at=moment_from_wire(row.created_at),
    )
