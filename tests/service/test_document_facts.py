"""What documents say of themselves, and what later decisions change in them, through the door."""

import pytest

from service.archive import Archive
from service.records import Answer, Turn
from tests.archives import archive_of

FILES = {
    "a.txt": "松原县水利局文件\n松水发〔2020〕31号\n关于开展塘坝检查的通知\n各乡镇：\n"
    "请于2020年6月1日前检查所有塘坝，发现隐患立即上报。\n松原县水利局\n2020年5月11日\n",
    "b.txt": "松原县防火通告\n2021年3月2日\n林区内严禁野外用火，违者罚款五百元。\n",
    "c.md": "# 山村小学的新操场\n\n作者：费云\n\n发布时间：2019-09-10\n\n"
    "山村小学的新操场在八月完工，可容纳三百名学生同时做操。\n",
    "d.txt": "松原县出租车管理规定\n2016年4月1日\n第一条　为了规范出租车行业，制定本规定。\n"
    "第二条　出租车的使用年限为六年。\n第三条　驾驶员每年培训不少于二十四学时。\n"
    "第四条　乘客投诉应当在十日内答复。\n第五条　起步价为六元。\n",
    "e.txt": "松原县人民政府关于修改《松原县出租车管理规定》的决定\n2020年8月1日\n"
    "一、将第二条中的“六年”修改为“八年”。\n二、删去第三条。\n",
    "f.txt": "松原县人民政府关于修改《松原县出租车管理规定》的决定（二）\n2023年2月1日\n"
    "将第二条中的“八年”修改为“十年”。\n",
    "g.txt": "松原县渡船管理规定\n2015年1月1日\n第一条　渡船每年检验一次。\n"
    "第二条　渡船的使用年限为十二年。\n",
    "i.txt": "关于调整托儿所收费标准的通知\n各位家长：\n从2022年9月1日起，每月收六百八十元。\n"
    "中心托儿所管理委员会  2022年7月14日\n",
    "j.txt": "关于做好高温天气防暑工作的通知\n松安委办〔2023〕7号\n各企业：\n"
    "气温超过四十度的，停止室外作业。\n松原县安全生产委员会办公室\n（此件公开发布）\n",
    "k.md": "# 合作社账目说明\n\n## 一、收入\n\n1. 租金：全年收拖拉机租金十二万元。\n"
    "2. 代耕：代耕费八万五千元。\n3. 维修：对外维修收入二万三千元。\n\n## 二、支出\n\n"
    "1. 油料：柴油七万元。\n2. 工资：驾驶员工资十五万元。\n3. 保险：车辆保险一万一千元。\n",
    "l.txt": "松原县关于冬季供水的通知\n2021年11月8日\n水管须包扎。\n",
    "m.txt": "松原县关于春季植树的通知\n2022年2月8日\n每户植树五棵。\n",
    "n.txt": "文化站管理办法\n（2019年5月6日印发）\n第一条　文化站早上八点开门，晚上九点关门。\n"
    "第二条　每人每次借书三册，借期三十天。\n第三条　本办法自2019年6月1日起施行。\n",
    "o.txt": "关于修改《文化站管理办法》的决定\n2022年4月20日\n一、将第一条中的“晚上九点”修改为"
    "“晚上十点”。\n二、将第二条中的“三册”修改为“五册”。\n本决定自2022年5月1日起施行。\n",
    "h.txt": "关于发放取暖补贴的通知\n2022年11月3日\n取暖补贴于2022年12月15日发放到职工本人。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


def cited(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("塘坝检查的通知是哪天发的？", "2020年5月11日"),
        ("關於開展塘壩檢查的通知什麼時候發布的？", "2020年5月11日"),
        ("松原县防火通告的发布日期是什么时候？", "2021年3月2日"),
        ("防火通告几月几号发的", "2021年3月2日"),
        ("塘坝检查通知的文号是多少？", "松水发〔2020〕31号"),
        ("松水发[2020]31号是什么文件？", "关于开展塘坝检查的通知"),
        ("塘坝检查通知是谁发的？", "松原县水利局"),
        ("塘坝检查通知的发文单位是哪个单位？", "松原县水利局"),
        ("松安委办〔2023〕7号说的是啥事", "关于做好高温天气防暑工作的通知"),
        ("文号为松水发2020年31号的是关于什么的文件", "关于开展塘坝检查的通知"),
        ("防暑通知的落款單位是哪個", "松原县安全生产委员会办公室"),
        ("托儿所收费标准的通知是谁印的", "中心托儿所管理委员会"),
        ("托儿所调整收费的通知落款是哪家单位", "中心托儿所管理委员会"),
        ("托儿所收费通知的落款日期", "2022年7月14日"),
        ("塘坝检查的通知是几月几号印的", "2020年5月11日"),
        ("塘坝检查通知是哪个月哪天的", "2020年5月11日"),
        ("松原县出租车管理规定是哪天作的", "2016年4月1日"),
        ("《山村小学的新操场》这篇文章的作者是谁？", "费云"),
        ("《山村小学的新操场》这篇报道是什么时候发表的？", "2019-09-10"),
    ],
)
def test_a_document_tells_its_own_facts(archive: Archive, question: str, value: str) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value, answer.answer
    assert any(value in quote for quote in cited(answer))


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("防暑通知是哪天印的？", "2023年"),
        ("松安委办〔2023〕9号是什么内容？", "高温"),
        ("塘坝检查通知里的检查是几号的？", "5月11日"),
    ],
)
def test_what_no_line_tells_is_not_shown(archive: Archive, question: str, wrong: str) -> None:
    assert wrong not in (archive.ask(question).short_answer or "")


