"""What the service needs, looked at piece by piece without serving: `python -m service doctor`.

Each check finds one thing out and says what mends it. Nothing is written or changed.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from indexer.errors import WenjuError
from indexer.index.folder import IndexFolder
from indexer.index.manifest import require_code
from service.api.chinese import translated
from service.serve import check_address, is_loopback, listen, url_of
from service.settings import Settings
from service.writable import unwritable

DIGESTS = Path(__file__).with_name("models.sha256")
PACKAGES = Path(__file__).parent.parent
ENGINES = ("faiss", "onnxruntime", "tantivy")
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

_INSTALL = (
    "install the packages again: python -m pip install --force-reinstall -c constraints.txt …"
)
_LOADS_WITHIN_S = 60
_RESOLVES_WITHIN_S = 2.0
_ANSWERS_WITHIN_S = 2.0
_LEAST_FREE_BYTES = 200 * 2**20


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and where that is not all well the way out."""

    name: str
    state: State
    found: str
    hint: str = ""


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which one mends: what comes first is needed by what follows."""
    return [
        *(engine(name) for name in ENGINES),
        models(DIGESTS, PACKAGES),
        *(index(name, path) for name, path in settings.all_collections.items()),
        disk(settings.index),
        writing(settings),
        address(settings),
        network(settings),
    ]


def engine(name: str) -> Check:
    """Whether a native library loads: in a process of its own, for it may not survive that."""
    program = f"import {name}; print(getattr({name}, '__version__', ''))"
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LOADS_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check(name, State.FAIL, f"does not load within {_LOADS_WITHIN_S} s", _INSTALL)
    if done.returncode == 0:
        return Check(name, State.OK, f"loads {done.stdout.strip()}".strip())
    said = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
    return Check(name, State.FAIL, f"does not load: {said[-1]}", _INSTALL)


def models(digests: Path, root: Path) -> Check:
    """Whether the models that ship with the code are the ones that were shipped."""
    wrong = []
    total = 0
    for line in digests.read_text(encoding="utf-8").splitlines():
        digest, name = line.split(maxsplit=1)
        try:
            data = (root / name).read_bytes()
        except OSError as error:
            wrong.append(f"{name}: {error.strerror}")
            continue
        total += len(data)
        if hashlib.sha256(data).hexdigest() != digest:
            wrong.append(f"{name}: not as it was shipped")
    if wrong:
        return Check("models", State.FAIL, "; ".join(wrong), "fetch or install wenju again, whole")
    return Check("models", State.OK, f"whole, {_megabytes(total)}")


def index(collection: str, path: Path) -> Check:
    """Whether every file of an index is there and is as it was written, by its digest."""
    name = f"index {collection}"
    folder = IndexFolder(path)
    try:
        manifest = folder.manifest(folder.pointer())
        require_code(manifest, path)
        for broken in folder.broken_files(manifest):
            raise folder.broken(manifest, broken)
    except WenjuError as error:
        return Check(name, State.FAIL, error.message, error.hint)
    counts = manifest.counts
    found = f"{path}: {manifest.generation}, {counts.documents} documents, whole"
    if counts.documents == 0:
        return Check(name, State.WARN, found, f"add some: python -m indexer update --index {path}")
    return Check(name, State.OK, found)


def disk(path: Path) -> Check:
    """Whether there is room for an update, which writes a second generation beside the first."""
    there = next(
        folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir()
    )
    free = shutil.disk_usage(there).free
    needed = sum(file.stat().st_size for file in _files(path))
    found = f"{_megabytes(free)} free, the index takes {_megabytes(needed)}"
    if free < _LEAST_FREE_BYTES:
        return Check("disk", State.FAIL, found, f"make room on the disk of {there}")
    if free < needed:
        hint = f"make room on the disk of {there}: an update writes a second generation"
        return Check("disk", State.WARN, found, hint)
    return Check("disk", State.OK, found)


def writing(settings: Settings) -> Check:
    """Whether uploads, deletions and feedback can be kept; answering needs none of it."""
    errors = [unwritable(settings.state, path) for path in settings.all_collections.values()]
    hindered = dict.fromkeys((each.message, each.hint) for each in errors if each is not None)
    if not hindered:
        return Check("writing", State.OK, "the folders of index and state can be written")
    found = [f"{message} ({translated(message)})" for message, _ in hindered]
    hints = [f"{hint} ({translated(hint)})" for _, hint in hindered]
    return Check("writing", State.WARN, "; ".join(found), "; ".join(hints))


def _files(path: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(path):
        for name in names:
            file = Path(folder, name)
            if file.exists():  # a writer may be at work
                yield file


def address(settings: Settings) -> Check:
    """Whether the service could listen, and may do so there."""
    place = f"{settings.host} port {settings.port}"
    try:
        listener = listen(settings.host, settings.port)
    except WenjuError as error:
        if _answers(settings):
            return Check(
                "address", State.WARN, f"{place}: a service of ours is running there",
                "nothing, if that is the one; a second one needs another --port",
            )  # fmt: skip
        return Check("address", State.FAIL, error.message, error.hint)
    with listener:
        try:
            check_address(listener, settings)
        except WenjuError as error:
            return Check("address", State.FAIL, error.message, error.hint)
        where = url_of(listener, settings.host)
        if is_loopback(listener):
            return Check("address", State.OK, f"{where} is free, and reached from here alone")
        if settings.without_keys:
            found = f"{where} is free; whoever reaches it can read everything"
            return Check("address", State.WARN, found, "make keys, and leave --without-keys out")
        return Check("address", State.OK, f"{where} is free, and asks for keys")


def _answers(settings: Settings) -> bool:
    """Whether what holds the port says that it is alive as our service does."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}/healthz"
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=_ANSWERS_WITHIN_S) as answer:
            return bool(answer.read(100) == b'{"status":"ok"}')
    except (URLError, OSError, ValueError):
        return False


def network(settings: Settings) -> Check:
    """Whether names resolve, and whether anything that is set needs them to.

    Without a network nothing may wait for one: that is the state this is made for.
    """
    resolves = _within(_RESOLVES_WITHIN_S, lambda: socket.getaddrinfo("huggingface.co", 443))
    forced = [name for name in OFFLINE if os.environ.get(name, "").lower() in {"1", "true", "yes"}]
    found = "names resolve" if resolves else "no name resolves"
    found += f", {' and '.join(forced)} set" if forced else ""
    if not settings.online:
        return Check("network", State.OK, f"{found}; none is needed, no hub is asked")
    if forced:
        hint = f"unset {' and '.join(forced)}, or leave --online out"
        return Check("network", State.WARN, f"{found}; no hub will be asked", hint)
    if not resolves:
        hint = "leave --online out, and name folders of models"
        return Check("network", State.FAIL, f"{found}; models are to be looked up", hint)
    return Check("network", State.OK, f"{found}; models may be looked up")


def _within(seconds: float, look_up: Callable[[], object]) -> bool:
    """Whether a look-up succeeds in time. It can't be stopped; a daemon thread is left with it."""
    found = threading.Event()

    def run() -> None:
        try:
            look_up()
        except OSError:
            return
        found.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return found.is_set()


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
