"""Who is served: this machine's own names, its own pages, and what the settings add."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.hosts import host_name, origin_name
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive

OURS = Settings(
    allowed_hosts=("archive.example", "档案.example"),
    allowed_origins=("https://intranet.example/",),
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(FakeArchive(), OURS) as address:
        yield address


def raw(address: str, head: str) -> tuple[int, str]:
    """The status and the text of what a real socket gets for a request, byte for byte."""
    _, _, place = address.rstrip("/").partition("://")
    name, port = place.split(":")
    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall(head.encode("latin-1"))
        text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(text.split()[1]), text


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST:1", "localhost.", "127.0.0.1", "127.0.0.1:8080", "[::1]:80",
        "archive.example", "Archive.Example:443", "档案.example",
    ],
)  # fmt: skip
def test_known_hosts_are_served(address: str, host: str) -> None:
    known = host.encode("idna").decode() if not host.isascii() else host
    status, _ = raw(address, f"GET /healthz HTTP/1.1\r\nHost: {known}\r\nConnection: close\r\n\r\n")
    assert status == 200


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example"], ["localhost.evil.example"], ["evil-localhost"], ["127.0.0.1.evil.com"],
        ["10.0.0.8:8080"], ["[::2]"], [""], ["localhost", "evil.example"], ["archive.example.com"],
        ["[::1].evil.example"], ["0x7f000001"], ["localhost:80@evil.example"], ["[::1]:evil"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/documents", "/", "/openapi.json", "/none"])
def test_a_foreign_host_gets_nothing(address: str, hosts: list[str], path: str) -> None:
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    status, text = raw(address, f"GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n")
    assert status in (400, 421), text  # 400 is the server's own, before it is ours
    if status == 421:
        assert "application/problem+json" in text
        assert "--allowed-host" in text


def test_the_refusal_is_a_problem_in_the_readers_language(address: str) -> None:
    answer = httpx.get(
        f"{address}v1/documents", headers={"host": "evil.example", "accept-language": "zh"}
    )
    assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")
    assert answer.json()["detail"] == "本服务没有 'evil.example' 这个主机名"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("own", 200),
        ("https://intranet.example", 200),
        ("https://intranet.example:443", 200),
        ("http://intranet.example", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:1", 403),
    ],
)
def test_only_our_own_pages_may_act(address: str, origin: str | None, status: int) -> None:
    origin = address.rstrip("/") if origin == "own" else origin
    answer = httpx.post(
        f"{address}v1/ask",
        json={"question": "每户多少钱？"},
        headers={} if origin is None else {"origin": origin},
    )
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "cross_origin"


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)],
)
def test_a_page_whose_origin_was_taken_out_on_the_way_is_told_by_the_browser(
    address: str, site: str, status: int
) -> None:
    answer = httpx.post(
        f"{address}v1/ask", json={"question": "每户？"}, headers={"sec-fetch-site": site}
    )
    assert answer.status_code == status


def test_other_sites_get_no_leave_to_read(address: str) -> None:
    with serving(FakeArchive()) as closed:
        answer = httpx.get(f"{closed}healthz", headers={"origin": "https://intranet.example"})
        assert answer.status_code == 200
        assert [name for name in answer.headers if name.startswith("access-control")] == []
    known = httpx.get(f"{address}healthz", headers={"origin": "https://intranet.example"})
    assert known.headers["access-control-allow-origin"] == "https://intranet.example"
    other = httpx.get(f"{address}healthz", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


@given(st.text(max_size=40))
def test_names_are_compared_without_a_fault(text: str) -> None:
    assert host_name(f"{host_name(text)}:80").isascii() or not text.isascii()
    assert origin_name(origin_name(text)) == origin_name(text)


def rebound(chromium: Path, profile: Path, url: str) -> str:
    """What a browser shows of a page whose name was made to stand for this machine."""
    done = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
            f"--user-data-dir={profile}", "--host-resolver-rules=MAP evil.example 127.0.0.1", url,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    return done.stdout


@pytest.mark.browser
def test_a_rebound_name_reads_nothing_in_a_browser(
    address: str, chromium: Path, tmp_path: Path
) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    own = rebound(chromium, tmp_path / "a", f"http://127.0.0.1:{port}/healthz")
    assert '{"status":"ok"}' in own
    foreign = rebound(chromium, tmp_path / "b", f"http://evil.example:{port}/healthz")
    assert "host_not_allowed" in foreign
