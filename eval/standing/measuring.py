"""Makes one standing measurement: builds or takes its index, asks, and sums up.

Building and asking are processes of their own, so that the memory is that of answering alone.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eval.cli import counting
from eval.runs.verdict import Verdict
from eval.sets.halves import Part
from eval.sets.records import QuestionSet
from eval.sets.rows import Row
from eval.standing.catalogue import (
    ARTICLES,
    BY_NAME,
    NEWS,
    NOISE,
    NOISE_QUESTIONS,
    PASSAGES,
    K,
    Measurement,
    Places,
    Way,
)
from eval.standing.entries import Entry
from eval.standing.kept import EvaluationUnusable
from indexer.errors import WenjuError

if TYPE_CHECKING:
    from eval.opening import Subject
    from eval.sets.refusals import RefusalSet

_Result = TypeVar("_Result")
_Question = TypeVar("_Question")

UNSEEN = "unseen"
ALL = "all"


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error of ours on its way from a process of its own."""

    message: str
    hint: str


def measure(name: str, places: Places, sample: int | None = None) -> Entry:
    """Ask all questions, or about `sample` of them over the same index.

    Raises: EvaluationUnusable, with the words of what went wrong.
    """
    with ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        index = _result(pool.submit(_guarded, _prepare, name, places).result())
        entry: Entry = _result(pool.submit(_guarded, _ask, name, places, index, sample).result())
    return entry


def _result(found: Any) -> Any:
    if isinstance(found, _Failed):
        raise EvaluationUnusable(found.message, hint=found.hint)
    return found


def _guarded(work: Callable[..., _Result], *arguments: Any) -> _Result | _Failed:
    try:
        return work(*arguments)
    except WenjuError as error:  # whose hint does not survive the way between processes
        return _Failed(error.message, error.hint)


# -- in a process of its own ----------------------------------------------------------------------


def _prepare(name: str, places: Places) -> Path:
    """The measurement's index, built where the cached one does not fit."""
    import sys

    from eval import opening
    from eval.sets.indexes import Articles

    def say(text: str) -> None:
        sys.stderr.write(f"{name}: {text}\n")

    measurement = BY_NAME[name]
    if measurement.way is Way.GOLD:
        return opening.folder_index(measurement.folder(places), places.cache / name, say)
    articles = Articles(places.data / NEWS, ARTICLES)
    place = places.cache / measurement.file.partition(".")[0]
    if measurement.way is Way.REFUSE:
        place = place.with_name(f"refusals-{place.name}-{Part.REPORT}")
        documents = _refusals(measurement, places).documents
    else:  # one index serves all other measurements over a set
        documents = _set(measurement, places).documents
    return opening.set_index(documents, articles, lambda _: place, say)


def _ask(name: str, places: Places, index: Path, sample: int | None) -> Entry:
    from eval.runs.asking import peak_memory_mib
    from eval.runs.files import code_version

    measurement = BY_NAME[name]
    started = time.perf_counter()
    rows, settings, subject = _WAYS[measurement.way](measurement, places, index, sample)
    if sample is not None:
        settings = {**settings, "sample": sample}
    counts = subject["manifest"]["counts"]
    return Entry(
        name=name,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        command=measurement.command,
        code=code_version(),
        settings={**settings, "jobs": 1, "cores": os.cpu_count()},
        documents=counts["documents"],
        passages=counts["passages"],
        model=subject["model"],
        seconds=round(time.perf_counter() - started, 1),
        memory_mib=peak_memory_mib(),
        rows=tuple(rows),
    )


_Asked = tuple[list[Row], Mapping[str, Any], "Subject"]


def _gold(measurement: Measurement, places: Places, index: Path, sample: int | None) -> _Asked:
    from eval.gold import load_gold
    from eval.runs.figures import by_kind
    from eval.sets.rows import row_of

    questions = thinned(load_gold(measurement.questions(places)), sample)
    verdicts, subject = _run(measurement, questions, places, index)
    rows = [row_of(ALL, verdicts)]
    rows += [row_of(str(kind), lines) for kind, lines in by_kind(verdicts).items()]
    return rows, {"k": K}, subject


def _open(measurement: Measurement, places: Places, index: Path, sample: int | None) -> _Asked:
    found = _set(measurement, places)
    answerable = [question.gold for question in found.questions if question.gold.answerable]
    questions = thinned(answerable, sample)
    verdicts, subject = _run(measurement, questions, places, index)
    return _rows(ALL, verdicts, measurement, found), {"k": K, "articles": ARTICLES}, subject


