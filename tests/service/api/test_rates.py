"""So many requests for each key or address, in a window that moves."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from service.access.keys import KeyStore
from service.access.principal import Role
from service.api.rates import RATE, is_this_machine, network_of
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive
from tests.service.api.test_problems import is_problem

ASKED = {"question": "每户多少钱？"}


def made_key(
    folder: Path, role: Role = Role.READER, name: str = "甲"
) -> tuple[str, dict[str, str]]:
    """A key of a service whose state is kept there: its id, and the headers that show it."""
    key, text = KeyStore(folder).add(name, role, now=datetime.now(UTC))
    return key.key_id, {"authorization": f"Bearer {text}"}


def client(peer: str, served: TestClient) -> TestClient:
    return TestClient(served.app, client=(peer, 50_000))


def ask(client: TestClient, **headers: str) -> Any:
    return client.post("/v1/ask", json=ASKED, headers=headers)


def test_a_caller_who_asks_too_often_is_told_when_to_come_again() -> None:
    with client_of(FakeArchive(), Settings(rate_limit="3/2second")) as served:
        near, far = client("10.0.0.7", served), client("10.0.0.8", served)
        assert [ask(near).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = ask(near, **{"accept-language": "zh"})
        is_problem(refused, 429, "too_many_requests")
        assert refused.json()["detail"] == "2 秒内的请求超过了 3 次"
        wait_s = int(refused.headers["retry-after"])
        assert 1 <= wait_s <= 2
        assert ask(far).status_code == 200, "another address has its own"
        assert near.get("/healthz").status_code == 200
        assert near.get("/").status_code == 200
        assert near.get("/v1/collections").status_code == 429
        time.sleep(wait_s)
        assert ask(near).status_code == 200
        shown = served.get("/metrics").text
        assert 'wenju_rejected_total{reason="rate_limit"} 3.0' in shown.splitlines()


def test_a_key_is_counted_wherever_it_comes_from_and_keys_apart(tmp_path: Path) -> None:
    (_, one), (_, other) = made_key(tmp_path), made_key(tmp_path, name="乙")
    with client_of(FakeArchive(), Settings(rate_limit="2/minute", state=tmp_path)) as served:
        here, there = client("10.0.0.7", served), client("10.0.0.8", served)
        assert ask(here, **one).status_code == 200
        assert ask(there, **one).status_code == 200
        assert ask(there, **one).status_code == 429
        assert ask(there, **other).status_code == 200


def test_unset_a_key_is_limited_on_this_machine_too(tmp_path: Path) -> None:
    _, key = made_key(tmp_path)
    with client_of(FakeArchive(), Settings(state=tmp_path)) as served:
        own = client("127.0.0.1", served)
        statuses = [
            own.get("/v1/models", headers=key).status_code
            for _ in range(int(RATE.partition("/")[0]) + 1)
        ]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 429


def test_unset_it_spares_this_machine_and_nobody_else() -> None:
    most = int(RATE.partition("/")[0])
    with client_of(FakeArchive()) as served:
        own, far = client("127.0.0.1", served), client("192.168.1.4", served)
        for _ in range(most):
            assert far.get("/v1/models").status_code == 200
            assert own.get("/v1/models").status_code == 200
        assert far.get("/v1/models").status_code == 429
        assert own.get("/v1/models").status_code == 200


def test_off_is_off() -> None:
    with client_of(FakeArchive(), Settings(rate_limit="off")) as served:
        far = client("192.168.1.4", served)
        assert {far.get("/v1/models").status_code for _ in range(200)} == {200}


@pytest.mark.parametrize("rate", ["", "many", "0x/minute", "10/fortnight", "-1/minute"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValidationError, match="120/minute"):
        Settings(rate_limit=rate)


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_stands_for_its_subscriber(peer: str, network: str) -> None:
    assert network_of(peer) == network


@pytest.mark.parametrize(
    ("peer", "own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("", True), ("10.0.0.1", False)],
)
def test_this_machine_is_known(peer: str, own: bool) -> None:
    assert is_this_machine(peer) is own
