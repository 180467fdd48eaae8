"""The one table of language models: a name to a loaded model. Knows how each kind is spelled."""

from typing import TYPE_CHECKING

from indexer.errors import InvalidRequest
from service.llm.base import LanguageModel

if TYPE_CHECKING:
    from service.settings import Settings


def load_llm(
    name: str,
    *,
    timeout_s: float = 60.0,
    total_s: float | None = None,
    max_tokens: int = 512,
    context_tokens: int = 8192,
    api_key: str | None = None,
    online: bool = False,
) -> LanguageModel:
    """Load `extractive`, `local:NAME-OR-PATH` or `remote:URL#MODEL`.

    `timeout_s` bounds the silence between two pieces of text, `total_s` one text in all,
    `max_tokens` what is written, `context_tokens` what is read and written together. A hub is
    asked only if `online`.
    Raises: InvalidRequest for a name of no kind, LLMUnavailable for a model that is not there.
    """
    loaded = _load(name, timeout_s, total_s, max_tokens, context_tokens, api_key, online)
    if total_s is None or name == "extractive":
        return loaded
    from service.llm.patience import Patient

    return Patient(loaded, total_s)


def _load(
    name: str,
    timeout_s: float,
    total_s: float | None,
    max_tokens: int,
    context_tokens: int,
    api_key: str | None,
    online: bool,
) -> LanguageModel:
    kind, _, rest = name.partition(":")
    if kind == "extractive" and not rest:
        from service.llm.extractive import Extractive

        return Extractive()
    if kind == "local" and rest:
        from service.llm.local import LocalModel

        return LocalModel(
            rest,
            timeout_s=timeout_s,
            max_tokens=max_tokens,
            context_tokens=context_tokens,
            online=online,
        )
    if kind == "remote" and rest:
        from service.llm.remote import RemoteModel

        url, _, model = rest.rpartition("#")
        if not model or not url.startswith(("http://", "https://")):
            raise InvalidRequest(
                f"{name!r} names no server and model",
                hint="write remote:URL#MODEL, such as remote:http://127.0.0.1:8000/v1#qwen3",
            )
        return RemoteModel(
            url,
            model,
            timeout_s=timeout_s,
            max_tokens=max_tokens,
            context_tokens=context_tokens,
            api_key=api_key,
            total_s=total_s,
        )
    raise InvalidRequest(
        f"there is no language model {name!r}",
        hint="choose extractive, local:NAME-OR-PATH or remote:URL#MODEL",
    )


def configured(settings: "Settings") -> LanguageModel:
    """The model that the settings name. Raises: what `load_llm` raises."""
    key = settings.llm_api_key
    return load_llm(
        settings.llm,
        timeout_s=min(settings.llm_timeout_s, settings.llm_total_s),
        total_s=settings.llm_total_s,
        max_tokens=settings.llm_max_tokens,
        context_tokens=settings.llm_context_tokens,
        api_key=key.get_secret_value() if key else None,
        online=settings.online,
    )
