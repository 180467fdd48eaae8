"""Search that goes on without a part that has failed, and says so. Knows no index."""

import logging
from collections.abc import Callable

from indexer.embed.base import Embedder
from indexer.errors import EmbedderFailed, EmbedderUnavailable, RerankerFailed
from service.records import Hit, SearchMode
from service.retrieve.rerank import Reranker

_log = logging.getLogger(__name__)


def search_with_what_works(
    find: Callable[[Embedder | None, Reranker | None], list[Hit]],
    embedder: Embedder | None,
    reranker: Reranker | None,
    mode: SearchMode,
) -> tuple[list[Hit], str | None]:
    """The hits, and a note of what failed: hybrid search goes on with words alone when the
    embedder is down, and in the order that it had when the cross-encoder fails.

    Raises: EmbedderUnavailable and EmbedderFailed where meaning alone was asked for.
    """
    notes: list[str] = []
    while True:  # at most three times: what failed is not asked again
        try:
            return find(embedder, reranker), "; ".join(notes) or None
        except (EmbedderUnavailable, EmbedderFailed) as error:
            if mode is not SearchMode.HYBRID:
                raise
            _log.warning("searching by words alone: %s", error.message)
            embedder = None
            notes.append(f"{error.message}; searched by words alone")
        except RerankerFailed as error:
            _log.warning("ranked without the cross-encoder: %s", error.message)
            reranker = None
            notes.append(f"{error.message}; ranked without it")
