"""Location references: addresses that nobody can guess and that tell nothing about the caller (RFC 5985, 6753).

What an address leads to is sealed inside it, so that nothing has to be kept; the key to it lies in the centre's folder.
"""

import base64
import binascii
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geo112.core.codes import CallId
from geo112.core.errors import StorageError

KEY_BYTES = 32
_NONCE_BYTES, _UUID_BYTES, _TIME_BYTES = 12, 16, 8
_TOKEN_BYTES = _NONCE_BYTES + _UUID_BYTES + _TIME_BYTES + 16
_PURPOSE = b"geo112 held 1"


class References:
    """Makes tokens for calls and finds the call of a token; sealed with AES-GCM under one key."""

    def __init__(self, key: bytes) -> None:
        """Use this key of 32 bytes."""
        self._seal = AESGCM(key)

    def make(self, call_id: CallId, *, expires_at: datetime) -> str:
        """Give a token that holds until then; each is new, so that two of them cannot be told to mean one call."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        told = UUID(call_id).bytes + int(expires_at.timestamp()).to_bytes(_TIME_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, told, _PURPOSE)
        return _written(sealed)

    def find(self, token: str, *, now: datetime) -> tuple[CallId, datetime] | None:
        """Give the call of a token and when the token ends; None for one that ended or was never made here."""
        try:
            sealed = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        # The last letter has bits to spare: one token has one spelling, so that a changed one leads nowhere.
        if len(sealed) != _TOKEN_BYTES or _written(sealed) != token:
            return None
        try:
            told = self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE)
        except InvalidTag:
            return None
        expires_at = datetime.fromtimestamp(int.from_bytes(told[_UUID_BYTES:]), UTC)
        if now >= expires_at:
            return None
        return CallId(str(UUID(bytes=told[:_UUID_BYTES]))), expires_at


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def open_key(path: Path) -> bytes:
    """Give the key in a file that only its owner may read, made at the first time; raises StorageError.

    Several processes may come at once: the file appears whole or not at all, and the first one wins.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path.name} cannot be read or made: {error.strerror}", field=path.name) from None
    if len(key) != KEY_BYTES:
        raise StorageError(f"{path.name} is no key of {KEY_BYTES} bytes", field=path.name)
    return key


def _make_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first: its key counts
    finally:
        draft.unlink()
