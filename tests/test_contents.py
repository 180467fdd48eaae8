"""What is in the repository: no index, no large file, no text that is not ours to give."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT, committed_files, imports, modules

SEEDS = ROOT.parent / "shared" / "seeds"
MAX_SHARED_CHARS = 40  # a name or a title may be that long, a sentence that was copied is longer
MAX_MODEL_BYTES = 90_000_000  # the encoder 27, the static vectors 24, the readers 13 and 24
MAX_REPOSITORY_BYTES = 102_000_000
INDEX_FILES = {"CURRENT", "documents.sqlite", "dense.faiss", "manifest.json", "lexical"}

needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="../shared/seeds is not on this machine"
)


def squeezed(text: str) -> str:
    """Only letters, digits and Han: a copy stays one, whatever became of its spaces and commas."""
    return re.sub(r"[\W_]+", "", text)


def text_of(path: str) -> str:
    """A file's text; the empty text for one that is none."""
    data = (ROOT / path).read_bytes()
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def windows(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def copied_runs(text: str, originals: set[str], length: int) -> list[str]:
    """The stretches of `text` that stand in the originals, each written once and whole."""
    starts = [n for n in range(len(text) - length + 1) if text[n : n + length] in originals]
    heads = [starts[0]] if starts else []
    heads += [after for before, after in pairwise(starts) if after > before + 1]
    return [text[head : head + length] for head in heads]


@needs_seeds
def test_no_seed_is_copied() -> None:
    originals = set()
    for seed in sorted(SEEDS.glob("*.txt")):
        originals |= windows(squeezed(seed.read_text(encoding="utf-8")), MAX_SHARED_CHARS)
    assert len(originals) > 5_000
    copied = {
        path: runs
        for path in committed_files()
        if (runs := copied_runs(squeezed(text_of(path)), originals, MAX_SHARED_CHARS))
    }
    assert copied == {}


def test_a_copy_would_be_found() -> None:
    original = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
    text = squeezed("……甲乙、丙丁戊\n己庚 辛壬癸！，癸壬")
    assert copied_runs(text, windows(original, 8), 8) == ["甲乙丙丁戊己庚辛"]
    assert copied_runs(text, windows(original, 11), 11) == []


def test_no_index_is_committed() -> None:
    files = [
        path
        for path in committed_files()
        if INDEX_FILES & set(Path(path).parts) or Path(path).suffix in {".faiss", ".sqlite"}
    ]
    assert files == []


def test_the_shipped_models_are_small() -> None:
    sizes = {
        path: (ROOT / path).stat().st_size
        for path in committed_files()
        if Path(path).suffix in {".safetensors", ".onnx", ".npz", ".npy", ".bin", ".json", ".txt"}
        and path.split("/")[0] in {"indexer", "service"}
    }
    assert 0 < sum(sizes.values()) <= MAX_MODEL_BYTES


def test_the_repository_stays_small() -> None:
    total = sum((ROOT / path).stat().st_size for path in committed_files())
    assert total <= MAX_REPOSITORY_BYTES


def test_the_top_level_is_the_planned_one() -> None:
    for name in (
        ".ci/run",
        "CHANGELOG.md",
        "Dockerfile",
        "LICENSE",
        "Makefile",
        "README.md",
        "README.zh.md",
        "compose.yaml",
        "constraints.txt",
        "corpus/README.md",
        "docs/log.md",
        "pyproject.toml",
    ):
        assert name in committed_files()


def declared() -> set[str]:
    """The distributions that pyproject.toml names, in the core or in an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        asked += extra
    return {distribution(re.split(r"[\[<>=~! ]", line)[0]) for line in asked}


def distribution(name: str) -> str:
    """A name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_direct_dependency_is_held() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    held = [line for line in lines if line and not line.startswith("#")]
    assert declared() <= {distribution(re.split(r"[<=]", line)[0]) for line in held}
    assert [line for line in held if "==" not in line] == ["torch<=2.13.0"]


def test_every_import_is_declared() -> None:
    """What our code imports is asked for by name, not found because something else brought it."""
    owners = packages_distributions()
    known = declared() | {"pydantic-core"}  # one with pydantic, whose version it has to fit
    undeclared = {
        f"{module.path}: {top}"
        for module in modules()
        if "/peers/" not in module.path  # they run in an environment that the command makes
        for name in imports(module)
        if (top := name.split(".")[0]) not in sys.stdlib_module_names
        and top not in PACKAGES
        and not known & {distribution(owner) for owner in owners.get(top, [top])}
    }
    assert undeclared == set()
