"""The marks by which a question picks one thing out of many like it: codes, numbers, years, names.

What a document has to hold as well before it can answer: KX-2031-D, C#, 第四十条, 三号楼, 2024年,
《停车办法》, 林书文. A mark is either there or not; how likely a sentence is says nothing of it.
Knows no index.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.numerals import NUMERALS, value_of
from indexer.text.segment import tagged
from service.answer.understand.entities import EntityKind, find_entities
from service.answer.understand.offices import office_asked
from service.answer.understand.parts import asking_sentence, focused
from service.answer.understand.question import AnswerType, Question


class Mark(StrEnum):
    CODE = "code"
    NUMBERED = "numbered"
    YEAR = "year"
    DAY = "day"
    SPAN = "span"
    QUOTED = "quoted"
    NAME = "name"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A mark as the question writes it. `key` is what is compared: of a code its letters and
    figures, of a numbered thing its number, of a year its four figures, of a day its month and day
    (07-26), of a span up to now its number. `unit` is what is numbered
    (条, 号楼), of a person's name PERSON, or "".
    """

    mark: Mark
    written: str
    key: str
    unit: str = ""


PERSON = "人"
_DAY = len("07-26")
_CALLED = re.compile(r"叫(?:什么|啥)")
_HAN = "㐀-鿿"
# KX-2031-D, TH02, A2207, GB/T 19001, C++, .NET; the parts before a hyphen may be Chinese.
_LED_BY = rf"(?:[{_HAN}]{{1,8}}[-_/])*"
_CODE = re.compile(
    rf"{_LED_BY}(?<![a-z0-9])\.?[a-z][a-z0-9]*"
    rf"(?:[-_/.][{_HAN}]{{0,6}}[a-z0-9]+|(?<=[a-z]) \d[a-z0-9]*)*[+#]*"
    rf"|{_LED_BY}(?<![a-z0-9.])\d+(?:[-_/.]?[a-z][a-z0-9]*)(?:[-_/.]?[a-z0-9]+)*[+#]*"
    rf"|(?:[{_HAN}]{{1,8}}[-_])+\d+(?![\d年月日])"
    rf"|(?<![\d.a-z])\d{{2,6}}(?:-\d{{1,6}})+(?![\d年月日:])"
    r"|(?<![\d.,a-z〔\[(-])\d{6,}(?![\d.,]|\s*[元人户名次个米亩吨万亿%])"
)
# SQL Server, MY SQL: in a Chinese question the words side by side are one.
_CODE_OF_WORDS = re.compile(_CODE.pattern.replace(r"(?<=[a-z]) \d", r"(?<=[a-z]) [a-z\d]"))
_LETTER_NUMBER = re.compile(rf"[{_HAN}]{{1,10}}[〔\[(【]\d{{4}}[〕\])】]\s*第?\d+号")
_NUMBER = rf"(?:\d{{1,4}}|[{NUMERALS}]{{1,6}})"
# 第三、四条 and 第一至第五条 are several; 第 may be left out before what is never counted.
_ORDINAL_UNITS = (
    "条|款|章|节|项|点|届|期|批|版|卷|册|集|单元|标段|师|团|小学|中学|医院|车间|分厂|支部"
    "|大队|小队|分队|工区|仓库"
)
_NUMBERED_UNITS = (
    "号(?:楼|线|机组?|库|厅|门|台|院|馆|仓|车|桥|井|炉|柜|棚|泵|厂|坑|地块|仓库|车间|机房|教室|会议室"
    "|食堂|公寓|宿舍)?"
    "|栋|幢|座|单元|年级|班(?!车|次|组|子|级|长)|(?:会议|办公|实验|阅览|值班|教|病|诊)?室|路(?=公|车|[在几的是从]|$)|标段|车间|楼"
)
_JOINT = r"\s*(?:至|到|-|~|—|、|,|和|及|与)\s*"
_NUMBERED = re.compile(
    rf"(?P<first>第)?(?P<values>{_NUMBER}(?:{_JOINT}第?{_NUMBER})*)\s*"
    rf"(?P<unit>(?(first)(?:{_ORDINAL_UNITS}|{_NUMBERED_UNITS})|(?:{_NUMBERED_UNITS}|届|期|标段)))"
)
_RANGE = re.compile(rf"({_NUMBER})\s*(?:至|到|-|~|—)\s*第?({_NUMBER})")
_UNIT_RANGE = re.compile(  # 第一条至第五条
    rf"第?({_NUMBER})([{_HAN}]{{1,3}}?)(?:至|到|-|~|—)第?({_NUMBER})([{_HAN}]{{1,3}}?)"
)
# A line's own number: 三、, (三), 3. of a rule that doesn't write 第三条.
_LINE_NUMBER = re.compile(rf"(?m)^[\s#*>-]*[(]?({_NUMBER})\s*(?:[)、.．]|\s)")
# A chapter's line is its title: 二、将第六条修改为 begins none.
_TITLE_NUMBER = re.compile(rf"{_LINE_NUMBER.pattern}(?=[^,。;:\n]{{1,24}}(?:\n|$))")
_ROW_NUMBER = re.compile(rf"(?:^|\|\s*)(?:序号|编号|项次|项目?号)\s*:\s*({_NUMBER})\s*(?=\||$)")
_BY_LINE = frozenset("条款章节项点")
_TITLED = frozenset("章节")
_BUILDINGS = frozenset(("号楼", "栋", "幢", "座"))
_DATED = re.compile(r"[月年\d]$")
_COUNTED = re.compile(r"(?:多少|共有?|有|占地|建了?|约|近|达|每)$")
_YEAR = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)")
# Up to now: 近3年, 最近一个月. 近三年来 is told in many ways, but never as 近三个月.
_SPAN = re.compile(rf"(?:最?近|过去)的?(?P<n>{_NUMBER})(?P<unit>年|个?月|周|[天日]|个?季度)")
_TITLE = re.compile(r"《([^《》]{2,60})》")
_QUOTED = re.compile(r"(?<![答复说写出])[“\"「『]([^“”\"「」『』]{2,30})[”\"」』]")
_NO_CODE = re.compile(r"(?:km|kg|cm|mm|kw|kwh|mw|mg|ml|ph|pm2\.5|app|vip|ok|q[1-4]|id|h[12])")
_LED = re.compile(
    r"^(?:我想|想)?(?:请问|问一?下|查一?下|查询|请告诉我|知道|了解|那么?|关于|这个|那个)+"
)
# A number behind a word that says when or how many, and so is no code: in 2023, june 2024.
_IS_TIME = re.compile(
    r"[a-z]+ (?:19|20)\d\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]* \d+|"
    r"(?:in|on|of|at|by|to|from|for|than|over|under|about|the|top|first|last|next|past|and|or|all|"
    r"are|is|was|were|has|have|had|least|most|until|since|after|before|every|each|these) \d+[a-z]*"
)
_GRADE = re.compile(r"[a-z]?\d?")
# 全省卫生系统 takes in everybody: documents leave it unsaid.
_ENTIRE = re.compile(r"^(?:[全本各该我]|省直|市直|县直)|系统$")
_GIVEN = ("nr", "nrt", "ns", "nz", "a", "z")
_NO_NAME = re.compile("[哪几谁何每各]|什么|多少|人次|^人[到在去来]")  # the segmenter's slips
# The segmenter takes 龙舟赛 and 红绿灯 for names of persons, as 龙 and 红 may begin one.
_THING = re.compile("[赛灯杯节奖票证费车]$")
_BEFORE_NAME = re.compile(r"^(?:报考|报名|报|考|去|找|读)(?=.{4})")
_BEHIND_NAME = re.compile(r"(?<=..)(?:[外是在]|(?:所属|所在|所有|旗下|下属|下辖|主管|直属).*)$")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单"
    "杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀羊甄曲封芮储靳汲邴糜松井段富巫乌焦巴弓牧山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武"
    "符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边"
    "扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧利师巩聂晁勾敖融冷辛阚那简"
    "饶曾关蒯相查后荆红游竺权逯盖益桓公仉督岳帅肖"
)

