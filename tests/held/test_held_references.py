"""Location references: they hold until they end, tell nothing, and cannot be made by anybody else."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import CALL, NOW

from geo112.core.errors import StorageError
from geo112.held.references import References, open_key

KEY = bytes(range(32))
UNTIL = NOW + timedelta(minutes=30)


def test_token_leads_to_its_call_until_it_ends() -> None:
    references = References(KEY)
    token = references.make(CALL, expires_at=UNTIL)
    assert references.find(token, now=UNTIL - timedelta(seconds=1)) == (CALL, UNTIL)
    assert references.find(token, now=UNTIL) is None


def test_token_is_an_address_and_holds_neither_call_nor_time() -> None:
    token = References(KEY).make(CALL, expires_at=UNTIL)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert CALL.replace("-", "")[:8] not in token
    assert len(token) >= 64


def test_two_tokens_of_one_call_cannot_be_told_to_be_so() -> None:
    made = {References(KEY).make(CALL, expires_at=UNTIL)[:40] for _ in range(20)}
    assert len(made) == 20


def test_token_of_another_centre_leads_nowhere() -> None:
    token = References(KEY).make(CALL, expires_at=UNTIL)
    assert References(KEY[::-1]).find(token, now=NOW) is None


@given(st.integers(0, 69), st.sampled_from("abcXYZ019-_"))
def test_changed_token_leads_nowhere(at: int, letter: str) -> None:
    token = References(KEY).make(CALL, expires_at=UNTIL)
    changed = token[:at] + letter + token[at + 1 :]
    assert (References(KEY).find(changed, now=NOW) is None) is (changed != token)


@given(st.text(max_size=100))
def test_any_text_leads_nowhere(token: str) -> None:
    assert References(KEY).find(token, now=NOW) is None


def test_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "held.key"
    key = open_key(path)
    assert len(key) == 32
    assert open_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["held.key"]


def test_key_of_the_wrong_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "held.key"
    path.write_bytes(b"short")
    with pytest.raises(StorageError, match="no key of 32 bytes"):
        open_key(path)


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        open_key(tmp_path / "missing" / "held.key")