def test_a_day_of_what_a_document_tells_is_not_its_own(archive: Archive) -> None:
    answer = archive.ask("取暖补贴什么时候发？")
    assert answer.short_answer != "2022年11月3日"
    assert "2022年12月15日" in answer.answer


def test_an_article_stands_behind_what_changes_it_newest_first(archive: Archive) -> None:
    answer = archive.ask("出租车的使用年限是多少年？")
    own = [quote for quote in cited(answer) if "渡船" not in quote]
    assert [name for quote in own for name in ("十年", "“六年”", "为六年") if name in quote] == [
        "十年",
        "“六年”",
        "为六年",
    ]
    assert answer.short_answer in (None, "十年")


def test_a_struck_article_says_so(archive: Archive) -> None:
    answer = archive.ask("出租车驾驶员每年培训多少学时？")
    assert any("删去第三条" in quote for quote in cited(answer))
    assert answer.short_answer is None


def test_an_article_that_nothing_changes_stands_alone(archive: Archive) -> None:
    for question in ("出租车的起步价是多少元？", "渡船的使用年限是多少年？"):
        answer = archive.ask(question)
        assert not answer.abstained
        assert not any("修改为" in quote for quote in cited(answer)), cited(answer)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("出租车管理规定改动了哪几条", "第二条、第三条"),
        ("出租車管理規定哪些條款被修改過", "第二条、第三条"),
        ("2020年出租车管理规定改了几条", "2条"),
        ("2023年出租车管理规定改了哪几条？", "第二条"),
        ("出租车管理规定删去了哪条", "第三条"),
        ("2018年出租车的使用年限是多少年", "六年"),
        ("2021年出租车的使用年限是多少年？", "八年"),
        ("2024年出租車的使用年限是多少年", "十年"),
        ("2021年文化站晚上几点关门", "晚上九点"),
        ("2023年文化站晚上幾點關門", "晚上十点"),
        ("文化站管理办法是哪一天印的", "2019年5月6日"),
    ],
)
def test_what_was_amended_and_what_held_then(archive: Archive, question: str, value: str) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value, answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "2020年出租车的使用年限是多少年",  # changed within the year
        "2015年出租车的使用年限是多少年",  # before the rule
        "2018年渡船的使用年限是多少年",  # never amended: no decision tells how long it held
        "出租车管理规定哪几条没改",
        "2021年文化站早上几点开门",  # what was changed stands beside it
        "2022年文化站晚上几点关门",
    ],
)
def test_no_value_of_a_time_that_no_decision_bounds(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("合作社账目收入第三项是什么", "二万三千元"),
        ("合作社账目说明支出第二项驾驶员的工资发了多少", "十五万元"),
    ],
)
def test_an_item_is_found_by_its_number_and_heading(
    archive: Archive, question: str, item: str
) -> None:
    answer = archive.ask(question)
    assert item in answer.answer
    assert "租金" not in answer.answer
    assert "代耕" not in answer.answer


def test_an_item_that_is_not_there_is_refused(archive: Archive) -> None:
    assert archive.ask("合作社账目第九项收入是多少").abstained


def test_the_rest_of_a_list_of_documents(archive: Archive) -> None:
    question = "松原县有哪些通知"
    whole = archive.ask(question).answer
    assert "冬季供水" in whole
    assert "春季植树" in whole
    told = (Turn("user", question), Turn("assistant", "《松原县关于冬季供水的通知》。"))
    rest = archive.ask("还有吗", history=told).answer
    assert "春季植树" in rest
    assert "冬季供水" not in rest
