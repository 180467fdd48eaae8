"""Run as a program: write to copies of an index in child processes, each killed at another instant.

`crashing_writer.py INDEX COPIES update|build`: an audit hook counts what Python does to the file
system, and a child kills itself with SIGKILL at its n-th deed; further children are killed by the
clock, which also hits the engines' own writing. Prints how many copies were made.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hand_made import prepared, update_index, write_index

_DEEDS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.truncate"}
_BY_CLOCK = 8
_LIMIT = 200


def update(index: Path) -> None:
    update_index(index, ["old/0"], [prepared(f"new/{n}", ["红新"] * 20) for n in range(12)])


def build(index: Path) -> None:
    write_index(index, [prepared(f"old/{n}", ["红旧"] * 5) for n in range(4)])


WRITERS = {"update": update, "build": build}


def kill_at(deed: int, root: str) -> None:
    """Count what happens below `root` only: imports open files as well."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in _DEEDS and arguments and str(arguments[0]).startswith(root):
            count += 1
            if count == deed:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def run_child(write: Callable[[Path], None], index: Path, deed: int, seconds: float) -> bool:
    """Write in a child that dies at a deed, or after some seconds; whether it was killed."""
    child = os.fork()
    if child == 0:
        if deed:
            kill_at(deed, str(index))
        write(index)
        os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    index, copies, write = Path(sys.argv[1]), Path(sys.argv[2]), WRITERS[sys.argv[3]]
    made = 0
    for deed in range(1, _LIMIT):
        copy = copies / f"deed-{deed:03}"
        shutil.copytree(index, copy)
        made += 1
        started = time.perf_counter()
        if not run_child(write, copy, deed, 0.0):
            whole_s = time.perf_counter() - started
            break
    for part in range(_BY_CLOCK):
        copy = copies / f"clock-{part:03}"
        shutil.copytree(index, copy)
        made += 1
        run_child(write, copy, 0, whole_s * (part + 0.5) / _BY_CLOCK)
    print(made)


if __name__ == "__main__":
    main()
