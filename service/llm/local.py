"""A chat model on this machine, through transformers. The only file here that imports it.

One text is written at a time: two at once on two cores would each take twice as long, and memory
for both.
"""

import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from queue import Empty
from typing import Any

from indexer.errors import LLMFailed, LLMUnavailable
from service.answer.compose.prompts import Message, fit
from service.llm.base import NumberedEvidence
from service.llm.thinking import without_thinking
from service.records import Turn

INSTALL = "install the models extra: pip install -c constraints.txt -e '.[models]'"


class LocalModel:
    """A model of the hub's cache or a folder. Loads at once. Raises: LLMUnavailable."""

    def __init__(
        self,
        name_or_path: str,
        *,
        timeout_s: float,
        max_tokens: int,
        context_tokens: int,
        online: bool = False,
    ) -> None:
        self._name = Path(name_or_path).name if Path(name_or_path).is_dir() else name_or_path
        self._timeout_s = timeout_s
        self._max_tokens = max_tokens
        self._lock = threading.Lock()
        self._tokenizer, self._model = _load(name_or_path, online)
        if not getattr(self._tokenizer, "chat_template", None):
            raise LLMUnavailable(
                f"the model {name_or_path} has no chat template",
                hint="choose one that was tuned for chat, such as Qwen/Qwen2.5-0.5B-Instruct",
            )
        self._system_role = self._takes_system_role()
        longest = getattr(self._model.config, "max_position_embeddings", None) or context_tokens
        self._prompt_tokens = min(context_tokens, longest) - max_tokens
        if self._prompt_tokens < max_tokens // 4:
            raise LLMUnavailable(
                f"the model {name_or_path} reads {longest} tokens, too few to write {max_tokens}",
                hint="lower WENJU_LLM_MAX_TOKENS, or choose a model that reads more",
            )

    @property
    def name(self) -> str:
        return f"local:{self._name}"

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        chat = fit(
            question,
            evidence,
            history,
            count_tokens=lambda chat: self._encode(chat)["input_ids"].shape[1],
            max_tokens=self._prompt_tokens,
        )
        if not chat:
            raise LLMFailed(
                "the question is longer than the language model can read",
                hint="shorten it, or choose a model that reads more",
            )
        yield from self.chat(chat)

    def chat(self, messages: list[Message]) -> Iterator[str]:
        """What follows on messages that were made elsewhere; `write` makes its own."""
        if not self._lock.acquire(timeout=self._timeout_s):
            raise LLMFailed(
                f"the language model was busy with other questions for {self._timeout_s:g} s",
                hint="try again, or raise WENJU_LLM_TIMEOUT_S",
            )
        try:
            yield from without_thinking(self._generate(messages))
        finally:
            self._lock.release()

    def _generate(self, chat: Sequence[Message]) -> Iterator[str]:
        """The text as it comes, from a thread that ends when nobody reads any more."""
        transformers = _transformers()
        left = threading.Event()
        failures: list[Exception] = []
        streamer = transformers.TextIteratorStreamer(
            self._tokenizer, skip_prompt=True, timeout=self._timeout_s, skip_special_tokens=True
        )
        inputs = self._encode(chat).to(self._model.device)

        def run() -> None:
            try:
                self._model.generate(
                    **inputs,
                    streamer=streamer,
                    max_new_tokens=self._max_tokens,
                    stopping_criteria=transformers.StoppingCriteriaList(
                        [lambda *_, **__: left.is_set()]
                    ),
                )
            except (RuntimeError, ValueError, TypeError, IndexError, MemoryError) as error:
                failures.append(error)
                streamer.end()

        # No daemon: taking the interpreter down under native code aborts the process (status 134).
        worker = threading.Thread(target=run, name="generate")
        worker.start()
        try:
            yield from streamer
        except Empty:
            raise LLMFailed(
                f"the language model was silent for {self._timeout_s:g} s",
                hint="raise WENJU_LLM_TIMEOUT_S, or use a smaller model",
            ) from None
        finally:
            left.set()
            worker.join(self._timeout_s)
        if failures:
            raise LLMFailed(
                f"the language model broke off ({type(failures[0]).__name__})",
                hint="use a smaller model, or lower WENJU_LLM_CONTEXT_TOKENS",
            ) from failures[0]

    def _encode(self, chat: Sequence[Message]) -> Any:
        if not self._system_role:
            system, first, *rest = chat
            merged = f"{system['content']}\n\n{first['content']}"
            chat = [Message(role="user", content=merged), *rest]
        return self._tokenizer.apply_chat_template(
            list(chat),
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
            enable_thinking=False,  # templates that don't know it ignore it
        )

    def _takes_system_role(self) -> bool:
        """Some templates (Gemma's) refuse a system message: it then leads the user's first."""
        from jinja2 import TemplateError

        probe = [Message(role="system", content="a"), Message(role="user", content="b")]
        try:
            text = self._tokenizer.apply_chat_template(probe, tokenize=False)
        except TemplateError:
            return False
        return "a" in text


def _load(name_or_path: str, online: bool) -> tuple[Any, Any]:
    if not online and not _is_on_disk(name_or_path):
        raise LLMUnavailable(
            f"the language model {name_or_path} is not on this machine",
            hint=_how_to_get(name_or_path),
        )
    transformers = _transformers()
    transformers.logging.disable_progress_bar()
    # Without `local_files_only` a name that is not on disk is looked for on the hub for a minute.
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            name_or_path, local_files_only=not online
        )
        model = transformers.AutoModelForCausalLM.from_pretrained(
            name_or_path, local_files_only=not online, dtype="auto"
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise LLMUnavailable(
            f"the language model {name_or_path} can't be loaded: "
            f"{' '.join(str(error).split())[:160]}",
            hint=_how_to_get(name_or_path),
        ) from error
    torch = import_module("torch")
    model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    # Greedy: the same question gets the same answer. Sampling settings would only raise warnings.
    model.generation_config.update(do_sample=False, temperature=None, top_p=None, top_k=None)
    if model.generation_config.pad_token_id is None:
        model.generation_config.pad_token_id = tokenizer.eos_token_id
    return tokenizer, model


def _is_on_disk(name_or_path: str) -> bool:
    """Whether it is a folder, or a name that the hub's cache holds. Quick: no engine is loaded."""
    from huggingface_hub import try_to_load_from_cache

    if Path(name_or_path).is_dir():
        return True
    try:
        return isinstance(try_to_load_from_cache(name_or_path, "config.json"), str)
    except ValueError:  # a path that is not there, or no name that a hub could have
        return False


def _transformers() -> Any:
    """The library, untyped: it is an extra, and type checking must not depend on its presence."""
    try:
        import_module("torch")  # transformers imports without it, and fails later
        return import_module("transformers")
    except ImportError as error:
        raise LLMUnavailable(
            f"a local language model needs a package that is not installed: {error.name}",
            hint=INSTALL,
        ) from error


def _how_to_get(name_or_path: str) -> str:
    if Path(name_or_path).exists() or name_or_path.startswith((".", "/", "~")):
        return "give a folder that holds config.json, the weights and the tokenizer"
    return (
        f"fetch it once where there is a network: hf download {name_or_path} "
        "(or give a folder that holds it, or start with --online)"
    )
