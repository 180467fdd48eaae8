"""What two sides of a question differ by, or add up to, told in prose, rows and amendments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from service.answer.compute.sided import told_of
from service.answer.evidence import Evidence
from service.answer.understand.question import analyse
from service.answer.understand.sides import sides_of
from service.archive import Archive
from service.records import Hit
from tests.archives import archive_of

FILES = {
    "体育馆收费.md": (
        "# 临河区体育馆收费标准\n"
        "\n"
        "| 项目 | 价格 | 说明 |\n"
        "|---|---|---|\n"
        "| 成人羽毛球场地 | 45元/小时 | 周末加收 |\n"
        "| 学生羽毛球场地 | 28元/小时 | 凭学生证 |\n"
        "| 成人季卡 | 480元 | 九十天 |\n"
        "| 学生季卡 | 300元 | 九十天 |\n"
        "| 寄存柜 | 3元/次 | |\n"
    ),
    "档案馆年报.txt": (
        "城东档案馆年度情况\n"
        "\n"
        "2021年接收档案3260卷，2022年接收档案4115卷，2023年接收档案3980卷。\n"
        "2022年培训档案员46人，2023年培训档案员71人。\n"
        "全馆现有库房12间，其中地下库房3间。\n"
    ),
    "柳湾镇河长制工作通知.txt": (
        "关于做好河长制工作的通知\n"
        "2023年3月4日\n"
        "\n"
        "各村民委员会：\n"
        "全镇聘请巡河员三十二名，每名巡河员每月补贴六百元，每周巡河两次。\n"
        "巡河发现问题，须在二十四小时内上报。\n"
        "\n"
        "柳湾镇人民政府\n"
    ),
    "石坪镇河长制工作通知.txt": (
        "关于进一步落实河长制的通知\n"
        "2023年3月9日\n"
        "\n"
        "各村民委员会：\n"
        "全镇聘请巡河员二十五名，每名巡河员每月补贴七百五十元，每周巡河三次。\n"
        "\n"
        "石坪镇人民政府\n"
    ),
    "云岚茶业2022年报.md": (
        "# 云岚茶业股份有限公司2022年度报告\n"
        "\n"
        "披露日期：2023年4月20日\n"
        "\n"
        "## 公司概况\n"
        "\n"
        "截至2022年末，公司共有员工640人，其中女员工310人，茶园9处。\n"
        "\n"
        "## 经营情况\n"
        "\n"
        "全年营业收入5.2亿元，净利润4100万元。\n"
    ),
    "鹤鸣茶业2022年报.md": (
        "# 鹤鸣茶业股份有限公司2022年度报告\n"
        "\n"
        "披露日期：2023年4月27日\n"
        "\n"
        "## 公司概况\n"
        "\n"
        "截至2022年末，公司共有员工415人，其中女员工220人，茶园6处。\n"
        "\n"
        "## 经营情况\n"
        "\n"
        "全年营业收入3.9亿元，净利润2600万元。\n"
    ),
    "检查情况.txt": (
        "八月安全检查通报\n"
        "\n"
        "三个车间都查出隐患：冲压车间二十一处，喷漆车间九处，总装车间十四处。\n"
        "喷漆车间整改了7处，总装车间整改了12处。\n"
    ),
    "食堂就餐管理办法.txt": (
        "食堂就餐管理办法\n"
        "（2019年6月1日印发）\n"
        "\n"
        "第一条\u3000为了管好食堂，制定本办法。\n"
        "第二条\u3000早餐每份八元，由个人承担。\n"
        "第三条\u3000午餐每份十五元，单位补助五元。\n"
        "第四条\u3000外来人员就餐须交餐费二十元。\n"
        "第五条\u3000本办法自2019年7月1日起施行。\n"
    ),
    "关于修改食堂就餐管理办法的决定.md": (
        "# 关于修改《食堂就餐管理办法》的决定\n"
        "\n"
        "日期：2022年3月10日\n"
        "\n"
        "对《食堂就餐管理办法》作如下修改：\n"
        "\n"
        "一、将第二条中的“八元”修改为“六元”。\n"
        "\n"
        "二、将第四条中的“二十元”修改为“二十五元”。\n"
        "\n"
        "本决定自2022年4月1日起施行。\n"
    ),
    "医院编制.csv": (
        "科室,岗位,编制,在岗\n内科,医师,12,10\n内科,护士,20,17\n外科,医师,9,9\n外科,护士,15,11\n"
    ),
    "预算.csv": ("项目,预算（万元）,支出（万元）\n道路养护,120,95\n路灯维修,40,36.5\n绿化,60,60\n"),
    "用水.md": (
        "# 校区用水\n"
        "\n"
        "下表为2023年各校区的用水量，单位为吨。\n"
        "\n"
        "| 校区 | 一季度 | 二季度 | 三季度 | 四季度 |\n"
        "|---|---|---|---|---|\n"
        "| 东校区 | 1200 | 1350 | 900 | 1280 |\n"
        "| 西校区 | 800 | 860 | 610 | 790 |\n"
    ),
    "移民.txt": (
        "青垭乡2018年搬迁6个村，安置412户；2019年搬迁的村减到3个，安置205户；2020年又安置88户。\n"
        "全乡48个村民小组，到2020年底已有45个通了自来水。\n"
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("体育馆成人季卡比学生的贵多少", "180元"),
        ("学生季卡比成人季卡便宜多少", "180元"),
        ("體育館成人季卡比學生的貴多少", "180元"),
        ("成人季卡和学生季卡哪个贵，贵多少", "成人季卡，180元"),
        ("城东档案馆2022年接收档案比2021年多多少卷", "855卷"),
        ("2023年接收的档案比2022年多多少", None),
        ("２０２３年培训档案员比２０２２年多几个人", "25人"),
        ("城东档案馆2021、2022两年一共接收多少卷档案", "7375卷"),
        ("石坪镇巡河员每月补贴比柳湾镇高多少", "150元"),
        ("石坪巡河员每月补贴比柳湾高多少", "150元"),
        ("柳湾镇的巡河员比石坪镇多几名", "7名"),
        ("石坪镇巡河员每周巡河比柳湾镇多几次", "1次"),
        ("云岚茶业和鹤鸣茶业哪家员工多，多多少", "云岚茶业，225人"),
        ("云岚茶业员工比鹤鸣茶业多多少人", "225人"),
        ("云岚茶业的女员工比鹤鸣茶业多多少", "90人"),
        ("云岚茶业净利润比鹤鸣茶业高多少", "1500万元"),
        ("云岚茶业和鹤鸣茶业的营业收入相差多少", "1.3亿元"),
        ("冲压车间比喷漆车间多查出几处隐患", "12处"),
        ("总装车间比喷漆车间多多少处隐患", "5处"),
        ("冲压车间和总装车间查出的隐患差多少处", "7处"),
        ("喷漆车间比总装车间多几处隐患", None),
        ("总装车间比喷漆车间多整改了几处", "5处"),
        ("食堂早餐比原来便宜了多少", "2元"),
        ("食堂外来人员餐费较以前涨了多少", "5元"),
        ("食堂早餐比原来贵了多少", None),
        ("食堂午餐比原来贵了多少", None),
        ("内科还缺几个护士", "3个"),
        ("外科还缺多少人", "4人"),
        ("医院一共缺编多少人", "9人"),
        ("道路养护还剩多少钱", "25万元"),
        ("路灯维修的预算还剩多少", "3.5万元"),
        ("东校区2023年一年用水多少吨", "4730吨"),
        ("2023年西校区全年用水量多少", "3060吨"),
        ("东校区2023年用水比西校区多多少吨", "1670吨"),
        ("青垭乡2018、2019两年合计安置多少户", "617户"),
        ("青垭乡2018年和2019年一共安置了多少户", "617户"),
        ("青垭乡2018年比2019年多安置多少户", "207户"),
    ],
)
def test_the_value_of_two_sides(archive: Archive, question: str, value: str | None) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("石坪镇巡河员每月补贴比柳湾镇高多少", ("七百五十元", "六百元")),
        ("食堂早餐比原来便宜了多少", ("八元", "六元")),
        ("外科还缺多少人", ("9 + 15", "9 + 11")),
    ],
)
def test_all_parts_are_shown(archive: Archive, question: str, parts: tuple[str, str]) -> None:
    answer = archive.ask(question)
    assert all(part in answer.sentences[0].text for part in parts)
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    "question",
    [
        "云岚茶业员工比翠屏茶业多多少人",
        "城东档案馆2023年接收档案比2019年多多少卷",
        "石坪镇巡河员每月补贴比松岭镇高多少",
        "冲压车间比焊接车间多查出几处隐患",
        "青垭乡2018、2021两年合计安置多少户",
        "食堂夜宵比原来贵了多少",
        "东校区2023年用水比南校区多多少吨",
        "儿科还缺几个人",
        "冲压车间比喷漆车间多整改了几处",
    ],
)
def test_nothing_stands_alone_where_a_side_is_not_told(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("剧场成人套票比学生的贵多少", ("剧场成人套票是多少钱?", "剧场学生套票是多少钱?")),
        ("2022年借书人次比2021年多多少", ("2022年借书人次是多少?", "2021年借书人次是多少?")),
        ("东岭县的耕地比西岭县少多少亩", ("东岭县的耕地是多少亩?", "西岭县的耕地是多少亩?")),
        ("海棠药业利润比牡丹药业高多少", ("海棠药业利润是多少?", "牡丹药业利润是多少?")),
        ("甲村和乙村的党员相差多少", ("甲村的党员有多少?", "乙村的党员有多少?")),
    ],
)
def test_the_second_side_borrows_what_it_leaves_out(question: str, asked: tuple[str, str]) -> None:
    sides = sides_of(question)
    assert sides is not None
    assert sides.asked == asked


def _evidence(quote: str) -> Evidence:
    passage = Passage("a", "a", 0, len(quote), quote, "")
    hit = Hit(1, 1.0, passage, "a", None, "2020-01-02", None, None)
    return Evidence(hit, 0, len(quote), quote, 0.9)


NAMES = ("东库", "西库", "南库", "北库")


@given(st.permutations(NAMES), st.lists(st.integers(2, 9999), min_size=4, max_size=4))
def test_each_figure_is_of_the_name_before_it(names: list[str], values: list[int]) -> None:
    quote = "存粮：" + "，".join(f"{n}{v}吨" for n, v in zip(names, values, strict=True)) + "。"
    for name, value in zip(names, values, strict=True):
        others = [other for other in NAMES if other != name]
        told = told_of(name, others, analyse(f"{name}存粮多少吨?"), _evidence(quote))
        assert told is not None
        assert told.number.value == value
