"""An item of a list by its number, in any script, and how many items it has."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILES = {
    "安全检查通报.txt": "松溪中学安全检查通报\n一、检查情况\n本次检查共发现问题若干，具体如下：\n"
    "1. 实验楼二层灭火器过期\n2. 食堂后门堆放杂物\n3．操场看台护栏松动\n4. 配电室门锁损坏\n"
    "二、整改措施\n（一）更换过期灭火器；\n（二）清理食堂后门杂物；\n（三）加固看台护栏。\n"
    "三、工作要求\n①提高认识；②落实责任；③按时报送整改报告；④加强值守。\n",
    "档案借阅办法.txt": "档案借阅管理办法\n第一条 为规范档案借阅，制定本办法。\n"
    "第二条 下列人员可以借阅档案：\n（一）本单位职工；\n（二）经批准的外单位人员；\n"
    "（三）司法机关工作人员。\n"
    "第三条 借阅人应当遵守下列规定：（一）不得涂改；（二）不得转借；（三）按期归还；"
    "（四）注意保密。\n"
    "第四条 本办法自发布之日起施行。\n",
    "办事指南.txt": "居住证办事指南\n申请材料：\n1、身份证原件\n2、租房合同\n3、近期照片两张\n"
    "办理流程：\n第一步：到窗口领表\n第二步：填写并提交材料\n第三步：等候审核\n第四步：领取居住证\n"
    "注意事项：一是材料须为原件；二是照片须为白底；三是代办须带委托书。\n",
    "guide.txt": "Reading Room Guide\nRules for visitors:\n1. Leave bags in the lockers\n"
    "2. Use pencils only\n3. Handle maps with gloves\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("items"))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("松溪中学安全检查发现的问题第3项是什么", "操场看台护栏松动"),
        ("松溪中学安全检查整改措施第二项是什么？", "清理食堂后门杂物"),
        ("松溪中学检查通报里工作要求第三点是什么", "按时报送整改报告"),
        ("松溪中學安全檢查整改措施最後一項是什麼", "加固看台护栏"),
        ("档案借阅管理办法第二条第（二）项是什么", "经批准的外单位人员"),
        ("档案借阅管理办法第三条第3项规定了什么", "按期归还"),
        ("办理居住证的申请材料第二项是什么", "租房合同"),
        ("居住证办理流程第三步是什么", "等候审核"),
        ("居住证注意事项第二点是什么", "照片须为白底"),
        ("What is the second item of the rules for visitors?", "Use pencils only"),
    ],
)
def test_the_item_stands_alone_where_it_is_short(
    archive: Archive, question: str, value: str
) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value
    assert value in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("松溪中学整改措施有几项", "3项"),
        ("松溪中学安全检查发现的问题有几项", "4项"),
        ("档案借阅管理办法第三条列了几项", "4项"),
        ("居住证申请材料有几项", "3项"),
        ("居住证办理流程有几步", "4步"),
    ],
)
def test_items_are_counted(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    "question",
    [
        "松溪中学整改措施第五项是什么",
        "档案借阅管理办法第四条第二项是什么",
        "居住证收费标准第二项是什么",
        "海棠中学整改措施第二项是什么",
    ],
)
def test_nothing_stands_alone_of_an_item_that_is_not_there(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None
