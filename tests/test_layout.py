"""The floors of the house: who may import whom and what, and how large a file may grow."""

import ast
import re
from fnmatch import fnmatchcase

import pytest

from tests.source import PACKAGES, ROOT, Module, committed_files, imports, modules

MAX_FILE_LINES = 350  # tests too
MAX_FUNCTION_LINES = 60

# Left: whose files. Right: what they must not import, as package or module names.
FORBIDDEN = {
    "indexer/*": ("service", "eval", "training"),
    "service/*": ("eval", "training", "indexer.files", "indexer.chunk", "indexer.pipeline"),
    "eval/*": ("training",),
    "wenju/*": ("indexer", "service", "eval", "training"),  # it finds them first
    "indexer/text/*": ("indexer.files", "indexer.embed", "indexer.index", "indexer.settings"),
    "indexer/files/*": ("indexer.embed", "indexer.index", "indexer.settings"),
    "indexer/index/*": ("indexer.files", "indexer.embed.load", "indexer.settings"),
    "service/answer/*": ("service.api", "service.settings"),
    "service/retrieve/*": ("service.api", "service.settings", "service.answer"),
    "service/llm/*": ("service.api", "service.retrieve"),  # every prompt word is in service/answer
}

# An engine is imported by its adapter alone. `training` runs nowhere but at its makers'.
ENGINES = {
    "faiss": ("indexer/index/dense/*", "eval/bench/peers/*"),
    "tantivy": ("indexer/index/lexical.py", "eval/bench/peers/*"),
    "sqlite3": ("indexer/index/*", "service/uploads/ledger.py"),
    "python_multipart": ("service/uploads/receiving.py",),
    "rjieba": ("indexer/text/segment.py", "training/*", "eval/bench/peers/*"),
    "opencc": ("indexer/text/normalise.py", "training/*", "eval/reading/*", "eval/guard/*"),
    "pypdfium2": ("indexer/files/readers/pdf/*", "eval/reading/*"),
    "rapidocr": ("indexer/files/ocr.py",),
    "cv2": ("indexer/files/ocr.py",),
    "PIL": ("indexer/files/readers/image.py", "eval/reading/*"),
    "trafilatura": ("indexer/files/readers/html.py", "eval/reading/*", "eval/bench/pages.py"),
    "langchain_text_splitters": ("indexer/chunk.py", "eval/bench/peers/*"),
    "model2vec": ("indexer/embed/builtin.py", "training/*", "eval/bench/peers/*"),
    "onnxruntime": (
        "indexer/embed/e5.py",
        "service/answer/read/passage_reader.py",
        "training/*",
    ),
    "tokenizers": ("indexer/embed/pieces.py", "training/*", "eval/bench/peers/*"),
    "sentence_transformers": (
        "indexer/embed/sentence_transformers.py",
        "service/retrieve/cross_encoder.py",
    ),
    "transformers": ("service/llm/local.py",),
    "torch": ("service/llm/local.py", "indexer/embed/sentence_transformers.py", "training/*"),
    "httpx": ("indexer/embed/remote.py", "service/llm/remote.py", "eval/*"),
    "uvicorn": (
        "service/serve.py",
        "service/connections.py",
        "eval/making/page.py",
        "eval/bench/peers/*",
    ),
    "limits": ("service/api/rates.py", "service/settings.py"),
    "prometheus_client": ("service/api/metrics.py",),
    "fastapi": ("service/api/*", "eval/making/page.py", "eval/bench/peers/*"),
    "starlette": ("service/api/*",),
    "gensim": ("training/*",),
    "lightgbm": ("training/*",),
    # Our Office readers stand on the files' own markup; these write the corpus and the tests.
    "docx": ("eval/corpus_office.py", "eval/reading/*"),
    "openpyxl": ("eval/corpus_office.py", "eval/reading/*"),
    "pptx": ("eval/reading/*",),
    "matplotlib": ("eval/report/plots.py", "eval/bench/scale_plots.py"),
    "playwright": tuple(f"eval/bench/{name}.py" for name in ("browser", "page", "screenshots")),
}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_every_package_is_seen() -> None:
    assert {module.name.split(".")[0] for module in modules()} == set(PACKAGES)
    assert "indexer.records" in {module.name for module in modules()}


@pytest.mark.parametrize("files", FORBIDDEN)
def test_imports_go_one_way(files: str) -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in modules()
        if fnmatchcase(module.path, files)
        for name in imports(module)
        if any(within(name, forbidden) for forbidden in FORBIDDEN[files])
    ]
    assert wrong == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_by_its_adapter_alone(engine: str) -> None:
    wrong = [
        module.path
        for module in modules()
        if any(within(name, engine) for name in imports(module))
        and not any(fnmatchcase(module.path, allowed) for allowed in ENGINES[engine])
    ]
    assert wrong == []


def test_no_import_circle() -> None:
    known = {module.name for module in modules()}
    edges = {
        module.name: {name for name in imports(module, lazy=False) if name in known} - {module.name}
        for module in modules()
    }
    # A package's own __init__ runs before its modules; what it imports from below is a circle
    # only if that imports the package back, which the edges show.
    while leaves := [name for name, targets in edges.items() if not targets & edges.keys()]:
        for name in leaves:
            del edges[name]
    # What remains are the circles and whoever leads into them: take the latter away as well.
    while sources := edges.keys() - {name for targets in edges.values() for name in targets}:
        for name in sources:
            del edges[name]
    assert edges == {}


def test_files_fit_in_the_head() -> None:
    long = {
        path: lines
        for path in committed_files()
        if path.endswith((".py", ".js", ".css"))
        and "/vendor/" not in path
        and (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
    }
    assert long == {}


def functions(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_functions_fit_on_a_screen() -> None:
    long = {
        f"{module.path}: {function.name}": lines
        for module in modules((*PACKAGES, "tests"))
        for function in functions(module)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_every_file_says_what_it_does() -> None:
    silent = [module.path for module in modules() if not ast.get_docstring(module.tree)]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    # Spelled apart, or this file would find itself.
    marker = re.compile(
        "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"])
    )
    found = [
        f"{module.path}:{number}: {line.strip()}"
        for module in modules((*PACKAGES, "tests"))
        for number, line in enumerate(module.text.splitlines(), 1)
        if re.search(rf"\b(?:{marker.pattern})\b", line)
    ]
    assert found == []


def test_no_error_is_swallowed() -> None:
    """Who catches everything raises it again; the HTTP edge may show or log it instead."""
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = "" if node.type is None else ast.unparse(node.type)
            body = "\n".join(ast.unparse(line) for line in node.body)
            told = module.path.startswith("service/api/") and (
                "log.exception(" in body or (node.name and re.search(rf"\b{node.name}\b", body))
            )
            if caught in {"", "Exception", "BaseException"} and "raise" not in body and not told:
                wrong.append(f"{module.path}:{node.lineno}: except {caught}")
    assert wrong == []


def test_errors_stand_in_one_tree() -> None:
    """An exception class of ours descends from WenjuError, or is private to its file."""
    ours = {"WenjuError"}
    strays = []
    classes = [
        (module, node)
        for module in sorted(modules(), key=lambda m: m.name != "indexer.errors")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    for module, node in classes:
        bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
        if bases & ours:
            ours.add(node.name)
        elif any(re.fullmatch(r"\w*(Error|Exception)", base) for base in bases):
            private = node.name.startswith("_")
            if (
                node.name != "WenjuError"
                and not private
                and not module.path.startswith("training/")
            ):
                strays.append(f"{module.path}: {node.name}")
    assert strays == []
