"""What gets loaded: our packages and no namesakes, and nothing heavy before it is needed."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.source import PACKAGES, ROOT, imports, modules

# Loaded when they are used, and by who uses them.
HEAVY = {
    "PIL",
    "cv2",
    "faiss",
    "fastapi",
    "gensim",
    "httpx",
    "langchain_text_splitters",
    "lightgbm",
    "matplotlib",
    "model2vec",
    "numpy",
    "onnxruntime",
    "opencc",
    "pypdfium2",
    "rapidocr",
    "rjieba",
    "sentence_transformers",
    "tantivy",
    "tokenizers",
    "torch",
    "trafilatura",
    "transformers",
    "uvicorn",
}
# Importing a file may bring these, which are quick and of which much of our code is made.
QUICK = {"numpy", "fastapi", "httpx", "uvicorn"}

HELP = """
import json, runpy, sys
name = sys.argv.pop(1)
status = 0
try:
    runpy.run_module(name, run_name="__main__", alter_sys=True)
except SystemExit as end:
    status = end.code or 0
print()
print(json.dumps({"status": status, "loaded": sorted(sys.modules)}))
"""

IMPORT = """
import importlib, json, sys
loaded = {}
for name in sys.argv[1:]:
    before = set(sys.modules)
    importlib.import_module(name)
    loaded[name] = sorted(set(sys.modules) - before)
print(json.dumps(loaded))
"""

WHERE = """
import importlib, json
print(json.dumps({n: importlib.import_module(n).__file__ for n in ("indexer", "service", "eval")}))
"""


def run_python(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "command",
    [
        "indexer --help",
        "indexer build --help",
        "indexer update --help",
        "indexer remove --help",
        "indexer inspect --help",
        "indexer verify --help",
        "service --help",
        "service ask --help",
        "service.demo --help",
        "eval --help",
        "eval run --help",
        "eval report --help",
        "eval draft --help",
        "eval gate --help",
        "eval ablate --help",
        "eval.bench --help",
        "eval.bench scale --help",
    ],
)
def test_help_loads_nothing_heavy(command: str) -> None:
    seen = json.loads(run_python(HELP, *command.split()))
    assert seen["status"] == 0
    assert HEAVY & set(seen["loaded"]) == set()


def test_importing_a_file_loads_no_engine_and_no_model() -> None:
    ours = [m.name for m in modules() if m.name.split(".")[0] != "training"]
    names = [name for name in ours if not name.endswith("__main__")]
    loaded = json.loads(run_python(IMPORT, *names))
    assert loaded.keys() == set(names)
    heavy = {name: sorted((HEAVY - QUICK) & set(new)) for name, new in loaded.items()}
    assert {name: found for name, found in heavy.items() if found} == {}


def test_what_makes_models_is_imported_by_nothing_that_runs() -> None:
    users = {
        module.path
        for module in modules(tuple(set(PACKAGES) - {"training"}))
        if any(name.split(".")[0] == "training" for name in imports(module))
    }
    assert users == set()


@pytest.fixture(scope="module")
def with_namesakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python whose site-packages hold other packages called indexer, service and eval."""
    folder = tmp_path_factory.mktemp("namesakes")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in ("indexer", "service", "eval"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("NAMESAKE = True\n")
        (site / name / "__main__.py").write_text("print('the namesake ran')\n")
    packages = {str(Path(path)) for path in sys.path if path.endswith("site-packages")}
    (site / "ours.pth").write_text("".join(f"{path}\n" for path in sorted(packages)))
    return folder / "bin" / "python"


def found_by(python: Path, cwd: Path, **environment: str) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-c", WHERE],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_namesakes_are_real(with_namesakes: Path, tmp_path: Path) -> None:
    """Elsewhere and without PYTHONPATH they are what is found: the tests below could fail."""
    for name, file in found_by(with_namesakes, tmp_path).items():
        assert Path(file) == next(with_namesakes.parents[1].glob(f"lib/*/*/{name}/__init__.py"))


def test_from_the_root_our_packages_win(with_namesakes: Path) -> None:
    for name, file in found_by(with_namesakes, ROOT).items():
        assert Path(file) == ROOT / name / "__init__.py"


def test_by_python_path_our_packages_win(with_namesakes: Path, tmp_path: Path) -> None:
    for name, file in found_by(with_namesakes, tmp_path, PYTHONPATH=str(ROOT)).items():
        assert Path(file) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", ["indexer", "service", "eval"])
def test_the_command_that_runs_is_ours(with_namesakes: Path, name: str) -> None:
    done = subprocess.run(
        [with_namesakes, "-m", name, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"Usage: python -m {name}" in done.stdout
    assert "namesake" not in done.stdout


def test_pytest_itself_tests_ours() -> None:
    for module in modules():
        if module.path.count("/") == 1 and module.path.endswith("__init__.py"):
            assert Path(__import__(module.name).__file__ or "") == ROOT / module.path
