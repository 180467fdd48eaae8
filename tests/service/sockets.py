"""Bare connections, for what no HTTP client would send."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    at = urlsplit(address)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=10) as connection:
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    """All that comes. Raises: TimeoutError if it is not closed after 10 s."""
    came = b""
    while True:
        try:
            piece = connection.recv(65_536)
        except ConnectionResetError:
            return came
        if not piece:
            return came
        came += piece
