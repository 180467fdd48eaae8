"""Who wrote or published a document, from its bylines and signatures; persons told from bodies.

Knows lines of text alone. What is returned is as the source writes it.
"""

import re
from collections.abc import Iterator, Sequence

from indexer.files.lines import Line
from indexer.files.metadata.dates import is_date_alone, parse_date, without_date
from indexer.text.normalise import fold

_HEAD_LINES = 8
_TAIL_LINES = 8
_LONGEST_BYLINE = 100
_LONGEST_NAME = 30

_AUTHOR = re.compile(r"(?:^|[\s(（])(?:作者|撰稿|文|供稿人)\s*[:：]\s*([^\s:：)）]{2,20})")
_BEFORE = r"(?:^|[\s(（【\[|｜/])"
# What stands behind these published the text, whatever it is called.
_SOURCE = re.compile(
    _BEFORE + r"(?:文章|稿件|信息|資訊|新闻|新聞|内容|內容|资料|資料|本文|消息)?"
    r"(?:来源|來源|出处|出處)\s*[:：]\s*(\S.*)"
)
# Behind these a person may stand as well.
_BODY = re.compile(
    _BEFORE + r"(?:供稿(?:单位|單位|部门|部門)?|撰稿(?:单位|單位)?|作者(?:单位|單位)?|文"
    r"|(?:发布|發布|發佈|公布|公佈)(?:机构|機構|机关|機關|单位|單位|部门|部門|者)?"
    r"|(?:发文|發文|成文|印发|印發|制发|製發|报送|報送|制表|製表|填报|填報|编制|編製)"
    r"(?:机构|機構|机关|機關|单位|單位|部门|部門)|(?:编印|編印|主办单位|主辦單位))\s*[:：]\s*(\S.*)"
)
_VALUE_END = re.compile(
    r"[|｜\t\u3000;；,，。(（【\[《]|\s{2,}|\s+(?=\S{1,8}?\s*[:：])|\s*(?=(?:19|20)\d\d\s*[-年./])"
    r"|\s*(?:点击|點擊|浏览|瀏覽|阅读|閱讀|访问|訪問|字号|字號|字体|分享|打印|列印)"
)
_CLOSING = " \t\"'”’」』）)】]>》-—·"
_NOBODY = re.compile(
    r"本站.*|本网.*|本網.*|本报.*|本報.*|本刊.*|原创|原創|转载.*|轉載.*|网络.*|網絡.*|網路.*"
    r"|互联网.*|網際網路|综合.*|綜合.*|.*整理|未知|不详|不詳|无|無|其他|其它|见.*|見.*|根据.*|佚名|匿名"
    r"|.*(?:发言|發言|讲话|講話|会议|會議|计划|計劃|部分|报告|報告|文件|通知|方案|日志|日誌|记录|記錄|汇编|彙編|台账)"
    r"|admin.*|公开.*|媒体|各.*|某.{0,3}|.*://.*|www\..*|.*@.*|[\W\d_]*",
    re.IGNORECASE,
)

_ENDS_LONG = (
    "大学|大學|学院|學院|学校|學校|中学|中學|小学|小學|幼儿园|幼兒園|医院|醫院|卫生院|衛生院|疾控中心"
    "|委员会|委員會|办公室|辦公室|中心|政府|人大|政协|政協|法院|检察院|檢察院|公司|集团|集團|银行|銀行"
    "|协会|協會|学会|學會|联合会|聯合會|基金会|基金會|研究院|研究所|出版社|杂志|雜誌|日报|日報|晚报|晚報"
    "|早报|早報|时报|時報|周刊|週刊|周报|电视台|電視台|广播台|频道|頻道|客户端|客戶端|公众号|公眾號"
    "|党委|黨委|党组|黨組|团委|團委|党办|校办|院办|工会|工會|支部|村委会|居委会|社区|社區|街道|机关|機關"
    "|工作队|工作隊|工作组|工作組|档案组|宣传组|在线|頭條|头条|联盟|聯盟"
)
_ENDS_SHORT = "局委办辦厅廳部处處科院所站报報网網社台会會组組队隊馆館团團厂廠"
_ENDS_PLACE = "镇鎮乡鄉县縣市省区區州村"
_BODY_NAME = re.compile(rf"(?:.*(?:{_ENDS_LONG})|.{{2,}}[{_ENDS_SHORT}])$")
_PLACE_NAME = re.compile(rf".{{1,10}}[{_ENDS_PLACE}]$")
_LATIN_BODY = re.compile(
    r".*\b(?:universit\w*|institute?|college|school|hospital|ministry|bureau|agency|office|committee"
    r"|department|council|commission|cent(?:er|re)|association|foundation|company|corporation|corp"
    r"|inc|ltd|group|bank|news|times|daily|post|press|government|court)\b\.?.*",
    re.IGNORECASE,
)
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾萧肖田董潘袁蔡"
    "蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈姜崔钟鐘谭譚陆陸汪范石廖贾賈韦韋夏付傅方白邹鄒孟熊秦邱侯江尹薛阎閻"
    "段雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯康易乔喬赖賴文"
)
_PERSON = re.compile(r"[㐀-鿿]{2,4}(?:[\s、，,·]+[㐀-鿿]{2,4})*")
_SENTENCE = re.compile(r"[。！？!?；;，,：:“”\"]")


