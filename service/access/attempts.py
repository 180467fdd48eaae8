"""Failed attempts to get in, counted by where they come from. Knows no key and no HTTP.

Who has shown a good key from an address goes on being let in from there, whatever others there do:
an office behind one proxy has one address.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

MAX_FAILURES = 10
WINDOW_S = 60.0
MAX_KEPT = 10_000  # addresses, and good keys at addresses; the least recently seen are forgotten


class Attempts:
    """Ten failures a minute and address; after them nothing new is tried from there for a while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._proven: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait_s(self, peer: str, digest: str) -> float:
        """Seconds until what has this digest may be tried from an address; 0 is now."""
        network = network_of(peer)
        failures = self._failures.get(network)
        if failures is None or (network, digest) in self._proven:
            return 0.0
        while failures and failures[0] <= self._clock() - WINDOW_S:
            failures.popleft()
        return failures[0] + WINDOW_S - self._clock() if len(failures) >= MAX_FAILURES else 0.0

    def failed(self, peer: str) -> None:
        network = network_of(peer)
        self._failures.setdefault(network, deque(maxlen=MAX_FAILURES)).append(self._clock())
        self._failures.move_to_end(network)
        while len(self._failures) > MAX_KEPT:
            self._failures.popitem(last=False)

    def succeeded(self, peer: str, digest: str) -> None:
        found = (network_of(peer), digest)
        self._proven[found] = None
        self._proven.move_to_end(found)
        while len(self._proven) > MAX_KEPT:
            self._proven.popitem(last=False)


def network_of(peer: str) -> str:
    """An address, or the /64 that an IPv6 one is in: whoever has one of them has them all."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer  # a socket file has none
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
