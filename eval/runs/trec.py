"""A run in the form of trec_eval: rankings and relevance judgements, so that other tools can count.

Questions that are not searched for on their own (without an answer, follow-ups) are in neither.
"""

from __future__ import annotations

from pathlib import Path

from eval.runs.files import Run


def write_trec(run: Run, folder: Path) -> tuple[Path, Path]:
    """`NAME.run` (qid Q0 docno rank score tag) and `NAME.qrels` (qid 0 docno 1), one row a line.

    The score is 1 / rank: trec_eval sorts by score and breaks ties in its own way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(run.name).stem
    tag = _word(name)
    ranked: list[str] = []
    relevant: list[str] = []
    for verdict in run.verdicts:
        if verdict.retrieval is None:
            continue
        id_ = _word(verdict.id)
        ranked += [
            f"{id_} Q0 {passage} {rank} {1 / rank:.6f} {tag}"
            for rank, passage in enumerate(verdict.retrieval.ranking, start=1)
        ]
        relevant += [f"{id_} 0 {passage} 1" for passage in verdict.retrieval.relevant]
    rankings, judgements = folder / f"{name}.run", folder / f"{name}.qrels"
    rankings.write_text("".join(f"{line}\n" for line in ranked), encoding="utf-8")
    judgements.write_text("".join(f"{line}\n" for line in relevant), encoding="utf-8")
    return rankings, judgements


def _word(text: str) -> str:
    """Without spaces, which part the columns."""
    return "_".join(text.split())
