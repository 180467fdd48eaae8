"""What kind of answer a question wants: from the word that asks, and the noun that it asks of.

哪个 and 什么 alone tell little: 哪个部门 asks for an organisation, 哪个时期 for a date, and a
question may end without any asking word (面积为?). Knows nothing of units and documents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.understand.entities import NOUN_TAGS, TaggedWord, find_entities
from service.answer.understand.kinds import AnswerType, kind_of, kind_of_english

_MEASURES = (
    "个名位所家座项种部首支条本篇张场届次类片块段艘款只头颗枚股件间层批份套台辆架道门对双组轮期派"
)
# Words that look like asking ones: each is replaced by as many signs that mean nothing.
_NOT_ASKING = re.compile(
    r"几乎|几内亚|几何(?!时|人)|几经|几番|几度|茶几|无几|未几|几十|几百|几千|几万|几亿|十几|好几|这几|那几|近几|"
    r"前几(?!名|位)|任何|何况|何必|何须|多少年来|多少有些|哪怕|哪吒|谁知|谁料|"
    r"(?:无论|不论|不管)(?:如何|何时|何地|怎样|怎么|谁|什么|多少|哪.)|什么的(?=[,。;])"
)
_DEGREE = (
    r"(?:(?<=[有为是达约到得要需])|(?<![许大众很最更诸不太较好繁增伦]))多(?:久|[高长大远重深宽快厚粗窄早晚]"
    r"(?=$|[?,。;:]|时间|岁|年纪|年龄|规模|范围|面积|距离|[的了吗呢才之时]))"
    r"|(?<=[有为是达约到得])多[高长大远重深宽快厚粗窄早晚](?!要|学)"
)
_ASKING = re.compile(
    rf"(?P<number>第几|多少|多数(?=名|个|位)|几|{_DEGREE})"
    rf"|(?P<which>哪(?P<many>些|几|[两二三四五六七八九十]|\d+)?(?:一(?!般|定|直))?(?:大(?=[{_MEASURES}]))?"
    rf"(?P<measure>[{_MEASURES}](?!人(?!员))(?=.)|[{_MEASURES}](?=$|[?,]))?)"
    r"|(?P<what>什么(?:样子?的?)?)|(?P<who>谁|孰)"
    r"|(?P<terse>何(?!处长|[氏院校局主书家先小老]|等?$))|(?P<how>怎么样?|怎样|如何)"
)
_REASON = re.compile(
    r"(?<![称作认成名因改变译视定命更评选当以之编升晋封划转])为什么(?!时|地|人)|因为什么|因什么|因何|缘何|何以|何故|"
    r"为了什么|出于什么|凭什么|为何(?=[^?。,;])|为啥|什么(?:导致|使得|造成|引起|引发|促使)|"
    r"(?:原因|目的|理由)(?:主要)?(?:是|为|在于)|什么(?:原因|目的|理由|缘故|动机)"
)
_WHEN = re.compile(
    r"什么时[候间后]|啥时候?|何时|何[年月日]|哪一?[年月日天号]|几月几[日号]|几世纪|什么日期|多久以前|"
    r"几[月号](?![楼线馆院门])|(?:[公西]元|民国)几年|(?:(?<![少多长高低早晚不])于|在|\d)几[年日](?![之以]?[内间里来中后前])|"
    r"几点(?=$|[?,。钟开到出上下结集才半动起]|关门|营业)|截至(?:何|什么|哪)"
)
_WHERE = re.compile(
    r"(?:哪|什么|何)个?(?:国家?|省|地方|里|地)的?人(?=$|[?,。;呢])|哪里|哪儿|哪边|何[地处方](?![面式法案])|"
    r"什么地方|(?<=[在位于往至到自从])哪(?=$|[?,。;呢吗])"
)
_WHO = re.compile(r"谁|何人|哪一?位|哪一?名(?![次列额称])|什么人|哪一?个?人(?![口种类])")
_LISTING = re.compile(
    r"哪些|包[括含]什么|有什么(?!时|地方|人|样)|列举|列出|罗列|分别[^多几]{0,6}(?:什么|谁|哪)"
)
_HAS_TO_BE_SAID = re.compile(
    r"是不是|是否|有没有|能否|可否|会不会|能不能|可不可以|要不要|该不该|([㐀-鿿])[不没]\1|"
    r"(?:吗|么|没有?|与否|对吧|是吧)\s*[?。]*$"
)
_MEANING = re.compile(
    r"(?:^|[,。:;]|请问|到底|究竟|解释(?:一下)?)(?:什么(?:是|叫做?|谓之)(?!什么)|何谓)|"
    r"(?:是|有|指)?什么(?:意思|含[义意])|的(?:定义|含[义意]|意思|概念)(?:是什么)?[?]?$|"
    r"指的?是什么|(?<![的之])指什么[?]?$|是(?:一[个家所座种位部类]|个)什么(?:样的)?"
)
_NAMED = re.compile(r"(?P<of>[㐀-鿿a-z\d·]+?)(?:又|也|亦)?(?:叫做?|名叫)什么名")
_OWN_NAME = re.compile(r"(?:笔名|本名|艺名|真名|真实姓名|姓名)(?:是|为|叫做?)")
_LAST_VERB = re.compile(
    r"(?:分别|各|又|大约|约|主要|一般|可能|名)*(?:是|为|即|系|叫做?|有|:)?(?:什么|何|多少|多久|哪一?[个些家所座位种项]?)?\s*[?。]*$"
)
_ENDS_ON_ITS_VERB = re.compile(r"(?<!是不)[是为]\s*[?]?\s*$")
_IS_WHAT = re.compile(r"(?:到底|究竟|具体)?是(?:什么|何物)(?:东西)?\s*[?。]*$")
_FILLER = re.compile(r"^(?:请问|我想知道|想问一下|那么?|请告诉我)[,:]?")


@dataclass(frozen=True, slots=True)
class Asked:
    """The type of the answer, and where the word that asks stands in the text; -1 where none does.

    `spelled` is the text with asking words in one spelling, as long as the text.
    """

    asks: AnswerType
    start: int
    end: int
    spelled: str


def spell(folded: str) -> str:
    """Asking words in one spelling, those that do not ask unreadable; as long as `folded`."""
    folded = folded.replace("甚么", "什么").replace("什麽", "什么")
    if not re.search(r"多少|[几哪谁何]|什么|怎|吗", folded):  # a slip of the keys for 哪一年, 哪座
        folded = re.sub(rf"那(?=一?[年月天{_MEASURES}些里儿两几])", "哪", folded)
    spelled = _NOT_ASKING.sub(lambda match: "〓" * len(match.group()), folded)
    if "几" in folded and not _ASKING.search(spelled) and not _HAS_TO_BE_SAID.search(spelled):
        return folded  # 超过几十人? asks, if nothing else does
    return spelled


def first_asking(spelled: str) -> re.Match[str] | None:
    """The first word that asks in a text that is spelled by `spell`; `吗` and its like are none."""
    return _ASKING.search(spelled)


def is_yes_or_no(spelled: str) -> bool:
    return _HAS_TO_BE_SAID.search(spelled) is not None


def is_english_question(spelled: str) -> bool:
    return bool(_ENGLISH_WORD.search(spelled) or _SAYS_WHETHER.search(spelled))


def classify(folded: str, words: Sequence[TaggedWord]) -> Asked:
    """What the one question `folded` asks for; `words` are its tagged words."""
    text = spell(folded)
    if not re.search(r"[㐀-鿿]", text) or (_ENGLISH_WORD.search(text) and not _ASKING.search(text)):
        asks, match = _english(text)
        return Asked(asks, *(match.span() if match else (-1, -1)), text)
    asking = first_asking(text)
    for pattern, kind in (
        (_REASON, AnswerType.REASON),
        (_WHEN, AnswerType.DATE),
        (_MEANING, AnswerType.DEFINITION),
        (_LISTING, AnswerType.LIST),
    ):
        if (match := pattern.search(text)) and not _is_beside_a_number(kind, text, match):
            return Asked(kind, *match.span(), text)
    if asking is not None:
        start, end = asking.span()
        for whole in (_WHERE.search(text), _WHO.search(text)):  # 哪里人, 什么人: more than 哪, 什么
            if whole is not None and whole.start() <= start < whole.end():
                start, end = whole.start(), max(end, whole.end())
        return Asked(_by_asking(text, asking, words), start, end, text)
    if _ENDS_ON_ITS_VERB.search(text):
        return Asked(_property(text, words), -1, -1, text)
    if (said := _HAS_TO_BE_SAID.search(text)) is not None:
        return Asked(AnswerType.YES_NO, *said.span(), text)
    if text.endswith("?"):
        return Asked(_property(text, words), -1, -1, text)
    return Asked(AnswerType.OTHER, -1, -1, text)


def _is_beside_a_number(kind: AnswerType, text: str, match: re.Match[str]) -> bool:
    """Whether a figure is asked for before: 多少…是什么时候 asks two things, the figure first."""
    number = re.search(r"多少|第几", text)
    return kind is AnswerType.DEFINITION and bool(number and number.start() < match.start())


def _by_asking(text: str, asking: re.Match[str], words: Sequence[TaggedWord]) -> AnswerType:
    if _WHO.match(text, asking.start()) or asking["who"]:
        return AnswerType.PERSON
    place = _WHERE.search(text)
    if place is not None and place.start() <= asking.start() + 1 and place.end() > asking.start():
        return AnswerType.PLACE
    if asking["number"]:
        last = re.search(r"[是为](?:多少|多久)[?。]*$", text)
        dated = last is not None and _property(text, words) is AnswerType.DATE
        return AnswerType.DATE if dated else AnswerType.NUMBER
    if asking["how"]:
        return AnswerType.MANNER
    if asking["many"]:
        return AnswerType.LIST
    if (named := _NAMED.search(text)) is not None:
        kind = kind_of(named["of"])
        return kind if kind in _WITH_NAMES else AnswerType.PERSON
    kind = _asked_noun(text, asking, words)
    if kind is not None:
        return kind
    if asking["which"] == "哪" and re.search(
        r"(?:[在到从往于位至自去]了?)$", text[: asking.start()]
    ):
        return AnswerType.PLACE
    if re.search(r"[是为叫]$", text[: asking.start()]) and _LAST_VERB.search(text):
        return _property(text, words)
    if re.search(r"(?:通过|靠|用|以)(?:什么|何)$", text[: asking.end()]) and "为" not in text:
        return AnswerType.MANNER
    return AnswerType.OTHER


_WITH_NAMES = (AnswerType.PLACE, AnswerType.ORGANISATION)


def _asked_noun(text: str, asking: re.Match[str], words: Sequence[TaggedWord]) -> AnswerType | None:
    """The kind of the noun behind 哪, 什么 or 何, or of a measure word that stands for one."""
    at = asking.end()
    noun = ""
    kind = None
    for word in words:
        if word.end <= at:
            continue
        own = (
            word.text if asking.start() < word.start < at else text[max(word.start, at) : word.end]
        )
        is_noun = word.tag in _IN_NOUNS or word.start < at or (not noun and kind_of(own))
        if not is_noun and not noun and word.start < at + 3 and word.tag in ("a", "d", "uj", "v"):
            continue  # 哪个|强大|的|帝国
        if not is_noun:
            break
        noun += own  # 哪一|部门 is not 哪一部|门
        kind = kind_of(noun) or kind  # 哪个公司|出品: what follows the noun names nothing
    if noun:
        if kind is AnswerType.NUMBER and asking["which"] and _COMPARED.search(text, asking.end()):
            return AnswerType.OTHER  # 哪个人口更多? is answered by a name
        is_sort = asking.groupdict().get("measure") in ("种", "类", "款") or "系统" in noun
        return None if is_sort and kind is AnswerType.ORGANISATION else kind
    return {
        "家": AnswerType.ORGANISATION,
        "所": AnswerType.ORGANISATION,
        "座": AnswerType.PLACE,
    }.get(asking.groupdict().get("measure") or "")


_COMPARED = re.compile(r"[更最较]|[多少高低大小早晚长短快慢]\s*[?]?$")
_IN_NOUNS = NOUN_TAGS | {"vn", "t", "s", "f"}


def _property(text: str, words: Sequence[TaggedWord]) -> AnswerType:
    """Of a question that ends behind the noun it asks of: 面积为? 首都是什么? 上映日期?"""
    if _OWN_NAME.search(text):
        return AnswerType.PERSON
    until = _LAST_VERB.search(text)
    head = text[: until.start()] if until else text
    noun = ""
    for word in reversed([word for word in words if word.end <= len(head)]):
        if word.tag not in _IN_NOUNS:
            break
        noun = word.text + noun
    last = next((word.text for word in reversed(words) if word.end == len(head)), "")
    kind = kind_of(noun or last)
    if _IS_WHAT.search(text) and _is_one_name(text, words):
        return AnswerType.DEFINITION
    return kind or AnswerType.OTHER


def _is_one_name(text: str, words: Sequence[TaggedWord]) -> bool:
    """Whether what stands before 是什么 is one term, and not a property of another thing."""
    match = _IS_WHAT.search(text)
    filler = _FILLER.search(text)
    start, end = filler.end() if filler else 0, match.start() if match else len(text)
    term = text[start:end].strip(" ,")
    inside = [word for word in words if start <= word.start and word.end <= end]
    if not term or any(word.tag in ("uj", "v", "p", "r", "m", "t", "d") for word in inside[1:]):
        return False
    if inside and inside[0].tag in ("r", "p"):
        return False
    named = [e for e in find_entities(text, words) if start <= e.start and e.end <= end]
    if named:
        return any(e.end >= end - 1 or (e.text in term and len(inside) == 1) for e in named)
    return len(inside) <= 3 and kind_of(term) not in _VALUES


_VALUES = (AnswerType.NUMBER, AnswerType.DATE, AnswerType.REASON, AnswerType.MANNER)

_ENGLISH_WORD = re.compile(r"\b(?:what|which|when|where|who|whom|whose|why|how)\b")
_HOW = re.compile(
    r"how (?:many|much|long|old|tall|far|high|large|big|often|fast|heavy|deep|wide|soon)\b"
)
_WHICH = re.compile(r"\b(?:what|which)(?: was| is| were| are)?(?: the| a)? (?P<noun>[a-z' -]+)")
_DEFINES = re.compile(
    r"^(?:what (?:is|are) (?:an? )?[^?]{1,40}\??$|define\b|what does .{1,40} (?:mean|stand for))"
)
_SAYS_WHETHER = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should)\b"
)


def _english(text: str) -> tuple[AnswerType, re.Match[str] | None]:
    matches = list(_ENGLISH_WORD.finditer(text))
    if not matches:
        if _SAYS_WHETHER.search(text):
            return AnswerType.YES_NO, None
        return AnswerType.OTHER, None
    match = matches[0]
    # When it opened, how many ...: the clause before the comma asks for nothing
    later = [m for m in matches[1:] if "," in text[match.end() : m.start()]]
    if match.group() in ("when", "where") and later and match.start() == 0:
        match = later[0]
    if (how := _HOW.search(text)) is not None:
        return AnswerType.NUMBER, how
    word = match.group()
    if word in ("what", "which"):
        return _english_what(text, match), match
    simple = {
        "when": AnswerType.DATE,
        "where": AnswerType.PLACE,
        "why": AnswerType.REASON,
        "how": AnswerType.MANNER,
    }
    return simple.get(word, AnswerType.PERSON), match


def _english_what(text: str, match: re.Match[str]) -> AnswerType:
    if (mixed := re.match(r"\s*([㐀-鿿]+)", text[match.end() :])) is not None:
        return kind_of(mixed[1]) or AnswerType.OTHER
    which = _WHICH.match(text, match.start())
    if which is not None:
        nouns = which["noun"].split()
        for at, noun in enumerate(nouns[:4]):
            if at and noun in ("of", "did", "does", "do", "was", "is", "were", "are", "has", "in"):
                break
            if (kind := kind_of_english(noun)) is not None:
                return kind
            if noun.endswith("ies"):
                noun = noun[:-3] + "ys"
            if noun.endswith("s") and kind_of_english(noun[:-1].removesuffix("y")) is not None:
                return AnswerType.LIST
            if noun.endswith("s") and kind_of_english(noun[:-1]) is not None:
                return AnswerType.LIST
    if re.search(r"\bwhat (?:are|were) the\b|\bwhich of\b", text):
        return AnswerType.LIST
    if re.match(r"what (?:is|are) the\b", text):
        return AnswerType.OTHER
    return AnswerType.DEFINITION if _DEFINES.search(text) else AnswerType.OTHER
