"""What the demo makes of a server that hangs up in the middle."""

import socket
import threading
from urllib.error import URLError

import pytest

from service.demo import fetch


def test_a_server_that_hangs_up_is_one_kind_of_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(URLError):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/readyz")
