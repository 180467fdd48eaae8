"""Run the HTTP server until it is told to end. Knows sockets and signals, no route."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import uvicorn

from indexer.errors import IndexMissing, InvalidRequest, WenjuError
from service.access import has_keys
from service.connections import Bounds, bounded
from service.logs import configure
from service.settings import Settings
from service.writable import unwritable

if TYPE_CHECKING:
    from service.archive import Archive


# Longer than clients keep a connection (httpx: 5 s, as uvicorn does): of two that give up at the
# same time the client may send its next question into a connection that is just being closed.
KEEP_ALIVE_S = 30


def run(
    settings: Settings,
    opened: Callable[[], "Archive"] | None = None,
    *,
    may_be_empty: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM, which end the process with status 0.

    `opened` opens the archive in place of `Archive.open` with these settings. A service that
    `may_be_empty` starts without an index, too: the first upload makes one.

    Raises: InvalidRequest for an address that can't be had or that asks for keys where there are
    none, and whatever kept the index from opening.
    """
    from service.api.app import create_app
    from service.api.state import DEFAULT, Loader
    from service.archive import Archive

    configure(settings.log_format)
    listener = listen(settings.host, settings.port)
    check_address(listener, settings)
    address = url_of(listener, settings.host)
    started = time.monotonic()
    failures: list[WenjuError] = []

    def settled(error: WenjuError | None) -> None:
        for name, index in settings.all_collections.items():
            if (hindrance := unwritable(settings.state, index)) is not None:
                tell(f"note: {name} takes no uploads: {hindrance.message} (hint: {hindrance.hint})")
        if error is None:
            tell(f"ready: {address} ({time.monotonic() - started:.1f} s, {settings.llm})")
        elif may_be_empty and isinstance(error, IndexMissing):
            tell(f"ready: {address}, but {error.message} yet (hint: {error.hint})")
        else:
            failures.append(error)
            server.should_exit = True

    # The server hands signals back when it has ended, and takes them over while it runs.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    loaders: dict[str, Loader] = {
        name: partial(Archive.open, index, settings)
        for name, index in settings.all_collections.items()
    }
    if opened is not None:
        loaders[DEFAULT] = opened
    app = create_app(loaders, settings, settled)
    closing = partial(app.state.runner.close, settings.shutdown_grace_s)
    server = server_of(app, settings, closing)
    if settings.without_keys and not is_loopback(listener):
        tell(f"warning: whoever reaches {address} can do everything; it was started without keys")
    with listener:
        server.run(sockets=[listener])
    if failures:
        raise failures[0]


def server_of(
    app: Callable[..., Any], settings: Settings, closing: Callable[[], None]
) -> uvicorn.Server:
    """The application's server, with its bounds. `closing` is called when it begins to end."""
    bounds = Bounds(settings.max_connections, settings.head_timeout_s)
    config = uvicorn.Config(
        app,
        http=bounded(bounds),
        ws="none",  # an upgraded connection would escape the bounds
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )
    return _Server(config, closing)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell the application first: it is to end what it works on before uvicorn cuts it off."""
        self._closing()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises: InvalidRequest, which says what is wrong with host or port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise InvalidRequest(
            f"there is no address {host!r}: {error.strerror}", hint="try --host 127.0.0.1"
        ) from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise InvalidRequest(
            f"can't listen at {host} port {port}: {error.strerror}",
            hint="end the other program there, or choose another --port",
        ) from error
    return listener


def check_address(listener: socket.socket, settings: Settings) -> None:
    """Raises: InvalidRequest where others would reach an archive that asks for no key."""
    if is_loopback(listener) or has_keys(settings) or settings.without_keys:
        return
    raise InvalidRequest(
        f"whoever reaches {settings.host} could read the archive: there are no keys",
        hint="make a key, or say --without-keys if all who reach this address may read everything",
    )


def url_of(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(listener: socket.socket) -> bool:
    bound: str = listener.getsockname()[0]
    return bound.startswith("127.") or bound == "::1"


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    """End with status 0, whatever other threads are at.

    They may still load a model or work on an answer that nobody awaits. Waiting for them takes as
    long as they like, and taking the interpreter down under their native code aborts with status
    134. Nothing is lost: this process only reads, and the server has said goodbye by now.
    """
    sys.stderr.flush()
    os._exit(0)
