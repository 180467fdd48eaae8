"""Who sends a request: an API key in its head, or the page's session. Knows no route's work.

Where the service has no keys, everybody is let in as anyone; such a service listens on this
machine alone.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.errors import WenjuError
from service.access.attempts import Attempts
from service.access.keys import Key, KeyStore, KeyStoreUnusable, digest_of
from service.access.principal import ANYONE, NOBODY, Principal
from service.access.sessions import Sessions
from service.api.errors import chinese_reader
from service.api.problems import Forbidden, TooManyAttempts, Unauthorized, problem_response

log = logging.getLogger("service.api")

COOKIE = "wenju_session"
SESSION_PATH = "/v1/session"

READY_PATH = "/readyz"
# What is the same for everybody and holds nothing of the archive: nobody is asked for a key.
PUBLIC_PATHS = frozenset({"/", "/docs", "/openapi.json", "/healthz"})
PUBLIC_FOLDERS = ("/page/", "/docs/")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Access:
    """What the service knows of callers."""

    keys: KeyStore
    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)

    def admit(self, text: str, peer: str) -> Key:
        """The key that somebody shows. Raises: Unauthorized, TooManyAttempts, KeyStoreUnusable."""
        digest = digest_of(text)
        wait_s = self.attempts.wait_s(peer, digest)
        if wait_s > 0:
            raise TooManyAttempts(
                "too many wrong keys came from this address",
                hint=f"wait {ceil(wait_s)} seconds, then send the right key",
                retry_after_s=ceil(wait_s),
            )
        key = self.keys.find(text, datetime.now(UTC))
        if key is None:
            self.attempts.failed(peer)
            raise Unauthorized(
                "the key is not known here, has expired or was revoked",
                hint="ask the administrator for a key: python -m service keys add",
            )
        self.attempts.succeeded(peer, digest)
        return key

    def principal(self, request: Request) -> Principal:
        """Who sent a request; NOBODY if it shows nothing.

        Raises: Unauthorized for a key that is not good, TooManyAttempts, KeyStoreUnusable, and
        Forbidden where another site's page may have sent what the browser signs with its cookie.
        """
        if not self.keys.all():
            return ANYONE
        text = shown_key(request.headers)
        if text is not None:
            return self.admit(text, peer_of(request)).principal()
        key_id = self.sessions.key_id(request.cookies.get(COOKIE, ""))
        key = None if key_id is None else self.keys.active(key_id, datetime.now(UTC))
        if key is None:
            return NOBODY
        if request.method not in SAFE_METHODS and not from_own_page(request):
            raise Forbidden(
                "a request that changes something must come from this service's own page",
                hint="send the API key in the Authorization header instead of the cookie",
            )
        return key.principal()


def access_in(state: Path) -> Access:
    return Access(KeyStore(state))


class Authentication:
    """ASGI middleware: sets `request.state.principal`, or refuses what is not open to everybody."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._logged = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_public(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            principal = self._access.principal(request)
            if principal is NOBODY and not open_to_everybody(request):
                raise Unauthorized(
                    "this service answers only who has a key",
                    hint="send the API key: Authorization: Bearer wenju_…",
                )
        except WenjuError as error:
            shown = self._untold(error) if isinstance(error, KeyStoreUnusable) else error
            response = problem_response(shown, chinese=chinese_reader(request))
            await response(scope, receive, send)
            return
        request.state.principal = principal

        async def kept_nowhere(message: Message) -> None:
            # A browser that others use, too, must not show it again after its reader signed out.
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, kept_nowhere)

    def _untold(self, error: KeyStoreUnusable) -> KeyStoreUnusable:
        """What strangers are told of it; the log has all of it, once."""
        if error.message != self._logged:
            log.error("%s (hint: %s)", error.message, error.hint)
            self._logged = error.message
        return KeyStoreUnusable("the service can't read its keys", hint="its log says why")


def open_to_everybody(request: Request) -> bool:
    """Whether a caller may do without a key: to sign in and out, and to see that all is ready."""
    path = request.scope["path"]
    signing = path == SESSION_PATH and request.method in {"POST", "DELETE"}
    return signing or path == READY_PATH


def is_public(path: str) -> bool:
    """Whether an address is that of the page, its documentation, or the service's pulse."""
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_FOLDERS)


def shown_key(headers: Headers) -> str | None:
    """The key in `Authorization: Bearer`, or in `X-API-Key` where that is of another kind."""
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return headers.get("x-api-key")


def from_own_page(request: Request) -> bool:
    """Whether the page that sent a request is one of this service: browsers say so in Origin."""
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


def peer_of(request: Request) -> str:
    """The address that a request came from; empty where the socket has none."""
    return request.client.host if request.client is not None else ""
