"""Forms: labels with their values beside them, read pair by pair. Knows no format.

`姓名 | 周岚 | 年龄 | 34` becomes `姓名：周岚 | 年龄：34`. A blank value is written `民族：（空）`,
so that it can't shift a neighbour's value. Each row repeats whose form it is. A table whose first
row heads its columns is no form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.files.readers.tables import Row, is_figure, is_year, row_text
from indexer.records import BLANK_CELL

_LONGEST_LABEL = 16
_LONGEST_ENDING = 10  # of a label that is told by its last word alone
_HEAD_ROWS = 3  # in which it says whose form it is
_FORM_ROWS = 0.6  # of the rows are pairs, if it is a form
_LEAST_HEADINGS = 3  # labels side by side that head the columns of a table within the form

_MEASURE = re.compile(r".{0,10}([数數额額率量价價费費值比]|金额|金額|时长)\s*([(（].*[)）])?$")
_OF_TIME = re.compile(r"[年月日期时時]|date|year", re.IGNORECASE)
_STOPS = re.compile(r"[。！？；!?;]$")
_LETTER = re.compile(r"[^\W\d_]")
_REMARK = re.compile(r"\s*[(（][^()（）]*[)）]$")  # 申请单位（盖章）
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")  # 姓  名, set wide
LABEL = re.compile(
    r"(序号|编号|代码|姓名|名称|项目|内容|类别|类型|性质|指标|单位|部门|单位名称|科室|学院|专业|班级|职务|职称|岗位"
    r"|性别|民族|籍贯|出生(日期|年月|地)?|年龄|学历|学位|政治面貌|身份证号?码?|(联系)?(电话|方式|人)|手机|邮箱|地址|住址"
    r"|(工作)?单位|(所在)?(地区|省份|市州|县区?|乡镇|村)|县市区?|时间|日期|年份|月份|地点|金额|数量|单价|合计|总计"
    r"|规格|型号|用途|来源|形式|方式|责任人|负责人|负责单位|牵头单位|受赠方|措施|目标|进度|状态|结果|说明|备注|附注"
    r"|标题|题目|作者|问题|答案|no\.?|name|date|type|item|amount|total|remarks?|notes?|title|unit"
    r"|數量|金額|單價|單位|部門|單位名稱|名稱|姓名|編號|序號|類別|類型|性別|年齡|學歷|職務|職稱|電話|時間|地點|備註|說明"
    r"|数值|数据|具体内容|本期|上期|本年|上年|期初|期末|value|description|details?|department|position)"
    r"\s*([(（].*[)）])?$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r".*(姓名|称谓|稱謂|名称|名稱|编号|編號|工号|工號|学号|學號|证号|账号|帳號|号码|號碼|型号|型號|日期|时间|時間|年月|年份|龄|齡|地址|地点|地點"
    r"|电话|電話|手机|邮编|邮箱|学历|學歷|学位|职务|職務|职称|职业|籍贯|面貌|状况|情况|類別|类别|类型|等级|方式|单位|單位"
    r"|部门|部門|院校|专业|关系|[负責责]人|经办人|联系人|聯繫人|保管人|申请人|申請人|代表人|审批人|理由|事由|意见|备注"
    r"|身高|体重|血型|健康|婚否|特长|爱好|简历|国籍|宗教|法人|name|date|number|no\.?|phone|e-?mail|address|gender|sex|age)$",
    re.IGNORECASE,
)
_NAMES_ONE = re.compile(
    r"(.*(姓名|名[称稱]|户主|戶主|申请人|申請人|当事人|患者|员工)|((full|company|staff) )?name)$",
    re.IGNORECASE,
)


def label_of(text: str) -> str:
    """A label's words without the colon behind it and the blanks that set it wide."""
    return _BETWEEN_HAN.sub("", text).rstrip("：: ")


def is_label(text: str) -> bool:
    """Whether a cell says by itself that it is a label: by a colon, or by its words."""
    if not _may_be_label(text):
        return False
    bare = label_of(text)
    if bare != _BETWEEN_HAN.sub("", text).rstrip():
        return True
    bare = _REMARK.sub("", bare)
    return bool(LABEL.match(bare)) or (len(bare) <= _LONGEST_ENDING and bool(_ENDING.match(bare)))


