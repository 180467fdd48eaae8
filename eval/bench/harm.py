"""Doing something in a child process that is harmed meanwhile: killed, or refused by its disk.

An audit hook sees what Python does to the files below a folder and harms the n-th deed; a limit on
the size of files tears what the engines write, in the middle of a write. Where the process was
started with `failing_writes.c` preloaded, the n-th write of whoever writes fails as well: see
`preload`. Knows no index.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from indexer.errors import WenjuError

_DEEDS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link"}
_REFUSED, _RAW = 3, 70


@dataclass(frozen=True, slots=True)
class Harm:
    """What happens to the child. Of `deed`, `sync`, `write` and `after_s` at most one is not 0.

    `write` is the number of a write or flush inside an engine or anywhere else; `is_torn` lets half
    of its bytes through, and with `stays` no later one succeeds.
    `error` is the errno that the n-th deed, or the n-th fsync, fails with; 0 kills at the deed.
    `after_s` kills after so many seconds; no file may grow beyond `most_bytes`, where it is not 0.
    """

    deed: int = 0
    sync: int = 0
    write: int = 0
    is_torn: bool = False
    stays: bool = False
    error: int = 0
    after_s: float = 0.0
    most_bytes: int = 0


class End(StrEnum):
    """How a harmed child ended."""

    DONE = "done"
    REFUSED = "refused"  # an error of ours
    RAW = "raw"  # any other exception: a traceback for the user
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Ended:
    """`said` is the error's message and hint."""

    end: End
    said: str
    seconds: float


def harmed(work: Callable[[], object], harm: Harm, root: Path) -> Ended:
    """Do `work` in a child that is harmed in what it does below `root`."""
    receive, send = os.pipe()
    started = time.perf_counter()
    child = _fork()
    if child == 0:
        os.close(receive)
        code, said = _run(work, harm, str(root))
        os.write(send, said.encode("utf-8", "replace")[:4000])
        os._exit(code)
    os.close(send)
    if harm.after_s:
        time.sleep(harm.after_s)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(receive, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - started
    if os.WIFSIGNALED(status):
        return Ended(End.KILLED, "", seconds)
    end = {0: End.DONE, _REFUSED: End.REFUSED}.get(os.WEXITSTATUS(status), End.RAW)
    return Ended(end, said, seconds)


def preload(folder: Path) -> dict[str, str]:
    """What an environment needs so that writes can be made to fail in a process started with it.

    Compiled into `folder`; empty where there is no compiler.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        return {}
    library = folder / "failing_writes.so"
    source = Path(__file__).with_name("failing_writes.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True
    )
    return {"LD_PRELOAD": str(library)}


def reaches_engines() -> bool:
    """Whether this process was started so that the writes of engines can be made to fail."""
    return hasattr(ctypes.CDLL(None), "wenju_fail_writes")


def _fork() -> int:
    """The engines' threads are idle, and the child makes its own: Python 3.12 warns of any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _run(work: Callable[[], object], harm: Harm, root: str) -> tuple[int, str]:
    try:
        _set_up(harm, root)
        work()
    except WenjuError as error:
        return _REFUSED, f"{error.message} ({error.hint})"
    except BaseException as error:
        if isinstance(error, SystemExit | KeyboardInterrupt):
            raise
        return _RAW, repr(error)
    return 0, ""


def _set_up(harm: Harm, root: str) -> None:
    if harm.most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (harm.most_bytes, harm.most_bytes))
    if harm.deed:
        sys.addaudithook(_at_deed(harm, root))
    if harm.write:
        ctypes.CDLL(None).wenju_fail_writes(
            os.fsencode(root),
            *(ctypes.c_long(harm.write), harm.error, int(harm.is_torn), int(harm.stays)),
        )
    if harm.sync:
        os.fsync = _failing(os.fsync, harm)


def _at_deed(harm: Harm, root: str) -> Callable[[str, tuple[object, ...]], None]:
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event not in _DEEDS or not arguments or not str(arguments[0]).startswith(root):
            return
        count += 1
        if count != harm.deed:
            return
        if not harm.error:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(harm.error, os.strerror(harm.error), str(arguments[0]))

    return hook


def _failing(sync: Callable[[int], None], harm: Harm) -> Callable[..., None]:
    count = 0

    def fsync(fd: int) -> None:
        nonlocal count
        count += 1
        if count == harm.sync:
            raise OSError(harm.error, os.strerror(harm.error))
        sync(fd)

    return fsync
