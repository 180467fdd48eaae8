"""Who may reach the service through a browser: known hosts, and pages of its own. Knows no route.

A page of any site can send requests to any address that its reader's machine reaches. It can't
read the answers, unless its own name is made to stand for that address (DNS rebinding): then the
request's Host tells. And it can act, if nobody looks where a request is from: Origin tells.
"""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import (
    CrossOrigin,
    HostNotAllowed,
    prefers_chinese,
    problem_response,
)

LOOPBACK = ("localhost", "127.0.0.1", "::1")
READING = {"GET", "HEAD", "OPTIONS"}
FOREIGN = {"cross-site", "same-site"}  # another port or subdomain is another site's page, too
_PORT = re.compile(r":[0-9]*\Z")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class KnownCallers:
    """ASGI middleware: refuses other hosts than this one's, and acts for its own pages alone.

    Known are this machine's names for itself, the address that a connection came in by, and
    `hosts`. `origins` are sites, such as `https://intranet.example`, whose pages may act, too.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], origins: Iterable[str]) -> None:
        self._app = app
        self._hosts = {*LOOPBACK, *(host_name(host) for host in hosts)}
        self._origins = {origin_name(origin) for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        server = scope.get("server")
        here = {host_name(server[0])} if server else set()
        error: HostNotAllowed | CrossOrigin
        if len(hosts) != 1 or host_name(hosts[0]) not in self._hosts | here:
            error = HostNotAllowed(
                f"this service does not go by the name {', '.join(hosts)[:200]!r}",
                hint="use its own address, or start it with --allowed-host NAME",
            )
        elif scope.get("method") not in READING and self._is_foreign(headers, hosts[0]):
            error = CrossOrigin(
                f"a page of {headers.get('origin', 'another site')[:200]!r} may not do this",
                hint="use the service's own page, or start it with --allowed-origin ORIGIN",
            )
        else:
            await self._app(scope, receive, send)
            return
        chinese = prefers_chinese(headers.get("accept-language", ""))
        await problem_response(error, chinese=chinese)(scope, receive, send)

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        """Whether the request was sent by a page of another site.

        Programs send neither Origin nor Sec-Fetch-Site; browsers always send the one or the other
        with what may change something, as far as nothing on the way takes it out.
        """
        origins = headers.getlist("origin")
        if not origins:
            return headers.get("sec-fetch-site") in FOREIGN
        own = {f"{scheme}://{host}" for scheme in _DEFAULT_PORTS}
        known = self._origins | {origin_name(each) for each in own}
        return any(origin_name(origin) not in known for origin in origins)


def host_name(host: str) -> str:
    """The name in a Host header or a setting, as it is compared: no port, no brackets, ASCII."""
    if host.startswith("["):
        inside, _, after = host[1:].partition("]")
        name = inside if not after or _PORT.fullmatch(after) else host
    else:
        # What is no port makes no name either: localhost:80@elsewhere is none of ours.
        name = host if host.count(":") > 1 else _PORT.sub("", host)
    return _as_sent(name.rstrip(".").lower().removeprefix("::ffff:"))


def origin_name(origin: str) -> str:
    """An origin as it is compared: lower case, without a default port and a slash at its end."""
    scheme, separator, place = origin.strip().lower().rstrip("/").partition("://")
    return f"{scheme}{separator}{_as_sent(place.removesuffix(_DEFAULT_PORTS.get(scheme, '/')))}"


def _as_sent(name: str) -> str:
    """A name as browsers send it, in ASCII: 档案.example is xn--…; else as it is."""
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
