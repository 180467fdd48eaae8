"""Units and measure words, in every spelling, and the one they are told by. Converts nothing.

A line is one unit: 公里, 千米 and km are one, 亩 and 公顷 two, 人 and 人次 two.
"""

import re

_TABLE = """
元 块钱 人民币 元人民币 圆 rmb cny
美元 美金 usd
欧元 eur
英镑 gbp
港元 港币 hkd
日元 jpy
人 个人
人次 | 名 | 位 | 户 | 口 | 家 | 所 | 台 | 套 | 件 | 场 | 次 | 期 | 项 | 条 | 本 | 册 | 辆 | 架 | 座
栋 幢
间 | 盏 | 支 | 只 | 头 | 匹 | 棵 | 株 | 门 | 份 | 批 | 轮 | 届 | 组 | 篇 | 部 | 种 | 类 | 处
片 | 级 | 层 | 代 | 岁 | 倍 | 度 | 床 | 张 | 页 | 票 | 个 | 款 | 枚 | 艘 | 例 | 起 | 宗
桩 | 块 | 年级 | 年代 | 世纪
百分点 个百分点
小时 个小时 钟头 个钟头
分钟 | 刻钟
秒 秒钟
天 | 日
周 个星期 星期 个礼拜
月 | 个月 | 年 | 学期 个学期 | 季度
公里 千米 km
米 m
厘米 cm
毫米 mm
里 | 英里 | 英尺 | 英寸 | 海里
平方公里 平方千米 km2 km^2
平方米 平米 m2 m^2
立方米 m3 m^3
公顷 ha
亩
吨 t
公斤 千克 kg
克 g
毫克 mg
斤
升 l
毫升 ml
千瓦时 kwh
千瓦 kw
兆瓦 mw
千伏 kv
千卡 | 千帕 | 千赫
摄氏度 °c
mb | gb | tb
"""
# Behind digits these are plain units (4县); behind numerals they make names and slogans: 一村一幼,
# 三角, 十字.
DIGIT_UNITS = tuple("县市村乡镇省州国校分角字瓦伏")

# A unit is none where it begins another word: 三人民 of 第三人民医院, 一次性.
_NOT_BEFORE = {
    "人": "民大力工口才员",
    "个人": "所信账简客",
    "次": "性",
    "条": "龙件例",
    "部": "分署队门",
    "轮": "车驱",
    "年": "级代龄轻",
    "里": "面边程乡桥坪屯坨河店铺镇村庄街路营塘沟湾",
    "代": "表理",
    "位": "于置",
    "组": "织",
    "口": "号",
    "天": "然气",
    "级": "别",
    "门": "口诊",
    "度": "假",
    "起": "来到点初源草",
    "例": "如",
    "月": "球亮饼光子经薪供",
}


def _read_table() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        for group in line.split("|"):
            first, *others = group.split()
            found[first] = first
            found |= dict.fromkeys(others, first)
    return found


_CANONICAL = _read_table()


def canonical_unit(spelling: str) -> str:
    """The unit in its one spelling; any other word stays as it is."""
    return _CANONICAL.get(spelling, spelling)


def _pattern(unit: str) -> str:
    if unit[-1].isascii():
        return re.escape(unit) + r"(?![a-z\d])"
    follow = _NOT_BEFORE.get(unit, "")
    return f"{unit}(?![{follow}])" if follow else unit


UNIT = "(?:" + "|".join(map(_pattern, sorted(_CANONICAL, key=lambda u: (-len(u), u)))) + ")"
CURRENCIES = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
