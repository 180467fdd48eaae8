"""Small runs for the tests of the report, written as `python -m eval run` writes them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.gold import Evidence, Kind
from eval.runs.files import RUN_FORMAT, Asked, End, Header, writing
from eval.runs.verdict import CUTOFFS, DEPTH, Counted, Retrieval, Verdict
from eval.target import Citation

DOCUMENT, OTHER = "a/visit.md", "b/report.md"
QUOTE = "每户分到1,500元"


def ranked(rank: int, *, all_found: bool = True) -> Retrieval:
    """A search with the one passage of the evidence at `rank`; 0 for nowhere."""
    ranking = [f"x-{at}" for at in range(1, DEPTH + 1)]
    if rank:
        ranking[rank - 1] = "e-1"
    found = {k: bool(rank) and rank <= k and all_found for k in CUTOFFS}
    recall = {k: float(bool(rank) and rank <= k) for k in CUTOFFS}
    return Retrieval(tuple(ranking), ("e-1",), recall, found, 1 / rank if rank else 0, 0.5)


def verdict(id_: str = "q1", **given: Any) -> Verdict:
    """A right answer to 每户多少钱？, but for what is given."""
    fields: dict[str, Any] = {
        "kind": Kind.FIGURE,
        "question": "每户多少钱？",
        "right": True,
        "answer_hit": True,
        "first_hit": True,
        "document_cited": True,
        "citations_good": Counted(1, 1),
        "groups_proven": Counted(1, 1),
        "retrieval": ranked(1),
        "expected": (("1500元", "一千五百元"),),
        "evidence": (Evidence(DOCUMENT, QUOTE),),
        "answer": ("合作社给每户分了一千五百元。",),
        "cited": (Citation(1, "d1", DOCUMENT, 14, 23, QUOTE),),
        "confidence": 0.9,
        "model": "fake",
        "timings_ms": {"retrieve": 10.0, "answer": 20.0, "total": 30.0, "asked": 31.0},
    }
    return Verdict(id_, **{**fields, **given})


def wrong(id_: str = "q1", **given: Any) -> Verdict:
    """Found at rank 1, but another sentence of the right document given, without the value."""
    missed: dict[str, Any] = {
        "right": False,
        "answer_hit": False,
        "first_hit": False,
        "citations_good": Counted(0, 1),
        "groups_proven": Counted(0, 1),
        "answer": ("分红仪式很热闹。",),
    }
    return verdict(id_, **{**missed, **given})


def header(verdicts: Sequence[Verdict], *, unasked: Sequence[Asked] = ()) -> Header:
    questions = [Asked(v.id, v.kind, v.question, f"digest-{v.id}") for v in verdicts]
    manifest = {
        "embedder": {"name": "builtin", "fingerprint": "59d7", "dim": 384},
        "terms": {"version": 1, "mix": "characters_bigrams"},
        "chunking": {"version": 1, "max_chars": 320},
        "counts": {"documents": 43, "passages": 154, "characters": 26837},
    }
    return Header(
        format=RUN_FORMAT,
        started_at="2026-03-01T08:00:00+00:00",
        code={"version": "0.1.0", "commit": "c0ffee" * 6 + "beef", "changed": True},
        gold={"path": "corpus.jsonl", "sha256": "ab" * 32, "questions": len(questions)},
        settings={"k": 8, "llm": None},
        measured={"generation": "g000001", "manifest": manifest, "model": "extractive"},
        questions=(*questions, *unasked),
    )


def run_file(
    folder: Path,
    verdicts: Sequence[Verdict],
    *,
    unasked: Sequence[Asked] = (),
    ended: bool = True,
    **measured: Any,
) -> Path:
    """A run's file; with `unasked` questions, or not ended, it is that of a stopped run."""
    path = folder / "run.jsonl"
    first = header(verdicts, unasked=unasked)
    first = replace(first, measured={**first.measured, **measured})
    with writing(path, first, verdicts) as writer:
        if ended and not unasked:
            writer.end(End("2026-03-01T08:00:20+00:00", 20.0, 2, 303.5))
    return path
