"""`eval/expected.toml`: what was accepted of each gold set, a line a question. Knows the file only.

A question's line is its digest and its part in each figure: 1 or 0, `n/m` for a share with several
parts, `.` where the figure does not bear on it. A change of what is expected is so a change of the
lines of those questions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from eval.comparing.gate import Expected
from eval.runs.figures import BY_NAME
from eval.writing import write_whole
from indexer.errors import WenjuError

_HEAD = """\
# What was accepted of each gold set; `python -m eval gate` compares a run with it, question by
# question. Written by `python -m eval gate RUN --set NAME --accept`; not to be edited by hand, but
# for `significance`: how unlikely a fall must be by luck alone to count as one.
"""


class ExpectedUnusable(WenjuError):
    """The file of expected figures can't be read, or lacks what is asked for."""

    code: ClassVar[str] = "expected_unusable"


def read_expected(path: Path) -> dict[str, Expected]:
    """Every gold set's expectations by name. Raises: ExpectedUnusable, naming table and field."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExpectedUnusable(
            f"{path}: {error}", hint="take it from the repository again, or --accept a run anew"
        ) from error
    return {name: _expected(path, name, table) for name, table in tables.items()}


def write_expected(path: Path, expected: Mapping[str, Expected]) -> None:
    """What the figures are stands in comments, for readers. Raises: StorageFull."""
    blocks = [_HEAD]
    for name, each in sorted(expected.items()):
        rows = [f"[{name}]", f"significance = {each.significance}", "figures = ["]
        rows += [f'    "{figure}",  # {_value(each, figure)}' for figure in each.figures]
        rows.append("]")
        rows += ["", f"[{name}.questions]"]
        rows += [
            f'{_key(id_)} = "{digest} {" ".join(_said(part) for part in parts)}"'
            for id_, (digest, parts) in each.questions.items()
        ]
        blocks.append("\n".join(rows) + "\n")
    write_whole(path, "\n".join(blocks))


def _value(expected: Expected, figure: str) -> str:
    numerator, denominator = expected.parts(figure).sum(axis=0)
    if denominator == 0:
        return "bears on no question"
    return f"{100 * numerator / denominator:.1f} % of {denominator:g}"


def _key(id_: str) -> str:
    plain = id_.replace("-", "").replace("_", "")
    if plain.isascii() and plain.isalnum():
        return id_
    return '"' + id_.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _said(part: tuple[float, float]) -> str:
    numerator, denominator = part
    if denominator == 0:
        return "."
    return _number(numerator) if denominator == 1 else f"{_number(numerator)}/{denominator:g}"


def _number(value: float) -> str:
    """Read back as the very same number: a third cut short would be a change of every run."""
    return f"{value:g}" if value.is_integer() else repr(value)


def _expected(path: Path, name: str, table: Any) -> Expected:
    figures = _field(path, name, table, "figures", list)
    for figure in figures:
        if figure not in BY_NAME:
            raise _wrong(path, f"{name}.figures", f"{figure!r} is not a figure")
    questions = _field(path, name, table, "questions", dict)
    return Expected(
        name,
        tuple(figures),
        {
            id_: _question(path, f"{name}.questions.{id_}", line, len(figures))
            for id_, line in questions.items()
        },
        _field(path, name, table, "significance", float),
    )


def _question(
    path: Path, where: str, line: Any, count: int
) -> tuple[str, tuple[tuple[float, float], ...]]:
    words = line.split() if isinstance(line, str) else []
    if len(words) != count + 1:
        raise _wrong(path, where, f"must be a digest and {count} parts")
    return words[0], tuple(_part(path, where, word) for word in words[1:])


def _part(path: Path, where: str, word: str) -> tuple[float, float]:
    if word == ".":
        return 0.0, 0.0
    numerator, _, denominator = word.partition("/")
    try:
        return float(numerator), float(denominator or 1)
    except ValueError as error:
        raise _wrong(path, where, f"{word!r} is not a part") from error


def _field(path: Path, name: str, table: Any, field: str, kind: type) -> Any:
    value = table.get(field) if isinstance(table, dict) else None
    if not isinstance(value, kind):
        raise _wrong(path, f"{name}.{field}", "is missing, or of another kind")
    return value


def _wrong(path: Path, where: str, what: str) -> ExpectedUnusable:
    return ExpectedUnusable(
        f"{path}: {where}: {what}",
        hint="take the file from the repository again, or --accept a run anew",
    )
