"""Sessions of the page: a random token that stands for a key for some hours. Knows no HTTP.

They are held in memory: whoever restarts the service signs everybody out.
"""

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

from service.access.keys import digest_of

LIFETIME_S = 12 * 3600
MAX_PER_KEY = 100  # more browsers than that: the one that signed in first signs in anew


class _Session(NamedTuple):
    key_id: str
    ends: float


class Sessions:
    """Who has signed in. Tokens are kept as digests alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_digest: dict[str, _Session] = {}  # in the order of signing in

    def begin(self, key_id: str) -> str:
        """Sign a key in. Returns the token, 256 random bits."""
        now = self._clock()
        self._by_digest = {
            digest: session for digest, session in self._by_digest.items() if session.ends > now
        }
        own = [digest for digest, each in self._by_digest.items() if each.key_id == key_id]
        for digest in own[: max(0, len(own) - MAX_PER_KEY + 1)]:
            del self._by_digest[digest]
        token = secrets.token_urlsafe(32)
        self._by_digest[digest_of(token)] = _Session(key_id, now + LIFETIME_S)
        return token

    def key_id(self, token: str) -> str | None:
        """The key that a token stands for; None for one that is unknown, has ended or expired."""
        session = self._by_digest.get(digest_of(token))
        return session.key_id if session is not None and session.ends > self._clock() else None

    def end(self, token: str) -> None:
        self._by_digest.pop(digest_of(token), None)
