"""Runs that are stopped: killed, interrupted, out of disk, their service killed. Real processes.

Whatever happens, going on gives the very lines of a run that nothing disturbed, times aside.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from eval.__main__ import app
from eval.bench.processes import serving
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.eval.small_corpus import GOLD, ended, started, write_corpus, write_gold

QUESTIONS = [row | {"id": f"{row['id']}-{n}"} for n in range(6) for row in GOLD]
MIDDLE = 5  # lines that a run has written when something happens to it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with index/ and gold.jsonl."""
    folder = tmp_path_factory.mktemp("faults")
    write_gold(folder / "gold.jsonl", QUESTIONS)
    build([write_corpus(folder / "corpus")], folder / "index", load_embedder("builtin"))
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A service that nothing happens to."""
    with serving(folder / "index") as service:
        yield service.url


@pytest.fixture(scope="module", autouse=True)
def _no_checkout() -> Iterator[None]:
    """Of whatever is committed while these tests run, a run that goes on must not know."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_DIR", os.devnull)
        yield


def options(folder: Path, out: Path, *more: object) -> list[str]:
    """The command; of an option that comes twice the later one counts."""
    where = () if "--url" in more else ("--index", folder / "index")
    gold = folder / "gold.jsonl"
    return [str(x) for x in ("run", "--gold", gold, "--out", out, *where, *more)]


def begin(folder: Path, out: Path, *more: object) -> subprocess.Popen[str]:
    return started("-m", "eval", *options(folder, out, *more))


def run(folder: Path, out: Path, *more: object) -> Result:
    """The same within this process, which takes less time."""
    return CliRunner().invoke(app, options(folder, out, *more))


def lines(out: Path) -> list[dict[str, Any]]:
    """The lines that are whole."""
    return [json.loads(line) for line in out.read_bytes().split(b"\n")[:-1]]


def answers(out: Path) -> list[dict[str, Any]]:
    """The lines of questions, less their times, in the order of the gold file."""
    found = {row["id"]: row for row in lines(out)[1:] if row["type"] == "question"}
    for row in found.values():
        del row["timings_ms"]
    return [found[row["id"]] for row in QUESTIONS if row["id"] in found]


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> list[dict[str, Any]]:
    out = folder / "undisturbed.jsonl"
    done = run(folder, out)
    assert done.exit_code == 0, done.stderr
    assert [row["type"] for row in lines(out)] == ["run", *["question"] * len(QUESTIONS), "end"]
    found = answers(out)
    assert [row["id"] for row in found] == [row["id"] for row in QUESTIONS]
    assert all(row["right"] for row in found)
    return found


def wait_for_lines(process: subprocess.Popen[str], out: Path) -> None:
    """Until some questions are answered, but by far not all of them."""
    deadline = time.monotonic() + 60
    while not out.exists() or out.read_bytes().count(b"\n") <= MIDDLE:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


def check_resumed(
    folder: Path, out: Path, undisturbed: list[dict[str, Any]], *more: object
) -> None:
    answered = len([row for row in answers(out) if row["crashed"] is None])
    assert 0 < answered < len(QUESTIONS)
    done = run(folder, out, "--resume", *more)
    assert done.exit_code == 0, done.stderr
    assert f"{answered} of 24 questions are answered already" in done.stderr
    assert answers(out) == undisturbed
    assert lines(out)[-1]["type"] == "end"
    assert not out.with_name(out.name + ".part").exists()


# -- stopped runs ---------------------------------------------------------------------------------


def test_a_killed_run_goes_on(folder: Path, tmp_path: Path, undisturbed: Any) -> None:
    out = tmp_path / "run.jsonl"
    process = begin(folder, out)
    wait_for_lines(process, out)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    shown = CliRunner().invoke(app, ["show", str(out)])
    assert shown.exit_code == 1
    assert "run.jsonl: was stopped after" in shown.stderr
    # As if the kill had come in the midst of a line.
    whole = out.read_bytes()
    out.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 200])
    check_resumed(folder, out, undisturbed)


def test_an_interrupted_run_says_how_to_go_on(
    folder: Path, tmp_path: Path, undisturbed: Any
) -> None:
    out = tmp_path / "run.jsonl"
    process = begin(folder, out, "--jobs", 2)
    wait_for_lines(process, out)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert done.returncode == 130
    assert done.stderr == f"interrupted; what was answered is in {out}, --resume goes on\n"
    assert done.stdout == ""
    check_resumed(folder, out, undisturbed, "--jobs", 3)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from eval.__main__ import app
