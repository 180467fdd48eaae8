"""The documents of an index as proposals need them, and the model that words them.

Knows the index reader and the service's settings; loads no embedder.
"""

from collections.abc import Iterator
from pathlib import Path

from eval.making.proposals import Source
from eval.making.wording import Writer
from indexer.errors import InvalidRequest, NothingToIndex

_PAGE_SIZE = 200


def read_sources(index: Path, glob: str | None) -> Iterator[Source]:
    """The documents whose source path fits the glob, in the index's order.

    Raises: IndexMissing and its kin, NothingToIndex when none fits.
    """
    from indexer.index.store import open_index

    reader = open_index(index)
    try:
        selection = reader.select(glob, None, None)
        cursor: str | None = None
        count = 0
        while True:
            page = reader.documents(_PAGE_SIZE, cursor, selection)
            for row in page.documents:
                count += 1
                stored = reader.document(row.document.document_id).document
                passages = tuple(reader.document_passages(stored.document_id))
                yield Source(stored.source, stored.title, stored.text, passages)
            cursor = page.next_cursor
            if cursor is None:
                break
    finally:
        reader.close()
    if not count:
        which = f" whose path fits {glob!r}" if glob else ""
        raise NothingToIndex(
            f"the index {index} holds no document{which}",
            hint="see its paths: python -m indexer inspect --index DIR",
        )


def load_writer(name: str, index: Path) -> Writer:
    """The language model `remote:URL#MODEL` or `local:PATH`, with the service's own settings.

    Raises: InvalidRequest, LLMUnavailable.
    """
    from service.llm.load import load_llm
    from service.settings import Settings

    settings = Settings(index=index, llm=name)
    key = settings.llm_api_key
    model = load_llm(
        name,
        timeout_s=settings.llm_timeout_s,
        max_tokens=settings.llm_max_tokens,
        context_tokens=settings.llm_context_tokens,
        api_key=key.get_secret_value() if key else None,
    )
    if not isinstance(model, Writer):
        raise InvalidRequest(
            f"{name!r} words no questions",
            hint="give remote:URL#MODEL or local:NAME-OR-PATH, or leave --llm out",
        )
    return model