# 罗文广哪年出生: who begins a question of a life is a person, whatever the segmenter makes of it.
_PERSON_FIRST = re.compile(
    rf"(?:请问)?([{''.join(sorted(_SURNAMES))}][{_HAN}](?:(?![是在于])[{_HAN}]))(?=(?:先生|女士)?(?:是|在|于)?"
    r"(?:哪一?年|哪一?天|何时|何年|什么时候)?(?:出?生|去世|逝世|病逝|当的?|任|多大|几岁|哪里?人))"
)


def identifiers(question: Question) -> tuple[Identifier, ...]:
    """The marks of a question in the order of their kinds; none twice."""
    folded = focused(question.folded)
    asked = asking_sentence(folded)  # what is quoted before it may be anything
    found = [Identifier(Mark.QUOTED, m[1], m[1]) for m in _TITLE.finditer(asked)]
    found += [Identifier(Mark.QUOTED, m[1], m[1]) for m in _QUOTED.finditer(asked)]
    rest = _blank(_blank(folded, _TITLE), _QUOTED)
    for match in _LETTER_NUMBER.finditer(rest):
        found.append(Identifier(Mark.CODE, match.group(), bare(match.group())))
    rest = _blank(rest, _LETTER_NUMBER)
    is_chinese = re.search(f"[{_HAN}]", folded) is not None
    if is_chinese:
        codes = codes_in(rest, _CODE_OF_WORDS)
    else:  # what is in capitals is mostly a name in its English form, which no Chinese text has
        codes = [
            code
            for code in codes_in(rest)
            if any(sign.isdigit() for sign in code.key) and not _IS_TIME.fullmatch(code.written)
        ]
    found += codes
    for code in codes:
        rest = rest.replace(code.written, " ")
    found += _numbered_of(rest)
    found += [
        year
        for year in _years_of(question)
        if not any(year.key in other.written for other in found)
    ]
    found += _days_of(question)
    found += [
        Identifier(Mark.SPAN, match.group(), key, unit)
        for match in _SPAN.finditer(rest)
        for key, unit in spans_in(match.group())
    ]
    if is_chinese:
        found += _names_of(question, found)
    asks_who = question.asks is AnswerType.PERSON or _CALLED.search(asked) is not None
    if asks_who and (office := office_asked(asked)):
        found.append(Identifier(Mark.OFFICE, office, office))
    return tuple(dict.fromkeys(found))


