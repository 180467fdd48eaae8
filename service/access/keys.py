"""API keys: made, found and revoked, in one file of the state folder. Knows no HTTP.

A key is `wenju_ID_SECRET`: an id of 40 random bits that may stand in logs, and a secret of 256.
Kept is the SHA-256 of the whole key. A slow hash is for passwords, which can be guessed; 256
random bits can't be, and a fast digest costs a request nothing. Digests are compared in constant
time.
"""

import fcntl
import json
import os
import secrets
from base64 import b32encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any

from indexer.errors import InvalidRequest, WenjuError
from indexer.index.storage import sync_folder
from service.access.principal import Principal, Role

KEYS_FILE = "keys.json"
FORMAT = 1
PREFIX = "wenju"
MAX_NAME_CHARS = 100

_ID_BYTES, _SECRET_BYTES = 5, 32
_NO_DIGEST = "0" * 64

Stamp = tuple[int, int, int]  # inode, size, time of the last change


class KeyStoreUnusable(WenjuError):
    """The file of keys is damaged, unreadable, or has gone; nobody is let in on its account."""

    code = "key_store_unusable"


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key. `collections` is None for one that may see all of them."""

    key_id: str
    name: str
    role: Role
    collections: frozenset[str] | None
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"

    def principal(self) -> Principal:
        return Principal(self.name, self.role, self.collections, self.key_id)


class KeyStore:
    """The keys of a service. A change by another process holds from the next look on."""

    def __init__(self, state: Path) -> None:
        self.path = state / KEYS_FILE
        self._stamp: Stamp | None = None
        self._keys: Mapping[str, Key] = {}

    def all(self) -> tuple[Key, ...]:
        """Every key ever made, the revoked too, in the order of making. Raises: KeyStoreUnusable.

        Empty only where none was ever made: who revokes the last one shuts the service, and does
        not open it to everybody.
        """
        return tuple(self._current().values())

    def find(self, text: str, now: datetime) -> Key | None:
        """The active key that a caller has shown, or None. Raises: KeyStoreUnusable."""
        prefix, _, rest = text.partition("_")
        key_id, _, _ = rest.partition("_")
        key = self._current().get(key_id) if prefix == PREFIX else None
        # The same work for an id that is not there as for a wrong secret.
        fits = compare_digest(digest_of(text), _NO_DIGEST if key is None else key.digest)
        return key if key is not None and fits and key.state(now) == "active" else None

    def active(self, key_id: str, now: datetime) -> Key | None:
        """The key of an id if it is active, or None. Raises: KeyStoreUnusable."""
        key = self._current().get(key_id)
        return key if key is not None and key.state(now) == "active" else None

    def add(
        self,
        name: str,
        role: Role,
        *,
        now: datetime,
        collections: frozenset[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Key, str]:
        """Make a key. Returns what is kept of it, and the key itself, which is kept nowhere.

        Raises: InvalidRequest, KeyStoreUnusable.
        """
        if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_CHARS:
            raise InvalidRequest(
                f"the name of a key has 1 to {MAX_NAME_CHARS} printable characters",
                hint="name the person or program that will use it",
            )
        if expires_at is not None and expires_at <= now:
            raise InvalidRequest("the key would have expired already", hint="choose a later day")
        with self._writing() as keys:
            if any(key.name == name and key.state(now) == "active" for key in keys.values()):
                raise InvalidRequest(
                    f"there is an active key of the name {name!r}",
                    hint="choose another name, or revoke that one first",
                )
            key_id = _random_word(_ID_BYTES)
            while key_id in keys:
                key_id = _random_word(_ID_BYTES)
            text = f"{PREFIX}_{key_id}_{_random_word(_SECRET_BYTES)}"
            key = Key(key_id, name, role, collections, digest_of(text), now, expires_at)
            self._write({**keys, key_id: key})
        return key, text

    def revoke(self, id_or_name: str, *, now: datetime) -> Key:
        """Revoke the key of an id, or else the one of a name that is not revoked yet.

        Raises: InvalidRequest where there is none, KeyStoreUnusable.
        """
        with self._writing() as keys:
            open_keys = [key for key in keys.values() if key.revoked_at is None]
            # An expired key may share its name with a later one; the later one is meant.
            named = sorted(
                (key for key in open_keys if id_or_name in (key.key_id, key.name)),
                key=lambda key: (key.key_id != id_or_name, key.state(now) != "active"),
            )
            if not named:
                raise InvalidRequest(
                    f"there is no key {id_or_name!r} to revoke",
                    hint="python -m service keys list shows them",
                )
            revoked = replace(named[0], revoked_at=now)
            self._write({**keys, revoked.key_id: revoked})
        return revoked

    def _current(self) -> Mapping[str, Key]:
        try:
            if self._stamp is None or _stamp(os.stat(self.path)) != self._stamp:
                with open(self.path, "rb") as file:
                    stamp = _stamp(os.fstat(file.fileno()))
                    self._keys = _parsed(file.read(), self.path)
                self._stamp = stamp
        except FileNotFoundError:
            if self._stamp is None:
                return {}
            # Else an accident with the folder would open a running service to everybody.
            raise KeyStoreUnusable(
                f"the keys were in {self.path}, which has gone",
                hint="put the file back, or start the service anew without keys",
            ) from None
        except OSError as error:
            raise KeyStoreUnusable(
                f"the keys in {self.path} can't be read: {error.strerror}",
                hint="let the service's user read the file",
            ) from error
        return self._keys

    @contextmanager
    def _writing(self) -> Iterator[Mapping[str, Key]]:
        """The keys as they are, while no other process writes them."""
        folder = self.path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(
                self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield self._current()
            finally:
                os.close(lock)
        except OSError as error:
            raise KeyStoreUnusable(
                f"the keys in {folder} can't be written: {error.strerror}; they are as before",
                hint="free some space, or let this user write there; a local disk has locks",
            ) from error

    def _write(self, keys: Mapping[str, Key]) -> None:
        """Replace the file by one rename, flushed to the disk first."""
        content = {"format": FORMAT, "keys": [_as_json(key) for key in keys.values()]}
        aside = self.path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self.path)
        sync_folder(self.path.parent)


def digest_of(text: str) -> str:
    """The SHA-256 of a key, as 64 hexadecimal digits."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _random_word(size_bytes: int) -> str:
    """Random bytes in base32: letters and digits alone, which a double click takes as one."""
    return b32encode(secrets.token_bytes(size_bytes)).decode("ascii").rstrip("=").lower()


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _as_json(key: Key) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return None if at is None else at.isoformat()

    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role,
        "collections": None if key.collections is None else sorted(key.collections),
        "sha256": key.digest,
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at),
        "revoked_at": moment(key.revoked_at),
    }


def _parsed(data: bytes, path: Path) -> Mapping[str, Key]:
    try:
        content = json.loads(data)
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}")
        keys = [_from_json(entry) for entry in content["keys"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise KeyStoreUnusable(
            f"the keys in {path} are damaged: {type(error).__name__}",
            hint="restore the file from a backup, or move it away and make new keys with "
            "python -m service keys add",
        ) from error
    return {key.key_id: key for key in keys}


def _from_json(entry: dict[str, Any]) -> Key:
    def moment(text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text).astimezone(UTC)

    key_id, name, digest, collections = (
        entry[field] for field in ("id", "name", "sha256", "collections")
    )
    if not isinstance(collections, list | None):
        raise ValueError("the collections are no list")
    strings = [key_id, name, digest, *(collections or ())]
    if not all(isinstance(text, str) for text in strings) or len(bytes.fromhex(digest)) != 32:
        raise ValueError("a field is not of its kind")
    return Key(
        key_id,
        name,
        Role(entry["role"]),
        None if collections is None else frozenset(collections),
        digest,
        datetime.fromisoformat(entry["created_at"]).astimezone(UTC),
        moment(entry["expires_at"]),
        moment(entry["revoked_at"]),
    )
