"""What 学校, 该村 and 我局 stand for: the name that the document gives elsewhere.

A passage that says only “学校” is found by a question that names the university, because the name
is carried beside it. Knows text, titles and headings; no format, no index.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from indexer.structure.source import PIECE, Source

_MOST_WORDS = 6  # of a name
_LONGEST_NAME = 20
_LEAST_SHARE = 0.5  # of the mentions of its kind, for a name that no heading gives
_HEAD_CHARS = 400
_MOST_KINDS = 2  # of subjects of one passage


@dataclass(frozen=True, slots=True)
class _Kind:
    """Words that stand for something, and how the names of such things end."""

    own: str  # words for what the whole document, or its author, is about
    that: str  # words for what was named last
    endings: str
    bare: str = ""  # as `own`, but a part of many words: 寄宿制学校
    is_place: bool = False

    @property
    def ending(self) -> re.Pattern[str]:
        return _pattern(f"(?:{self.endings})")

    @property
    def last(self) -> frozenset[str]:
        """The characters that an ending may end with."""
        return _last_characters(self.endings)


@cache
def _last_characters(endings: str) -> frozenset[str]:
    return frozenset(each[-1] for each in endings.split("|"))


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _of_place(word: str) -> _Kind:
    return _Kind(f"我{word} 本{word} 全{word}", f"该{word}", word, f"{word}里 {word}上", True)


_KINDS = (
    _Kind("我校 本校 全校", "该校", "大学|学院|中学|小学|学校|党校", "学校"),
    _Kind(
        "我院 本院 全院 院方",
        "该院 该医院",
        "医院|卫生院|保健院|学院|法院|检察院|研究院|科学院",
        "医院",
    ),
    _Kind("我局 本局", "该局", "局"),
    _Kind("我委 本委 委党组", "该委", "委员会|卫健委|发改委|健康委|党委|委"),
    _Kind("我厅 本厅 全厅", "该厅", "厅"),
    _Kind("我办 本办", "该办", "办公室|扶贫办|[外侨台信]办"),
    _Kind("我部 本部", "该部", "部"),
    _Kind("我馆 本馆 全馆", "该馆", "图书馆|博物馆|档案馆|纪念馆|文化馆|馆"),
    _Kind("我所 本所 全所", "该所", "研究所|派出所|事务所|卫生所|管理所|[财税农林]所"),
    _Kind("我中心 本中心", "该中心", "中心"),
    _Kind("我行 本行 全行", "该行", "银行|支行|分行"),
    _Kind("我公司 本公司", "该公司 该企业", "公司|集团", "公司"),
    _Kind("我社 本社", "该社 该合作社", "合作社|出版社|社", "合作社"),
    *map(_of_place, "省州市县区镇乡村"),
    _Kind("我社区 本社区", "该社区", "社区"),
)
_OWN, _THAT, _BARE = range(3)
_STAND_INS = {
    word: (at, role)
    for at, kind in enumerate(_KINDS)
    for role, words in enumerate((kind.own, kind.that, kind.bare))
    for word in words.split()
}
# One search for all of them: passages are many, and most hold none.
_STAND_IN = re.compile("|".join(sorted(_STAND_INS, key=lambda word: (-len(word), word))))


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    name: str


class Subjects:
    """The names of one document, found when a passage asks for them.

    `heads` are what names the document as a whole, the likeliest first: its organisation, title.
    """

    def __init__(self, text: str, heads: Iterable[str]) -> None:
        self._text = text
        self._source = Source(text)
        self._heads = [head for head in heads if head]
        self._found: dict[int, list[_Mention]] = {}
        self._main_names: dict[int, str | None] = {}

    def of(self, start: int, end: int, headings: Sequence[str]) -> str | None:
        """The names that text[start:end] stands in for and does not say itself."""
        names: list[str] = []
        for _, name in self.stand_ins(start, end, headings):
            if name not in names:
                names.append(name)
            if len(names) == _MOST_KINDS:
                break
        return "、".join(names) or None

    def stand_ins(
        self, start: int, end: int, headings: Sequence[str]
    ) -> Iterator[tuple[tuple[int, int], str]]:
        """Where a word of text[start:end] stands for a name that it does not say, and that name.

        The first word of each kind, in order: ((8, 10), 洪都大学) for 学校.
        """
        done: set[int] = set()
        for match in _STAND_IN.finditer(self._text, start, end):
            at, role = _STAND_INS[match.group()]
            if at in done or (role == _BARE and not self._stands_alone(match.start())):
                continue
            done.add(at)
            name = self._last(at, match.start()) if role == _THAT else self._main(at, headings)
            if name and name not in self._text[start:end]:
                yield match.span(), name

    def _stands_alone(self, start: int) -> bool:
        """Not the 学校 of 寄宿制学校: what stands before it is no noun and no measure."""
        from indexer.text.segment import tagged

        before = self._text[max(0, start - _LONGEST_NAME) : start]
        pieces = PIECE.findall(before)
        if not pieces or not before.endswith(pieces[-1]):
            return True
        word, tag = tagged(pieces[-1])[-1]
        return not tag.startswith(_OF_COMPOUNDS) and word not in ("的", "所", "间")

    def _last(self, at: int, start: int) -> str | None:
        """The name of a kind that was told last before `start`."""
        mentions = self._mentions(at)
        before = bisect_left(mentions, start, key=lambda each: each.start)
        return mentions[before - 1].name if before else None

    def _main(self, at: int, headings: Sequence[str]) -> str | None:
        """The name of a kind in the nearest heading or the document's heads, else the main one."""
        for head in (*reversed(headings), *self._heads):
            if name := _in_head(at, head):
                return name
        if at not in self._main_names:
            self._main_names[at] = _main(self._mentions(at))
        return self._main_names[at]

    def _mentions(self, at: int) -> list[_Mention]:
        if at not in self._found:
            self._found[at] = _names(_KINDS[at], self._source)
        return self._found[at]


