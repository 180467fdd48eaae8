"""Rules for figures and dates: what is counted, and when something was. Knows no document."""

import re
from collections.abc import Iterator

from eval.gold import Kind
from eval.making.asked import Wording
from eval.making.sentence import Figure, Sentence, has_subject
from eval.making.spelling import spellings
from eval.making.words import COUNTED, STRUCTURAL
from indexer.text.numbers import NumberKind

# -- figures --------------------------------------------------------------------------------------

_APPROXIMATE = re.compile(r"(?:大?约|近|将近|逾|超过?|达到?|不到|共计|总计|共|为|是|有)$")
_NOUN_END = re.compile(r"(?:[”》）)]|人员|村民|学生|教师|干部|群众|户|内|之中|之家)$")
_SUM_OF_WHAT = re.compile(r".{2,4}(?:合计|共计|总计|一共|共)")
_TAKEN = re.compile(r"[把将由从对为给向派培捐送建修办聘招收]|组织|资助|安排|每[户人村]$")
_JOINED = re.compile(r"[、和至到~～\-—–与/×]")
_LEAST = 4  # a smaller number of things is more of a heading than of a figure


def figures(sentence: Sentence) -> Iterator[Wording]:
    for figure in sentence.figures:
        if not _is_asked_for(sentence, figure):
            continue
        clause = sentence.clause_at(figure.start)
        start, end = sentence.clauses[clause]
        subject = sentence.subject_for(clause)
        before, after = sentence.text[start : figure.start], sentence.text[figure.end : end]
        before = _without_approximation(before)
        if len(before) + len(subject or "") < 4 or len(after) > 16 or before.endswith("的"):
            continue
        others = [f for f in sentence.figures if f is not figure and start <= f.start < end]
        if (subject is None and clause) or (others and "、" in sentence.text[start:end]):
            continue
        if sentence.is_led_in(clause) or _SUM_OF_WHAT.fullmatch(before):
            continue
        if figure.number.unit != "元" and _NOUN_END.search(before) and not _TAKEN.search(before):
            before += "有"
        asking = "百分之多少" if figure.number.unit == "%" else f"多少{figure.number.unit}"
        after = re.sub(r"^(?:左右|以上|以下|以内|上下)", "", after)
        written = sentence.text[figure.start : figure.end]
        yield Wording(
            Kind.FIGURE,
            f"{subject or ''}{before}{asking}{after}",
            (spellings(figure.number, written),),
            sureness=6
            - 2 * len(others)
            + (not after)
            - (subject is None)
            - (len(before) < 4)
            - 3 * sentence.has_label,
        )


def _is_asked_for(sentence: Sentence, figure: Figure) -> bool:
    number, text = figure.number, sentence.text
    if number.kind not in (NumberKind.NUMBER, NumberKind.PERCENT):
        return False
    if number.unit not in COUNTED or sentence.is_enclosed(figure.start):
        return False
    if number.value < _LEAST or (number.unit in STRUCTURAL and not _is_large(figure, text)):
        return False
    if number.unit in ("天", "小时", "个月") and not _ends_clause(sentence, figure.end):
        return False
    if text[: figure.start].endswith(("前", "第", " ", "-", "－")):
        return False
    if number.unit == "次" and text[figure.end : figure.end + 1] == "人":
        return False
    joined = any(f.end == figure.start - 1 and _JOINED.match(text, f.end) for f in sentence.figures)
    return not joined and not _JOINED.match(text, figure.end)


def _ends_clause(sentence: Sentence, position: int) -> bool:
    return any(position == end for _, end in sentence.clauses)


def _is_large(figure: Figure, text: str) -> bool:
    """Three aspects, four points: such numbers are no figures. In digits they more often are."""
    return figure.number.value >= (10 if text[figure.start].isdigit() else 13)


def _without_approximation(before: str) -> str:
    """约, 近 and 超过 go with the figure; 共 and 为 stay, they ask well."""
    found = _APPROXIMATE.search(before)
    vague = found and found.group() in ("约", "大约", "近", "将近", "逾", "超", "超过", "不到")
    return before[: found.start()] if found and vague else before


# -- dates ----------------------------------------------------------------------------------------

_PART_OF_DAY = r"(?:上午|下午|晚上?|起|当天)?"
_UNFINISHED = re.compile(
    r"(?:认定|同意|批准|推动|带领下?|部署|支持下|后|时|中|称|说|表示|显示|\d)$"
)
_SINCE = re.compile(r"(?:自|从)$")
_BEGAN = re.compile(r"(?:始|定|建|成立|创办|开办|写|生|印发|发布|举行)于$")
_HAPPENED = re.compile(
    r"^(?:正式|全部|如期|顺利|就|起)?(?:动工|开工|建成|成立|投运|启动|脱贫|摘帽|完成|开始|举行|召开|印发|签署|挂牌|通过|"
    r"搬迁|搬入|入驻|招生|开业|竣工|通车|落成|起|以来|开通|试行|实施|组建|认定)"
)


def dates(sentence: Sentence) -> Iterator[Wording]:
    for figure in sentence.figures:
        asking = _asking_for_date(figure)
        if not asking or _JOINED.search(sentence.text[figure.end : figure.end + 1]):
            continue
        clause = sentence.clause_at(figure.start)
        start, end = sentence.clauses[clause]
        before, after = sentence.text[start : figure.start], sentence.text[figure.end : end]
        written = sentence.text[figure.start : figure.end]
        answers = (spellings(figure.number, written),)
        if not before and re.fullmatch(_PART_OF_DAY, after) and clause + 1 < len(sentence.clauses):
            told = sentence.text[slice(*sentence.clauses[clause + 1])]
            if (
                has_subject(told)
                and 8 <= len(told) <= 34
                and not _UNFINISHED.search(told)
                and not _holds_date(sentence, clause + 1)
            ):
                yield Wording(Kind.DATE, f"{told}是在{asking}", answers, sureness=6)
        elif _stands_inside(before, after):
            subject = sentence.subject_for(clause)
            if subject is not None and len(before) + len(subject) > 3:
                told = f"{subject}{before}{asking}{after}"
                yield Wording(Kind.DATE, told, answers, sureness=8)


def _stands_inside(before: str, after: str) -> bool:
    """Whether the date may give way to its question word where it stands."""
    if _BEGAN.search(before):
        return not after
    if len(after) > 24:
        return False
    return bool(_SINCE.search(before) or len(before) > 2) and bool(_HAPPENED.search(after))


def _asking_for_date(figure: Figure) -> str:
    """The word that asks for it, by how much of a date it is."""
    if figure.number.kind is not NumberKind.DATE:
        return ""
    date = figure.number.date
    if date.startswith("--"):
        return "哪一天" if len(date) == 7 else "哪个月"
    return {4: "哪一年", 7: "哪年哪月", 10: "哪一天"}[len(date)]


def _holds_date(sentence: Sentence, clause: int) -> bool:
    start, end = sentence.clauses[clause]
    return any(start <= f.start < end and _asking_for_date(f) for f in sentence.figures)
