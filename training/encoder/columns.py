"""The columns of made-up tables: what they are called, asked for, and hold."""

import random
from collections.abc import Callable
from dataclasses import dataclass

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭鲁韦马方袁柳唐罗薛"
)
GIVEN = "伟芳娜敏静秀强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文玉建国志海晓丽红云帆晨宇欣怡佳琪博远思"
DEPARTMENTS = (
    "内科",
    "外科",
    "儿科",
    "设备科",
    "财务科",
    "总务处",
    "人事处",
    "教务处",
    "保卫处",
    "信息中心",
    "档案室",
    "图书馆",
    "后勤处",
    "科研处",
    "招生办",
    "工会",
    "护理部",
    "药剂科",
    "检验科",
    "放射科",
    "基建处",
    "审计处",
)
GOODS = (
    "排水泵",
    "发电机",
    "空调",
    "投影仪",
    "打印机",
    "显微镜",
    "灭火器",
    "电梯",
    "锅炉",
    "配电柜",
    "传感器",
    "摄像头",
    "救生衣",
    "帐篷",
    "担架",
    "呼吸机",
    "监护仪",
    "除颤仪",
    "离心机",
    "水泵",
    "风机",
    "变压器",
    "断路器",
    "路由器",
)


def person(draw: random.Random) -> str:
    return draw.choice(SURNAMES) + "".join(
        draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2)))
    )


def place(draw: random.Random) -> str:
    room = f"{draw.randint(1, 9)}{draw.randint(0, 3)}{draw.randint(1, 9)}室"
    corner = draw.choice(("吊顶", "东墙", "入口", "角落", ""))
    return draw.choice(
        (
            f"{draw.randint(1, 20)}号楼{room}",
            f"{draw.choice('一二三四五六七八')}号机房{corner}",
            f"{draw.choice('东西南北')}区{draw.randint(1, 9)}号仓库",
            f"{draw.choice(DEPARTMENTS)}{draw.choice(('走廊', '大厅', '库房', ''))}",
        )
    )


def figure(least: int, most: int, unit: str = "") -> Callable[[random.Random], str]:
    def made(draw: random.Random) -> str:
        number = int(least * (most / least) ** draw.random())
        if draw.random() < 0.2 and number < 1000:
            return f"{number}.{draw.randint(1, 99)}{unit}"
        return (f"{number:,}" if draw.random() < 0.25 else f"{number}") + unit

    return made


def day(draw: random.Random) -> str:
    year, month, day = draw.randint(2005, 2025), draw.randint(1, 12), draw.randint(1, 28)
    return draw.choice(
        (f"{year}-{month:02}-{day:02}", f"{year}年{month}月{day}日", f"{year}年{month}月")
    )


def phone(draw: random.Random) -> str:
    return "".join(str(draw.randint(0, 9)) for _ in range(draw.choice((4, 7, 8)))).replace(
        "0", "8", 1
    )


@dataclass(frozen=True)
class Column:
    names: tuple[str, ...]
    asks: tuple[str, ...]  # {k} the row, {c} the column
    made: Callable[[random.Random], str]
    back: tuple[str, ...] = ()  # from the value to the row; {v} the value


