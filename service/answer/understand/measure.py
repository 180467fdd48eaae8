"""What a number that is asked for counts, in which unit, and what is to be done with several.

Knows the question alone: whether a document states the sum or it has to be made, it cannot tell.
"""

import re
from collections.abc import Sequence

from service.answer.understand.entities import NOUN_TAGS, TaggedWord
from service.answer.understand.kinds import AnswerType, Operation, kind_of

_SUM_OF_MONEY = re.compile(
    r"多少(?:资金|经费|款|善款|投资|费用|金额|奖金|补助|补贴)|"
    r"(?:金额|总额|投资|资金|经费|费用|花费|造价|价格|捐款)(?:是|为|有|达|达到|共|一共|总共)*多少[?]?$"
)
# A measure word or unit that can follow 多少/几, longest first, so that 多少户贫困户 counts 户.
_UNITS = re.compile(
    r"亿万?元|万元|元|块钱|块|钱|万人次|人次|万人|人|户|个人|个小时|个月|个百分点|百分点|%|公里|千米|平方米|平方公里|厘米|毫米|米|亩|公顷|"
    r"吨|千克|公斤|克|斤|千瓦|伏|所|家|个|项|次|回|场|期|名|位|册|本|部|台|套|盏|座|处|间|张|件|份|篇|支|组|批|"
    r"种|类|条|头|只|匹|天|日|年|岁|小时|分钟|秒|月|周|倍|村|县|乡|镇|省|市|届|级|层|员|盒|箱|字|首|集|艘|辆|架|枚|颗|株|棵|栋|幢|门|卷|幅|桶|袋|瓶"
)
_FEW = re.compile(r"(?:多少|第?几|多数(?=名|个|位))多?")
_WITH_UNIT_IN_IT = frozenset(
    {"人口", "人数", "人员", "户数", "元钱", "块钱", "万元", "亿元", "人次", "钱"}
)
_MONEY_OR_MEASURE = re.compile(
    r"元|钱|公里|米|亩|顷|吨|克|斤|瓦|伏|小时|分钟|秒|[天日年月岁周%倍]|百分"
)
_ALL_PEOPLE = ("人", "人次", "万人", "万人次")
_LISTED_MEASURES = "项 条 种 类 个 次 家 所 件 篇 部 本 期 场 届 份 座 处 支 批 首 点 方面 集"
_LISTED = frozenset(_LISTED_MEASURES.split())
_HAD = re.compile(
    r"(?:各|共|一共|总共|分别|大约|约|大概|现|现在|仅|只|达|达到|占)*(?:有|达|达到|是|为|占)?$"
)

_TOGETHER = re.compile(
    r"加起来|加在一起|合起来|相加|之和|总和|合计|总计|\b(?:in total|altogether|combined)\b"
)
_IN_ALL = re.compile(
    r"一共|总共|共计|共有|共(?=[\u4e00-\u9fff]{0,4}(?:了|过)?(?:多少|几))|\btotal\b"
)
_DIFFERENCE = re.compile(
    r"多多少|少多少|差多少|差了多少|相差|差距|差额|"
    r"(?P<way>[高低大小早晚长短贵重]|便宜)[,\s]*(?P=way)(?:了|出)?(?:多少|几)|"
    r"(?:(?<![同环对相占])比(?![例率重值分])|从.{1,20}[到至]).{0,30}(?:增加|增长|减少|下降|提高|上升|降低|缩短|[多少][㐀-鿿]{0,2}|"
    r"便宜|[高低大小早晚迟长短快慢贵重轻远近厚薄宽窄深浅])[了出上]?(?:多少|几)|"
    r"\bdifference between\b|how (?:many|much) (?:more|fewer|less)\b"
)
_COMPARE = re.compile(
    r"(?:谁|哪[一个家所边年位项种]{0,2})[^,。?]{0,8}(?:更|比较|较)[㐀-鿿]|更[多少高低大小早晚长短快慢远近好强][^,。?]{0,4}的?是?(?:谁|哪)|"
    r"(?:和|与|跟|还是|同)[^?。]{1,30}(?:谁|哪[一个家所边年位]{0,2})(?:的)?[^?。,]{0,10}[多少高低大小早晚长短快慢远近先后](?:些|一些|一点)?\s*[?]?$|"
    r"相比|比较起来|比[^?。,赛例如较喻]{1,20}(?:更?[多少高低大小早晚长短快慢])[吗些]|孰|"
    r"\bcompared (?:to|with)\b|"
    r"\b(?:more|less|larger|earlier|later|higher|lower|bigger|older) than\b|"
    r"\bwhich (?:is|was|one|has|had)\b.*\b(?:more|larger|earlier|later|higher|bigger|older)\b"
)