def is_organisation(name: str) -> bool:
    """Whether a name is that of a body by what it ends in: 组织部, 复旦大学, 永平县."""
    name = name.strip()
    if not 2 <= len(name) <= 2 * _LONGEST_NAME or _SENTENCE.search(name) or _NOBODY.fullmatch(name):
        return False
    return bool(_BODY_NAME.match(name) or _PLACE_NAME.match(name) or _LATIN_BODY.match(name))


def is_person(name: str) -> bool:
    """Whether it is one or more Chinese names of persons."""
    if is_organisation(name) or not _PERSON.fullmatch(name.strip()):
        return False
    return all(part[0] in _SURNAMES for part in re.split(r"[\s、，,·]+", name.strip()))


def find_author(lines: Sequence[Line]) -> str | None:
    """A name behind 作者 or 文 in a byline or a credit line."""
    for line in (*lines[:_HEAD_LINES], *lines[-_HEAD_LINES:]):
        found = _AUTHOR.search(line.text) if len(line.text) <= 80 else None
        if found:
            return found[1].strip("）)】]")
    return None


def find_organisation(lines: Sequence[Line]) -> str | None:
    """The body named in a byline at the head or a credit at the end, else the one that signed."""
    head, tail = lines[:_HEAD_LINES], lines[max(_HEAD_LINES, len(lines) - _TAIL_LINES) :]
    for line in (*head, *tail):
        if len(line.text) <= _LONGEST_BYLINE:
            found = next(_labelled(line.text), None)
            if found:
                return found
    for line in head:
        found = _beside_a_date(line.text)
        if found:
            return found
    return _signature(lines[max(0, len(lines) - _TAIL_LINES) :])


def tidy_organisation(value: str) -> str | None:
    """The name in what a field for the source holds, without dates, counts and closing brackets."""
    value = value.strip()
    end = _VALUE_END.search(value, 1)
    name = _first_names(value[: end.start()] if end else value).strip(_CLOSING)
    if not 2 <= len(name) <= _LONGEST_NAME or _NOBODY.fullmatch(name) or is_person(name):
        return None
    return name


def _labelled(text: str) -> Iterator[str]:
    for pattern, any_name in ((_SOURCE, True), (_BODY, False)):
        for match in pattern.finditer(text):
            name = tidy_organisation(match[1])
            if name and (any_name or is_organisation(name)):
                yield name


def _first_names(value: str) -> str:
    """The first word, and those behind it that belong to it: 组织部 宣传部, Fudan University."""
    words = re.split(r"(\s+)", value)
    kept = words[0]
    for space, word in zip(words[1::2], words[2::2], strict=False):
        if not (is_organisation(word) or (word.isascii() and kept.isascii())):
            break
        kept += space + word
    return kept


def _beside_a_date(text: str) -> str | None:
    """A line that is the name of a body and a date, and nothing else."""
    if len(text) > 2 * _LONGEST_NAME or not parse_date(text):
        return None
    rest = without_date(text).strip(_CLOSING + "\u3000,，、|(（[【")
    is_name = 3 <= len(rest) <= _LONGEST_NAME and not re.search(r"[\s()（）]", rest)
    return rest if is_name and _BODY_NAME.match(rest) and not _NOBODY.fullmatch(rest) else None


def _signature(tail: Sequence[Line]) -> str | None:
    """A body alone on its line above a date line, or in brackets: （省卫生健康委）."""
    for at, line in reversed(list(enumerate(tail))):
        text = line.text
        bare = text.strip("()（）[]【】 ")
        if len(bare) > _LONGEST_NAME or not _BODY_NAME.match(bare) or _SENTENCE.search(bare):
            continue
        in_brackets = len(bare) < len(text) and text[0] in "(（[【" and text[-1] in ")）]】"
        dated = at + 1 < len(tail) and is_date_alone(fold(tail[at + 1].text))
        if (in_brackets or dated) and not _NOBODY.fullmatch(bare):
            return bare
    return None
