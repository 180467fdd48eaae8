"""A small archive answers as a large one does: the same questions over one file, and over 96."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILE = "梅溪镇敬老院管理说明.txt"
TEXT = (
    "梅溪镇敬老院管理说明\n"
    "一、基本情况\n"
    "敬老院建于2009年，院长是方若兰，占地面积12亩，现有床位86张，入住老人71名。\n"
    "联系电话是0571-6620183，地址在梅溪镇环河路18号。\n"
    "二、收费标准\n"
    "自理老人每月收费1200元，半护理老人每月收费1800元，全护理老人每月收费2600元。\n"
    "押金由3000元调整为2000元。\n"
    "三、作息\n"
    "早餐时间为六点半，探视时间为每天下午两点至四点。\n"
    "四、物资\n"
    "物品：轮椅 | 数量：14 | 保管人：祝小满\n"
    "物品：护理床 | 数量：32 | 保管人：卜一鸣\n"
    "物品：制氧机 | 数量：5 | 保管人：祝小满\n"
    "五、值班要求\n"
    "1. 每两小时巡查一次\n2. 交接班须签字\n3. 夜间不得离岗\n"
    "六、活动\n"
    "2024年3月8日举办插花活动，28名老人参加。2024年9月9日举办重阳节演出，55名老人参加。\n"
)
QUESTIONS = (
    "敬老院院长是谁？",
    "敬老院哪年建的？",
    "敬老院有多少张床位？",
    "敬老院住了多少老人？",
    "敬老院占地多少亩？",
    "敬老院的电话是多少？",
    "敬老院在哪里？",
    "半护理老人每月收多少钱？",
    "全护理比自理每月贵多少？",
    "押金降了多少？",
    "押金原来是多少？",
    "早餐几点？",
    "什么时候可以探视？",
    "轮椅由谁保管？",
    "制氧机有多少台？",
    "祝小满保管哪些物品？",
    "值班要求第三项是什么？",
    "值班要求有几项？",
    "重阳节演出有多少老人参加？",
    "插花活动是哪天办的？",
)
_OTHERS = ("水库", "苗圃", "粮站", "剧团", "邮局", "茶厂", "渡口", "印刷厂")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Archive]:
    others = {
        f"{name}{n}.txt": f"{name}第{n}号工作记录\n"
        f"{name}于{1960 + n}年设立，负责人是{['甘平', '车敏', '古月'][n % 3]}，"
        f"现有职工{20 + n}名，仓房{3 + n % 5}间。\n"
        f"全年完成检修{n + 4}次，添置设备{n + 2}台，支出{30 + n}万元。\n"
        for name in _OTHERS
        for n in range(1, 13)
    }
    others.popitem()
    small = archive_of({FILE: TEXT}, tmp_path_factory.mktemp("small"))
    large = archive_of({FILE: TEXT, **others}, tmp_path_factory.mktemp("large"))
    return small, large


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_file_alone_answers_as_it_does_among_many(
    archives: tuple[Archive, Archive], question: str
) -> None:
    small, large = (archive.ask(question) for archive in archives)
    assert not small.abstained
    assert small.short_answer == large.short_answer
    assert small.sentences[0].text == large.sentences[0].text
