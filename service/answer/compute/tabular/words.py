"""Words that a question has of its own, and words for the same thing. Knows no table."""

import re
from functools import cache

from indexer.text.segment import tagged
from indexer.text.synonyms import synonyms

ALONE = (
    "中比过出上下个名位人家件项次场种类条份笔批张台年月日号元钱万亿"
    "共等所占分属来去本各每叫收时样多少才费"
)
"""Signs that say nothing where they stand alone; 高 of 高中 says a lot."""

MEASURES = frozenset(
    "个项家次回场种类样条份件期届批门名位人笔所座处站部本篇张路线栋层款"
    "天班间台趟辆架艘只头匹户棵株口支枚幅"
)
"""What is counted in, where it stands behind 几, 多少 or 哪."""

CHOOSING_VERBS = "死坏丢退病废停缺空满剩欠漏败胜赢输错离伤"
"""Verbs of one sign that tell some of the things of a table from others."""

LIGHT_VERBS = "养种管交上开进住修读教放装设配坐走跑需打当拿做记看登踢演讲备发领招办出带"
"""Verbs of one sign that say what everybody does with the things of a table."""

LIGHT = re.compile(
    r"请问|请|麻烦|告诉我|帮我|我想知道|想问|问一下|查一下|查查|看看|算一下|算算|统计一下|表[中里内上]?|表格|名单|清单|一览|登记|列出|列举|目前|现在|现|当前|"
    r"东西|物品|收到|得到|获得|接受|进行|举办|举行|开展|组织|完成|实施|安排|生产|卖出|售出|销售|采购|购买|购置|发放|发生|使用|花费|花|买|卖|办|做|用掉|用了|用|搞|开|产|"
    r"各个?|每[个家笔科人]?|所有|"
    r"全部|全体|全[区县市镇乡村校院厂馆]|这些|那些|一起|数量|数目|数额|金额|[台人户件辆次份]数|正在|里面|里边|总|共|分别|大概|大约|到底|究竟|"
    r"超过|达到|达|比较|相比|之间|当中|其中|中有|"
    r"全年|整年|(?<!第)一(?:年|周|个?月|天|瓶|斤|公斤|吨|亩|盒|袋|箱|包)|当年|当月|年度|年份|月份|季度|年版|"
    r"(?<=[ ])个人|还有|多少|哪[一几]?[个些家种类]*|"
    r"谁|什么|怎么|[几两二三四五六七八九十](?=[个家所项条名位样种科])|几|"
    r"[的了是有在里内为和与及跟同或于由给从到对把被就都呢吗啊吧么呀地得着之该那这只会能要又也]|"
    rf"[{ALONE}]|"
    r"\b(?:the|of|in|is|was|are|were|for|and|a|an|what|which|how|many|much|has|have|had|there|did|do|does|all|number|people|by|with|to|on|at|as|than|between|year|month|from|who|whose|when|where|it|its|their|our|we|be|been|that|this|list|show|tell|me|please|together|each|every|any|kinds?|total|items?|things?|name|s)\b"
)
"""What asks, joins, or points at a table as a whole, and verbs of having and making."""

# Characters that are typed for one another. Each pair reads or looks the same.
_TYPED = str.maketrans("帐歺藉嬴帖象", "账餐籍赢贴像")

_GROUPS = (
    "入职 进校 来校 到校 入校 进厂 来厂 进馆 到岗 参加工作 入馆 到馆 joined hired",
    "入藏 收藏 入馆 收进来 收进 进馆 征集 acquired",
    "末班 收班 收车 最后一班 末班车 尾班",
    "首班 头班 头班车 首班车 发车 早班 第一班",
    "职称 评上",
    "支出 花了 花掉 花费 花钱 花 用了 开支 成本 费用",
    "金额 多少钱 花了 花 支出 金额 款",
    "收入 进账 收了 挣了 卖了",
    "应收 该收 应缴 应交",
    "实收 收到 收了 收上来 实缴 已收",
    "价格 价钱 多少钱 单价 票价 贵 便宜 price cost expensive cheap cheapest dear",
    "电话 手机 号码 联系方式 手机号 电话号 phone telephone",
    "地址 住址 位置 地点 在哪 哪里 place where location",
    "驾驶员 司机 开车",
    "里程 长度 距离 全长 公里 length distance",
    "产量 产 产出 output yield",
    "销量 卖 卖出 销售量 售出 sold sales",
    "用量 用掉 消耗 耗 用了 用去",
    "就餐 吃饭 用餐",
    "门诊 看病 看门诊",
    "出院 出院病人",
    "未成年人 未成年 小孩 儿童",
    "境外 国外 外国 海外",
    "班主任 当班主任 带班",
    "比赛 赛季 赛程 场次 轮次 match game",
    "对手 跟谁 和谁 对阵 踢 opponent against",
    "观众 看球 观赛 到场 audience spectators attendance",
    "开工 动工 start started",
    "投资 造价 总投资 花费",
    "负责 牵头 管 主管 保管 管理 keeper responsible keeps",
    "树种 种的 种 什么树",
    "面积 亩数 多大 area",
    "起点 出发 始发 始发站 始发地 from",
    "终点 到达 开往 终点站",
    "keeper keep keeps kept",
    "minutes meeting meetings session",
    "有效期 过期 到期 失效 expires expiry",
    "户数 多少户 几户 家",
    "人数 人口 多少人 几人 headcount",
    "次数 回 次 times",
    "购入 买 购买 购置 采购 买的 bought purchased buy",
    "学科 教 教什么 科目 subject",
    "岁数 年龄 年纪 多大 age old",
    "出生 生于 生日 年纪 岁数 born",
    "存放 放在 放 地点",
    "出席 参加 到会 present attended",
)


GROUPED = frozenset(word for group in _GROUPS for word in group.split())
"""Words and phrases of this table, which a segmenter may cut otherwise."""


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _GROUPS:
        words = group.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def alike(word: str) -> frozenset[str]:
    """Words for the same thing, without the word itself; of at least two letters or characters."""
    others = synonyms().get(word, frozenset()) | _table().get(word, frozenset())
    return frozenset(other for other in others if len(other) > 1) - {word}


def cut(text: str) -> list[tuple[str, str]]:
    """Words with their tags; a measure word behind a blank, where 几 or 哪 stood, is a word of its
    own: 台|大|设备, and not 台大|设备."""
    found: list[tuple[str, str]] = []
    for word, tag in tagged(text):
        is_behind = len(word) > 1 and word[0] in MEASURES and found and found[-1][0].isspace()
        found += [(word[0], "q"), *tagged(word[1:])] if is_behind else [(word, tag)]
    return found


def as_typed(folded: str) -> str:
    """One spelling for characters that are typed for one another: 台帐 is 台账."""
    return folded.translate(_TYPED)
