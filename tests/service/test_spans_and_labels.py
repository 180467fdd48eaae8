"""How long something lasted by two times of day, and English questions on labelled lines."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILES = {
    "日志.txt": "机房值守记录\n\n2022年7月2日，上午九点五分跳闸，九点四十七分合闸。\n"
    "2022年7月9日，夜里十一点半开泵，次日零点二十分停泵。\n"
    "2022年7月15日，下午两点十分停水，四点二十分恢复供水。\n"
    "2022年7月20日，上午八点断网，中午停工。\n",
    "課表.txt": "社區夜校2025年春季課程\nGo語言入門　教師：倪若川　教室：201　學費：190元\n"
    "C語言基礎　教師：鄒見微　教室：203　學費：300元\n"
    "C++進階　教師：平一舟　教室：204　學費：210元\n"
    "VB.NET開發　教師：夏初　教室：205　學費：220元\n",
    "泵.csv": "编号,位置,保管人\nP-07,锅炉间,文若谷\nP-08,配电间,米芾生\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("跳闸那天跳闸多少分钟", "42分钟"),
        ("停水停了多久", "2小时10分钟"),
        ("停水那天停了几個小時", "2小时10分钟"),
        ("開泵開了多長時間", "50分钟"),
        ("Who teaches the C++ course?", "平一舟"),
        ("who teaches C", "鄒見微"),
        ("who teaches VB.NET", "夏初"),
        ("which room is the Go course in?", "201"),
        ("who keeps P-07", "文若谷"),
        ("where is P-08 located?", "配电间"),
    ],
)
def test_the_value_follows_from_one_line(archive: Archive, question: str, value: str) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value, answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "晚上九点到早上八点停水多久",
        "断网断了多少分钟",  # whose end no time tells
        "who teaches the .NET course",
        "who teaches C#",
        "who teaches the evening C++ course",
        "who keeps P-09",
    ],
)
def test_what_no_line_tells_has_no_value(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None
