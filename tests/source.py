"""Our own source as data: which files there are, and who imports whom. Runs none of it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("indexer", "service", "eval", "training", "wenju")
NOT_OURS = {".venv", ".git", ".index", "build", "__pycache__"}


@dataclass(frozen=True, eq=False)
class Module:
    name: str
    path: str  # from the root, with slashes
    tree: ast.Module
    text: str


@cache
def committed_files() -> tuple[str, ...]:
    """Paths from the root of what is committed or about to be, sorted; without a checkout, all."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(p.as_posix() for p in found if NOT_OURS.isdisjoint(p.parts)))


@cache
def modules(packages: tuple[str, ...] = PACKAGES) -> tuple[Module, ...]:
    """Every Python file of these packages, parsed."""
    found = []
    for path in committed_files():
        if path.endswith(".py") and path.split("/")[0] in packages:
            text = (ROOT / path).read_text(encoding="utf-8")
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            found.append(Module(name, path, ast.parse(text), text))
    return tuple(found)


@cache
def imports(module: Module, *, lazy: bool = True) -> tuple[str, ...]:
    """The full names that a module imports; without the lazy ones, those that importing it runs.

    `from a import b` gives both `a` and `a.b`: which of them is a module, the caller knows.
    """
    found: list[str] = []
    for node in _nodes(module.tree, lazy):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.name.split(".")
                inside = parts if module.path.endswith("__init__.py") else parts[:-1]
                kept = inside[: len(inside) - node.level + 1]
                base = ".".join([*kept, base] if base else kept)
            found.append(base)
            found.extend(f"{base}.{alias.name}" for alias in node.names)
    return tuple(found)


def _nodes(tree: ast.AST, lazy: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not lazy and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not lazy and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _nodes(node, lazy)
