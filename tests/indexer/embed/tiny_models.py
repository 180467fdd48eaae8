"""Tiny models made on the spot: real files, loaded by the real libraries."""

from pathlib import Path
from typing import Any

import numpy as np

STATIC_ROWS = {"[UNK]": (9.0, 9.0), "捐": (3.0, 4.0), "赠": (0.0, 2.0), "零": (0.0, 0.0)}


def save_static_model(folder: Path, rows: dict[str, tuple[float, float]] | None = None) -> Path:
    """A model2vec folder whose tokens are single characters with the given rows."""
    from model2vec import StaticModel

    rows = rows or STATIC_ROWS
    table = np.asarray(list(rows.values()), dtype=np.float32)
    StaticModel(table, _character_tokenizer(list(rows))).save_pretrained(folder)
    return folder


def _character_tokenizer(tokens: list[str]) -> Any:
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    tokenizer = Tokenizer(WordLevel({token: at for at, token in enumerate(tokens)}, "[UNK]"))
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    return tokenizer


def save_transformer(folder: Path, seed: int) -> Path:
    """A random BERT of 2 layers and 16 dimensions, saved by sentence-transformers with prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    source = folder.with_name(f"{folder.name}-source")
    tokenizer = _character_tokenizer(["[UNK]", "[PAD]", *"捐赠问题文档一二三四五"])
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(source)
    torch.manual_seed(seed)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "max_position_embeddings": 64}
    layers = {"num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), **sizes, **layers)
    BertModel(config).save_pretrained(source)
    model = SentenceTransformer(
        modules=[Transformer(str(source)), Pooling(16), Normalize()],
        prompts={"query": "问题 ", "document": "文档 "},
        device="cpu",
    )
    model.save_pretrained(str(folder))
    return folder
