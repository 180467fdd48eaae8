"""Rules that turn a sentence into a question: a value gives way to the word that asks for it.

Each rule takes the sentence and yields wordings that may still lack their subject's name; what
makes them stand alone is `proposals.py`'s. Knows no document and no index.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.gold import Kind
from eval.making.sentence import Figure, Sentence, has_subject
from eval.making.spelling import spellings
from eval.making.words import COUNTED, STRUCTURAL
from indexer.text.numbers import NumberKind

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question without its mark, what answers it, and how sure the rule is (higher is better)."""

    kind: Kind
    text: str
    answers: Groups
    sureness: int


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
    if number.unit == "次" and text[figure.end : figure.end + 1] == "人":
        return False
    joined = any(f.end == figure.start - 1 and _JOINED.match(text, f.end) for f in sentence.figures)
    return not joined and not _JOINED.match(text, figure.end)


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
_UNFINISHED = re.compile(r"(?:认定|同意|批准|推动|带领下?|部署|支持下|后|时)$")
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


# -- persons and places ---------------------------------------------------------------------------

_OFFICE = (
    r"党委书记|党委副书记|副书记|第一书记|书记|副院长|院长|副校长|校长|副主任|主任|副局长|局长|副州长|州长|副县长|县长|"
    r"副市长|市长|副乡长|乡长|副镇长|镇长|会长|理事长|董事长|总经理|常委|队长|组长|部长|处长|科长|所长|站长|教授|主席|理事"
)
_SPEAKS = (
    r"介绍|通报|发言|讲话|表示|指出|强调|要求|主持|带领|带队|率|宣布|陪同|回顾|代表|出席|参加|看望|慰问|汇报|致辞|说明|接着|先后|"
    r"在会上|作了|提出|希望|认为|部署|总结|来到|走进|[，,。、和]"
)
_OFFICER = re.compile(
    rf"(?P<of>[\u3400-\u9fff]{{2,16}}?)(?P<office>(?:{_OFFICE})(?:、(?:{_OFFICE}))*)"
    rf"(?P<name>[\u3400-\u9fff]{{2,4}}?)(?={_SPEAKS}|$)"
)
_NO_NAME = re.compile(
    r"[的了和与等在是有为把被就都们个人会向对从到说讲听看又也还之其各第同志一行带领今天还要以]|^(?:书记|主任|办公|联席|培训|负责|干部)"
)
_HOLDS_OFFICE = re.compile(r"省|州|市|县|乡|镇|村|院|校|大学|办|局|委|厅|公司|中心|学院")


def persons(sentence: Sentence) -> Iterator[Wording]:
    for found in _OFFICER.finditer(sentence.text):
        of, name = found["of"], found["name"]
        of = re.split(r"[由请和与及对向让、的是有为了取]", of)[-1]
        if _NO_NAME.search(name) or len(of) < 2 or not _HOLDS_OFFICE.search(of):
            continue
        yield Wording(Kind.PERSON, f"{of}{found['office']}是谁", ((name,),), sureness=8)


_WHERE = re.compile(
    r"在(?P<place>[^，,、。；;在的：:]{2,16}?(?:省|市|州|县|区|乡|镇|村|政府|大学|学院|学校|医院|卫生院|中心|会议室|礼堂|馆|厅|楼|"
    r"寨|城|基地|广场|聚居点))(?=举行|召开|开幕|举办|成立|启动|揭牌|签署|签约|发放|进行了?座谈|落成)"
)
_LOCATED = re.compile(r"(?:位于|坐落于|地处|设在)(?P<place>[\u3400-\u9fff]{2,14})$")


def places(sentence: Sentence) -> Iterator[Wording]:
    for clause, (start, end) in enumerate(sentence.clauses):
        text = sentence.text[start:end]
        found = _WHERE.search(text) or _LOCATED.search(text)
        if not found:
            continue
        subject = sentence.subject_for(clause) if found.start() or clause else ""
        if subject is None and clause:
            continue
        told = text[: found.start("place")] + "哪里" + text[found.end("place") :]
        if found.start() == 0:
            told = re.sub(r"^在哪里(.{2}了?)(.+)", r"\2是在哪里\1的", told).replace("了的", "的")
        yield Wording(Kind.PLACE, f"{subject or ''}{told}", ((found["place"],),), sureness=7)


# -- lists ----------------------------------------------------------------------------------------

_ITEM = r"[^，,、。；;：:“”（）()]{2,12}?"
_MANY = {
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "3": 3,
    "4": 4,
    "5": 5,
    "6": 6,
}
_CLASS = r"处|个方面|方面|个|项|类|种|条|点|句话|大|门|所|家|件事|件|步|支|级|块"
_NAMED_LIST = re.compile(
    rf"(?P<before>[^，,。；;：:]{{2,30}}?)(?P<many>[两三四五六七八3456])(?P<class>{_CLASS})"
    rf"(?P<noun>[^，,。；;：:、\d]{{0,8}})[：:，,](?:分别(?:是|为)|一是|即|有|就是)?"
    rf"(?P<items>{_ITEM}(?:、{_ITEM})+(?:(?:、|和|与|以及|及|还有|，还有){_ITEM})?)$"
)
COUNTED_LIST = re.compile(
    rf"(?P<items>{_ITEM}(?:、{_ITEM})+(?:(?:和|与|及|以及){_ITEM})?)等?"
    rf"(?P<many>[两三四五六七八3456])(?P<class>{_CLASS})"
)
_OPEN_LIST = re.compile(
    rf"(?P<items>{_ITEM}(?:、{_ITEM}){{2,}}(?:(?:和|与|及|以及){_ITEM})?)等(?P<noun>[\u3400-\u9fff]{{2,4}})"
)
_CUE = re.compile(
    r".*(?:从|把|将|对|(?<!正)在|向|给|了|的|有|为|是|到|选派|接收|组织实施|实施|针对|包括|聚焦|围绕|涉及|开展|捐赠|捐|赠送|送去|送|卖|种植|种|发放|设置|开设|提供|考察|慰问|"
    r"以|用|靠|叫|指导|分成|分|按|建设|建|走访|看望|落实|抓好|用于|配置|派出|派)"
)


