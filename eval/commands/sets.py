"""Commands about question sets of others: reading-comprehension files, noise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.cli import EXIT_CRASHED_QUESTIONS, PROJECT, counting, one_line_errors
from eval.sets.records import NoiseFrom
from indexer.errors import InvalidRequest
from service.records import SearchMode

if TYPE_CHECKING:
    from eval.runs.files import Header
    from eval.runs.verdict import Verdict
    from eval.sets.reading import Reader, Step
    from eval.sets.records import QuestionSet

CACHE = PROJECT / "build" / "eval"

News = Annotated[Path | None, typer.Option(help="Articles between them, .jsonl[.xz].")]
Documents = Annotated[int, typer.Option(min=1, help="How many of the articles.")]
Embedder = Annotated[str, typer.Option(help="builtin, st:… or remote:….")]
Terms = Annotated[str, typer.Option(help="Of the lexical leg: all, words or characters_bigrams.")]
Llm = Annotated[
    str | None, typer.Option(help="extractive, local:NAME-OR-PATH or remote:URL#MODEL.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first questions.")]
Jobs = Annotated[int, typer.Option(min=1, max=64, help="Questions at a time.")]
Cache = Annotated[Path, typer.Option(help="Where built indexes are kept.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Build the index anew.")]
File = Annotated[Path, typer.Option(help="Questions in SQuAD form, .json or .json.xz.")]
Squad = Annotated[Path | None, typer.Option(help="Questions in SQuAD form, .json or .json.xz.")]
Given = Annotated[
    Path | None, typer.Option(help="Questions with passages that answer and don't, .jsonl.")
]
Noise = Annotated[
    str | None, typer.Option(help="Shares of noise: 0.8, or several as in 0,0.4,0.8,1.")
]
From = Annotated[NoiseFrom, typer.Option(help="hard: what search finds for the question.")]
Kept = Annotated[
    Path | None, typer.Option(help="Keep the run in this .jsonl; of a sweep, one a dose.")
]


def register(app: typer.Typer) -> None:
    app.command()(squad)
    app.command()(read)


def squad(
    file: File,
    news: News = None,
    documents: Documents = 20_000,
    mode: Annotated[SearchMode, typer.Option(help="Legs to search with.")] = SearchMode.HYBRID,
    answers: Annotated[bool, typer.Option(help="Ask as well (hybrid only).")] = True,
    embedder: Embedder = "builtin",
    terms: Terms = "all",
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages an answer may rest on.")] = 8,
    limit: Limit = None,
    jobs: Jobs = 1,
    cache: Cache = CACHE,
    fresh: Fresh = False,
    out: Annotated[Path | None, typer.Option(help="Write figures and lines here.")] = None,
) -> None:
    """Open questions over all paragraphs of a reading-comprehension set: recall and answer hit."""
    from dataclasses import asdict

    from rich.console import Console

    from eval import opening
    from eval.runs.files import code_version, write_json
    from eval.sets.indexes import Articles
    from eval.sets.open_questions import ask_all, figures
    from eval.sets.squad import load_squad
    from eval.show import show_squad

    with one_line_errors():
        found_set = load_squad(file)
        _tell(found_set)
        index = opening.set_index(
            found_set.documents,
            Articles(news, documents) if news else None,
            lambda key: cache / f"squad-{key}",
            typer.echo,
            embedder=embedder,
            term_mix=terms,
            fresh=fresh,
        )
        questions = [q.gold for q in found_set.questions if q.gold.answerable][:limit]
        # Answers rest on both legs; beside one leg alone they would measure something else.
        wanted = answers and mode is SearchMode.HYBRID
        with (
            opening.target(index, None, None) as (target, subject),
            counting(len(questions), "asking") as progress,
        ):
            results = ask_all(
                questions, target, k=k, mode=mode, answers=wanted, jobs=jobs, progress=progress
            )
        found = figures(results)
        show_squad(f"{file.name}: {len(results)} questions, {mode}", found, Console())
        if out is not None:
            settings = {"file": file.name, "news": news and documents, "mode": mode, "k": k}
            settings |= {"embedder": embedder, "terms": terms}
            kept = {"code": code_version(), "settings": settings, "measured": subject}
            lines = [asdict(result) for result in results]
            write_json(out, {**kept, "figures": found, "questions": lines})
    _end([result.id for result in results if result.crashed])


def read(
    squad: Squad = None,
    given: Given = None,
    noise: Noise = None,
    passages: Annotated[int, typer.Option(min=1, max=20, help="Documents given.")] = 5,
    none: Annotated[bool, typer.Option("--none", help="Noise alone: must refuse.")] = False,
    noise_from: From = NoiseFrom.HARD,
    seed: Annotated[int, typer.Option(help="Of random noise.")] = 1,
    news: News = None,
    documents: Documents = 20_000,
    llm: Llm = None,
    limit: Limit = None,
    jobs: Jobs = 1,
    cache: Cache = CACHE,
    fresh: Fresh = False,
    out: Kept = None,
) -> None:
    """Questions with the passages that answer them handed over, noise among them if wanted."""
    from rich.console import Console

    from eval import opening
    from eval.runs.asking import header_of
    from eval.sets.given import ArchiveShelf
    from eval.sets.indexes import Articles
    from eval.sets.noise import Dose
    from eval.sets.reading import Reader, Sweep, parse_noise, steps
    from eval.sets.rows import row_of
    from eval.sets.tables import show_rows

    with one_line_errors():
        file, found_set = _load(squad, given)
        _tell(found_set)
        shares = (*(parse_noise(noise) if noise is not None else ()), *((1.0,) if none else ()))
        doses = tuple(Dose(share, passages) for share in dict.fromkeys(shares))
        sweep = Sweep(doses, noise_from, seed, own_noise=given is not None)
        index = opening.set_index(
            found_set.documents,
            Articles(news, documents) if news else None,
            lambda key: cache / f"read-{key}",
            typer.echo,
            fresh=fresh,
        )
        questions = found_set.questions[:limit]
        settings = {**sweep.settings, "news": news and documents, "llm": llm}
        rows, crashed = [], []
        with opening.archive(index, llm) as (archive, subject):
            reader = Reader(archive, ArchiveShelf(archive), jobs)
            with counting(len(questions), "looking for noise") as progress:
                made = list(steps(questions, sweep, reader.shelf, progress))
            for step in made:
                if step.short:
                    typer.echo(f"{step.label}: {step.short} questions got less noise than that")
                asked = [each.question for each in step.given]
                header = header_of(asked, file, {**settings, "given": step.label}, subject)
                verdicts = _read(reader, step, _place(out, step, len(made)), header)
                rows.append(row_of(step.label, verdicts))
                crashed += [verdict.id for verdict in verdicts if verdict.crashed]
        show_rows(f"{file.name}: figures in %, times in ms", rows, Console())
    _end(crashed)


def _read(reader: Reader, step: Step, out: Path | None, header: Header) -> list[Verdict]:
    from eval.sets.reading import keep_run

    with counting(len(step.given), step.label) as progress:
        if out is None:
            return reader.read(step, lambda _: progress())
        return keep_run(reader, step, out, header, progress)


def _place(out: Path | None, step: Step, of: int) -> Path | None:
    """The file of a step: the one that is named, or one beside it for each dose of a sweep."""
    if out is None or of == 1:
        return out
    return out.with_name(f"{out.stem}-{step.label.replace(' ', '-')}{out.suffix or '.jsonl'}")


def _load(squad: Path | None, given: Path | None) -> tuple[Path, QuestionSet]:
    from eval.sets.given_form import load_given
    from eval.sets.squad import load_squad

    if squad is not None and given is None:
        return squad, load_squad(squad)
    if given is not None and squad is None:
        return given, load_given(given)
    raise InvalidRequest(
        "which questions?" if given is None else "--squad and --given are two ways to say which",
        hint="give --squad FILE.json[.xz] or --given FILE.jsonl",
    )


def _tell(found_set: QuestionSet) -> None:
    for note in found_set.notes:
        typer.echo(note, err=True)


def _end(crashed: list[str]) -> None:
    if crashed:
        typer.echo(f"{len(crashed)} questions crashed and count as wrong", err=True)
        raise typer.Exit(EXIT_CRASHED_QUESTIONS)
