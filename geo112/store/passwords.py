"""Passwords, kept only as Argon2id hashes."""

import secrets
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from geo112.core.errors import BadInput

SHORTEST, LONGEST = 8, 256


class Passwords:
    """Hashes and checks passwords, never more than two at a time, since each takes 64 MiB and a core."""

    def __init__(self, *, memory_kib: int = 65_536, rounds: int = 2) -> None:
        """Set the cost; the default takes about 0.12 s on one core."""
        self._hash = PasswordHash((Argon2Hasher(memory_cost=memory_kib, time_cost=rounds, parallelism=1),))
        self._places = BoundedSemaphore(2)
        self._nobody = self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Give the hash to keep; raises BadInput for a password too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters", field="password")
        with self._places:
            return self._hash.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Tell whether a password fits; takes as long when there is no such user (`kept` is None)."""
        with self._places:
            try:
                fits = self._hash.verify(password[:LONGEST], kept or self._nobody)
            except PwdlibError:
                return False
        return fits and kept is not None and len(password) <= LONGEST
