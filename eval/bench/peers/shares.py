"""Whose processor time a piece of our work is: each library's, and ours for the rest.

A first run tells how much there is, a second under a profiler how much of it is spent in calls of
libraries: these are compiled, so that the profiler takes nothing in them. What other threads of the
process take is the engine's that started them, tantivy's. Expressions over arrays are no calls, and
count as ours.
"""

from __future__ import annotations

import cProfile
import re
import time
from collections.abc import Callable

OURS = "ours"

# By the words of the profiler for a call. tantivy's queries are made by functions without a module.
_LIBRARIES = {
    "tantivy": re.compile(r"tantivy|built-in method \w+_query>"),
    "FAISS": re.compile("faiss"),
    "SQLite": re.compile("sqlite"),
    "rjieba": re.compile("Jieba|rjieba"),
    "tokenizers": re.compile("tokenizers"),
    "OpenCC": re.compile("opencc"),
    "NumPy": re.compile("numpy"),
}


def shares(work: Callable[[], object], count: int) -> dict[str, float]:
    """Milliseconds of `work` for each of the `count` things that it does; the last are ours.

    `work` is done twice, and must be the same work each time.
    """
    before = time.process_time()
    work()
    total = time.process_time() - before
    own, every = time.thread_time(), time.process_time()
    profile = cProfile.Profile(time.thread_time)
    profile.runcall(work)
    others = (time.process_time() - every) - (time.thread_time() - own)
    profile.create_stats()
    spent = dict.fromkeys(_LIBRARIES, 0.0)
    for (file, _, function), (_, _, inside_s, *_) in profile.stats.items():
        if (library := library_of(f"{file} {function}")) is not None:
            spent[library] += inside_s
    spent["tantivy"] += max(0.0, others)
    spent[OURS] = max(0.0, total - sum(spent.values()))
    return {name: 1000 * seconds / count for name, seconds in spent.items()}


def library_of(call: str) -> str | None:
    """Whose a call is, by the profiler's words for it; None where it is Python's or ours."""
    return next((name for name, sign in _LIBRARIES.items() if sign.search(call)), None)
