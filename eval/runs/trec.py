"""A run in the form of trec_eval: rankings and relevance judgements, so that other tools can count.

Questions that are not searched for on their own (without an answer, follow-ups) are in neither.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from eval.runs.files import Run
from indexer.errors import StorageFull

NOWHERE = "nowhere"  # no passage's name


def write_trec(run: Run, folder: Path) -> tuple[Path, Path]:
    """`NAME.run` (qid Q0 docno rank score tag) and `NAME.qrels` (qid 0 docno 1), one row a line.

    The score is 1 / rank: trec_eval sorts by score and breaks ties in its own way. A question that
    crashed, or whose evidence is in no passage, is judged to want a passage that nothing finds: a
    tool that counts would leave it out else, and here it counts 0.

    Raises: StorageFull.
    """
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
        wanted = verdict.retrieval.relevant or (NOWHERE,)
        relevant += [f"{id_} 0 {passage} 1" for passage in wanted]
    rankings, judgements = folder / f"{name}.run", folder / f"{name}.qrels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, lines in ((rankings, ranked), (judgements, relevant)):
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise StorageFull(
            f"{folder}: {error.strerror}", hint="name a folder with --out that can be written"
        ) from error
    return rankings, judgements


def _word(text: str) -> str:
    """Without spaces, which part the columns; two ids stay two."""
    return re.sub(r"[\s%]", lambda found: quote(found[0]), text)
