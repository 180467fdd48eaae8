"""Who tries many keys has to wait, and nobody else."""

from dataclasses import dataclass

import pytest

from service.access.attempts import MAX_FAILURES, MAX_KEPT, WINDOW_S, Attempts, network_of


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_ten_wrong_keys_an_address_waits_until_the_first_is_a_minute_old() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(MAX_FAILURES):
        assert attempts.wait_s("10.0.0.7", "right") == 0
        attempts.failed("10.0.0.7")
        clock.now += 1
    assert attempts.wait_s("10.0.0.7", "right") == WINDOW_S - MAX_FAILURES
    assert attempts.wait_s("10.0.0.8", "right") == 0
    clock.now += WINDOW_S - MAX_FAILURES
    assert attempts.wait_s("10.0.0.7", "right") == 0
    attempts.failed("10.0.0.7")
    assert attempts.wait_s("10.0.0.7", "right") > 0


def test_who_was_let_in_from_there_before_is_not_locked_out_by_others() -> None:
    attempts = Attempts(Clock())
    attempts.succeeded("10.0.0.7", "known")
    for _ in range(MAX_FAILURES):
        attempts.failed("10.0.0.7")
    assert attempts.wait_s("10.0.0.7", "known") == 0
    assert attempts.wait_s("10.0.0.7", "new") == WINDOW_S


def test_a_guesser_with_many_addresses_fills_no_memory() -> None:
    attempts = Attempts(Clock())
    for number in range(MAX_KEPT + 50):
        attempts.failed(f"host-{number}")
        attempts.succeeded(f"host-{number}", "known")
    assert len(attempts._failures) == len(attempts._proven) == MAX_KEPT


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(peer: str, network: str) -> None:
    assert network_of(peer) == network
