"""How often a caller may ask. Knows no route."""

import ipaddress
import math
import time
from collections.abc import Callable

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.errors import chinese_reader
from service.api.problems import TooManyRequests, problem_response
from service.api.state import principal_of

RATE = "120/minute"
MOST_CALLERS = 50_000  # that are remembered; a number that a flood of addresses alone reaches
LIMITED = ("/v1/", "/mcp")  # the page's own files and the checks of health are not


class RateLimit:
    """ASGI middleware: so many requests for each key, or each address of callers without one.

    `rate` is written as 120/minute. Without it `RATE` holds, but not for callers on this machine
    who bring no key: a service without keys listens to them alone. `off` is no limit at all.
    Stands behind authentication, which finds out who asks. `rejected` hears of each refusal.
    """

    def __init__(
        self, app: ASGIApp, rate: str | None, rejected: Callable[[str], None] = lambda _: None
    ) -> None:
        self._app = app
        self._is_off = rate == "off"
        self._spares_this_machine = rate is None
        self._rate = parse(RATE if rate is None or self._is_off else rate)
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._rejected = rejected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = self._who(scope) if scope["type"] == "http" else None
        if len(self._storage.events) > MOST_CALLERS:
            self._storage.reset()  # it keeps an entry of everybody who ever came
        if who is None or self._limiter.hit(self._rate, who):
            await self._app(scope, receive, send)
            return
        self._rejected("rate_limit")
        free_at = self._limiter.get_window_stats(self._rate, who).reset_time
        error = TooManyRequests(
            f"more than {self._rate.amount} requests in {self._rate.get_expiry()} s",
            hint="wait as long as Retry-After says",
            retry_after_s=max(1, math.ceil(free_at - time.time())),
        )
        response = problem_response(error, chinese=chinese_reader(Request(scope)))
        await response(scope, receive, send)

    def _who(self, scope: Scope) -> str | None:
        """Whose requests are counted together; None for a request that is not limited."""
        if self._is_off or not scope["path"].startswith(LIMITED):
            return None
        key_id = principal_of(Request(scope)).key_id
        if key_id is not None:
            return f"key {key_id}"
        peer = scope["client"][0] if scope.get("client") else ""
        if self._spares_this_machine and is_this_machine(peer):
            return None
        return f"peer {network_of(peer)}"


def is_this_machine(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:  # a Unix socket has no address
        return True


def network_of(peer: str) -> str:
    """The address; of IPv6 its /64, which is what one subscriber gets."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)
