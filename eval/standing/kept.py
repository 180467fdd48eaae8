"""Figures that are kept in docs/: one JSON file of measurements by name. Knows no figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from eval.runs.files import write_json
from indexer.errors import WenjuError

_Entry = TypeVar("_Entry")


class EvaluationUnusable(WenjuError):
    """The file of standing figures can't be read, or a measurement could not be made."""

    code: ClassVar[str] = "evaluation_unusable"


def read_kept(path: Path, entry: type[_Entry], version: int, command: str) -> dict[str, _Entry]:
    """The entries of a file by name; none where there is no such file.

    `command` makes them anew. Raises: EvaluationUnusable.
    """
    from pydantic import TypeAdapter, ValidationError

    if not path.exists():
        return {}
    hint = f"take it from version control, or measure anew: {command}"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != version:
            raise EvaluationUnusable(f"{path}: format: is {stored['format']}", hint=hint)
        adapter: TypeAdapter[dict[str, _Entry]] = TypeAdapter(dict[str, entry])  # type: ignore[valid-type]
        return adapter.validate_python(stored["measurements"])
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise EvaluationUnusable(f"{path}: {field}: {first['msg']}", hint=hint) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationUnusable(f"{path}: {type(error).__name__}: {error}", hint=hint) from error


def write_kept(path: Path, version: int, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Write all entries, by name. Raises: StorageFull."""
    measurements = {name: entries[name] for name in sorted(entries)}
    write_json(path, {"format": version, "measurements": measurements})
