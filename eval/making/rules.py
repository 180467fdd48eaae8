"""Rules that turn a sentence into a question: a value gives way to the word that asks for it.

Each rule takes the sentence and yields wordings that may still lack their subject's name; what
makes them stand alone is `proposals.py`'s. Knows no document and no index.
"""

import re
from collections.abc import Callable, Iterator

from eval.gold import Kind
from eval.making.asked import Wording
from eval.making.figures import dates, figures
from eval.making.sentence import Sentence

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
    r"[称言的了和与等在是有为把被就都们个人会向对从到说讲听看又也还之其各第同志一行带领今天还要以]|^(?:书记|主任|办公|联席|培训|负责|干部)"
)
_HOLDS_OFFICE = re.compile(r"省|州|市|县|乡|镇|村|院|校|大学|办|局|委|厅|公司|中心|学院")


def persons(sentence: Sentence) -> Iterator[Wording]:
    for found in _OFFICER.finditer(sentence.text):
        of, name = found["of"], found["name"]
        of = re.split(r"[由请、的是有为了取据]", of)[-1]
        if re.search(r"[与和及对向给让]", of):
            continue
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
_COUNTED_LIST = re.compile(
    rf"(?P<items>{_ITEM}(?:、{_ITEM})+(?:(?:和|与|及|以及){_ITEM})?)等?"
    rf"(?P<many>[两三四五六七八3456])(?P<class>{_CLASS})"
)
_OPEN_LIST = re.compile(
    rf"(?P<items>{_ITEM}(?:、{_ITEM}){{2,}}(?:(?:和|与|及|以及){_ITEM})?)等"
    r"(?P<noun>(?![为的在是了有进开都均作])[\u3400-\u9fff]{2,4})"
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
    for pattern, most in ((_COUNTED_LIST, 9), (_OPEN_LIST, 8)):
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
