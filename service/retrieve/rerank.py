"""A third round by a cross-encoder, for those who have one. Knows no model's library."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import InvalidRequest
from indexer.index.records import StoredPassage
from service.retrieve.fusion import Ranking, second_round

# What is judged: a pass of a large model for each, and what does not stand among the best 30 of
# the second round is seldom what was asked for.
JUDGED = 30

# A cross-encoder reads question and passage together, so it leads. It sees meaning better than
# exact figures and names, which the earlier rounds count, and it is trained on other texts than
# the archive's: three tenths stay with them and settle what it finds equally good.
# Its logit goes through a sigmoid first: the mix stays within 0 and 1 whatever model is used.
WEIGHT = 0.7


class Reranker(Protocol):
    """A question and passages to how well each answers it: (n,) float32 from 0 to 1, in order.

    Raises: RerankerFailed.
    """

    @property
    def name(self) -> str: ...

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]: ...


def load_reranker(name: str, *, online: bool = False) -> Reranker | None:
    """Load `st:NAME-OR-PATH`; `none` is none. A hub is asked only if `online`.

    Raises: InvalidRequest for a name of no kind, RerankerUnavailable for a model that isn't there.
    """
    kind, _, rest = name.partition(":")
    if kind == "none" and not rest:
        return None
    if kind == "st" and rest:
        from service.retrieve.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(rest, online=online)
    raise InvalidRequest(
        f"there is no reranker {name[:200]!r}", hint="choose none or st:NAME-OR-PATH"
    )


def third_round(
    ranked: Ranking, stored: Mapping[int, StoredPassage], query: str, reranker: Reranker
) -> tuple[Ranking, dict[int, float]]:
    """Rank the best `JUDGED` again; also what the cross-encoder gave each of them, by key.

    The rest count as judged with 0, which leaves them behind: they stood behind before.
    Raises: RerankerFailed.
    """
    passages = {key: stored[key].passage for key, _ in ranked[:JUDGED]}
    texts = [f"{each.context}\n{each.text}".strip() for each in passages.values()]
    judged = dict(zip(passages, reranker.scores(query, texts).tolist(), strict=True))
    return second_round(ranked, [judged.get(key, 0.0) for key, _ in ranked], WEIGHT), judged
