"""The short form of `python -m eval.bench faults`, and that it would tell what it looks for."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.faults import FaultFigures, State, World, judge, measure, record
from eval.bench.harm import End, Ended, Harm, harmed


def test_harmed_writers_lose_nothing_and_bring_nothing_back(tmp_path: Path) -> None:
    figures = measure(tmp_path / "world", kills=25, errors=15, seed=1, tell=print)
    assert figures.trouble == []
    assert figures.is_clean
    assert (figures.kills, figures.errors) == (25, 15)
    assert figures.ends["kill: killed"] == 25
    assert figures.ends["error: refused"] == 15
    assert figures.slowest_open_s < 2.0
    written = json.loads(json.dumps(record(figures, {"seed": 1})))
    assert written["figures"]["ends"] == figures.ends


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_writes_that_fail_inside_the_engines_lose_nothing(tmp_path: Path) -> None:
    """Full, broken and torn writes of SQLite and tantivy, and of what comes after them."""
    out = tmp_path / "out.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "eval.bench", "faults", "--kills", "0", "--errors", "16"),
            *("--seed", "3", "--out", str(out)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(out.read_text())["figures"]
    assert (figures["errors"], figures["trouble"]) == (16, [])
    assert figures["engine_errors"] > 0


def test_what_is_wrong_is_counted(tmp_path: Path) -> None:
    world, figures = World(tmp_path / "world", random.Random(0)), FaultFigures()
    whole = world.state
    done = Ended(End.DONE, "", 0.1)
    judge(figures, world, whole, done, "nothing was done")
    assert figures.is_clean
    without = {name: text for name, text in whole.texts.items() if name != "0.txt"}
    judge(figures, world, State(without, frozenset({"0.txt"})), done, "came back")
    assert figures.ghosts == 1
    judge(figures, world, replace(whole, texts={**whole.texts, "x.txt": "x"}), done, "went")
    assert figures.lost == 1 + 1, "and the removal that was acknowledged"
    judge(figures, world, whole, Ended(End.RAW, "ValueError()", 0.1), "a traceback")
    assert figures.tracebacks == 1
    world.state = State(without)
    judge(figures, world, whole, Ended(End.REFUSED, "… as it was before", 0.1), "a lie")
    assert figures.false_words == 1
    assert figures.trouble == ["came back", "went", "a traceback", "a lie"]
    assert not figures.is_clean


def test_a_harmed_child(tmp_path: Path) -> None:
    def write() -> None:
        (tmp_path / "a").write_bytes(b"x" * 1000)
        with (tmp_path / "b").open("wb") as handle:
            os.fsync(handle.fileno())

    assert harmed(write, Harm(), tmp_path).end is End.DONE
    assert harmed(write, Harm(deed=2), tmp_path).end is End.KILLED
    assert harmed(write, Harm(deed=9), tmp_path).end is End.DONE
    for harm in (Harm(deed=1, error=errno.EIO), Harm(sync=1, error=errno.EIO)):
        ended = harmed(write, harm, tmp_path)
        assert (ended.end, os.strerror(errno.EIO) in ended.said) == (End.RAW, True)
    torn = harmed(write, Harm(most_bytes=300), tmp_path)
    assert torn.end is End.RAW
    assert (tmp_path / "a").stat().st_size == 300
