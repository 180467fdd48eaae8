"""The pure pieces of the training: text, vocabulary, crops, BM25, mix, quantising."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from training.bm25 import Bm25, terms
from training.crops import Corpus, PairSampler, crop, window
from training.data import Paragraph, normalise, passages, sentences, split_half
from training.export import quantise
from training.gold import squeeze
from training.mix import Pool, mixed, pool_of, ranks
from training.soft_match import SoftMatch
from training.vocabulary import build_tokenizer, choose_words, encode, flatten
from training.word_vectors import centre


def corpus_of(articles: list[list[list[int]]], questions: list[tuple[list[int], int]]) -> Corpus:
    """A corpus from token numbers: articles of sentences, and questions with their article."""
    tokens, sentence_offsets = flatten([np.array(s, np.int32) for a in articles for s in a])
    _, article_offsets = flatten([np.zeros(len(a)) for a in articles])
    asked, asked_offsets = flatten([np.array(q, np.int32) for q, _ in questions])
    owners = np.array([article for _, article in questions])
    return Corpus(tokens, sentence_offsets, article_offsets, asked, asked_offsets, owners)


def test_normalise_folds_width_case_and_script() -> None:
    assert normalise("ＧＤＰ為１２％，漢語") == "gdp为12%,汉语"


def test_sentences_end_at_their_mark_and_long_ones_at_a_comma() -> None:
    assert sentences("他来了。她走了!好") == ["他来了。", "她走了!", "好"]
    assert sentences("一二三四五,六七八九十", max_chars=8) == ["一二三四五,", "六七八九十"]
    assert sentences("一二三四五六", max_chars=4) == ["一二三四", "五六"]


def test_passages_hold_whole_sentences() -> None:
    assert passages("一二三。四五六。七八九。", target_chars=8) == ["一二三。四五六。", "七八九。"]


def test_halves_keep_the_paragraphs_of_one_title_together() -> None:
    made = [Paragraph(f"{t}-{n}", f"题{t}", "文", ()) for t in range(20) for n in range(2)]
    first, second = split_half(made)
    assert len(first) + len(second) == 40
    assert first
    assert second
    assert not {p.title for p in first} & {p.title for p in second}


def test_the_tokenizer_prefers_probable_words_and_drops_punctuation() -> None:
    words = choose_words(Counter({"捐赠": 9, "捐": 3, "赠": 3, "款": 5}), 10)
    tokenizer = build_tokenizer(words)
    [ids] = encode(tokenizer, ["捐赠,款。"])
    assert [tokenizer.id_to_token(int(n)) for n in ids] == ["捐赠", "款"]
    assert len(encode(tokenizer, ["。。。"])[0]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_crop_and_its_rest_are_the_sentence(seed: int) -> None:
    sentence = np.arange(10, 19)
    taken, rest = crop(sentence, np.random.default_rng(seed))
    assert sorted([*taken, *rest]) == list(range(10, 19))
    assert list(taken) == sorted(taken)
    assert 1 <= len(taken) <= 9


@pytest.mark.parametrize("seed", range(20))
def test_a_window_stays_in_its_article_and_holds_its_sentence(seed: int) -> None:
    start, end = window(7, 5, 9, np.random.default_rng(seed))
    assert 5 <= start <= 7 < end <= 9


def test_pairs_stay_within_their_article_and_the_hard_negative_is_elsewhere() -> None:
    articles = [[[a * 100 + s * 10 + t for t in range(6)] for s in range(8)] for a in range(4)]
    corpus = corpus_of(articles, [([1, 2, 3], 2)])
    sampler = PairSampler(corpus, np.array([0, 0, 1, 1]), [], ask_share=0.25)
    pairs = sampler.batch(64, np.random.default_rng(1))
    assert len(pairs) == 64
    assert all(pair.article == 2 for pair in pairs[:16])
    for pair in pairs[16:]:
        tokens = [*pair.query, *pair.positive, *pair.negative]
        assert {int(token) // 100 for token in tokens} == {pair.article}
        assert not set(pair.negative) & {*pair.positive, *pair.query}


def test_the_same_seed_draws_the_same_pairs() -> None:
    articles = [[[a * 100 + s * 10 + t for t in range(6)] for s in range(8)] for a in range(4)]
    corpus = corpus_of(articles, [([1, 2, 3], 2)])
    sampler = PairSampler(corpus, np.zeros(4, dtype=int), [7], ask_share=0.1)
    one = sampler.batch(20, np.random.default_rng(3))
    two = sampler.batch(20, np.random.default_rng(3))
    assert [list(p.query) for p in one] == [list(p.query) for p in two]
    assert [list(p.negative) for p in one] == [list(p.negative) for p in two]


def test_centring_leaves_unknown_rows_zero_and_the_others_of_length_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(9, 5)).astype(np.float32) + 2
    vectors[4] = 0
    lengths = np.linalg.norm(centre(vectors, np.arange(1, 10), directions=1), axis=1)
    assert lengths == pytest.approx([1, 1, 1, 1, 0, 1, 1, 1, 1], abs=1e-5)


def test_int8_rows_times_their_scale_are_the_vectors() -> None:
    vectors = np.array([[0.0, 0.0], [2.54, -1.27], [0.001, 0.0005]], dtype=np.float32)
    rows, scale = quantise(vectors)
    assert rows.tolist() == [[0, 0], [127, -64], [127, 64]]
    assert rows * scale[:, None] == pytest.approx(vectors, abs=0.02)


def test_bm25_by_hand() -> None:
    index = Bm25(["甲乙", "乙丙"])
    # 甲 and 甲乙 are in one of two passages of average length, once each.
    once = math.log(1 + 1.5 / 1.5) * 2.2 / (1 + 1.2)
    assert index.scores("甲乙")[0] == pytest.approx(2 * once + math.log(1 + 0.5 / 2.5), rel=1e-5)
    assert index.scores("丁").tolist() == [0.0, 0.0]
    assert len(terms("甲,乙")) == 2
    assert index.ideal("丁") == pytest.approx(math.log(1 + 2.5 / 0.5))


def test_the_mix_by_hand() -> None:
    pool = Pool(
        passages=np.array([3, 5, 8]),
        lexical=np.array([10.0, 5.0, 4.0]),
        returned=np.array([True, True, False]),
        cosine=np.array([0.2, 0.9, -0.1]),
        relevant=np.array([False, True, False]),
        ideal=20.0,
    )
    assert mixed(pool, "max", 0.5) == pytest.approx([0.6, 0.7, 0.2])
    assert mixed(pool, "max-cut", 0.5) == pytest.approx([0.6, 0.7, 0.0])
    assert mixed(pool, "ideal", 0.5) == pytest.approx([0.35, 0.575, 0.1])
    assert ranks(pool, mixed(pool, "max", 0.0)) == 2
    assert ranks(pool, mixed(pool, "max", 0.5)) == 1


def test_the_pool_is_the_union_of_both_legs() -> None:
    lexical = np.array([5.0, 0.0, 1.0, 0.0], dtype=np.float32)
    cosine = np.array([0.1, 0.2, 0.3, 0.9], dtype=np.float32)
    pool = pool_of(lexical, cosine, 9.0, frozenset({3}), depth=1)
    assert pool.passages.tolist() == [0, 3]
    assert pool.returned.tolist() == [True, False]
    assert pool.relevant.tolist() == [False, True]


def test_squeezing_finds_a_quote_across_lines() -> None:
    assert squeeze("每户 分到\n１５００元") == "每户分到1500元"


class TwoWords:
    """A stand-in for a static model: 甲 and 乙 are alike (0.8), 丙 is at a right angle to 甲."""

    embedding = np.array([[0, 0], [10, 0], [8, 6], [0, 5]], dtype=np.int8)
    weights = np.array([0.0, 0.1, 0.1, 0.6], dtype=np.float32)

    def tokenize(self, texts: list[str]) -> list[list[int]]:
        return [["?甲乙丙".index(char) for char in text] for text in texts]


def test_soft_match_by_hand() -> None:
    soft = SoftMatch(TwoWords(), ["甲", "乙", "", "丙丙"], threshold=0.5)
    found = soft.scores("甲", np.array([3, 2, 1, 0]))
    assert found == pytest.approx([0.0, 0.0, 0.8, 1.0])
    # A word weighs its row's length times its weight: 甲 1, 丙 3. 0.6 is over the threshold.
    assert soft.scores("甲丙", np.array([1])) == pytest.approx([(1 * 0.8 + 3 * 0.6) / 4])
    assert soft.scores("", np.array([1])).tolist() == [0.0]