def _run(
    measurement: Measurement, questions: Sequence[Any], places: Places, index: Path
) -> tuple[Sequence[Verdict], Subject]:
    from eval import opening
    from eval.runs.asking import Asking, header_of, run_all

    with (
        opening.target(index, None, None) as (target, subject),
        counting(len(questions), measurement.name) as progress,
    ):
        header = header_of(questions, measurement.questions(places), {"k": K}, subject)
        done = run_all(questions, Asking(target, K), header, progress=progress)
    return done.verdicts, subject


def _given(measurement: Measurement, places: Places, index: Path, sample: int | None) -> _Asked:
    from eval import opening
    from eval.sets.given import ArchiveShelf
    from eval.sets.noise import Dose
    from eval.sets.reading import Reader, Sweep, steps

    found = _set(measurement, places)
    noisy = measurement.way is Way.NOISE
    questions = thinned(found.questions[:NOISE_QUESTIONS] if noisy else found.questions, sample)
    shares = NOISE if noisy else ()
    sweep = Sweep(tuple(Dose(share, PASSAGES) for share in shares))
    rows: list[Row] = []
    asked: list[list[Verdict]] = []
    with opening.archive(index) as (archive, subject):
        reader = Reader(archive, ArchiveShelf(archive))
        with counting(len(questions), f"{measurement.name}: noise") as progress:
            made = list(steps(questions, sweep, reader.shelf, progress))
        for step in made:
            with counting(len(step.given), f"{measurement.name}: {step.label}") as progress:
                verdicts = reader.read(step, lambda _, done=progress: done())  # type: ignore[misc]
            asked.append(verdicts)
            rows += _rows(step.label, verdicts, measurement, found)
    if noisy:
        # Is the confidence itself worth anything, wherever the limit of refusal stands?
        both = [verdict for verdicts in asked[-2:] for verdict in verdicts]
        rows += _rows(" and ".join(step.label for step in made[-2:]), both, measurement, found)
    return rows, {**sweep.settings, "articles": ARTICLES}, subject


def _refuse(measurement: Measurement, places: Places, index: Path, sample: int | None) -> _Asked:
    from eval import opening
    from eval.sets.given import ArchiveShelf
    from eval.sets.refusals import sampled
    from eval.sets.refusing import ask_refusals, refusal_rows, without_doubtful

    made = sampled(_refusals(measurement, places).questions, sample)
    with opening.archive(index) as (archive, subject):
        shelf = ArchiveShelf(archive)
        with counting(len(made), f"{measurement.name}: leaving out") as progress:
            questions = without_doubtful(made, shelf, progress)
        verdicts = []
        with counting(len(questions), measurement.name) as progress:
            for verdict in ask_refusals(questions, archive, shelf, K):
                verdicts.append(verdict)
                progress()
    settings = {"k": K, "articles": ARTICLES, "left_out": len(made) - len(questions)}
    return refusal_rows(verdicts), settings, subject


def _refusals(measurement: Measurement, places: Places) -> RefusalSet:
    from eval.sets.halves import part_of
    from eval.sets.refusals import make_refusals
    from eval.sets.squad import load_squad

    file = measurement.questions(places)
    return make_refusals(part_of(measurement.file, load_squad(file), Part.REPORT))


_WAYS: Mapping[Way, Callable[[Measurement, Places, Path, int | None], _Asked]] = {
    Way.REFUSE: _refuse,
    Way.GOLD: _gold,
    Way.OPEN: _open,
    Way.READ: _given,
    Way.NOISE: _given,
}


def _set(measurement: Measurement, places: Places) -> QuestionSet:
    """All documents of the file, and the questions that are asked."""
    from eval.sets.halves import not_embedded
    from eval.sets.squad import load_squad

    found = load_squad(measurement.questions(places))
    if not _is_split(measurement):
        return found
    half = not_embedded(found.questions)
    if not half:
        raise EvaluationUnusable(
            f"{measurement.file}: no question is in the half that is asked",
            hint="the half goes by the titles of the articles: give the whole file",
        )
    return QuestionSet(found.documents, half, found.notes)


def thinned(questions: Sequence[_Question], count: int | None) -> Sequence[_Question]:
    """About `count` of them at equal distances, in their order; all for None."""
    if count is None or count >= len(questions):
        return questions
    return [questions[at * len(questions) // count] for at in range(count)]


def _is_split(measurement: Measurement) -> bool:
    return measurement.file.startswith("drcd")


def _rows(
    label: str, verdicts: Sequence[Verdict], measurement: Measurement, found: QuestionSet
) -> list[Row]:
    """A row over all; of a set that models were trained on, one over what none has seen as well."""
    from eval.sets.halves import unseen
    from eval.sets.rows import row_of

    rows = [row_of(label, verdicts)]
    if _is_split(measurement):
        ids = {question.gold.id for question in unseen(found.questions)}
        lines = [verdict for verdict in verdicts if verdict.id in ids]
        rows.append(row_of(f"{label}, {UNSEEN}", lines))
    return rows
