"""Tasks of a build in this process or spread over several; the results come in the tasks' order.

Never more than a few tasks are under way or wait to be taken, so that memory is bounded whatever
the archive. A worker ignores Ctrl-C, which ends the process that it works for, and ends with that
one, however it ends. Knows no index.
"""

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import BaseContext
from typing import Protocol, TypeVar

from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import WorkerLost
from indexer.prepare import Batch, Recipe, Workshop, warm_up

_OBJECTS_BETWEEN_LOOKS = 100_000
_UNDER_WAY = 2  # tasks a worker: one that it does, one that waits

Task = TypeVar("Task")
Step = Callable[[Workshop, Task], Batch]


class Crew(Protocol):
    def do(self, step: "Step[Task]", tasks: Iterable[Task]) -> Iterator[Batch]:
        """What `step`, a method of `Workshop`, makes of each task, in order. Raises: WorkerLost."""
        ...


def cores() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def crew(recipe: Recipe, embedder: BuiltinEmbedder | None, jobs: int) -> Iterator[Crew]:
    """`jobs` processes, or this one where that is 1. To be entered before threads are started."""
    workers = _alone(recipe, embedder) if jobs == 1 else _pool(recipe, embedder, jobs)
    with _few_looks(), workers as crew:
        yield crew


@contextmanager
def _few_looks() -> Iterator[None]:
    """What a task makes is without cycles and gone with it; looking for some took a twentieth."""
    before = gc.get_threshold()
    _look_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _look_seldom() -> None:
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)


@contextmanager
def _alone(recipe: Recipe, embedder: BuiltinEmbedder | None) -> Iterator[Crew]:
    workshop = Workshop(recipe, embedder)
    try:
        yield _Alone(workshop)
    finally:
        workshop.close()


@contextmanager
def _pool(recipe: Recipe, embedder: BuiltinEmbedder | None, jobs: int) -> Iterator[Crew]:
    context = _context()
    # A fork has the model already; any other process loads it by its name.
    is_fork = context.get_start_method() == "fork"
    if is_fork:
        warm_up(recipe, embedder)
    given = embedder if is_fork or embedder is None else embedder.name
    pool = ProcessPoolExecutor(jobs, context, _start, (recipe, given))
    try:
        pool.submit(os.getpid).result()  # all processes of a fork are there now
        yield _Several(pool, _UNDER_WAY * jobs)
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a process of the build has ended before its work was done",
            hint="was there too little memory? the index is as it was; try again with --jobs 1",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context() -> BaseContext:
    """A fork is ready at once, but safe only from a process without other threads, on Linux."""
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return get_context("fork" if is_safe else "spawn")


@dataclass(frozen=True, slots=True)
class _Alone:
    workshop: Workshop

    def do(self, step: "Step[Task]", tasks: Iterable[Task]) -> Iterator[Batch]:
        for task in tasks:
            yield step(self.workshop, task)


@dataclass(frozen=True, slots=True)
class _Several:
    pool: ProcessPoolExecutor
    most: int

    def do(self, step: "Step[Task]", tasks: Iterable[Task]) -> Iterator[Batch]:
        under_way: deque[Future[Batch]] = deque()
        for task in tasks:
            under_way.append(self.pool.submit(_work, step, task))
            if len(under_way) >= self.most:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


# -- in a worker ----------------------------------------------------------------------------------

_workshop: Workshop  # of this process, once `_start` has been called


def _start(recipe: Recipe, embedder: BuiltinEmbedder | str | None) -> None:
    global _workshop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if isinstance(embedder, str):
        from indexer.embed.load import load_embedder

        loaded = load_embedder(embedder)
        assert isinstance(loaded, BuiltinEmbedder)
        embedder = loaded
    _workshop = Workshop(recipe, embedder)
    _look_seldom()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _work(step: "Step[Task]", task: Task) -> Batch:
    return step(_workshop, task)