def _may_be_label(text: str) -> bool:
    if len(text) > 2 * _LONGEST_LABEL:
        return False
    bare = label_of(text)
    return (
        0 < len(bare) <= _LONGEST_LABEL
        and not is_figure(bare)
        and not _STOPS.search(text)
        and bool(_LETTER.search(bare))
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A row as (label, value) pairs. `aside`: the cell before or behind them, if there is one."""

    pairs: tuple[tuple[str, str], ...]
    aside: str = ""

    @property
    def told(self) -> int:
        return sum(is_label(label) for label, _ in self.pairs)

    @property
    def mistaken(self) -> int:
        """How many values look like labels themselves."""
        return sum(is_label(value) for _, value in self.pairs)

    @property
    def is_sound(self) -> bool:
        """Most labels are told as such or by figures beside them; few values could be labels."""
        if not self.pairs or not all(_may_be_label(label) for label, _ in self.pairs):
            return False
        if len(self.pairs) > 1 and all(is_figure(value) for _, value in self.pairs):
            return True
        if self.told == len(self.pairs):
            return self.mistaken < len(self.pairs)  # 职务 | 负责人 among others
        return self.told * 2 >= len(self.pairs) and self.mistaken * 2 < len(self.pairs)

    @property
    def is_fair(self) -> bool:
        """In a form they are read as pairs, though no label is told as such: 范围 | 全县."""
        return (
            bool(self.pairs)
            and not self.mistaken
            and all(_may_be_label(label) for label, _ in self.pairs)
        )


def _own(row: Row) -> list[str]:
    return [cell.text for cell in row if not cell.across]


def _pairs(row: Row, beside: Sequence[Row]) -> _Pairs:
    """The pairs of a row; `beside` are the rows above and below, with which it may share a cell."""
    cells = _own(row)
    if len(cells) % 2 == 0:
        return _paired(cells, "")
    shared_first = any(other and other[0].text == cells[0] for other in beside)
    shared_last = any(other and other[-1].text == cells[-1] for other in beside)
    if shared_first and cells[0]:
        return _paired(cells[1:], cells[0])
    if not cells[-1] or shared_last:
        return _paired(cells[:-1], cells[-1])
    return _Pairs(())


def _paired(cells: Sequence[str], aside: str) -> _Pairs:
    found = zip(cells[::2], cells[1::2], strict=True)
    return _Pairs(tuple((label, value) for label, value in found if label or value), aside)


def is_form(rows: Sequence[Row]) -> bool:
    """Whether pairs of label and value make up the rows, the first one among them."""
    return _form(rows) is not None


def _form(rows: Sequence[Row]) -> list[Row] | None:
    """The rows of a form, as they are or without columns that are blank; None for no form."""
    for grid in (list(rows), _without_blank_columns(rows)):
        kept = [row for row in grid if len(_own(row)) > 1 and any(cell.text for cell in row)]
        if not kept or not _pairs(kept[0], kept[1:2]).is_sound:
            continue
        read = [_pairs(row, _beside(kept, at)) for at, row in enumerate(kept)]
        sound = [pairs for pairs in read if pairs.is_sound]
        if len(kept) == 1:
            if len(read[0].pairs) > 1 and read[0].told == len(read[0].pairs):
                return grid
        elif not _is_headed(kept):
            judged = len(kept) - _within(kept, read)
            if len(sound) > 1 and len(sound) >= judged * _FORM_ROWS:
                return grid
    return None


def _within(rows: Sequence[Row], read: Sequence[_Pairs]) -> int:
    """How many rows belong to tables within the form."""
    count, inside = 0, False
    for at, row in enumerate(rows):
        heads = _are_headings(row, _beside(rows, at))
        inside = heads or (inside and not read[at].is_sound)
        count += inside
    return count


def _without_blank_columns(rows: Sequence[Row]) -> list[Row]:
    filled = {at for row in rows for at, cell in enumerate(row) if cell.text and not cell.across}
    return [[cell for at, cell in enumerate(row) if at in filled] for row in rows]


def _is_headed(rows: Sequence[Row]) -> bool:
    """Whether the first row heads columns of figures: 指标 | 2022年, or 部门 | 人数."""
    first, body = rows[0], rows[1:]
    starts = [at for at, cell in enumerate(first) if not cell.across]
    heads = [at for at in starts if _MEASURE.match(first[at].text)]
    if len(starts) > 2:
        heads += [at for at in starts if is_label(first[at].text)]
    elif not _OF_TIME.search(first[0].text):  # 出生年份 | 1990 is a pair
        heads += [at for at in starts if is_year(first[at].text)]
    below = [
        [row[at].text for row in body if at < len(row) and row[at].text and not row[at].across]
        for at in heads
    ]
    return any(texts and all(map(is_figure, texts)) for texts in below)


def _beside(rows: Sequence[Row], at: int) -> list[Row]:
    return [rows[n] for n in (at - 1, at + 1) if 0 <= n < len(rows)]


def form_lines(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Each row of a form by its position, with its line: `label：value | label：value`.

    Labels side by side head a table within the form, which is read as one. What fits neither way
    stands without labels: a wrong one is worse than none.
    """
    rows = _form(rows) or rows
    subject = _subject(rows)
    columns = _label_columns(rows)
    names: list[str] = []
    for at, row in enumerate(rows):
        beside = _beside(rows, at)
        pairs = _pairs(row, beside)
        if not pairs.is_sound:
            pairs = _by_columns(row, columns) or pairs
        if _are_headings(row, beside):
            names = [label_of(cell.text) for cell in row]
            if any(other[:1] == row[:1] for other in beside):  # what the table lists: 家庭成员
                names[1] = " ".join(filter(None, (subject[1], names[0], names[1])))
            if at + 1 < len(rows) and not _pairs(rows[at + 1], [row]).is_sound:
                continue
        elif pairs.is_sound or (pairs.is_fair and not names):
            names = []
            line = _pair_line(pairs, subject)
            is_told = is_label(pairs.aside) or (at > 0 and _holds(rows[at - 1], pairs.aside))
            yield at, line if is_told or not pairs.aside else f"{pairs.aside} | {line}"
            continue
        elif len(_own(row)) == 1:
            names = []  # a part of the form begins
        elif len(names) == len(row):
            below = zip(names, row, strict=True)
            own = ["" if cell.across or cell.text == name else cell.text for name, cell in below]
            yield at, row_text(names, own)
            continue
        if any(cell.text for cell in row):
            yield at, row_text([], [text for text in _own(row) if text])


def _pair_line(pairs: _Pairs, subject: tuple[str, str]) -> str:
    told = [(label_of(label), value) for label, value in pairs.pairs]
    if subject[1] and all(label != subject[0] for label, _ in told):
        told.insert(0, subject)
    return row_text([label for label, _ in told], [value or BLANK_CELL for _, value in told])


def _label_columns(rows: Sequence[Row]) -> frozenset[int]:
    """Where the labels stand in the rows that are read as pairs."""
    found: set[int] = set()
    for at, row in enumerate(rows):
        pairs = _pairs(row, _beside(rows, at))
        if pairs.is_sound:
            labels = {label for label, _ in pairs.pairs}
            found |= {column for column, cell in enumerate(row) if cell.text in labels}
    return frozenset(found)


def _by_columns(row: Row, columns: frozenset[int]) -> _Pairs | None:
    """A row whose labels stand where those of other rows do, with blanks beside its values."""
    pairs: list[tuple[str, str]] = []
    for column, cell in enumerate(row):
        if cell.across or not cell.text:
            continue
        if is_label(cell.text) and column in columns:
            pairs.append((cell.text, ""))
        elif not pairs or pairs[-1][1] or column in columns:
            return None
        else:
            pairs[-1] = (pairs[-1][0], cell.text)
    found = _Pairs(tuple(pairs))
    return found if found.is_sound else None


def _subject(rows: Sequence[Row]) -> tuple[str, str]:
    """The label and name that say whose form it is, at its head; empty where nothing does."""
    for at, row in enumerate(rows[:_HEAD_ROWS]):
        pairs = _pairs(row, _beside(rows, at))
        for label, value in pairs.pairs if pairs.is_sound else ():
            bare = label_of(label)
            if _NAMES_ONE.match(bare) and any(map(str.isalpha, value)) and not is_label(value):
                return bare, value
    return "", ""


def _holds(row: Row, text: str) -> bool:
    return any(cell.text == text for cell in row)


def _are_headings(row: Row, beside: Sequence[Row]) -> bool:
    """Whether labels stand side by side, but for a first cell that the row shares."""
    cells = _own(row)
    if cells and any(other and other[0].text == cells[0] for other in beside):
        cells = cells[1:]
    if len(cells) < _LEAST_HEADINGS or not all(cells):
        return False
    return all(map(_may_be_label, cells)) and all(
        is_label(a) and is_label(b) for a, b in pairwise(cells)
    )
