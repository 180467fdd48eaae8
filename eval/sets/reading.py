"""One sweep over doses of noise: which passages each question is given, and what came of it.

Knows sets, noise and runs; no command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.runs.asking import keep
from eval.runs.files import Header
from eval.runs.verdict import Verdict
from eval.sets.given import ArchiveShelf, ask_given
from eval.sets.noise import (
    Dose,
    Given,
    find_noise,
    noise_for_all,
    own_passage,
    with_found_noise,
    with_own_noise,
)
from eval.sets.records import NoiseFrom, SetQuestion
from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from service.archive import Archive


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is given: `doses` of noise in turn; none of them: what answers, and nothing else.

    `own_noise`: the set brings passages that don't answer, and nothing is searched for.
    """

    doses: tuple[Dose, ...] = ()
    noise_from: NoiseFrom = NoiseFrom.HARD
    seed: int = 1
    own_noise: bool = False

    @property
    def settings(self) -> Mapping[str, Any]:
        if not self.doses:
            return {"given": "what answers"}
        where = "the set" if self.own_noise else str(self.noise_from)
        noise = [dose.noise for dose in self.doses]
        passages = self.doses[0].passages
        return {"noise": noise, "passages": passages, "noise_from": where, "seed": self.seed}


def parse_noise(text: str) -> tuple[float, ...]:
    """Shares from 0 to 1, separated by commas. Raises: InvalidRequest."""
    found: list[float] = []
    for part in text.split(","):
        try:
            share = float(part)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise InvalidRequest(
                f"--noise: {part.strip()!r} is not a share from 0 to 1",
                hint="give one, or several as in 0,0.2,0.4,0.6,0.8,1",
            )
        found.append(share)
    return tuple(dict.fromkeys(found))


def label_of(dose: Dose | None) -> str:
    """How a row of the sweep is called."""
    if dose is None:
        return "what answers"
    if dose.negatives == dose.passages:
        return "noise alone"
    return f"noise {dose.noise:g}"


@dataclass(frozen=True, slots=True)
class Step:
    """One dose, made up: the questions with what each is given."""

    label: str
    dose: Dose | None
    given: tuple[Given, ...]

    @property
    def short(self) -> int:
        """Questions with fewer passages of noise than the dose asks for."""
        if self.dose is None:
            return 0
        return sum(len(g.documents or ()) - g.holding < self.dose.negatives for g in self.given)


def steps(
    questions: Sequence[SetQuestion],
    sweep: Sweep,
    shelf: ArchiveShelf,
    progress: Callable[[], None] = lambda: None,
) -> Iterator[Step]:
    """Each dose in turn. Noise is searched for once, and a larger dose holds the smaller one."""
    if not sweep.doses:
        yield Step(label_of(None), None, tuple(own_passage(question) for question in questions))
        return
    if sweep.own_noise:
        for dose in sweep.doses:
            given = tuple(with_own_noise(question, dose) for question in questions)
            yield Step(label_of(dose), dose, given)
        return
    most = max(dose.negatives for dose in sweep.doses)
    noise = noise_for_all(
        questions,
        lambda question: find_noise(question, shelf, most, sweep.noise_from, sweep.seed),
        progress,
    )
    for dose in sweep.doses:
        given = tuple(with_found_noise(q, noise[q.gold.id], dose) for q in questions)
        yield Step(label_of(dose), dose, given)


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads: an archive, its documents by source, and how many questions at a time."""

    archive: Archive
    shelf: ArchiveShelf
    jobs: int = 1

    def read(self, step: Step, each: Callable[[Verdict], None] = lambda _: None) -> list[Verdict]:
        """The verdicts of one dose; `each` is called with every one as it comes."""
        verdicts: list[Verdict] = []
        for verdict in _asked_of(self, step):
            verdicts.append(verdict)
            each(verdict)
        return verdicts


def _asked_of(reader: Reader, step: Step) -> Iterator[Verdict]:
    """With what answers and nothing else, the ranking of its sentences is judged as well."""
    return ask_given(
        step.given, reader.archive, reader.shelf, jobs=reader.jobs, ranked=step.dose is None
    )


def keep_run(
    reader: Reader, step: Step, out: Path, header: Header, progress: Callable[[], None]
) -> list[Verdict]:
    """The same, kept as a run."""
    return keep(_asked_of(reader, step), out, header, reader.jobs, progress)