def codes_in(folded: str, pattern: re.Pattern[str] = _CODE) -> list[Identifier]:
    """The codes and Latin words of a folded text."""
    found = []
    for match in pattern.finditer(folded):
        text = _LED.sub("", match.group().strip())
        key = bare(text)
        if not _NO_CODE.fullmatch(key) and not _GRADE.fullmatch(key):
            found.append(Identifier(Mark.CODE, text, key))
    return found


def bare(code: str) -> str:
    """A code without what is written one way and another: kx2031d of KX-2031-D and KX 2031 D."""
    return re.sub(r"[\s\-_/〔〕\[\]()【】—–]|第(?=\d)", "", code)


def numbers_of(folded: str, unit: str) -> list[tuple[int, frozenset[int]]]:
    """Where things of a unit are numbered in a folded text, and the numbers told there."""
    found = [
        (match.start(), _values(match["values"]))
        for match in _NUMBERED.finditer(folded)
        if is_same_unit(match["unit"], unit) and not _is_counted(folded, match)
    ]
    found += [
        (match.start(), _values(f"{match[1]}至{match[3]}"))
        for match in _UNIT_RANGE.finditer(folded)
        if match[2] == match[4] and is_same_unit(match[2], unit)
    ]
    found += _by_line(folded, unit)
    return sorted(found, key=lambda each: each[0])


def line_numbers(folded: str, unit: str) -> frozenset[int]:
    """The number that a line or a row itself bears: 5 of `5. 公厕` and of `序号：5 | 公厕`."""
    return frozenset(value for _, values in _by_line(folded, unit) for value in values)


def _by_line(folded: str, unit: str) -> list[tuple[int, frozenset[int]]]:
    line = _TITLE_NUMBER if unit in _TITLED else _LINE_NUMBER
    marks = (line, _ROW_NUMBER) if unit in _BY_LINE else ()
    return [(m.start(), _values(m[1])) for mark in marks for m in mark.finditer(folded)]


def is_same_unit(one: str, other: str) -> bool:
    """号 is 号楼 where only one of them says what is numbered."""
    if one in _BUILDINGS and other in _BUILDINGS:
        return True
    if one.endswith("室") and other.endswith("室"):
        return True
    short, long = sorted((one, other), key=len)
    return short == long or (short == "号" and long.startswith("号"))


