"""What the question names and no document holds is refused by name; other wording is answered."""

import pytest

from service.archive import Archive
from service.records import AbstentionReason
from tests.archives import archive_of

FILES = {
    "台账.csv": (
        "编号,名称,位置,保管人\n"
        "水泵-立式-P01,立式泵,东泵房,郝敏\n"
        "水泵-立式-P02,立式泵,西泵房,郝敏\n"
        "水泵-卧式-P01,卧式泵,北泵房,蒋宁\n"
    ),
    "规定.txt": (
        "青石中学宿舍规定\n\n第一条 宿舍晚上十点半熄灯。\n第二条 周末外出须登记。\n"
        "第三条 损坏公物照价赔偿。\n"
    ),
    "处置.md": (
        "# 突发情况处置\n\n"
        "发现漏水时，请联系水务班高洁，分机6101。\n"
        "发现停电时，请联系供电班郑帆，分机6102。\n"
        "发现电梯停运时，请联系维保员何俊，分机6103。\n"
    ),
    "年谱.txt": (
        "学者年谱\n\n周怀安年谱\n1902年，生于绍兴。\n1968年，病逝于上海。\n\n"
        "吴敬之年谱\n1899年，生于长沙。\n1957年，病逝于武汉。\n"
    ),
    "数据.txt": (
        "青石中学年度数据\n\n2019年，在校学生一千二百人，经费四百二十万元。\n"
        "2022年，在校学生一千五百人，经费五百一十万元。\n"
    ),
    "课程.txt": ("选修课安排\nC语言课由丁川讲授。\nC++课由卢安讲授。\nWi-Fi 6课由严冬讲授。\n"),
    "医院.md": "# 云洲医科大学附属医院\n\n医院开放床位八百六十张，院长是沈维。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("水泵-卧式-P02在什么位置？", "水泵-卧式-P02"),
        ("请问水泵-立式-Ｐ０９的保管人是谁？", "水泵-立式-Ｐ０９"),
        ("第九条规定了什么？", "第九条"),
        ("第12条讲的是什么？", "第12条"),
        ("发现野猪时应联系谁？", "野猪"),
        ("罗文广哪年出生？", "罗文广"),
        ("2021年在校学生有多少人？", "2021年"),
        ("二〇二〇年的经费是多少？", "2020年"),
        ("C#课由谁讲授？", "C#"),
        ("《食堂规定》什么时候施行？", "食堂规定"),
        ("“晨光计划”资助了多少学生？", "晨光计划"),
        ("北川师范大学的校长是谁？", "北川师范大学"),
    ],
)
def test_what_stands_nowhere_is_named(archive: Archive, question: str, missing: str) -> None:
    answer = archive.ask(question)
    assert answer.abstained
    assert answer.short_answer is None
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.FACT_NOT_FOUND
    assert [each.name for each in answer.abstention.missing] == [missing]
    assert f"没有找到“{missing}”" in answer.answer


def test_what_is_like_it_is_named_as_well(archive: Archive) -> None:
    code = archive.ask("水泵-卧式-P02在什么位置？").abstention
    assert code is not None
    assert set(code.missing[0].similar) == {"水泵-立式-P01", "水泵-立式-P02", "水泵-卧式-P01"}
    listed = archive.ask("发现野猪时应联系谁？").abstention
    assert listed is not None
    assert set(listed.missing[0].similar) >= {"漏水", "停电"}


def test_an_english_question_is_refused_in_english(archive: Archive) -> None:
    answer = archive.ask("Who keeps pump P09-X?")
    assert answer.abstained
    assert answer.answer.startswith("“P09-X” was not found")


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("水泵立式P02在哪裡？", "西泵房"),
        ("第1条说宿舍几点熄灯？", "十点半熄灯"),
        ("第三條怎麼說？", "照价赔偿"),
        ("漏水了找谁？", "高洁"),
        ("停電時請聯繫誰？", "郑帆"),
        ("周怀安是哪年出生的？", "1902年"),
        ("吴敬之哪年去世？", "1957年"),
        ("二〇一九年的经费是多少？", "四百二十万元"),
        ("Wi-Fi6课由谁讲授？", "严冬"),
        ("c++课由谁讲授？", "卢安"),
        ("云洲医大附属医院的院长是谁？", "沈维"),
        ("该院有多少张床位？", "八百六十张"),
    ],
)
def test_other_wording_is_answered_from_its_own_sentence(
    archive: Archive, question: str, quote: str
) -> None:
    answer = archive.ask(question)
    assert not answer.abstained
    assert quote in answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("水泵-立式-P02的位置是哪里？", "P01"),
        ("周怀安是哪年出生的？", "1899"),
        ("吴敬之哪年去世？", "1968"),
        ("停电时应联系谁？", "漏水"),
        ("2019年的经费是多少？", "2022年"),
    ],
)
def test_a_sentence_of_another_thing_is_no_support(
    archive: Archive, question: str, other: str
) -> None:
    answer = archive.ask(question)
    assert not answer.abstained
    assert all(other not in citation.quote for citation in answer.citations)
