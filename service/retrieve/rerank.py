"""A third round of ranking by a model that reads question and passage together. Knows no model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InvalidRequest
from indexer.index.records import StoredPassage
from service.retrieve.fusion import Ranking, second_round


class Reranker(Protocol):
    """A question and passages, each (context, text), to how well each answers it: (n,) float32 from
    0 to 1, in order. Raises: RerankerFailed.

    The best `depth` of the second round are judged; `weight` is the share of this judgement in the
    score, the rest stays with the earlier rounds.
    """

    @property
    def name(self) -> str: ...

    @property
    def depth(self) -> int: ...

    @property
    def weight(self) -> float: ...

    def scores(self, query: str, passages: Sequence[tuple[str, str]]) -> NDArray[np.float32]: ...


def load_reranker(name: str, *, online: bool = False) -> Reranker | None:
    """Load `st:NAME-OR-PATH`; `none` is none. A hub is asked only if `online`.

    `builtin` is the archive's own reader and not loaded here.

    Raises: InvalidRequest for a name of no kind, RerankerUnavailable for a model that isn't there.
    """
    kind, _, rest = name.partition(":")
    if kind == "none" and not rest:
        return None
    if kind == "st" and rest:
        from service.retrieve.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(rest, online=online)
    raise InvalidRequest(
        f"there is no reranker {name[:200]!r}", hint="choose none, builtin or st:NAME-OR-PATH"
    )


def third_round(
    ranked: Ranking, best: Sequence[StoredPassage], query: str, reranker: Reranker
) -> tuple[Ranking, dict[int, float]]:
    """Rank the `best` again, the first `reranker.depth`; also what it gave each of them, by key.

    The rest count as judged with 0, which leaves them behind: they stood behind before.
    Raises: RerankerFailed.
    """
    texts = [(each.passage.context, each.passage.text) for each in best]
    scores = reranker.scores(query, texts)
    judged = dict(zip((each.key for each in best), scores.tolist(), strict=True))
    given = [judged.get(key, 0.0) for key, _ in ranked]
    return second_round(ranked, given, reranker.weight), judged
