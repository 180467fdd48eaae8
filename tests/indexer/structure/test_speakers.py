"""Turns by hand: interviews, records of meetings, questions with answers, and what is none."""

from indexer.files.lines import split_lines
from indexer.structure.speakers import Turn, find_turns


def _turns(text: str) -> list[tuple[str, bool, str]]:
    return [(turn.label, turn.opens, turn.question) for turn in find_turns(split_lines(text))]


def test_questions_open_and_answers_go_on() -> None:
    text = "问：在哪里挂号？\n答：一楼大厅，早上八点开始。\n问：带什么证件？\n答：身份证和医保卡。"
    assert _turns(text) == [
        ("问", True, "在哪里挂号？"),
        ("答", False, ""),
        ("问", True, "带什么证件？"),
        ("答", False, ""),
    ]


def test_speakers_with_an_office_each_open_their_turn() -> None:
    text = (
        "座谈会记录\n李明（县卫生局局长）：去年新建了两所卫生院。\n补充一句，设备已经到位。\n"
        "王芳（中心医院院长）：我们派出十二名医生驻点。"
    )
    assert _turns(text) == [
        ("李明（县卫生局局长）", True, ""),
        ("王芳（中心医院院长）", True, ""),
    ]


def test_a_bare_name_counts_when_it_comes_back() -> None:
    once = "赵强：我来自河西村，今年种了五亩地。\n钱丽：合作社统一收购，不愁卖。"
    assert _turns(once) == []
    assert [label for label, _, _ in _turns(f"{once}\n{once}")] == ["赵强", "钱丽"] * 2


def test_labels_of_a_form_are_no_speakers() -> None:
    form = "时间：2021年3月5日上午九点\n地点：县政府三楼会议室\n参加：各科室负责人\n第一：学习文件"
    assert _turns(form) == []


def test_one_speaker_alone_takes_no_turns() -> None:
    assert _turns("局长：各位同志，大家上午好，现在开会。\n说明：录音整理，未经本人审阅。") == []


def test_a_turn_knows_where_it_starts() -> None:
    text = "导语一段话。\n记者：今年招生多少人？\n陈校长：一共三百二十人。"
    starts = [turn.start for turn in find_turns(split_lines(text))]
    assert [text[start:][:3] for start in starts] == ["记者：", "陈校长"]
    assert find_turns(split_lines(text))[0] == Turn(starts[0], "记者", True, "今年招生多少人？")