def _numbered_of(folded: str) -> list[Identifier]:
    return [
        Identifier(Mark.NUMBERED, match.group().strip(), str(value), match["unit"])
        for match in _NUMBERED.finditer(folded)
        if not _is_counted(folded, match)
        for value in sorted(_values(match["values"]))
    ]


def _is_counted(folded: str, match: re.Match[str]) -> bool:
    """Whether it is a quantity (有三栋) or a day (5月3号), and numbers nothing."""
    before = folded[: match.start()]
    if match["first"]:
        return False
    is_day = match["unit"] == "号" and _DATED.search(before) is not None
    return is_day or _COUNTED.search(before) is not None


def _values(written: str) -> frozenset[int]:
    found: set[int] = set()
    for match in _RANGE.finditer(written):
        first, last = (_value(each) for each in match.groups())
        if first is not None and last is not None and 0 <= last - first < 1000:
            found |= set(range(first, last + 1))
    for numeral in re.findall(_NUMBER, written):
        value = _value(numeral)
        if value is not None:
            found.add(value)
    return frozenset(found)


def _value(numeral: str) -> int | None:
    value = value_of(numeral)
    return int(value) if value is not None and value == int(value) else None


def _years_of(question: Question) -> list[Identifier]:
    """The years that a question binds itself to; a span of time has none that must stand there."""
    found = []
    for period in question.periods:
        told = _YEAR.search(period.said) or _YEAR.match(period.start)
        if told is not None and period.start[:4] == period.end[:4] and not period.relative:
            found.append(Identifier(Mark.YEAR, f"{period.start[:4]}年", period.start[:4]))
    return found


def _days_of(question: Question) -> list[Identifier]:
    """The single days that a question names, unless it asks for one."""
    days = [p for p in question.periods if p.start == p.end and len(p.start.lstrip("-")) >= _DAY]
    is_asked = question.asks is AnswerType.DATE
    return [Identifier(Mark.DAY, p.said, p.start[-_DAY:]) for p in days if not is_asked]


def spans_in(folded: str) -> list[tuple[str, str]]:
    """(number, unit) of each span up to now that a folded text tells: (3, 年) of 近三年."""
    found = [(_value(m["n"]), m["unit"].removeprefix("个")) for m in _SPAN.finditer(folded)]
    return [(str(n), "天" if unit == "日" else unit) for n, unit in found if n is not None]


def _names_of(question: Question, known: list[Identifier]) -> list[Identifier]:
    """Persons, places and bodies, where the segmenter is hardly mistaken about them."""
    found = []
    if name := _person_first(question.folded):
        found.append(Identifier(Mark.NAME, name, name, PERSON))
        known = [*known, *found]
    for entity in find_entities(question.folded):
        name = _whole_name(entity.text)
        if any(name in other.written or other.written in name for other in known):
            continue
        is_person = entity.kind is EntityKind.PERSON and (
            "·" in name or (len(name) == 3 and name[0] in _SURNAMES and not _THING.search(name))
        )
        is_body = entity.kind in (EntityKind.PLACE, EntityKind.ORGANISATION) and len(name) > 2
        is_counted = question.folded[: entity.start][-1:] in (*NUMERALS, *"0123456789")
        is_kept = not is_counted and not _NO_NAME.search(name) and not _ENTIRE.search(name)
        if (is_person or is_body) and is_kept:
            unit = PERSON if is_person else ""
            found.append(Identifier(Mark.NAME, name, name, unit))
    return found


def _whole_name(found: str) -> str:
    """A name without what the segmenter took for its beginning or end: 报松岭实验小学, 陈黄穗外,
    伊藤加奈惠所属公司.
    """
    return _BEHIND_NAME.sub("", _BEFORE_NAME.sub("", found))


def _person_first(folded: str) -> str:
    """The person with whom a question begins, "" where none is; 林|怀远 is cut in two, as 怀远 is
    known and 林怀远 isn't.
    """
    if (led := _PERSON_FIRST.match(folded)) is not None:
        return "" if _ENTIRE.search(led[1]) else led[1]
    words = [*tagged(folded.removeprefix("请问")), ("", ""), ("", "")]
    (surname, used_as), (given, tag), *_ = words
    is_name = surname in _SURNAMES and len(given) == 2 and tag in _GIVEN
    is_name = is_name and used_as not in ("v", "p", "c")  # 包|马来|粽
    return surname + given if is_name and not _ENTIRE.search(surname) else ""


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)
