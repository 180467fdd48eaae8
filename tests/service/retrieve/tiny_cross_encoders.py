"""Tiny cross-encoders made on the spot: random BERTs over single characters, saved to disk."""

from pathlib import Path
from typing import Any, cast


def save_cross_encoder(
    folder: Path, texts: str, *, seed: int = 1, labels: int = 1, has_head: bool = True
) -> Path:
    """A BERT whose vocabulary is the characters of `texts`; without a head, an embedding model.

    Its weights are large, so that the scores of different passages lie well apart.
    """
    import torch
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertModel,
        PreTrainedTokenizerFast,
    )

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokens = [*special, *sorted(set(texts) - {"\n", " "})]
    vocabulary = {token: at for at, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s|."), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    cast(Any, PreTrainedTokenizerFast)(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=128,
        initializer_range=0.8,
    )
    config.num_labels = labels
    kind: Any = BertForSequenceClassification if has_head else BertModel
    kind(config).save_pretrained(folder)
    return folder
