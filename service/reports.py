"""Reports of evaluations in a folder, as `eval report` writes them. Knows no HTTP.

A report is one HTML file that says its figures in its head, as JSON, for programs.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from indexer.errors import ReportNotFound

_HEAD_BYTES = 64 * 1024  # of a report, in which its figures stand
_MOST_BYTES = 64 * 2**20  # of a report that is shown
_SUMMARY = re.compile(r'<meta name="wenju:summary" content="([^"]*)">')


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A share or mean from 0 to 1, with its 95 % interval if it has one."""

    name: str
    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Report:
    """`name` is that of the file; `started_at`, of the run, is ISO."""

    name: str
    run: str
    started_at: str
    questions: int
    figures: tuple[ReportFigure, ...]


def reports_in(folder: Path | None) -> list[Report]:
    """The reports of a folder, the newest run first. What is no report is passed over."""
    found = []
    for path in _files(folder):
        report = _read(path)
        if report is not None:
            found.append(report)
    return sorted(found, key=lambda each: (each.started_at, each.name), reverse=True)


def report_page(folder: Path | None, name: str) -> bytes:
    """The HTML of a report that `reports_in` lists. Raises: ReportNotFound."""
    for path in _files(folder):
        if path.name == name and _read(path) is not None:
            return path.read_bytes()
    raise ReportNotFound(f"there is no report {name[:200]!r}", hint="GET /v1/reports lists them")


def _files(folder: Path | None) -> Iterator[Path]:
    """Plain files alone: a link may lead out of the folder."""
    if folder is None or not folder.is_dir():
        return
    for path in folder.glob("*.html"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_BYTES:
            yield path


def _read(path: Path) -> Report | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", errors="replace")
        match = _SUMMARY.search(head)
        return None if match is None else _report(path.name, json.loads(unescape(match[1])))
    except (OSError, ValueError, KeyError, TypeError):  # somebody else's file, or a half one
        return None


def _report(name: str, told: dict[str, Any]) -> Report:
    figures = tuple(
        ReportFigure(str(figure), float(said["value"]), _interval(said["interval"]))
        for figure, said in told["figures"].items()
    )
    return Report(name, str(told["run"]), str(told["started_at"]), int(told["questions"]), figures)


def _interval(said: Any) -> tuple[float, float] | None:
    return None if said is None else (float(said[0]), float(said[1]))