def names_like(name: str, text: str) -> list[str]:
    """The names in a text that are of the kind of `name`: the villages, if it is a village's."""
    source = Source(text)
    return [
        each.name
        for kind in _KINDS
        if (end := kind.ending.search(name)) is not None and name.endswith(end.group())
        for each in _names(kind, source)
    ]


@lru_cache(maxsize=1024)  # the passages of a section share its headings
def _in_head(at: int, head: str) -> str | None:
    found = _names(_KINDS[at], Source(head))
    return found[-1].name if found else None


def _main(mentions: Sequence[_Mention]) -> str | None:
    """The name that most mentions are of, or the only one near the document's head."""
    if not mentions:
        return None
    counts = Counter(each.name for each in mentions)
    name, times = counts.most_common(1)[0]
    if times >= max(2, _LEAST_SHARE * len(mentions)):
        return name
    near = {each.name for each in mentions if each.start < _HEAD_CHARS}
    return near.pop() if len(near) == 1 and len(counts) == 1 else None


# -- names ----------------------------------------------------------------------------------------

# Parts of speech that a name may be made of; a verb or a function word ends it.
_IN_A_NAME = ("n", "j", "b", "f", "x", "a", "z", "i", "l", "vn", "eng", "m")
_IN_A_PLACE = ("ns", "nr", "nz", "x", "nt")  # more than one word of it
_OF_COMPOUNDS = ("n", "b", "a", "q", "m", "j", "l", "i", "z", "vn", "k", "x", "f", "r", "e")
_NEVER = frozenset(
    "的了在和与及是由到对为向从把被将给让使以其这那该我本全各每某等并或个所同跟位名一"
)


def _names(kind: _Kind, source: Source) -> list[_Mention]:
    """The names of a kind in a text, in order; each as long as the text bears it out."""
    return [
        mention
        for start, piece in source.pieces_with(kind.ending)
        for mention in _in_piece(kind, source, start, piece)
    ]


def _in_piece(kind: _Kind, source: Source, offset: int, piece: str) -> list[_Mention]:
    from indexer.text.segment import tagged

    text = source.text
    words = tagged(piece)
    starts = [offset]
    for word, _ in words:
        starts.append(starts[-1] + len(word))
    found = []
    pattern, last = kind.ending, kind.last
    for at, (word, _) in enumerate(words):
        if word[-1] not in last:
            continue
        ending = pattern.search(word)
        if ending is None or not word.endswith(ending.group()):
            continue
        first = _first_word(source, words, starts, at, _IN_A_PLACE if kind.is_place else _IN_A_NAME)
        if kind.is_place and not _names_a_place(words[first : at + 1]):
            continue
        name = text[starts[first] : starts[at + 1]]
        if len(name) > len(ending.group()) and not _is_general(name, ending.group()):
            found.append(_Mention(starts[first], name))
    return found


