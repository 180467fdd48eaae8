"""The installed command: a wheel or an editable install, from any folder, without a network."""

import os
import resource
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import ROOT, committed_files
from wenju.command import COMMANDS

NOTICE = "# 夜校课程\n\n木工班的讲师是钱樾，每周三晚上七点上课。\n"
NAMESAKES = ("indexer", "service", "eval")


def pip(*arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, without the tests: a build leaves its traces there, not here."""
    folder = tmp_path_factory.mktemp("checkout")
    for path in committed_files():
        if path.split("/")[0] not in {"tests", "corpus", "docs", "training"}:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
    return folder


def environment(folder: Path) -> Path:
    """A new environment: the packages of this one are lent to it, and ours have namesakes there."""
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in NAMESAKES:
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("raise SystemExit('the namesake ran')\n")
    lent = {str(Path(path)) for path in sys.path if path.endswith("site-packages")}
    (site / "lent.pth").write_text("".join(f"{path}\n" for path in sorted(lent)))
    return folder / "bin"


@pytest.fixture(scope="module", params=["wheel", "editable"])
def wenju(
    request: pytest.FixtureRequest, checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The command, installed in one of two ways; without its checkout where it is a wheel."""
    folder = tmp_path_factory.mktemp(request.param)
    scripts = environment(folder / "venv")
    quiet = ("--no-deps", "--no-build-isolation", "--no-index", "-q")
    if request.param == "wheel":
        pip("wheel", *quiet, "-w", folder, checkout)
        (built,) = folder.glob("wenju-*.whl")
        pip("--python", scripts / "python", "install", "--no-deps", "--no-index", "-q", built)
        built.unlink()
    else:
        # The build runs in the new environment's Python, which was lent setuptools.
        pip("--python", scripts / "python", "install", *quiet, "-e", checkout)
    yield scripts / "wenju"
    shutil.rmtree(folder)


def run(wenju: Path, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [wenju, *map(str, words)],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_indexes_and_answers_from_any_folder(wenju: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "夜校.md").write_text(NOTICE, encoding="utf-8")
    built = run(wenju, "index", "build", "files", "--index", "kept", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    asked = run(wenju, "ask", "木工班的讲师是谁？", "--index", "kept", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    assert "钱樾" in asked.stdout.splitlines()[0]


def test_nothing_is_installed_under_a_generic_name(wenju: Path) -> None:
    (site,) = wenju.parents[1].glob("lib/python*/site-packages")
    for name in NAMESAKES:
        assert {path.name for path in (site / name).iterdir()} <= {"__init__.py", "__pycache__"}
    assert not {"training", "tests"} & {path.name for path in site.iterdir()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_ours_and_named_as_it_was_typed(
    wenju: Path, tmp_path: Path, name: str
) -> None:
    done = run(wenju, name, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Usage: wenju {name} [OPTIONS]" in done.stdout


def test_its_errors_name_what_can_be_typed(wenju: Path, tmp_path: Path) -> None:
    done = run(wenju, "ask", "谁？", "--index", "none", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "run: wenju index build PATH… --index none" in done.stderr
    strange = run(wenju, "indx", cwd=tmp_path)
    assert strange.returncode == 2
    assert "did you mean 'index'?" in strange.stderr


def test_its_help_is_quick_and_lists_every_command(wenju: Path, tmp_path: Path) -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run(wenju, "--help", cwd=tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []
    assert min(spent) < 0.3
