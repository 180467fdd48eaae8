"""Imports: read everything, then write everything, the file that says so last."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval.check import unproven
from eval.gold import GoldQuestion, as_row
from eval.making.csv_form import read_csv
from eval.making.drafts import save_drafts
from eval.making.feedback import read_feedback
from eval.making.kinds import kind_of
from eval.sets.squad import load_squad
from eval.writing import refuse_existing, write_lines, write_whole
from indexer.errors import InvalidRequest, StorageFull


def run(
    form: str, files: Sequence[Path], out: Path, documents: Path | None, overwrite: bool
) -> list[str]:
    """Import, and say in lines what became of it. Nothing is written if anything is broken.

    Raises: InvalidRequest, InvalidGold, StorageFull.
    """
    refuse_existing(out, overwrite)
    if form == "feedback":
        return _feedback(files, out)
    if len(files) != 1:
        raise InvalidRequest(
            f"{len(files)} files, but one gold file comes of one", hint="import one after the other"
        )
    if form == "squad":
        return _squad(files[0], out, documents, overwrite)
    if form == "csv":
        questions = read_csv(files[0])
        _write_gold(out, questions)
        return [f"{len(questions)} questions in {out}", *_unproven(questions)]
    raise InvalidRequest(f"no form {form!r}", hint="import squad, csv or feedback")


def _squad(file: Path, out: Path, folder: Path | None, overwrite: bool) -> list[str]:
    if folder is None:
        raise InvalidRequest(
            "the paragraphs need a folder", hint="add --documents DIR; index that folder then"
        )
    if not overwrite and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidRequest(
            f"{folder} is there already and not empty",
            hint="choose another folder, or add --overwrite",
        )
    found = load_squad(file, folder="", strict=True)
    questions = [_with_kind(question.gold) for question in found.questions]
    write_folder(folder, found.documents)
    _write_gold(out, questions)
    return [
        f"{len(found.documents)} documents in {folder}, {len(questions)} questions in {out}",
        *found.notes,
        *_unproven(questions),
    ]


def _with_kind(question: GoldQuestion) -> GoldQuestion:
    """The kind that its answer looks like: the form knows none."""
    if not question.answerable:
        return question
    return replace(question, kind=kind_of(question.answers[0][0]))


def write_folder(folder: Path, documents: Mapping[str, str]) -> None:
    """All documents, beside each other: a new folder appears whole, one that is there is filled.

    Raises: StorageFull.
    """
    if folder.exists() and any(folder.iterdir()):
        for name, text in documents.items():
            write_whole(folder / name, text)
        return
    aside: str | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)
        for name, text in documents.items():
            (Path(aside) / name).write_text(text, encoding="utf-8", newline="\n")
        Path(aside).chmod(0o755)
        Path(aside).replace(folder)  # onto an empty folder too
    except OSError as error:
        raise StorageFull(
            f"{folder} can't be written: {error.strerror}",
            hint="check free space and who may write there",
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _feedback(files: Sequence[Path], out: Path) -> list[str]:
    found = read_feedback(files)
    save_drafts(out, found.drafts)
    return [
        f"{found.verdicts} verdicts: {len(found.drafts)} drafts in {out}, "
        f"{found.idle} without an answer or a correction left out",
        *(f"passed over, broken off while it was written: {what}" for what in found.torn),
    ]


def _write_gold(out: Path, questions: Sequence[GoldQuestion]) -> None:
    write_lines(out, [json.dumps(as_row(item), ensure_ascii=False) for item in questions])


def _unproven(questions: Sequence[GoldQuestion]) -> list[str]:
    """`check` will name them; here only that there are some."""
    count = sum(bool(unproven(question)) for question in questions)
    return [f"{count} have an answer that no quote holds: python -m eval check tells"] * bool(count)
