"""Writes a run's report beside it. Knows files; what stands in a report is the page's."""

from __future__ import annotations

import os
from pathlib import Path

from eval.report.language import Language
from eval.report.page import page
from eval.report.plots import PlotsUnavailable, chinese_font
from eval.runs.files import read_run
from indexer.errors import InvalidRequest


def write_report(run: Path, out: Path, language: Language) -> str | None:
    """Write the report of a run, whole or stopped. Returns what it lacks, in words, if anything.

    Raises: RunUnusable, InvalidRequest where `out` can't be written.
    """
    if out.resolve() == run.resolve():
        raise InvalidRequest(
            f"{out} is the run itself", hint="name another file for the report with --out"
        )
    found = read_run(run)
    lacking = font = None
    try:
        font = chinese_font()
    except PlotsUnavailable as error:
        lacking = f"{error.message}; {error.hint}"
    # A lone surrogate, which JSON can hold and no file can, becomes a question mark.
    content = page(found, language, font).encode("utf-8", errors="replace")
    aside = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        os.replace(aside, out)
    except OSError as error:
        if aside.exists():
            aside.unlink()
        raise InvalidRequest(
            f"{out}: {error.strerror}", hint="name another file for the report with --out"
        ) from error
    return lacking
