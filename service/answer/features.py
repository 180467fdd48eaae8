"""What tells an answering sentence from its neighbours, as numbers. Knows no model and no index.

Every feature compares one sentence of a retrieved passage with the question, on normalised text.
The order of `NAMES` is the order of the columns, and is what the reader's weights were trained on.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, canonical, find_numbers
from indexer.text.segment import words
from service.answer.question import AnswerType, Question

Matrix = NDArray[np.float32]
# Terms to weights from 0 (in every passage) to 1 (in none), in the order given.
Idf = Callable[[Sequence[str]], Sequence[float]]
# Texts to (n, dim) rows of length 1.
Embed = Callable[[Sequence[str]], Matrix]

_RUN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9][a-z0-9.\-+]*")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[a-z][a-z0-9\-]*")
_RATE = re.compile(r"率|比例|比重|百分|占")
MONEY = frozenset({"元", "钱", "块钱", "万元", "亿元"})
_DATE = re.compile(
    r"\d{1,4}世纪|(?:明|清|元|宋|唐|汉|隋|周|秦|晋|民国)(?:朝|代|末|初|\w{0,2}\d*年)|年代|同年|次年|当年|翌年"
)
_PERSON = re.compile(
    r"书记|院长|主任|校长|局长|县长|市长|省长|部长|教授|主席|总理|总统|先生|女士|导演|作者|记者|队长|会长|创始人|"
    r"[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳"
    r"鲍史唐费廉岑薛雷贺倪汤罗毕郝安常傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季"
    r"贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡霍万柯卢莫房解应丁宣邓洪包左石崔龚程邢裴陆荣翁荀惠甄曲封储段"
    r"焦谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹龙叶司黎溥印白怀蒲从索籍赖卓蔺屠蒙池乔阴闻翟谭劳"
    r"逄姬申扶堵冉宰郦雍桑桂牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾容向古易慎戈廖庾终居衡步都耿满弘匡"
    r"文寇广禄阙东欧殳沃利蔚越夔隆师巩聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关蒯相查荆红游权逯盖益桓公]"
    r"[㐀-鿿]{1,2}(?![㐀-鿿])|·"
)
_PLACE = re.compile(
    r"[省市县区州乡镇村国岛山河江湖路街港洲]|位于|坐落|地处|境内|大学|医院|学校|中心"
)
_REASON = re.compile(
    r"因为|由于|因此|因而|所以|原因|为了|以便|导致|使得|造成|出于|鉴于|为$|旨在|因"
)
_LISTING = re.compile(r"[、;]|和|及|以及|包括|等")
_MANNER = re.compile(r"通过|采取|采用|利用|依托|按照|以.{1,12}方式|方法|经由|借助|推行|实行|用")
_END = re.compile(r"[。!?;…”」』)]$")

NAMES = (
    "bigrams", "characters", "words", "bigrams_near", "bigrams_context", "bigrams_passage",
    "bigrams_gap", "common_run", "common_run_share", "numbers_kept", "has_numbers", "latin_kept",
    "missing_weight", "new_share", "length", "ends_whole", "position", "first",
    "asks_number", "asks_date", "asks_person", "asks_place", "asks_reason", "asks_list",
    "asks_manner", "unit_new", "unit_near", "number_new", "number_fits", "date_fits", "person_fits",
    "place_fits", "reason_fits", "list_fits", "manner_fits", "percent_fits",
    "cosine", "cosine_gap", "soft_match", "passage_score", "passage_gap", "passage_rank",
)  # fmt: skip


@dataclass(frozen=True)
class PassageText:
    """One retrieved passage as the features need it: its sentences, context and retrieval score."""

    sentences: Sequence[str]
    context: str
    score: float


def bigrams(folded: str) -> set[str]:
    """Character pairs inside runs of Han characters, and whole Latin or digit tokens."""
    found: set[str] = set()
    for run in _RUN.findall(folded):
        if _HAN.match(run):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run)
    return found


def characters(folded: str) -> set[str]:
    return set(_HAN.findall(folded))


def word_set(folded: str) -> set[str]:
    return {word.text for word in words(folded) if len(word.text) > 1}


class _Weights:
    """Inverse document frequencies of the question's own terms, looked up once."""

    def __init__(self, question: Question, idf: Idf) -> None:
        content = question.content
        self.bigrams = self._of(bigrams(content), idf)
        self.characters = self._of(characters(content), idf)
        self.words = self._of(word_set(content), idf)
        self.latin = set(_LATIN.findall(content))
        self.numbers = {canonical(number) for number in find_numbers(content)}
        self.compact = content.replace(" ", "")

    @staticmethod
    def _of(terms: set[str], idf: Idf) -> dict[str, float]:
        ordered = sorted(terms)
        return dict(zip(ordered, idf(ordered), strict=True))


