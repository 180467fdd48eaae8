"""Embeddings from an OpenAI-compatible server, over httpx. Knows no model, only its name there."""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import numpy as np

from indexer.embed.base import Matrix
from indexer.embed.vectors import unit_rows
from indexer.errors import EmbedderFailed, EmbedderUnavailable

_BATCH = 32
_PASSAGE_TRIES = 6  # waits 0.5, 1, 2, 4, 8 s: a build outlives a restarted server
_QUERY_TRIES = 2  # somebody is waiting
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 60.0
_TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


class RemoteEmbedder:
    """POST {url}/embeddings in batches, tried again on 429, 5xx and lost connections.

    The fingerprint is made of the model's name and dimension: a server tells no more.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        api_key: str | None = None,
        timeout_s: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout_s, headers=headers)
        self._dim: int | None = None
        self.name = f"remote:{self._url}#{model}"

    @property
    def dim(self) -> int:
        """Asked of the server once. Raises: EmbedderUnavailable, EmbedderFailed."""
        if self._dim is None:
            return int(self._request(["dimension"], _QUERY_TRIES).shape[1])
        return self._dim

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"{self._model} {self.dim}".encode()).hexdigest()[:16]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts, _PASSAGE_TRIES)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed(texts, _QUERY_TRIES)

    def close(self) -> None:
        self._client.close()

    def _embed(self, texts: Sequence[str], tries: int) -> Matrix:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        batches = [
            self._request(texts[at : at + _BATCH], tries) for at in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(batches, axis=0)

    def _request(self, texts: Sequence[str], tries: int) -> Matrix:
        payload = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        rows = unit_rows(self._vectors(self._post(payload, tries), len(texts)), self.name)
        if self._dim is None:
            self._dim = int(rows.shape[1])
        if self._dim != rows.shape[1]:
            raise EmbedderFailed(
                f"{self.name} gave {rows.shape[1]} dimensions, before it gave {self._dim}",
                hint="is another model served under this name now? build the index again",
            )
        return rows

    def _post(self, payload: dict[str, Any], tries: int) -> Any:
        wait_s = _FIRST_WAIT_S
        for left in range(tries - 1, -1, -1):
            told_s: float | None = None
            try:
                response = self._client.post(f"{self._url}/embeddings", json=payload)
            except httpx.TransportError as error:
                problem: str = f"{type(error).__name__}: {error}"
            else:
                if response.is_success:
                    return self._json(response)
                problem = f"status {response.status_code}: {response.text[:200]}"
                if response.status_code not in _TRY_AGAIN:
                    raise self._refused(response.status_code, problem)
                told_s = _retry_after(response)
            if left:
                self._sleep(min(wait_s if told_s is None else told_s, _LONGEST_WAIT_S))
                wait_s *= 2
        raise EmbedderUnavailable(
            f"{self.name} does not answer after {tries} tries ({problem})",
            hint=f"check that the server runs and that {self._url}/embeddings is its address",
        )

    def _refused(self, status: int, problem: str) -> EmbedderUnavailable | EmbedderFailed:
        if status in (401, 403):
            return EmbedderUnavailable(
                f"{self.name} refuses the key ({problem})", hint="set WENJU_EMBEDDER_API_KEY"
            )
        if status in (404, 405):
            return EmbedderUnavailable(
                f"{self.name} has no such address or model ({problem})",
                hint="the URL usually ends in /v1, as in remote:http://host:8000/v1#model",
            )
        return EmbedderFailed(
            f"{self.name} refused the texts ({problem})", hint="see the server's log"
        )

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as error:
            raise self._strange("no JSON") from error

    def _vectors(self, answer: Any, count: int) -> list[Any]:
        """The vectors in the order of the texts, whatever the order of the answer."""
        try:
            by_index = {int(entry["index"]): entry["embedding"] for entry in answer["data"]}
            vectors = [by_index[at] for at in range(count)]
        except (KeyError, TypeError, ValueError) as error:
            raise self._strange(f"an answer without {count} numbered embeddings") from error
        if len(answer["data"]) != count:
            raise self._strange(f"{len(answer['data'])} embeddings for {count} texts")
        return vectors

    def _strange(self, found: str) -> EmbedderFailed:
        return EmbedderFailed(
            f"{self.name} gave {found}", hint="is it an OpenAI-compatible embeddings server?"
        )


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait; dates are not understood and count as absent."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.replace(".", "", 1).isdigit() else None