sys.argv[1:] = {arguments}
app()
"""


def test_a_full_disk_loses_nothing(
    folder: Path, tmp_path: Path, url: str, undisturbed: Any
) -> None:
    out = tmp_path / "run.jsonl"

    def limited(limit: int, *more: object) -> subprocess.CompletedProcess[str]:
        arguments = options(folder, out, "--url", url, *more)
        return ended(started("-c", LIMITED.format(limit=limit, arguments=arguments)))

    whole = (folder / "undisturbed.jsonl").stat().st_size
    done = limited(whole * 2 // 3)
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines() == [
        f"error: {out}: File too large; the lines written so far are kept",
        "hint: make room, then run again with --resume",
    ]
    before = out.read_bytes()
    *_, last = before.split(b"\n")
    with pytest.raises(json.JSONDecodeError):
        json.loads(last.decode(errors="replace"))
    # Full again while the kept lines are copied: the file stays as it was.
    done = limited(whole // 3, "--resume")
    assert done.returncode == 1, done.stderr
    assert "File too large" in done.stderr
    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]
    check_resumed(folder, out, undisturbed, "--url", url)


# -- over a service -------------------------------------------------------------------------------


def test_a_service_killed_in_the_middle(folder: Path, tmp_path: Path, undisturbed: Any) -> None:
    out = tmp_path / "run.jsonl"
    with serving(folder / "index") as service:
        process = begin(folder, out, "--url", service.url)
        wait_for_lines(process, out)
        os.kill(service.pid, signal.SIGKILL)
        done = ended(process)
    assert done.returncode == 3, done.stderr
    found = answers(out)
    assert len(found) == len(QUESTIONS)
    gone = [row["crashed"] for row in found if row["crashed"] is not None]
    assert 6 <= len(gone) < 24 - MIDDLE + 1
    assert all(said.startswith("ServiceUnreachable: ") for said in gone)
    # Five were tried; the rest was not asked.
    untried = "ServiceUnreachable: not asked, the service had stopped answering"
    assert gone[5:] == [untried] * (len(gone) - 5)
    assert untried not in gone[:5]
    assert done.stderr == (
        f"{len(gone)} questions crashed and count as wrong; "
        f"--resume asks them again and keeps the rest of {out}\n"
    )
    assert f"crashed: {found[-1]['id']}: {untried}" in " ".join(done.stdout.split())
    told = json.loads(CliRunner().invoke(app, ["show", str(out), "--json"]).stdout)
    assert told["overall"]["right"] == pytest.approx(1 - len(gone) / 24)
    assert len(told["crashed"]) == len(gone)
    # It comes back at another address.
    with serving(folder / "index") as service:
        check_resumed(folder, out, undisturbed, "--url", service.url)


@pytest.mark.parametrize("over_http", [False, True])
def test_four_at_a_time(
    folder: Path, tmp_path: Path, url: str, undisturbed: Any, over_http: bool
) -> None:
    out = tmp_path / "run.jsonl"
    where = ("--url", url) if over_http else ()
    done = run(folder, out, "--jobs", 4, *where)
    assert done.exit_code == 0, done.stderr
    assert answers(out) == undisturbed
    end = lines(out)[-1]
    assert end["jobs"] == 4
    # Whose memory it would be is not known of a service.
    assert (end["peak_memory_mib"] is None) == over_http


# -- what does not go on --------------------------------------------------------------------------


def changed_gold(folder: Path) -> list[object]:
    rows = [QUESTIONS[0] | {"answers": [["1600元"]]}, *QUESTIONS[1:]]
    return ["--gold", write_gold(folder / "changed.jsonl", rows)]


def rebuilt(folder: Path) -> list[object]:
    index = folder / "rebuilt"
    build([folder / "corpus"], index, load_embedder("builtin"))
    return ["--index", index]


def built_again(folder: Path) -> list[object]:
    index = folder / "again"
    for _ in range(2):
        build([write_corpus(folder / "corpus")], index, load_embedder("builtin"))
        (folder / "corpus" / "more.txt").write_text("又来了一篇新的文章。", encoding="utf-8")
    (folder / "corpus" / "more.txt").unlink()
    return ["--index", index]


CHANGES: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "gold": (changed_gold, "changed since the run was begun: question t1-0\n"),
    "k": (lambda _: ["--k", 5], "changed since the run was begun: settings.k (8 → 5)\n"),
    "index": (rebuilt, "changed since the run was begun: index.manifest.created_at ("),
    "generation": (built_again, 'index.generation ("g000001" → "g000002")'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_of_something_else_does_not_go_on(
    folder: Path, undisturbed: Any, change: str
) -> None:
    changed, said = CHANGES[change]
    out = folder / "undisturbed.jsonl"
    before = out.read_bytes()
    done = run(folder, out, "--resume", *changed(folder))
    assert done.exit_code == 1
    assert done.stderr.startswith("error: undisturbed.jsonl: changed since the run was begun: ")
    assert said in done.stderr
    assert "hint: start it anew with --overwrite" in done.stderr
    assert out.read_bytes() == before


def test_a_run_is_not_overwritten_unasked(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    out.write_text("mine", encoding="utf-8")
    done = run(folder, out)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"error: {out} exists",
        "hint: --resume goes on with it, --overwrite begins anew; or name another file",
    ]
    resumed = run(folder, out, "--resume")
    assert resumed.exit_code == 1
    assert f"error: {out}:1: is not JSON" in resumed.stderr
    assert out.read_text(encoding="utf-8") == "mine"
    anew = run(folder, out, "--overwrite")
    assert anew.exit_code == 0, anew.stderr
    assert len(answers(out)) == len(QUESTIONS)


def test_nothing_to_go_on_with(folder: Path, tmp_path: Path) -> None:
    named = options(folder, tmp_path / "none.jsonl", "--resume")
    unnamed = ["run", "--gold", str(folder / "gold.jsonl"), "--resume"]
    for arguments in (named, unnamed):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 1
        assert done.stderr.startswith("error: there is no run to go on with\nhint: ")
    assert list(tmp_path.iterdir()) == []