def _share(weights: dict[str, float], present: set[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in present) / total if total else 0.0


def _common_run(left: str, right: str) -> int:
    """Length of the longest common substring; both are a line at most."""
    best = 0
    for start in range(len(left)):
        while start + best < len(left) and left[start : start + best + 1] in right:
            best += 1
    return best


@dataclass(frozen=True)
class _Sentence:
    folded: str

    @cached_property
    def bigrams(self) -> set[str]:
        return bigrams(self.folded)

    @cached_property
    def characters(self) -> set[str]:
        return characters(self.folded)

    @cached_property
    def numbers(self) -> list[Number]:
        return find_numbers(self.folded)


def features(
    question: Question, passages: Sequence[PassageText], *, idf: Idf, embed: Embed
) -> Matrix:
    """One row a sentence, in the order of passages and their sentences; (n, len(NAMES)) float32."""
    weights = _Weights(question, idf)
    texts = [sentence for passage in passages for sentence in passage.sentences]
    if not texts:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    folded = [fold(text) for text in texts]
    vectors = embed([question.content, *folded])
    cosines = vectors[1:] @ vectors[0]
    soft = _soft_match(weights, folded, embed)
    top_score = max(passage.score for passage in passages)
    rows: list[list[float]] = []
    start = 0
    for rank, passage in enumerate(passages):
        end = start + len(passage.sentences)
        block = [_Sentence(text) for text in folded[start:end]]
        common = _passage_columns(weights, passage, block)
        near_cosine = float(cosines[start:end].max(initial=0.0))
        for i, sentence in enumerate(block):
            cosine = float(cosines[start + i])
            rows.append(
                _overlap_columns(weights, block, i, common)
                + _shape_columns(sentence, weights, i, len(block))
                + _type_columns(question, weights, sentence)
                + [cosine, near_cosine - cosine, float(soft[start + i])]
                + [passage.score, top_score - passage.score, math.log1p(rank)]
            )
        start = end
    return np.asarray(rows, dtype=np.float32)


@dataclass(frozen=True)
class _PassageColumns:
    context: set[str]
    passage_share: float
    best_share: float


def _passage_columns(
    weights: _Weights, passage: PassageText, block: Sequence[_Sentence]
) -> _PassageColumns:
    context = bigrams(fold(passage.context))
    everything = context.union(*(sentence.bigrams for sentence in block))
    return _PassageColumns(
        context=context,
        passage_share=_share(weights.bigrams, everything),
        best_share=max((_share(weights.bigrams, s.bigrams) for s in block), default=0.0),
    )


def _overlap_columns(
    weights: _Weights, block: Sequence[_Sentence], i: int, common: _PassageColumns
) -> list[float]:
    sentence = block[i]
    own = _share(weights.bigrams, sentence.bigrams)
    near = sentence.bigrams.union(*(other.bigrams for other in block[max(0, i - 1) : i + 2]))
    run = _common_run(weights.compact, sentence.folded)
    missing = [w for term, w in weights.bigrams.items() if term not in near | common.context]
    said = {canonical(number) for number in sentence.numbers}
    numbers_kept = len(weights.numbers & said) / len(weights.numbers) if weights.numbers else 1.0
    latin = weights.latin
    latin_kept = sum(token in sentence.folded for token in latin) / len(latin) if latin else 1.0
    return [
        own,
        _share(weights.characters, sentence.characters),
        _share(weights.words, {w for w in weights.words if w in sentence.folded}),
        _share(weights.bigrams, near),
        _share(weights.bigrams, sentence.bigrams | common.context),
        common.passage_share,
        common.best_share - own,
        min(run, 12) / 12,
        run / max(1, len(weights.compact)),
        numbers_kept,
        float(bool(weights.numbers)),
        latin_kept,
        max(missing, default=0.0),
    ]


def _shape_columns(sentence: _Sentence, weights: _Weights, i: int, count: int) -> list[float]:
    han = sentence.characters
    new = len(han - set(weights.characters)) / max(1, len(han))
    return [
        new,
        math.log1p(len(sentence.folded)) / 5,
        float(bool(_END.search(sentence.folded))),
        i / max(1, count - 1),
        float(i == 0),
    ]


def _type_columns(question: Question, weights: _Weights, sentence: _Sentence) -> list[float]:
    asks, text = question.asks, sentence.folded
    is_type = [
        float(asks is kind)
        for kind in (
            AnswerType.NUMBER, AnswerType.DATE, AnswerType.PERSON, AnswerType.PLACE,
            AnswerType.REASON, AnswerType.LIST, AnswerType.MANNER,
        )
    ]  # fmt: skip
    number, date, person, place, reason, listing, manner = is_type
    new = [n for n in sentence.numbers if canonical(n) not in weights.numbers]
    unit_new, unit_near = _unit_columns(question, weights, sentence, new)
    number_new = float(any(n.kind is not NumberKind.DATE for n in new))
    dated = any(n.kind is NumberKind.DATE for n in new) or bool(_DATE.search(text))
    percent = any(n.kind is NumberKind.PERCENT for n in new)
    return [
        *is_type,
        unit_new,
        unit_near,
        number_new,
        number * number_new,
        date * dated,
        person * bool(_PERSON.search(text)),
        place * min(3, len(_PLACE.findall(text))) / 3,
        reason * bool(_REASON.search(text)),
        listing * min(4, len(_LISTING.findall(text))) / 4,
        manner * bool(_MANNER.search(text)),
        float(percent and bool(_RATE.search(question.folded))),
    ]


def _unit_columns(
    question: Question, weights: _Weights, sentence: _Sentence, new: Sequence[Number]
) -> tuple[float, float]:
    """Is there a new number in the asked unit, and how much of the question stands around it?"""
    if question.asks is not AnswerType.NUMBER or not question.unit:
        return 0.0, 0.0
    unit = "元" if question.unit in MONEY else question.unit
    best = 0.0
    found = [number for number in new if number.unit and number.unit.startswith(unit)]
    for number in found:
        window = sentence.folded[max(0, number.start - 25) : number.end + 12]
        best = max(best, _share(weights.bigrams, bigrams(window)))
    return float(bool(found)), best


# A word pair under this cosine says nothing: static vectors of unrelated words lie around 0 to 0.3.
_SOFT_FLOOR = 0.35


def _soft_match(weights: _Weights, folded: Sequence[str], embed: Embed) -> NDArray[np.float32]:
    """Weighted mean over the question's words of the best cosine to any word of the sentence."""
    asked = sorted(weights.words)
    if not asked:
        return np.zeros(len(folded), dtype=np.float32)
    sentence_words = [sorted(word_set(text)) for text in folded]
    vocabulary = sorted({*asked, *(word for row in sentence_words for word in row)})
    place = {word: i for i, word in enumerate(vocabulary)}
    vectors = embed(vocabulary)
    matrix = vectors[[place[word] for word in asked]] @ vectors.T
    for row, word in enumerate(asked):
        matrix[row, place[word]] = 1.0
    matrix[matrix < _SOFT_FLOOR] = 0.0
    importance = np.asarray([weights.words[word] for word in asked], dtype=np.float32)
    importance /= max(float(importance.sum()), 1e-6)
    result = [
        float(importance @ matrix[:, [place[word] for word in row]].max(axis=1)) if row else 0.0
        for row in sentence_words
    ]
    return np.asarray(result, dtype=np.float32)
