"""The vocabulary and its Unigram tokenizer, and the corpus as token numbers.

Words are found with rjieba and counted; the tokenizer then needs no dictionary but its own: it
takes the most probable path through the words of its vocabulary. Knows nothing of vectors.

    python -m training.vocabulary --size 56000
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training import data as source

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
UNKNOWN = "[UNK]"
MAX_WORD_CHARS = 8


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each word that holds a letter or digit occurs."""
    import rjieba

    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in rjieba.cut(text) if _WORD.fullmatch(word))
    return counts


def choose_words(counts: Counter[str], size: int, min_char_count: int = 3) -> dict[str, int]:
    """`size` words with counts: every character that is not rare, then the most frequent words.

    A character's count is what it has as a word of its own, one at least: were characters counted
    inside words, the tokenizer would prefer them to the words.
    """
    inside: Counter[str] = Counter()
    for word, count in counts.items():
        for char in word:
            inside[char] += count
    characters = [c for c, n in inside.items() if n >= min_char_count or c.isascii()]
    chosen = {char: max(1, counts[char]) for char in sorted(characters)}
    # A frequent number as such says nothing; years and other short ones carry dates.
    rest = sorted(
        (w for w in counts if 1 < len(w) <= (MAX_WORD_CHARS if _HAN.search(w) else 16)),
        key=lambda w: (-counts[w], w),
    )
    rest = [w for w in rest if not w.isdigit() or len(w) <= 4]
    for word in rest[: max(0, size - 1 - len(chosen))]:
        chosen[word] = counts[word]
    return chosen


def build_tokenizer(words: dict[str, int]) -> Tokenizer:
    """Unigram tokenizer with the words' log-probabilities; punctuation and space are dropped."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    total = sum(words.values())
    pieces = [(UNKNOWN, 0.0)]
    pieces += [(word, math.log(count / total)) for word, count in words.items()]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[a-z]+|\p{Nd}+"), "isolated"),
        ]
    )
    return tokenizer


def in_batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of `size` texts, the last one shorter."""
    iterator = iter(texts)
    while batch := list(islice(iterator, size)):
        yield batch


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    """Token numbers of each text as int32, unknown ones dropped, as model2vec does."""
    encoded = []
    for batch in in_batches(texts, 4096):
        for item in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            ids = np.asarray(item.ids, dtype=np.int32)
            encoded.append(ids[ids != 0])
    return encoded


def flatten(rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Rows as one array and the offsets (len(rows) + 1) where each begins."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return np.concatenate(rows).astype(np.int32), offsets


def prepare(data: Path, work: Path, size: int) -> None:
    """Write tokenizer.json, counts.npy and corpus.npz (sentences, articles, questions)."""
    work.mkdir(parents=True, exist_ok=True)
    articles = [source.sentences(text) for text in source.news(data)]
    texts = ["".join(article) for article in articles]
    pairs = source.news_questions(data, texts)
    paragraphs = source.question_set(data, "cmrc2018-train")
    paragraphs += source.split_half(source.question_set(data, "drcd-dev"))[0]
    for paragraph in paragraphs:
        pairs += [(question, len(articles)) for question in paragraph.questions]
        articles.append(source.sentences(paragraph.text))
        texts.append(paragraph.text)
    words = choose_words(count_words([*texts, *(question for question, _ in pairs)]), size)
    tokenizer = build_tokenizer(words)
    tokenizer.save(str(work / "tokenizer.json"), pretty=False)

    tokens, sentence_offsets = flatten(encode(tokenizer, [s for a in articles for s in a]))
    _, article_offsets = flatten([np.zeros(len(article)) for article in articles])
    question_tokens, question_offsets = flatten(encode(tokenizer, [q for q, _ in pairs]))
    np.savez(
        work / "corpus.npz",
        tokens=tokens,
        sentence_offsets=sentence_offsets,
        article_offsets=article_offsets,
        question_tokens=question_tokens,
        question_offsets=question_offsets,
        question_article=np.array([article for _, article in pairs], dtype=np.int64),
    )
    counts = np.bincount(tokens, minlength=len(words) + 1)
    np.save(work / "counts.npy", counts)
    facts = {
        "articles": len(articles),
        "sentences": len(sentence_offsets) - 1,
        "tokens": len(tokens),
        "questions": len(pairs),
        "vocabulary": len(words) + 1,
        "rarest_count": int(np.sort(counts[1:])[len(counts) // 100]),
    }
    print(json.dumps(facts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=source.DEFAULT_DATA)
    parser.add_argument("--work", type=Path, default=source.DEFAULT_WORK)
    parser.add_argument("--size", type=int, default=56000, help="tokens, the unknown one included")
    args = parser.parse_args()
    prepare(args.data, args.work, args.size)


if __name__ == "__main__":
    main()
