"""The remote embedder against a real HTTP server, well-behaved and not."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from indexer.embed.load import load_embedder
from indexer.embed.remote import RemoteEmbedder
from indexer.errors import EmbedderFailed, EmbedderUnavailable, WenjuError
from tests.indexer.embed.embeddings_server import Answer, EmbeddingsServer


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer().running() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def embedder(server: EmbeddingsServer, waits: list[float]) -> Iterator[RemoteEmbedder]:
    made = RemoteEmbedder(server.url, "bge", api_key="k-1", timeout_s=2.0, sleep=waits.append)
    yield made
    made.close()


def times(count: int, answer: Answer) -> Callable[[dict[str, Any]], Answer | None]:
    """Spoil the first `count` answers."""
    left = iter([answer] * count)
    return lambda _: next(left, None)


def unit(length: int) -> list[float]:
    return [length / np.hypot(length, 1), 1 / np.hypot(length, 1), 0.0]


def test_batches_in_order_with_key_and_model(
    embedder: RemoteEmbedder, server: EmbeddingsServer
) -> None:
    texts = ["捐" * (n + 1) for n in range(70)]
    rows = embedder.embed_passages(texts)
    np.testing.assert_allclose(rows, [unit(n + 1) for n in range(70)], atol=1e-6)
    assert rows.dtype == np.float32
    sizes = [len(request["input"]) for request in server.requests]
    assert sizes == [32, 32, 6]
    assert {request["path"] for request in server.requests} == {"/v1/embeddings"}
    assert {request["model"] for request in server.requests} == {"bge"}
    assert {headers["Authorization"] for headers in server.headers} == {"Bearer k-1"}
    assert embedder.dim == 3
    assert embedder.embed_passages([]).shape == (0, 3)
    np.testing.assert_allclose(embedder.embed_queries(["问"]), [unit(1)], atol=1e-6)


def test_the_fingerprint_is_of_model_and_dimension_not_of_the_address(
    embedder: RemoteEmbedder, server: EmbeddingsServer
) -> None:
    moved = load_embedder("remote:http://old.invalid/v1#bge", url=server.url)
    other = load_embedder(f"remote:{server.url}#bge-large")
    assert moved.fingerprint == embedder.fingerprint != other.fingerprint
    assert embedder.name == f"remote:{server.url}#bge"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_tries_again_with_growing_waits(
    embedder: RemoteEmbedder, server: EmbeddingsServer, waits: list[float], status: int
) -> None:
    server.spoil = times(3, (status, {}, b"busy"))
    assert len(embedder.embed_passages(["捐"])) == 1
    assert waits == [0.5, 1.0, 2.0]


def test_waits_as_long_as_it_is_told(
    embedder: RemoteEmbedder, server: EmbeddingsServer, waits: list[float]
) -> None:
    server.spoil = times(2, (429, {"Retry-After": "7"}, b""))
    assert len(embedder.embed_passages(["捐"])) == 1
    server.spoil = times(1, (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b""))
    embedder.embed_passages(["捐"])
    server.spoil = times(1, (503, {"Retry-After": "99999"}, b""))
    embedder.embed_passages(["捐"])
    assert waits == [7.0, 7.0, 0.5, 60.0]


def test_a_lost_connection_is_tried_again(
    embedder: RemoteEmbedder, server: EmbeddingsServer, waits: list[float]
) -> None:
    server.spoil = times(2, (0, {}, b""))
    assert len(embedder.embed_passages(["捐"])) == 1
    assert waits == [0.5, 1.0]


def test_gives_up_in_the_end_and_sooner_where_somebody_waits(
    embedder: RemoteEmbedder, server: EmbeddingsServer, waits: list[float]
) -> None:
    server.spoil = lambda _: (503, {}, b"overloaded")
    with pytest.raises(EmbedderUnavailable, match=r"6 tries .*overloaded"):
        embedder.embed_passages(["捐"])
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0]
    with pytest.raises(EmbedderUnavailable, match="2 tries"):
        embedder.embed_queries(["捐"])
    assert len(server.requests) == 8


def test_nobody_listens(waits: list[float]) -> None:
    embedder = RemoteEmbedder("http://127.0.0.1:9/v1", "bge", timeout_s=1.0, sleep=waits.append)
    with pytest.raises(EmbedderUnavailable, match="Connect"):
        _ = embedder.dim
    assert waits == [0.5]
    embedder.close()


def answer(value: object) -> Answer:
    return 200, {}, json.dumps(value).encode()


def entries(*vectors: object) -> Answer:
    return answer({"data": [{"index": at, "embedding": row} for at, row in enumerate(vectors)]})


@pytest.mark.parametrize(
    ("spoiled", "error"),
    [
        ((400, {}, b"too long"), EmbedderFailed),
        ((401, {}, b"no key"), EmbedderUnavailable),
        ((404, {}, b"no model"), EmbedderUnavailable),
        ((200, {}, b"<html>"), EmbedderFailed),
        (answer([]), EmbedderFailed),
        (answer({"data": [{"embedding": [1.0]}]}), EmbedderFailed),
        (entries([1.0, 2.0, 3.0]), EmbedderFailed),
        (entries([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), EmbedderFailed),
        (entries([1.0, 2.0, 3.0], [1.0, 2.0]), EmbedderFailed),
        (entries([1.0, 2.0], [1.0, 2.0]), EmbedderFailed),
        (entries([1.0, 2.0, None], [1.0, 2.0, 3.0]), EmbedderFailed),
        ((200, {}, b'{"data": [{"index": 0, "embedding": [NaN, 1, 2]}]}'), EmbedderFailed),
        (entries("AAAA", "BBBB"), EmbedderFailed),
    ],
)
def test_unusable_answers_are_errors_at_once(
    embedder: RemoteEmbedder,
    server: EmbeddingsServer,
    waits: list[float],
    spoiled: Answer,
    error: type[WenjuError],
) -> None:
    assert embedder.dim == 3
    server.spoil = lambda _: spoiled
    with pytest.raises(error):
        embedder.embed_passages(["捐", "赠"])
    assert waits == []
