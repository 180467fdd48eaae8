"""The Makefile: what it says when Python is missing, and that what is done is not done again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What `make` looks at, and nothing else."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, whatever make these tests themselves were run by."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=clean | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_help_names_the_targets(project: Path) -> None:
    shown = make(project).stdout
    for target in (
        "run",
        "test",
        "lint",
        "types",
        "eval",
        "measure",
        "bench",
        "licences",
        "audit",
        "clean",
    ):
        assert f"make {target} " in shown


def test_a_python_that_is_too_old_or_bare_is_passed_over(project: Path) -> None:
    """An old one and one without ensurepip come first; the third is taken."""
    stand_in(project / "bin", "old", "exit 1")
    stand_in(project / "bin", "bare", 'case "$2" in *ensurepip*) exit 1;; esac')
    stand_in(project / "bin", "good", 'if [ "$2" = venv ]; then echo "made $3"; fi')
    chosen = " ".join(str(project / "bin" / name) for name in ("old", "bare", "good"))
    (project / ".venv").mkdir()  # the stand-in makes none
    done = make(project, ".venv/.created", f"PYTHON={chosen}")
    assert done.returncode == 0, done.stderr
    assert "made .venv" in done.stdout


def test_no_python_is_a_clear_error(project: Path) -> None:
    done = make(project, ".venv/.created", "PYTHON=/nowhere/python")
    assert done.returncode != 0
    assert "no Python 3.11 or newer among: /nowhere/python" in done.stderr
    assert "make run PYTHON=" in done.stderr
    assert not (project / ".venv").exists()


def test_a_python_without_ensurepip_says_what_to_install(project: Path) -> None:
    stand_in(project / "bin", "bare", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make(project, ".venv/.created", f"PYTHON={project / 'bin' / 'bare'}")
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert not (project / ".venv").exists()


def test_what_is_installed_is_not_installed_again(project: Path) -> None:
    installed = project / ".venv" / ".installed"
    installed.parent.mkdir()
    for name in (".created", ".installed", ".installed-dev"):
        (installed.parent / name).touch()
    assert make(project, "-q", ".venv/.installed", ".venv/.installed-dev").returncode == 0
    os.utime(installed, (0, 0))  # older than constraints.txt
    assert make(project, "-q", ".venv/.installed").returncode == 1


def test_index_is_built_once_and_then_updated(project: Path) -> None:
    """A stand-in for the indexer notes what it is asked for."""
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    stand_in(
        python.parent, "python", 'echo "$3" >> asked; [ "$3" = build ] && exit 3; exit $STATUS'
    )
    for name in (".created", ".installed"):
        (project / ".venv" / name).touch()
    asked = project / "asked"

    assert make(project, "index").returncode == 0  # 3: some files can't be read
    (project / ".index").mkdir()
    (project / ".index" / "CURRENT").touch()
    assert make(project, "index", STATUS="0").returncode == 0
    assert make(project, "index", STATUS="1").returncode == 0  # an index of another version, say
    assert asked.read_text().split() == ["build", "update", "update", "build"]


def test_the_question_reaches_the_demo_as_it_stands(project: Path) -> None:
    (project / ".venv").mkdir()
    shown = make(project, "-n", "run", "PORT=9001", "QUESTION=谁？ 哪年？").stdout
    assert "service.demo '谁？ 哪年？' --index .index --host 127.0.0.1 --port 9001" in shown


def test_every_standing_measurement_has_its_target(project: Path) -> None:
    """The names are those of the catalogue, each in one target, and `make measure` makes all."""
    from eval.standing.catalogue import BY_NAME

    (project / ".venv").mkdir()
    for name in (".created", ".installed"):
        (project / ".venv" / name).touch()
    os.utime(project / ".venv" / ".installed")
    named: list[str] = []
    for part in ("corpus", "seeds", "open", "read", "noise", "refuse"):
        shown = make(project, "-n", f"measure-{part}", "DATA=elsewhere").stdout.strip()
        command, _, names = shown.partition(" --seeds ../shared/seeds ")
        assert command == ".venv/bin/python -m eval measure --data elsewhere"
        named += names.split()
    assert sorted(named) == sorted(BY_NAME)
    whole = make(project, "-n", "measure", "SEEDS=there").stdout.strip()
    assert whole == ".venv/bin/python -m eval measure --data ../shared/data --seeds there"
