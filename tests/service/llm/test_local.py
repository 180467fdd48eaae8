"""A local chat model: a tiny one with random weights, built here, through the real library."""

import threading
import time
from collections.abc import Generator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from indexer.errors import LLMFailed, LLMUnavailable
from service.llm.base import NumberedEvidence
from service.llm.load import load_llm
from service.llm.local import LocalModel

pytest.importorskip("torch")
pytest.importorskip("transformers")

TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}"
EVIDENCE = [NumberedEvidence(n, "题", None, f"<{n}>" + "字" * 200) for n in (1, 2, 3)]
AFTER_COLON = ":1500元。[1]"  # what the model writes behind a template that ends with a colon
END = 0


def build(folder: Path, template: str | None, positions: int = 2600) -> Path:
    """Save a model over bytes whose next byte depends on the last one alone.

    After `:` it writes `1500元。[1]` and ends; after `>` it writes `a ` again and again.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<end>": END} | {letter: n for n, letter in enumerate(alphabet, start=1)}
    # `0` and `1` occur twice in what it writes: inside longer tokens each follows one rule.
    merges = [("0", "0"), ("[", "1"), ("[1", "]")]
    for pair in merges:
        vocabulary["".join(pair)] = len(vocabulary)
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = cast(Any, PreTrainedTokenizerFast)(tokenizer_object=tokenizer, eos_token="<end>")
    fast.chat_template = template
    fast.save_pretrained(folder)
    size = len(vocabulary)
    config = LlamaConfig(
        vocab_size=size,
        hidden_size=size + size % 2,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        max_position_embeddings=positions,
        eos_token_id=END,
        bos_token_id=None,
        pad_token_id=None,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()  # attention and feed-forward add nothing
        model.model.norm.weight.fill_(1)
        model.model.embed_tokens.weight.fill_diagonal_(1)
        for chain in (AFTER_COLON, ">a a"):
            tokens = fast.encode(chain) + ([END] if chain == AFTER_COLON else [])
            for last, following in pairwise(tokens):
                model.lm_head.weight[following, last] = 1
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("models") / "tiny-chat", TEMPLATE)


def load(folder: Path, *, max_tokens: int = 24, timeout_s: float = 30.0) -> LocalModel:
    return LocalModel(str(folder), timeout_s=timeout_s, max_tokens=max_tokens, context_tokens=8192)


def test_writes_what_the_model_says_piece_by_piece(folder: Path) -> None:
    writer = load_llm(f"local:{folder}", max_tokens=24)
    assert writer.name == "local:tiny-chat"
    pieces = list(writer.write("每户多少钱？", EVIDENCE[:1], []))
    assert "".join(pieces) == "1500元。[1]"
    assert len([piece for piece in pieces if piece]) > 1


def test_max_tokens_cuts_the_text_short(folder: Path) -> None:
    assert "".join(load(folder, max_tokens=3).write("每户多少钱？", EVIDENCE[:1], [])) == "1500"


def test_the_prompt_is_cut_to_what_the_model_reads(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = load(folder)
    prompts: list[str] = []
    encode = writer._encode

    def spied(chat: object) -> object:
        found = encode(chat)  # type: ignore[arg-type]
        prompts.append(writer._tokenizer.decode(found["input_ids"][0]))
        return found

    monkeypatch.setattr(writer, "_encode", spied)
    list(writer.write("多少？", EVIDENCE, []))
    assert "<3>" in prompts[0]
    assert len(prompts[0].encode()) > 2600 - 24
    assert "<1>" in prompts[-1]
    assert "<3>" not in prompts[-1]
    assert len(prompts[-1].encode()) <= 2600 - 24


def test_a_question_that_does_not_fit_is_said(folder: Path) -> None:
    with pytest.raises(LLMFailed, match="longer"):
        list(load(folder).write("多" * 2000, [], []))


def test_leaving_ends_the_writing(tmp_path: Path) -> None:
    endless = build(tmp_path / "m", TEMPLATE.replace("assistant:", "assistant>"))
    writer = load(endless, max_tokens=1000)
    writing = writer.write("每户多少钱？", EVIDENCE[:1], [])
    assert next(writing).startswith("a ")
    assert isinstance(writing, Generator)
    writing.close()
    assert "generate" not in {thread.name for thread in threading.enumerate()}
    assert not writer._lock.locked()


def test_a_template_without_a_system_role_gets_the_rules_from_the_user(tmp_path: Path) -> None:
    writer = load(build(tmp_path / "m", NO_SYSTEM + TEMPLATE), max_tokens=2)
    assert writer._system_role is False
    assert "".join(writer.write("每户多少钱？", EVIDENCE[:1], [])) == "15"


def test_a_model_without_chat_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LLMUnavailable, match="no chat template"):
        load(build(tmp_path / "m", None))


def test_a_model_that_reads_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LLMUnavailable, match="reads 64 tokens"):
        load(build(tmp_path / "m", TEMPLATE, positions=64), max_tokens=60)


def test_a_silent_model_is_given_up(folder: Path) -> None:
    with pytest.raises(LLMFailed, match="silent"):
        list(load(folder, timeout_s=0.0001).write("每户多少钱？", EVIDENCE, []))


def test_a_model_that_is_not_on_disk_fails_at_once_and_says_how_to_get_it() -> None:
    started = time.monotonic()
    with pytest.raises(LLMUnavailable) as caught:
        load_llm("local:Qwen/Qwen2.5-0.5B-Instruct-that-nobody-has")
    assert time.monotonic() - started < 5
    assert "hf download Qwen/Qwen2.5-0.5B-Instruct-that-nobody-has" in caught.value.hint


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(LLMUnavailable) as caught:
        load_llm(f"local:{tmp_path}")
    assert "config.json" in caught.value.hint
