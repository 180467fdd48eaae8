"""The kinds of things that questions ask for, and the nouns that name each. Knows no question."""

import re
from enum import StrEnum


class AnswerType(StrEnum):
    """What kind of thing answers the question."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    LIST = "list"
    MANNER = "manner"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    OTHER = "other"


class Operation(StrEnum):
    """What is to be done with several values, where one that is written down is not asked for."""

    NONE = "none"
    COUNT = "count"
    SUM = "sum"
    COMPARE = "compare"
    DIFFERENCE = "difference"


# Endings of nouns, longest match of all kinds first: a 博物馆 is a place to go to, an 大使馆 an
# organisation. None of them is a name; a name ends in one of them (永平县, 复旦大学).
_ENDINGS = {
    AnswerType.ORGANISATION: (
        "公司 企业 集团 单位 部门 机构 组织 机关 学校 大学 学院 高校 中学 小学 幼儿园 医院"
        " 卫生院 诊所 银行 出版社 报社 杂志社 通讯社 旅行社 电视台 电台 广播台 委员会 协会"
        " 学会 研究会 联合会 基金会 理事会 董事会 商会 工会 议会 国会 教会 政府 法院 检察院"
        " 政党 党派 政权 俱乐部 球队 球会 球团 国家队 乐队 乐团 剧团 合唱团 研究所 研究院"
        " 研究中心 设计院 工厂 厂商 厂家 制造商 供应商 运营商 营运商 开发商 发行商 经销商"
        " 承包商 出版商 公安局 教育局 卫生局 财政局 局 厅 处室 科室 部委 军队 部队 舰队 团体"
        " 团队 社团 联盟 院校 工作队 支部 党委 党组 办公室 车队 船厂 酒厂 药厂 电厂 医疗队"
        " 学生会 媒体 报纸 合作社 大使馆 领事馆 事务所 工作室 书院 警察局 派出所 支行 分行"
        " 分公司 事务局 管理局 党 工作站 卫生部 国防部 教育部 财政部 外交部 宣传部 组织部 部会"
        " 学系 教研室 实验室 供电所 卫生室 敬老院 养老院 福利院 指挥部 领导小组 小组 工作组 委"
        " 系统 总公司 中心学校 附中 附小 网站 电力公司 唱片公司 师范 职院 职校 技校 党校"
        " 医科大学 疾控中心 青年团 系 部"
    ),
    AnswerType.PERSON: (
        "人 者 诗人 作者 学者 记者 皇帝 国王 女王 天皇 将军 将领 总统 主席 副主席 总理 书记"
        " 教授 导演 演员 选手 球员 队员 歌手 主任 先生 女士 大臣 君主 君王 医生 医师 教师 老师"
        " 律师 工程师 设计师 建筑师 牧师 法师 厨师 摄影师 讲师 分析师 大师 护士 干部 父亲 母亲"
        " 儿子 女儿 妻子 丈夫 弟弟 哥哥 姐姐 妹妹 祖父 祖母 叔叔 儿女 生母 生父 养父 配偶 夫人"
        " 角色 人物 明星 校长 院长 局长 县长 市长 省长 镇长 乡长 村长 州长 部长 处长 科长 所长"
        " 会长 队长 团长 司长 厅长 行长 厂长 班长 组长 社长 馆长 董事长 秘书长 检察长 理事长"
        " 船长 首相 酋长 领袖 科学家 物理学家 化学家 数学家 文学家 艺术家 作家 画家 书法家"
        " 音乐家 作曲家 思想家 哲学家 政治家 军事家 企业家 探险家 建筑家 专家 学家 评论家"
        " 漫画家 小说家 史学家 外交家 演奏家 教育家 发明家 家 员 创始人 负责人 领导人 继承人"
        " 主持人 候选人 教练 总教练 主帅 冠军 得主 法老 公爵 伯爵 侯爵 亲王 王子 公主 皇后"
        " 太子 王后 贵妃 教宗 教皇 主教 总督 大将 元帅 司令 上将 战士 英雄 院士 博士 声优 编剧"
        " 制片 主角 主演 主唱 弟子 学生 同学 贵族 哲人 先驱 导师 朋友 亲戚 老板 总裁 经理 主编"
        " 编辑 翻译 秘书 支书 农民 村民 工人 选帝侯 影星 歌星"
        " 宰相 提督 球星 尚书 巡抚 太守 国务卿 党员 教徒"
    ),
    AnswerType.PLACE: (
        "国家 国 省 市 县 区 州 乡 镇 村 旗 地 地区 地方 地点 地带 城市 城 城区 岛 岛屿 群岛"
        " 半岛 山 山脉 山峰 峰 河 河流 江 湖 湖泊 海 海域 海洋 洋 海峡 海岸 大陆 大洲 洲 街 路"
        " 街道 大道 公路 行政区 地级市 省份 自治区 自治州 街区 社区 校区 园区 场地 场馆 车站"
        " 火车站 地铁站 机场 港口 港 位置 方位 首都 首府 省会 广场 公园 园 宫 寺 庙 教堂 景区"
        " 景点 教室 房间 帝国 王国 公国 共和国 邦 洞 盆地 高原 平原 草原 谷 山谷 沙漠 水库"
        " 流域 区域 产地 出生地 所在地 发源地 原产地 栖息地 故乡 家乡 籍贯 国籍 祖籍 总部 地址"
        " 博物馆 图书馆 体育馆 体育场 纪念馆 展览馆 会议室 礼堂 国度 属地 殖民地 屯 寨 庄 村庄"
        " 村落 聚落 郡 府 道 站 星球 辖区 领土 城镇 乡镇 片区 山区 林区 地段"
    ),
    AnswerType.DATE: (
        "年 月 日 天 号 时候 时后 时间 时期 时段 年代 世纪 日期 日子 年份 月份 朝代 时代 星期"
        " 期间 时刻 时间段 季节 年度 学年 纪元 生日 忌日 任期 季度 学期 朝"
    ),
    AnswerType.NUMBER: (
        "比例 比率 比重 占比 概率 频率 速度 价格 价钱 单价 总价 金额 总额 数额 数量 总量 总数"
        " 总和 人数 户数 次数 件数 面积 体积 容积 容量 高度 海拔 长度 宽度 厚度 深度 距离 温度"
        " 气温 年龄 年纪 岁数 体重 身高 体长 重量 成本 造价 产量 销量 销售量 收入 年收入"
        " 人均收入 产值 票价 房价 人口 总人口 人口数 人口密度 密度 寿命 期限 时长 长短 得分"
        " 比分 分数 票房 票数 名额 覆盖率 发病率 死亡率 升学率 就诊率 失业率 增长率 利率 税率"
        " 汇率 率 百分比 百分点 里程 功率 电压 载重 排量 费用 经费 投资额 贷款额 营业额 成交额"
        " 利润 净利润 市值 学费 工资 月薪 年薪 奖金 罚款额 跨度 排名 名次 序号 编号 电话 邮编"
        " 门牌号 车次 总分 平均分 分数线 报销比例 补助标准 收费标准 幅度"
    ),
    AnswerType.REASON: (
        "原因 缘故 理由 目的 缘由 起因 动机 成因 用意"
    ),
    AnswerType.MANNER: (
        "方式 方法 办法 途径 手段 渠道 步骤 手法 做法 程序"
    ),
}  # fmt: skip

# Nouns that look as if they ended so; and those of them that are places all the same.
_NOT_SO = (
    "内部 外部 全部 局部 北部 南部 东部 西部 中部 上部 下部 头部 腹部 背部 大部 一部 机器人"
    " 条件 上海市区 全区 小区 市区 灾区 老区 误区 全县 本县 专号 信号 别号 口号 国号 型号 外号"
    " 字号 年号 庙号 番号 称号 符号 绰号 编号 谥号 方向 动员 家园 校园 中国 全国 各国 外国"
    " 成员国 我国 美国 余地 占地 各地 土地 圣地 基地 境地 墓地 天地 实地 封地 工地 当地 心地"
    " 林地 湿地 用地 耕地 胜地 草地 营地 见地 质地 阵地 陆地 领地 飞地 一天 一家 国家 大家 全局"
    " 布局 格局 结局 上山 全州 全市 本市 今年 去年 往年 明年 每年 假日 纪念日 节日 岁月 正月"
    " 全村 北冰洋 印度洋 大西洋 太平洋 生活 全省 本省 世系 体系 全系 关系 星系 水系 派系 直系"
    " 联系 语系 传统 血统 第三者 东西 出路 套路 思路 电路 线路 网路 通路 道路 铁路 味道 报道"
    " 渠道 知道 管道 轨道 频道 全长 增长 总长 成长 特长 中间 之间 其间 区间 夜间 晚间 民间 瞬间"
    " 空间 问题"
)
_PLACES = "中国 北冰洋 印度洋 国家 圣地 基地 墓地 外国 大西洋 太平洋 封地 小区 美国 营地 领地"
_NOT = frozenset(_NOT_SO.split())
_NAMED = frozenset(_PLACES.split())

_KINDS = {word: kind for kind, words in _ENDINGS.items() for word in words.split()}
_LONGEST = max(map(len, _KINDS))


def kind_of(noun: str) -> AnswerType | None:
    """What kind of thing a noun, or a name, is by its ending: 诗人 a person, 永平县 a place."""
    for length in range(min(_LONGEST, len(noun)), 0, -1):
        ending = noun[-length:]
        if ending in _NAMED:
            return AnswerType.PLACE
        if ending in _NOT:
            return None
        if ending in _KINDS:
            return _KINDS[ending]
    return None


def is_common(noun: str) -> bool:
    """Whether it is only the word for a kind of thing (卫生室), and no name."""
    return noun in _KINDS


def ending_of(name: str) -> str:
    """The part of a name that says what kind of thing it names (县, 电力公司), or ""."""
    for length in range(min(_LONGEST, len(name) - 1), 0, -1):
        if name[-length:] in _NOT:
            return ""
        if name[-length:] in _KINDS:
            return name[-length:]
    return ""


_ENGLISH = {
    AnswerType.DATE: "year|date|month|day|time|century|decade|period|era",
    AnswerType.PERSON: "person|man|woman|people|president|director|author|writer|minister|leader|"
    "king|queen|emperor|actor|actress|player|scientist|teacher|secretary|chairman|mayor|coach",
    AnswerType.PLACE: "city|country|county|province|place|village|town|state|region|location|river|"
    "mountain|island|district|capital|continent|nation|prefecture|township|street|address",
    AnswerType.ORGANISATION: "company|organi[sz]ation|university|college|school|hospital|bank|team|"
    "department|agency|institution|institute|ministry|party|publisher|bureau|committee|club|firm",
    AnswerType.NUMBER: "percentage|percent|proportion|share|number|amount|price|cost|size|area|"
    "population|rate|distance|height|length|weight|age|total|sum|ratio|budget|speed|temperature",
    AnswerType.REASON: "reason|purpose|cause|aim",
    AnswerType.MANNER: "way|method|means",
}  # fmt: skip
_ENGLISH_NOUNS = {kind: re.compile(rf"(?:{words})") for kind, words in _ENGLISH.items()}


def kind_of_english(noun: str) -> AnswerType | None:
    """The same for an English noun in the singular, in lower case."""
    for kind, words in _ENGLISH_NOUNS.items():
        if words.fullmatch(noun):
            return kind
    return None