COLUMNS = (
    Column(
        ("保管人", "负责人", "管理员", "责任人", "经办人"),
        ("{k}的{c}是谁?", "{k}归谁管?", "{k}由谁负责?", "谁管{k}?", "{k}找谁?"),
        person,
        ("{v}管哪个?", "{v}负责什么?", "{c}是{v}的是哪个?"),
    ),
    Column(
        ("安装位置", "存放地点", "位置", "地点", "所在地"),
        ("{k}在哪里?", "{k}装在哪儿?", "{k}放在什么地方?", "{k}的{c}是哪里?", "去哪找{k}?"),
        place,
        ("{v}的是哪个?", "放在{v}的是什么?"),
    ),
    Column(
        ("联系电话", "电话", "分机", "办公电话"),
        ("{k}的电话是多少?", "{k}打哪个电话?", "{k}{c}", "怎么联系{k}?", "{k}的{c}号码?"),
        phone,
        ("{v}是哪里的电话?", "{c}{v}是谁的?"),
    ),
    Column(
        ("单价(元)", "价格(元)", "售价(元)", "票价(元)", "收费标准(元)"),
        ("{k}多少钱?", "{k}的单价是多少?", "{k}要花多少钱?", "{k}怎么卖?", "{k}一个多少元?"),
        figure(1, 9000),
    ),
    Column(
        ("造价(万元)", "投资额(万元)", "预算(万元)", "合同金额(万元)", "经费(万元)"),
        (
            "{k}的造价是多少?",
            "{k}花了多少钱?",
            "{k}投了多少万元?",
            "{k}的{c}是多少?",
            "{k}要多少钱?",
        ),
        figure(2, 9000),
    ),
    Column(
        ("数量", "库存", "台数", "库存数量", "现有数量"),
        ("{k}有多少?", "{k}还剩几个?", "{k}的{c}是多少?", "现在有几台{k}?", "{k}{c}"),
        figure(1, 900),
    ),
    Column(
        ("编制", "编制数", "定员"),
        ("{k}有多少编制?", "{k}的{c}是多少?", "{k}定了几个人?"),
        figure(1, 90),
    ),
    Column(
        ("实有人数", "在岗人数", "人数"),
        ("{k}有多少人?", "{k}现在几个人?", "{k}{c}是多少?"),
        figure(1, 900),
    ),
    Column(
        ("购置日期", "启用日期", "投用时间"),
        ("{k}什么时候买的?", "{k}哪年启用的?", "{k}的{c}?", "{k}是哪天投用的?"),
        day,
        ("{v}{c}的是哪个?",),
    ),
    Column(
        ("截止日期", "到期日", "有效期至"),
        ("{k}什么时候到期?", "{k}的{c}是哪天?", "{k}到哪天为止?"),
        day,
    ),
    Column(
        ("额定电压", "电压"),
        ("{k}的额定电压是多少?", "{k}用多少伏的电?", "{k}电压"),
        figure(12, 900, "伏"),
    ),
    Column(("额定电流", "电流"), ("{k}的额定电流是多少?", "{k}是多少安的?"), figure(2, 900, "安")),
    Column(("功率", "额定功率"), ("{k}的功率是多少?", "{k}多大功率?"), figure(1, 900, "千瓦")),
    Column(
        ("用水量(吨)", "用电量(度)", "能耗(千瓦时)"),
        ("{k}的{c}是多少?", "{k}用了多少?", "{k}用量多少?"),
        figure(10, 9000),
    ),
    Column(("学时", "课时"), ("{k}多少学时?", "{k}要上几节课?", "{k}的{c}"), figure(2, 90)),
    Column(
        ("讲师", "授课教师", "主讲人"),
        ("{k}是谁讲的?", "{k}的{c}是谁?", "谁教{k}?", "{k}哪位老师上?"),
        person,
        ("{v}讲什么课?",),
    ),
    Column(("考试时间", "开课时间", "检查日期"), ("{k}什么时候?", "{k}的{c}?", "{k}是哪天?"), day),
    Column(
        ("等级", "评级", "状态", "结论"),
        ("{k}的{c}是什么?", "{k}是几级?", "{k}{c}如何?"),
        lambda d: d.choice(
            ("甲级", "乙级", "合格", "不合格", "在建", "完工", "待修", "停用", "良好", "a级", "b级")
        ),
    ),
)

COURSES = (
    "c",
    "c++",
    "c#",
    "java",
    "python",
    ".net",
    "go",
    "javascript",
    "sql",
    "wi-fi 6部署",
    "wi-fi 5部署",
    "网络安全",
    "数据库",
    "公文写作",
    "消防安全",
    "心肺复苏",
    "档案管理",
    "财务制度",
    "保密",
    "急救",
)