def unit_of(text: str, words: Sequence[TaggedWord]) -> tuple[str, int]:
    """The unit behind 多少 or 几, or "", and where what is counted may begin; -1 without either."""
    few = _FEW.search(text)
    if few is None:
        return "", -1
    if _SUM_OF_MONEY.search(text):
        return "元", few.end()
    begins = few.end()
    unit = _UNITS.match(text, begins)
    if unit is None and text[begins : begins + 1] in ("百", "千", "万", "亿"):
        begins += 1  # 几万棵
        unit = _UNITS.match(text, begins)
    if unit is None:
        return "", few.end()
    word = next((w for w in words if w.start <= unit.start() < w.end), None)
    # 多少|项目, 多少|家庭: the first character of a longer noun is no measure
    if (
        word is not None
        and word.end > unit.end()
        and word.start == unit.start()
        and unit.group() != "个"
        and word.tag.startswith(("n", "l", "j", "v"))
        and word.text not in _WITH_UNIT_IN_IT
        and not (unit.group() == "人" and word.tag == "v")  # 多少|人到|县医院
    ):
        return "", few.end()
    return unit.group(), unit.end()


def counted_of(text: str, unit: str, at: int, words: Sequence[TaggedWord]) -> str:
    """What is counted: 教师 of 多少名教师 and of 教师有多少名; "" where a quantity is asked for, as
    by 多少时间.
    """
    if at < 0 or unit in ("元", "钱", "块钱", "万元", "%"):
        return _nouns_from(text, at, words) if unit not in ("", "元", "钱", "块钱") else ""
    behind = _nouns_from(text, at, words)
    if behind:
        return "" if not unit and kind_of(behind) is AnswerType.DATE else behind
    few = _FEW.search(text)
    before = text[: few.start()] if few else ""
    had = _HAD.search(before)
    noun = _nouns_until(before[: had.start()] if had else before, words)
    is_thing = bool(noun) and kind_of(noun) not in (AnswerType.NUMBER, AnswerType.DATE)
    is_had = had is not None and bool(had.group())
    if is_thing and is_had and not _MONEY_OR_MEASURE.search(unit) and unit not in _ALL_PEOPLE:
        return noun
    return "人" if unit in (*_ALL_PEOPLE, "个人") else ""


def _nouns_from(text: str, at: int, words: Sequence[TaggedWord]) -> str:
    if at < 0:
        return ""
    found = ""
    for word in words:
        if word.end <= at:
            continue
        if word.start < at and not found:
            found = text[at : word.end] if word.tag in NOUN_TAGS else ""
            if not found:
                break
            continue
        if word.text == "的" and not found and word.start == at:
            continue
        is_last = not found and text[at - 1] in "份项件次批期" and not text[word.end :].strip("?。")
        if word.tag not in NOUN_TAGS and word.tag != "vn" and not (word.tag == "v" and is_last):
            break
        if word.tag in ("f", "s", "t"):
            break
        found += word.text
    return found[:16]


def _nouns_until(before: str, words: Sequence[TaggedWord]) -> str:
    """The noun right before, alone: 学校 of 涪城结对的学校."""
    inside = [word for word in words if word.end <= len(before)]
    if not inside or inside[-1].end != len(before.rstrip()):
        return ""
    return inside[-1].text if inside[-1].tag in NOUN_TAGS and len(inside[-1].text) > 1 else ""


def operation_of(text: str, asks: AnswerType, unit: str, counted: str) -> Operation:
    """What is to be done with several values, should no document state the one that is asked for.

    COUNT and SUM of 一共 are a hint only: mostly some sentence states the total.
    """
    if _DIFFERENCE.search(text) and asks in (AnswerType.NUMBER, AnswerType.OTHER):
        return Operation.DIFFERENCE
    if _COMPARE.search(text):
        return Operation.COMPARE
    if asks is not AnswerType.NUMBER:
        return Operation.NONE
    listed = unit in _LISTED and counted not in ("人",) and "第几" not in text
    if _TOGETHER.search(text):
        return Operation.SUM
    if _IN_ALL.search(text):
        return Operation.COUNT if listed else Operation.SUM
    has = re.search(r"(?:有|包括|分为|分成|列了|列出)(?:了|过)?(?:哪)?(?:多少|几)", text)
    return Operation.COUNT if listed and has else Operation.NONE