def _names_a_place(words: Sequence[tuple[str, str]]) -> bool:
    """农村 and 地区 end like one, and are none; 清水 + 村, 四川省 and 妈姑镇 are."""
    word, tag = words[-1]
    return tag.startswith(("ns", "nr")) or (len(word) == 1 and len(words) > 1) or len(word) > 2


def _first_word(
    source: Source,
    words: Sequence[tuple[str, str]],
    starts: Sequence[int],
    last: int,
    allowed: tuple[str, ...],
) -> int:
    """Where the name that ends with word `last` begins: as far left as it is always so written."""
    if allowed is _IN_A_PLACE and len(words[last][0]) > 1:
        allowed = ("ns",)  # 四川省 is whole: what stands before it is another name
    first = last
    if allowed is _IN_A_PLACE:
        alone = last > 0 and words[last - 1][1].startswith(_IN_A_NAME)
        first, allowed = (last - 1, ("ns", "nr")) if alone else (last, allowed)
    text = source.text
    times = source.times(text[starts[last] : starts[last + 1]])
    while first > max(0, last - _MOST_WORDS + 1):
        word, tag = words[first - 1]
        if not any(char.isalnum() for char in word):
            break
        longer = text[starts[first - 1] : starts[last + 1]]
        if not tag.startswith(allowed) or set(word) & _NEVER or len(longer) > _LONGEST_NAME:
            break
        often = source.times(longer)
        is_start = first == last and len(words[last][0]) <= 2
        if often * 2 < times and not is_start:
            break
        first, times = first - 1, often
    return first


def _is_general(name: str, ending: str) -> bool:
    """一所大学, 贫困村, 卫生院 name nothing; neither does a name with a function word in it."""
    rest = name[: -len(ending)]
    if len(name) < 3 or rest in _GENERAL or set(rest) & _NEVER or _KIND_OF_BODY.search(rest):
        return True
    return bool(_NO_NAME.search(name))


# 归属于上市公司, 其控股子公司: what a body is to another, and no name; 于都县 is one.
_KIND_OF_BODY = re.compile(
    r".于|(?:归属|上市|控股|参股|全资|关联|合营|联营|目标|标的|同行业)$"
    r"|(?:^|控股|参股|全资|下属|所属|各|其)[母子分总]$|^(?:股份)?有限(?:责任)?$"
)
# Words that end like the name of a body or a place.
_NO_NAME = re.compile(
    r"(?:布局|格局|结局|当局|大局|战局|僵局|棋局|时局|政局|分局|内部|外部|全部|局部|[东西南北中]部|干部|总部|俱乐部|门诊部"
    r"|地区|山区|老区|灾区|牧区|郊区|市区|城区|园区|景区|社区|辖区|校区|院区|片区|特区|小区|库区|林区|农村|乡村|山村|新村"
    r"|城市|超市|上市|股市|楼市|房市|夜市|都市|城镇|乡镇|集镇|下乡|家乡|老乡|返乡|故乡|外省|跨省|节省|本省|委托|人社|报社)$"
)
_GENERAL = frozenset(
    (
        *(
            "贫困",
            "深度贫困",
            "帮扶",
            "定点",
            "对口",
            "附属",
            "直属",
            "各级",
            "基层",
            "乡镇",
            "农村",
        ),
        *("全国", "全省", "有关", "相关", "地方", "民办", "公办", "高等", "重点", "中心", "国家级"),
        *("省级", "市级", "县级", "一级", "二级", "三级", "国有", "私立", "公立", "综合", "专科"),
        *("文明", "特色", "移民", "空心", "城中", "工业", "旅游", "度假", "新型", "试点村"),
        *("试点", "示范", "幸福", "美丽", "自然", "行政", "建制", "联系", "受援", "支援", "结对"),
        *(
            "所在",
            "当地",
            "本地",
            "外地",
            "先进",
            "优秀",
            "民族",
            "四好",
            *"新老大小好名两几多近他她你您",
        ),
    )
)
