"""The image without an engine: its file is read and judged, its steps are run as a script.

In CI its packages are installed anew, as the image would; elsewhere, where there may be no network,
those of the tests' own environment are lent to it.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import CI
from tests.dockerfile import Step, environment, is_sent, read_steps
from tests.source import ROOT, committed_files

DOCKERFILE = ROOT / "Dockerfile"
IGNORE = ROOT / ".dockerignore"


def steps(*words: str, stage: int | None = None) -> list[Step]:
    return [
        step
        for step in read_steps(DOCKERFILE)
        if step.word in words and (stage is None or step.stage == stage)
    ]


def test_the_base_is_pinned_and_the_same() -> None:
    bases = {step.value.split(" AS ")[0] for step in steps("FROM")}
    (base,) = bases
    name, _, tag = base.partition(":")
    assert name == "python"
    assert tag.startswith("3.")
    assert "slim" in tag
    minor = int(tag.removeprefix("3.").split("-")[0])
    assert minor >= 11


def test_it_does_not_run_as_root() -> None:
    final = read_steps(DOCKERFILE)[-1].stage
    (user,) = steps("USER", stage=final)
    assert int(user.value) >= 1000
    assert f"--uid {user.value}" in " ".join(step.value for step in steps("RUN", stage=final))
    after = read_steps(DOCKERFILE)[read_steps(DOCKERFILE).index(user) :]
    assert {step.word for step in after}.isdisjoint({"RUN", "COPY"})


def test_what_it_copies_is_there_and_is_sent() -> None:
    for step in steps("COPY", stage=0):
        for source in step.words()[:-1]:
            files = [p for p in committed_files() if p == source or p.startswith(f"{source}/")]
            assert files, f"{source} is not in the repository"
            assert [file for file in files if not is_sent(file, IGNORE)] == []


def test_nothing_else_is_sent() -> None:
    sent = {path.split("/")[0] for path in committed_files() if is_sent(path, IGNORE)}
    copied = {word for step in steps("COPY", stage=0) for word in step.words()[:-1]}
    assert sent == copied
    assert not is_sent("indexer/text/__pycache__/numbers.cpython-312.pyc", IGNORE)
    assert not is_sent(".git/config", IGNORE)


def test_it_says_what_it_needs_to_say() -> None:
    assert steps("HEALTHCHECK")
    assert steps("EXPOSE")[0].value == environment(steps("ENV"))["WENJU_PORT"]
    assert set(steps("VOLUME")[0].words()) == {"/index", "/documents", "/state"}
    assert environment(steps("ENV"))["WENJU_INDEX"] == "/index"
    assert steps("ENTRYPOINT")[-1].words() == ["python", "-m", "service"]


@dataclass(frozen=True)
class Image:
    """The image's file system under a folder, and how a command of it is run."""

    root: Path
    port: int

    def placed(self, text: str) -> str:
        """A command or value of the Dockerfile with the image's folders where they are here."""
        return re.sub(r"(?<![\w/])/(?:opt/venv|app|index|documents)\b", rf"{self.root}\g<0>", text)

    def run_environment(self) -> dict[str, str]:
        settings = {name: self.placed(v) for name, v in environment(steps("ENV")).items()}
        return settings | {"WENJU_PORT": str(self.port), "WENJU_HOST": "127.0.0.1"}

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [shutil.which(command[0], path=self.run_environment()["PATH"]) or "", *command[1:]],
            cwd=self.root / "documents",
            env=self.run_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: list[str]) -> tuple[int, str]:
        process = self.start(command)
        output, _ = process.communicate(timeout=120)
        return process.returncode, output


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """Every instruction of the first stage, carried out under a temporary folder."""
    image = Image(tmp_path_factory.mktemp("image"), free_port())
    for name in ("build", "index", "documents", "bin"):
        (image.root / name).mkdir()
    base = image.root / "bin" / "python"
    base.write_text(f'#!/bin/sh\nexec "{base_python()}" "$@"\n')
    base.chmod(0o755)
    for step in steps("COPY", "RUN", stage=0):
        if step.word == "COPY":
            *sources, target = step.words()
            copy(sources, Path(image.placed(target)), image.root / "build")
        elif "pip" in step.words() and not CI:
            lend_packages(image.root / "opt" / "venv")
        else:
            run_step(image, step)
    (image.root / "documents" / "note.md").write_text(
        "# 通知\n\n2021年3月8日，白石村合作社给每户分红1860元。\n", encoding="utf-8"
    )
    yield image
    shutil.rmtree(image.root)


def base_python() -> Path:
    """The interpreter under this environment, which is what the base image has."""
    return Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


def copy(sources: list[str], target: Path, workdir: Path) -> None:
    """COPY: files into a folder, or a folder's content into a folder, less what is not sent."""
    target = workdir / target
    for path in committed_files():
        for source in sources:
            if (path == source or path.startswith(f"{source}/")) and is_sent(path, IGNORE):
                inside = path.removeprefix(f"{source}/")
                (target / inside).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, target / inside)


def lend_packages(environment: Path) -> None:
    (site,) = environment.glob("lib/python*/site-packages")
    lent = {path for path in sys.path if path.endswith("site-packages")}
    (site / "lent.pth").write_text("".join(f"{path}\n" for path in sorted(lent)))


def run_step(image: Image, step: Step) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        ["/bin/sh", "-c", image.placed(step.value)],
        cwd=image.root / "build",
        env=clean | {"PATH": f"{image.root / 'bin'}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_second_stage_only_makes_the_user_and_its_folders() -> None:
    """The one step that is not run below, for it would change this machine's users."""
    (step,) = steps("RUN", stage=1)
    assert [" ".join(command.split()) for command in step.value.split("&&")] == [
        "useradd --uid 10001 --create-home wenju",
        "mkdir /index /documents /state",
        "chown wenju /index /documents /state",
    ]


def test_it_indexes_serves_and_says_that_it_is_well(image: Image) -> None:
    health = steps("HEALTHCHECK")[0].words()
    code, _ = image.run(health)
    assert code != 0, "healthy, and nothing runs"

    code, output = image.run(
        [
            "python",
            "-m",
            "indexer",
            "build",
            *map(image.placed, ("/documents", "--index", "/index")),
        ]
    )
    assert code == 0, output

    service = image.start(steps("ENTRYPOINT")[-1].words())
    try:
        deadline = time.monotonic() + 60
        while (code := image.run(health)[0]) != 0 and time.monotonic() < deadline:
            assert service.poll() is None, service.communicate()[0]
            time.sleep(0.1)
        assert code == 0
        service.send_signal(signal.SIGTERM)  # as `docker stop` does
        output, _ = service.communicate(timeout=15)
        assert service.returncode == 0, output
        assert "Traceback" not in output
    finally:
        service.kill()
        service.wait()


def test_without_an_index_it_says_what_to_do(image: Image, tmp_path: Path) -> None:
    none = str(tmp_path / "none")
    code, output = image.run(["python", "-m", "service", "ask", "多少？", "--index", none])
    assert code != 0
    assert "python -m indexer build" in output
    assert "Traceback" not in output


@pytest.mark.skipif(not CI, reason="only CI installs the image's packages anew")
def test_it_holds_the_core_alone(image: Image) -> None:
    (site,) = (image.root / "opt" / "venv").glob("lib/python*/site-packages")
    held = {path.name for path in site.iterdir()}
    assert {"faiss", "tantivy", "fastapi"} <= held
    assert held.isdisjoint({"torch", "transformers", "pytest", "gensim", "pip"})