def lists(sentence: Sentence) -> Iterator[Wording]:
    text = sentence.text
    if found := _NAMED_LIST.search(text):
        items = _items(found["items"])
        if len(items) == _MANY[found["many"]]:
            before = re.sub(r"共(?:有|为)?$", "是", found["before"])
            asked = f"{before}哪{found['many']}{found['class']}{found['noun']}"
            yield Wording(Kind.LIST, asked, tuple((item,) for item in items), sureness=9)
    for pattern, most in ((COUNTED_LIST, 9), (_OPEN_LIST, 8)):
        if found := pattern.search(text):
            yield from _list_within(sentence, found, most)


def _list_within(sentence: Sentence, found: re.Match[str], sureness: int) -> Iterator[Wording]:
    """A list in the middle of its clause: the words before its first item end at a cue."""
    text = sentence.text
    clause = sentence.clause_at(found.start())
    start, end = sentence.clauses[clause]
    lead = text[start : text.index("、", found.start())]
    cue = _CUE.match(lead)
    if not cue or len(lead) - cue.end() < 2:
        return
    items = _items(text[start + cue.end() : found.end("items")])
    groups = found.groupdict()
    if many := groups.get("many"):
        if len(items) != _MANY[many]:
            return
        asking = f"哪{many}{groups['class']}"
    else:
        asking = "哪些" + re.sub(r"^各[类种项]", "", groups["noun"])
    subject = sentence.subject_for(clause)
    if (subject is None and clause) or sentence.is_led_in(clause):
        return
    longest = max(len(item) for item in items[1:])
    if len(items[0]) > longest + 2:  # more than the first item stands there
        return
    told = f"{subject or ''}{cue.group()}{asking}{text[found.end() : end]}"
    if 3 <= len(items) <= 6:
        yield Wording(Kind.LIST, told, tuple((item,) for item in items), sureness)


def _items(text: str) -> list[str]:
    parts = re.split(
        r"、|以及|还有|，还有|(?<=[\u3400-\u9fff]{2})(?:和|与|及)(?=[\u3400-\u9fff]{2})", text
    )
    return [re.sub(r"[这等]$", "", part.strip("，,")) for part in parts if part.strip("，,")]


# -- facts ----------------------------------------------------------------------------------------

_USED_FOR = re.compile(r"^(?:全部|专门|主要|指定)?(?:用于|用来)(?P<value>[\u3400-\u9fff]{4,12})$")
_BY_WHOM = re.compile(
    r"由(?P<value>[\u3400-\u9fff]{3,14}?)(?=负责|牵头|承办|主办|提供|承建|实施|管理|承担|出资|组织实施)"
)
_HONOUR = re.compile(
    r"(?:获得?|荣获|被评为|被授予|被命名为|评为|称为|名为|取名|叫做?|简称)(?P<value>“[^“”]{3,16}”)(?P<rest>称号|奖|荣誉)?"
)
_IS = re.compile(
    r"^(?P<of>[^，,：:]{2,20}?(?:目标|任务|重点|口号|目的|主题|用途|名称|题目|全称|简称|宗旨|原则|主线|标准|方针))(?:是|为|：|:)"
    r"(?P<value>[^，,。；;：:是]{3,16})$"
)


def facts(sentence: Sentence) -> Iterator[Wording]:
    for clause, (start, end) in enumerate(sentence.clauses):
        text = sentence.text[start:end]
        subject = sentence.subject_for(clause)
        if (found := _USED_FOR.search(text)) and clause:
            before = sentence.text[slice(*sentence.clauses[clause - 1])]
            actor = sentence.subject_for(clause - 1)
            if actor is None and clause > 1:
                continue
            asked = f"{actor or ''}{before}，用来做什么"
            yield Wording(Kind.FACT, asked, ((found["value"],),), sureness=7)
        if subject is None and clause:
            continue
        if found := _BY_WHOM.search(text):
            asked = text[: found.start("value")] + "谁" + text[found.end("value") :]
            yield Wording(Kind.FACT, f"{subject or ''}{asked}", ((found["value"],),), sureness=6)
        if found := _HONOUR.search(text):
            asked = text[: found.start("value")] + "什么" + (found["rest"] or "")
            name = found["value"].strip("“”")
            yield Wording(Kind.FACT, f"{subject or ''}{asked}", ((name,),), sureness=6)
    if found := _IS.search(sentence.text):
        yield Wording(Kind.FACT, f"{found['of']}是什么", ((found["value"],),), sureness=6)


RULES: tuple[Callable[[Sentence], Iterator[Wording]], ...] = (
    figures,
    dates,
    persons,
    places,
    lists,
    facts,
)
