"""Names to embedders: the one table. Nobody else asks what kind a name means."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from indexer.embed.base import Embedder
from indexer.errors import InvalidRequest
from indexer.settings import Settings

_HINT = "use builtin, builtin:FOLDER, e5, st:NAME-OR-PATH or remote:URL#MODEL"


@dataclass(frozen=True, slots=True)
class _Surroundings:
    url: str | None
    api_key: str | None
    timeout_s: float
    online: bool


def load_embedder(
    name: str,
    *,
    url: str | None = None,
    api_key: str | None = None,
    timeout_s: float = 30.0,
    online: bool = False,
) -> Embedder:
    """`builtin`, `builtin:FOLDER`, `e5`, `st:NAME-OR-PATH` or `remote:URL#MODEL`.

    `url` replaces the address of a remote one: a server moves, an index stays. `online` allows
    looking names up on a hub. Raises: InvalidRequest, EmbedderUnavailable.
    """
    kind, _, rest = name.partition(":")
    if kind not in _KINDS:
        raise InvalidRequest(f"no embedder of the kind {kind!r}", hint=_HINT)
    return _KINDS[kind](rest, _Surroundings(url, api_key, timeout_s, online))


def load_configured(name: str, settings: Settings) -> Embedder:
    """An embedder with what the settings say of its surroundings. Raises: as `load_embedder`."""
    key = settings.embedder_api_key
    return load_embedder(
        name,
        url=settings.embedder_url,
        api_key=key.get_secret_value() if key else None,
        timeout_s=settings.embedder_timeout_s,
        online=settings.online,
    )


def _builtin(folder: str, _: _Surroundings) -> Embedder:
    from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder

    return BuiltinEmbedder(Path(folder) if folder else DEFAULT_FOLDER)


def _e5(rest: str, _: _Surroundings) -> Embedder:
    from indexer.embed.e5 import E5Embedder

    if rest:
        raise InvalidRequest("e5 takes no name behind it", hint=_HINT)
    return E5Embedder()


def _sentence_transformers(model_name: str, around: _Surroundings) -> Embedder:
    from indexer.embed.sentence_transformers import SentenceTransformerEmbedder

    if not model_name:
        raise InvalidRequest("st: names no model", hint=_HINT)
    return SentenceTransformerEmbedder(model_name, online=around.online)


def _remote(address: str, around: _Surroundings) -> Embedder:
    from indexer.embed.remote import RemoteEmbedder

    url, _, model = address.partition("#")
    url = around.url or url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not model:
        raise InvalidRequest(f"not a server and a model: {address[:200]}", hint=_HINT)
    if parts.username or parts.password:
        # The name is kept in the manifest, for all to read.
        raise InvalidRequest(
            "the URL of a remote embedder must not hold a password",
            hint="set WENJU_EMBEDDER_API_KEY",
        )
    return RemoteEmbedder(url, model, api_key=around.api_key, timeout_s=around.timeout_s)


_KINDS: dict[str, Callable[[str, _Surroundings], Embedder]] = {
    "builtin": _builtin,
    "e5": _e5,
    "st": _sentence_transformers,
    "remote": _remote,
}
