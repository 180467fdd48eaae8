"""The indexer and the service as processes of their own: started, watched, measured, ended.

Peak memory is the kernel's own high-water mark (VmHWM: resident, touched mapped files included).
Knows command lines and /proc. Knows no metric.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from indexer.errors import WenjuError

_PROJECT = Path(__file__).resolve().parent.parent.parent
_POLL_S = 0.01
_ENDS_WITHIN_S = 15.0
_LOG_TAIL = 400  # characters of a failed process's output that an error shows


class BenchFailed(WenjuError):
    """A measured process did not start, or ended with an error."""

    code: ClassVar[str] = "bench_failed"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process took that ran to its end."""

    seconds: float
    peak_bytes: int
    output: str


def run_measured(arguments: Sequence[str]) -> Finished:
    """Run `python -m …` to its end and watch its memory. Raises: BenchFailed."""
    started = time.perf_counter()
    process = _spawn(arguments, stdout=subprocess.PIPE)
    watch = _MemoryWatch(process.pid)
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    peak = watch.end()
    if process.returncode != 0:
        raise BenchFailed(
            f"`python -m {' '.join(arguments)}` ended with {process.returncode}: "
            f"{output[-_LOG_TAIL:]}",
            hint="run it by hand to see the whole error",
        )
    return Finished(seconds, peak, output)


@dataclass(frozen=True, slots=True)
class Serving:
    """A running service that answered /readyz, and how long it took until then."""

    pid: int
    url: str
    ready_s: float

    def peak_bytes(self) -> int:
        """The largest resident size so far."""
        return peak_bytes_of(self.pid)


@contextmanager
def serving(
    index: Path,
    *,
    command: Sequence[str] = ("service",),
    deadline_s: float = 120.0,
    state: Path | None = None,
    settings: Mapping[str, str] | None = None,
    until: str = "/readyz",
) -> Iterator[Serving]:
    """`python -m service` over an index on a free port, ended when the block is left.

    Another `command` must take the same options. It is waited for `until` this address answers.
    `settings` are further environment variables.

    Raises: BenchFailed, when it ends early or is not ready within `deadline_s`.
    """
    port = _free_port()
    arguments = [*command, "--index", str(index), "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        started = time.perf_counter()
        environment = dict(settings or {})
        if state is not None:
            environment["WENJU_STATE"] = str(state)
        process = _spawn(arguments, stdout=log, environment=environment)
        try:
            _wait_until_ready(process, port, started + deadline_s, log, until)
            yield Serving(process.pid, f"http://127.0.0.1:{port}", time.perf_counter() - started)
        finally:
            process.terminate()
            try:
                process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _spawn(
    arguments: Sequence[str], stdout: int | IO[str], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=_PROJECT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **(environment or {})},
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait_until_ready(
    process: subprocess.Popen[str], port: int, deadline: float, log: IO[str], path: str
) -> None:
    """Poll over bare sockets: a client library would take longer than what is measured."""
    while True:
        if process.poll() is not None:
            log.seek(0)
            raise BenchFailed(
                f"the service ended with {process.returncode} before it was ready: "
                f"{log.read()[-_LOG_TAIL:].strip()}",
                hint="run it by hand: python -m service --index DIR",
            )
        if time.perf_counter() > deadline:
            raise BenchFailed(
                "the service was not ready in time", hint="run it by hand to see what it waits for"
            )
        if _answers(port, path):
            return
        time.sleep(_POLL_S)


def _answers(port: int, path: str) -> bool:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:  # not listening yet
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _MemoryWatch:
    """Reads a process's high-water mark until told to end; the mark itself never falls."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self._peak = max(self._peak, peak_bytes_of(self._pid))

    def end(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak


def peak_bytes_of(pid: int) -> int:
    """VmHWM of a process; 0 once it is gone, and where there is no /proc."""
    return _status_bytes(pid, "VmHWM:")


def resident_bytes_of(pid: int) -> int:
    """VmRSS of a process, under the same conditions."""
    return _status_bytes(pid, "VmRSS:")


def cpu_seconds_of(pid: int) -> float:
    """What a process has taken of the processor, all its threads; 0 once it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    # Behind the name in brackets, which may hold anything: user and system ticks are 12th and 13th.
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _status_bytes(pid: int, name: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    for line in status.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def folder_bytes(folder: Path) -> int:
    """Size of all files below a folder, as they would be copied."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
