"""What is kept of a key, who is let in with it, and what a damaged or absent file does."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidRequest
from service.access import has_keys
from service.access.keys import Key, KeyStore, KeyStoreUnusable
from service.access.principal import Principal, Role
from service.settings import Settings
from tests.source import ROOT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "state")


def test_a_key_lets_in_who_shows_all_of_it(store: KeyStore) -> None:
    key, text = store.add("阅览室", Role.READER, now=NOW, collections=frozenset({"规章"}))
    prefix, key_id, secret = text.split("_")
    assert (prefix, key_id, len(key_id), len(secret)) == ("wenju", key.key_id, 8, 52)
    found = KeyStore(store.path.parent).find(text, NOW)
    assert found is not None
    assert found.principal() == Principal(
        "阅览室", Role.READER, frozenset({"规章"}), key_id=key.key_id
    )
    _, other = store.add("另一个", Role.ADMIN, now=NOW)
    for wrong in (text[:-1], text + "a", text.upper(), f"wenju_{key_id}_", secret, key_id, "", "_"):
        assert store.find(wrong, NOW) is None, wrong
    assert store.find(f"wenju_{key_id}_{other.split('_')[2]}", NOW) is None


def test_the_secret_is_kept_nowhere_and_the_file_is_the_owners_alone(store: KeyStore) -> None:
    key, text = store.add("甲", Role.EDITOR, now=NOW)
    for path in store.path.parent.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
        assert text.split("_")[2] not in path.read_text()
    assert store.path.parent.stat().st_mode & 0o077 == 0
    assert key.digest == sha256(text.encode()).hexdigest()


def test_a_revoked_and_an_expired_key_let_nobody_in_and_leave_the_service_shut(
    store: KeyStore,
) -> None:
    running = KeyStore(store.path.parent)
    settings = Settings(state=store.path.parent)
    assert not has_keys(settings)
    _, first = store.add("甲", Role.ADMIN, now=NOW)
    _, second = store.add("乙", Role.ADMIN, now=NOW, expires_at=LATER)
    assert running.find(first, NOW) is not None
    assert running.find(second, LATER - timedelta(seconds=1)) is not None
    assert running.find(second, LATER) is None
    revoked = store.revoke("甲", now=NOW)
    assert running.find(first, NOW) is None
    assert running.active(revoked.key_id, NOW) is None
    assert [key.state(LATER) for key in running.all()] == ["revoked", "expired"]
    assert has_keys(settings)


def test_a_name_is_taken_while_its_key_is_good(store: KeyStore) -> None:
    old, _ = store.add("扫描仪", Role.EDITOR, now=NOW, expires_at=LATER)
    with pytest.raises(InvalidRequest, match="扫描仪"):
        store.add("扫描仪", Role.EDITOR, now=NOW)
    new, _ = store.add("扫描仪", Role.EDITOR, now=LATER)
    assert store.revoke("扫描仪", now=LATER).key_id == new.key_id
    assert store.revoke(old.key_id, now=LATER).key_id == old.key_id
    with pytest.raises(InvalidRequest, match="扫描仪"):
        store.revoke("扫描仪", now=LATER)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101, "\u202eabc"])
def test_a_name_that_would_spoil_a_log_is_refused(store: KeyStore, name: str) -> None:
    with pytest.raises(InvalidRequest):
        store.add(name, Role.READER, now=NOW)
    assert store.all() == ()


def test_a_key_is_not_made_for_the_past(store: KeyStore) -> None:
    with pytest.raises(InvalidRequest, match="expired"):
        store.add("甲", Role.READER, now=NOW, expires_at=NOW)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": 2, "keys": []}',
        b'{"format": 1, "keys": [{}]}',
        b'{"format": 1, "keys": 7}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_one_clear_error_and_lets_nobody_in(
    store: KeyStore, damage: bytes
) -> None:
    _, text = store.add("甲", Role.ADMIN, now=NOW)
    store.path.write_bytes(damage)
    for reader in (store, KeyStore(store.path.parent)):
        with pytest.raises(KeyStoreUnusable, match=r"keys\.json"):
            reader.find(text, NOW)
        with pytest.raises(KeyStoreUnusable):
            reader.all()
    with pytest.raises(KeyStoreUnusable):
        store.add("乙", Role.ADMIN, now=NOW)
    assert store.path.read_bytes() == damage


@pytest.mark.parametrize("field", ["id", "role", "collections", "sha256", "created_at"])
@pytest.mark.parametrize("value", [7, "", [7], {"a": 1}])
def test_no_damaged_field_opens_a_door(store: KeyStore, field: str, value: object) -> None:
    key, text = store.add("甲", Role.READER, now=NOW, collections=frozenset({"a"}))
    content = json.loads(store.path.read_text())
    content["keys"][0][field] = value
    store.path.write_text(json.dumps(content))
    try:
        found = store.find(text, NOW)
    except KeyStoreUnusable:
        return
    assert found is None or found.principal() == key.principal()


def test_a_file_that_goes_does_not_open_a_running_service(store: KeyStore) -> None:
    store.add("甲", Role.ADMIN, now=NOW)
    running = KeyStore(store.path.parent)
    assert len(running.all()) == 1
    store.path.unlink()
    with pytest.raises(KeyStoreUnusable, match="gone"):
        running.all()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(KeyStoreUnusable, match="can't be written"):
        KeyStore(tmp_path / "state").add("甲", Role.ADMIN, now=NOW)


def test_keys_made_by_several_processes_at_once_are_all_kept(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from service.access.keys import KeyStore; from service.access.principal import Role\n"
        "store = KeyStore(Path(sys.argv[1]))\n"
        "for number in range(10):\n"
        "    store.add(f'{sys.argv[2]}-{number}', Role.READER, now=datetime.now(UTC))\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(number)], cwd=ROOT)
        for number in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    names = {key.name for key in KeyStore(tmp_path).all()}
    assert names == {f"{writer}-{number}" for writer in range(3) for number in range(10)}


NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
SEEN = st.none() | st.frozensets(NAMES, max_size=3)


@given(made=st.dictionaries(NAMES, st.tuples(st.sampled_from(Role), SEEN), max_size=5))
def test_what_is_kept_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, tuple[Role, frozenset[str] | None]]
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    kept: list[tuple[Key, str]] = [
        KeyStore(folder).add(name, role, now=NOW, collections=seen)
        for name, (role, seen) in made.items()
    ]
    again = KeyStore(folder)
    assert again.all() == tuple(key for key, _ in kept)
    assert [again.find(text, NOW) for _, text in kept] == [key for key, _ in kept]
