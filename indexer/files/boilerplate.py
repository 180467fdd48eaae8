"""Lines that are a page's furniture, not its content: navigation, rankings, footers, credits.

For text that was saved from the web without its markup. Conservative: a stretch is left out only
where its own words say what it is (阅读排行, 免责声明, 版权所有); whatever may be a sentence
of the body stays. Knows lines of text alone, no format.
"""

import re
from collections.abc import Sequence

from indexer.files.lines import Line, is_body
from indexer.records import LeftOut, LeftOutReason

_MOST_TITLES = 20  # a longer list of short lines is content
_LONGEST_TITLE = 120
_HEAD_LINES = 6  # navigation is looked for in so many lines at the start

_BREADCRUMB = re.compile(r"(您?(的|现在的?|当前的?|所在)?位置|当前(的|所在)?位置|你的位置)\s*[:：]")
_NAVIGATION = re.compile(
    r"设为首页|加入收藏|返回首页|网站首页|网站地图|无障碍浏览|[|｜·>-]\s*首页|首页\s*[|｜·>-]"
)
_SEPARATED = re.compile(r"\S\s*[|｜]\s*\S.*[|｜]")
_RANKING = re.compile(
    r"[【\[]?(阅读|点击|浏览|热门|文章|新闻|本周|本月|今日|一周|24小时)?(点击)?(排行榜?|热点|热文)"
    r"[】\]]?[:：]?$"
    r"|[【\[]?(内容|热门|相关|精彩|编辑|猜你喜欢|更多)(推荐|新闻|阅读|文章|链接|报道|内容|资讯)"
    r"[】\]]?[:：]?$"
    r"|[【\[]?(推荐阅读|猜你喜欢|延伸阅读|最新(文章|新闻|资讯|动态))[】\]]?[:：]?$"
)
_NEIGHBOUR = re.compile(r"[<《]?(上一篇|下一篇|上一条|下一条)\s*[:：]")
_LIST_ITEM = re.compile(r"([\d①-⑳]+\s*[.、．)）]?|[·•●◆▪■*-])\s*\S")
_SHARING = re.compile(r"(点赞|收藏|分享到|转发到|扫一扫|打印本页|关闭窗口|【?字体[:：])")
_FOOTER = re.compile(
    r"版权所有|[A-Za-z京沪粤川蜀浙苏鲁豫皖湘鄂闽赣辽吉黑冀晋蒙陕甘宁青新藏云贵桂琼津渝某]ICP|ICP[备证]|公网安备"
    r"|copyright|©|all rights reserved|网站标识码|^mail to\s*[:：]",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(r"[【\[]?(免责|版权|特别|法律|郑重)声明[】\]]?\s*([:：]|$)")
_DISCLAIMING = re.compile(r"本网|本站|版权|转载|侵权|稿件|授权|文责|立场|不代表")
_CREDIT = re.compile(
    r"[(（【\[]?\s*(稿件|文章|信息)?(来源|文|图|图文|图/文|文/图|编辑|责任编辑|责编|校对|审核|监制|作者|摄影"
    r"|撰稿|供稿|初审|复审|终审|排版|主编|编审|值班编辑|图片|视频|制图)\s*[:：/丨|]\s*\S.{0,30}$"
)


def find_boilerplate(lines: Sequence[Line]) -> tuple[LeftOut, ...]:
    """The stretches to leave out, in order. `lines` are a document's non-empty lines."""
    bodies = [at for at, line in enumerate(lines) if is_body(line.text) and not _is_furniture(line)]
    if not bodies:
        return ()  # no prose to tell furniture from: a list, a table, a form
    reasons: dict[int, LeftOutReason] = {}
    for at, line in enumerate(lines[: min(_HEAD_LINES, bodies[0])]):
        if _is_navigation(line.text):
            reasons[at] = LeftOutReason.NAVIGATION
    _mark_rankings(lines, reasons)
    _mark_disclaimers(lines, reasons)
    _mark_tail(lines, bodies, reasons)
    return _merge(lines, reasons)


def _is_navigation(text: str) -> bool:
    return len(text) <= 120 and bool(_BREADCRUMB.match(text) or _NAVIGATION.search(text))


def _is_furniture(line: Line) -> bool:
    return bool(
        _FOOTER.search(line.text) or _DISCLAIMER.match(line.text) or _is_navigation(line.text)
    )


def _mark_rankings(lines: Sequence[Line], reasons: dict[int, LeftOutReason]) -> None:
    """A ranking's heading and the titles below it, up to the next line of prose."""
    left = 0  # titles that may still follow
    for at, line in enumerate(lines):
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        if _RANKING.match(line.text) and (_is_listed(following) or left):
            left = _MOST_TITLES + 1
        elif not _is_listed(line.text):
            left = 0
        if left or _NEIGHBOUR.match(line.text):
            reasons[at] = LeftOutReason.RANKING
        left = max(0, left - 1)


def _is_listed(text: str) -> bool:
    """Whether a line may be a title in a ranking; prose, disclaimers and footers are none."""
    if len(text) > _LONGEST_TITLE or _DISCLAIMER.match(text) or _FOOTER.search(text):
        return False
    return bool(_LIST_ITEM.match(text)) or not is_body(text)


def _mark_disclaimers(lines: Sequence[Line], reasons: dict[int, LeftOutReason]) -> None:
    inside = False
    for at, line in enumerate(lines):
        if at * 2 > len(lines) and _DISCLAIMER.match(line.text):
            alone = len(line.text) <= 8
            following = lines[at + 1].text if at + 1 < len(lines) else ""
            inside = bool(_DISCLAIMING.search(following if alone else line.text))
        elif inside:
            inside = bool(_DISCLAIMING.search(line.text))
        if inside:
            reasons.setdefault(at, LeftOutReason.DISCLAIMER)


def _mark_tail(
    lines: Sequence[Line], bodies: Sequence[int], reasons: dict[int, LeftOutReason]
) -> None:
    """Footer, credits and buttons behind the last line of prose."""
    last_body = max((at for at in bodies if at not in reasons), default=-1)
    in_footer = False
    for at in range(last_body + 1, len(lines)):
        text = lines[at].text
        in_footer = in_footer or bool(_FOOTER.search(text))
        if in_footer:
            reasons[at] = LeftOutReason.FOOTER
        elif _SEPARATED.search(text) and at + 3 >= len(lines):
            reasons[at] = LeftOutReason.NAVIGATION
        elif _CREDIT.match(text):
            reasons.setdefault(at, LeftOutReason.CREDITS)
        elif _SHARING.match(text):
            reasons.setdefault(at, LeftOutReason.NAVIGATION)


def _merge(lines: Sequence[Line], reasons: dict[int, LeftOutReason]) -> tuple[LeftOut, ...]:
    """Neighbouring lines of one reason as one stretch."""
    merged: list[LeftOut] = []
    last = -2
    for at in sorted(reasons):
        line = lines[at]
        if merged and at == last + 1 and merged[-1].reason is reasons[at]:
            merged[-1] = LeftOut(merged[-1].start, line.end, reasons[at])
        else:
            merged.append(LeftOut(line.start, line.end, reasons[at]))
        last = at
    return tuple(merged)
