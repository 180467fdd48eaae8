"""Messages that ask one thing, two, or one behind a preamble."""

import pytest

from service.answer.understand.question import parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("柳溪县的面积是多少，人口有多少？", ["柳溪县的面积是多少", "柳溪县的人口有多少？"]),
        ("青山大学哪年帮扶柳溪县，派了多少人？",
         ["青山大学哪年帮扶柳溪县", "青山大学派了多少人？"]),
        ("馆长是谁以及什么时候上任？", ["馆长是谁", "馆长什么时候上任？"]),
        ("九股村有多少户，其中贫困户多少户？", ["九股村有多少户", "九股村，其中贫困户多少户？"]),
        ("2019年，柳溪县建了几所学校？修了多少公里路？",
         ["2019年，柳溪县建了几所学校？", "2019年，柳溪县修了多少公里路？"]),
        ("柳溪县有多少人？青禾县有多少人？", ["柳溪县有多少人？", "青禾县有多少人？"]),
        ("学校有多少名教师、多少名学生？", ["学校有多少名教师", "学校有多少名学生？"]),
        ("柳溪县建过水库吗？什么时候建的？", ["柳溪县建过水库吗？", "柳溪县什么时候建的？"]),
        ("What is the population of Liuxi County? Who leads it?",
         ["What is the population of Liuxi County?", "Who leads Liuxi County?"]),
    ],
)  # fmt: skip
def test_two_questions_are_parted_and_each_has_its_subject(text: str, found: list[str]) -> None:
    assert parts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "柳溪县2019年脱贫摘帽，当年人均收入是多少？",
        "为什么要修路，而不是修桥？",
        "除了看病，还专门讲过什么题目？",
        "我想知道，王建国是什么时候去世的？",
        "无论谁去申请，都要先交多少材料？",
        "根据规定，什么样的企业可以申请？",
        "《谁是客人，你是谁》是哪年的电影？",
        "医疗单位呢，两边分别几家？",
        "截至2014年，该队赢得最多杯赛冠军，合共多少项？",
        "When the hospital opened in 1990, how many beds did it have?",
        "1,500元是谁捐的？",
        "为了应对什么威胁，该国向边境派了什么部队？",
        "学生什么时候毕业后，可以申请什么补贴？",
        "谁？",
        "",
        "？？？",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert parts(text) == []
