"""Who published a document and when, from bylines, markup, names, addresses and folders."""

import json

import pytest

from indexer.files.lines import split_lines
from indexer.files.metadata import find_organisation, is_organisation, parse_date
from indexer.files.metadata.bylines import is_person
from indexer.files.metadata.completing import complete
from indexer.files.metadata.dates import find_date
from indexer.files.readers import read
from indexer.records import Content

BODY = "医疗队在村里义诊三天，共有四百二十八名村民来看病，最远的一位走了两个小时山路。"


@pytest.mark.parametrize(
    ("line", "organisation"),
    [
        ("2020年08月06日    文章来源:复旦大学", "复旦大学"),
        ("来源：山区日报　作者：张三　点击：123", "山区日报"),
        ("發布機構：永平縣衛生健康局 發布日期：2020-08-06", "永平縣衛生健康局"),
        ("发文单位：省教育厅 | 2020年3月1日", "省教育厅"),
        ("（来源：新华社）", "新华社"),
        ("供稿：宣传部 团委", "宣传部 团委"),
        ("信息来源：IT之家 2020-01-02 10:00", "IT之家"),
        ("Source 来源：Fudan University 2020-01-02", "Fudan University"),
        ("   毕节职业技术学院    2020-06-23", "毕节职业技术学院"),
        ("作者：李雪", None),
        ("文：谢明 图：综合整理", None),
        ("来源：本站原创", None),
        ("来源：网络", None),
        ("来源：https://example.org/a", None),
        ("来源：在全县工作会议上的讲话", None),
    ],
)
def test_bylines(line: str, organisation: str | None) -> None:
    assert find_organisation(split_lines(f"山村义诊\n{line}\n{BODY}\n")) == organisation


def test_a_signature_at_the_end() -> None:
    body = f"山村义诊\n{BODY}\n" + f"{BODY}\n" * 9
    assert find_organisation(split_lines(f"{body}（省卫生健康委）")) == "省卫生健康委"
    assert find_organisation(split_lines(f"{body}昭觉县人民政府\n2020年5月6日")) == "昭觉县人民政府"
    assert find_organisation(split_lines(f"{body}昭觉县人民政府")) is None, "a heading perhaps"


def test_bodies_and_persons() -> None:
    bodies = (
        "复旦大学",
        "组织部",
        "省卫生健康委",
        "人民网",
        "永平县",
        "衛生局",
        "World Bank Group",
    )
    assert all(map(is_organisation, bodies))
    assert not any(map(is_organisation, ("张三", "廖斌、刘毅", "会", "本报", "他去了医院。")))
    assert is_person("谢明雄")
    assert is_person("李雪 王芳")
    assert not is_person("复旦大学")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("中華民國109年5月26日", "2020-05-26"),
        ("民国一百零九年五月二十六日", "2020-05-26"),
        ("二〇二〇年八月六日", "2020-08-06"),
        ("2020.8.6", "2020-08-06"),
        ("2020年5月", None),
        ("2099年1月1日", None),
        ("1899年1月1日", None),
        ("民國999年1月1日", None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert parse_date(text) == day


def dated(text: str, source: str = "a.txt", url: str | None = None) -> str | None:
    content = read(source, text.encode())
    return complete(Content(content.text, date=content.date, url=url), source, "txt").date


def test_a_day_takes_its_year_from_elsewhere() -> None:
    text = f"山村义诊\n5月26-28日，医疗队来到村里。\n{BODY}\n"
    assert dated(text) is None, "no year is said"
    assert dated(text + "队长介绍了2020年的工作计划。\n") == "2020-05-28"
    assert dated(text + "到2018年底脱贫。今年是2020年。\n") == "2020-05-28"
    assert dated(text + "版权所有 © 2015-2021 某医院\n") == "2021-05-28"
    assert dated(text + "2020年的计划。\n", "2019/a.txt") == "2019-05-28", (
        "the path is trusted more"
    )
    assert dated(text, url="https://example.org/2021/a.html") == "2021-05-28"
    assert dated(text + "2098年的设想。\n") is None
    ranged = text.replace("5月26-28日", "5月30日至6月2日")
    assert dated(ranged + "2020年的计划。\n") == "2020-06-02"
    assert dated(f"山村义诊\n{BODY}\n{BODY}5月26日，2020年。\n") is None, "not at the head"


def test_the_order_of_trust() -> None:
    text = f"山村义诊\n发布日期：2020-08-06\n{BODY}\n"
    folder, url = "2019/05/01/a.txt", "https://example.org/201806/t20180605_12.html"
    assert dated(text, folder, url) == "2020-08-06"
    plain = f"山村义诊\n{BODY}\n"
    assert dated(plain, "2019/05/01/2017-03-04.txt", url) == "2017-03-04"
    assert dated(plain, folder, url) == "2018-06-05"
    assert dated(plain, folder) == "2019-05-01"
    assert dated(plain, "20190501/a.txt") == "2019-05-01"
    assert dated(plain, "2019年5月1日/a.txt") == "2019-05-01"
    assert dated(plain, "2019-05/a.txt") is None
    assert dated(plain, "201905123/a.txt") is None


HEAD = """<!DOCTYPE html>
<!-- saved from url=(0043)https://example.org/2020/t1.html -->
<html><head><title>山村义诊 - 某网</title>%s</head><body><h1>山村义诊</h1><p>%s</p></body></html>"""


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<meta name="SiteName" content="某县人民政府网">'
            '<meta name="ContentSource" content="新华社">'
            '<meta name="PubDate" content="2020-05-26 10:00"><meta name="Author" content="李雪">',
            ("2020-05-26", "李雪", "新华社"),
        ),
        ('<meta property="og:site_name" content="某县人民政府网">', (None, None, "某县人民政府网")),
        ('<meta name="author" content="永平县教育局">', (None, None, "永平县教育局")),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",'
            ' "datePublished": "2020-05-26T08:00:00+08:00",'
            ' "author": [{"@type": "Person", "name": "李雪"}],'
            ' "publisher": {"@type": "Organization", "name": "山区日报"}}]}</script>',
            ("2020-05-26", "李雪", "山区日报"),
        ),
        ('<script type="application/ld+json">{"@type": "NewsArticle", </script>', (None,) * 3),
    ],
)
def test_markup(head: str, expected: tuple[str | None, ...]) -> None:
    content = read("a.html", (HEAD % (head, BODY)).encode())
    assert (content.date, content.author, content.organisation) == expected
    assert content.url == "https://example.org/2020/t1.html"


def test_a_byline_in_the_page_goes_before_the_site() -> None:
    head = '<meta property="og:site_name" content="某网">'
    page = HEAD % (head, f"来源：复旦大学 2020-08-06</p><p>{BODY}")
    assert read("a.html", page.encode()).organisation == "复旦大学"


def test_an_author_that_is_a_body_is_the_organisation() -> None:
    content = complete(Content(BODY, author="永平县教育局"), "a.txt", "txt")
    assert (content.author, content.organisation) == (None, "永平县教育局")
    record = {"标题": "山村义诊", "来源": "山区日报", "正文": BODY}
    content = read("a.json", json.dumps(record).encode())
    assert (content.author, content.organisation) == (None, "山区日报")


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        (
            "今天是2023年5月6日\n您的位置 : 首页 > 动态\n春耕督查\n发布时间：2023-04-12 09:15",
            "春耕督查",
            "2023-04-12",
        ),
        ("接種開跑\n發布單位：管制科 發布日期：112-09-22 點閱：5", "接種開跑", "2023-09-22"),
        (
            "索 引 号：\n008\n标 题：\n关于印发计划的通知\n成文日期：\n2022年03月08日",
            "关于印发计划的通知",
            "2022-03-08",
        ),
        (
            "读者服务\n资源检索\n入馆须知\n国庆节期间开放时间安排\n2023-09-27",
            "国庆节期间开放时间安排",
            "2023-09-27",
        ),
        ("原创 校团委 2021-05-04 18:00 收录于话题 #青年 12个\n表彰会记", "表彰会记", "2021-05-04"),
        ("在大会上的讲话\n张三\n2021-05-04", "在大会上的讲话", "2021-05-04"),
    ],
)
def test_title_and_day_at_the_head_of_saved_text(text: str, title: str, day: str) -> None:
    content = read("a.txt", f"{text}\n{BODY}\n".encode())
    assert (content.title, content.date) == (title, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("例会纪要\n2023年3月6日\n讨论甲事。\n2023年5月8日\n讨论乙事。\n"
         "2023年7月3日\n讨论丙事。\n", "2023-07-03"),
        ("例会纪要\n会议时间：2023-03-06\n讨论甲事。\n会议时间：2023-05-08\n讨论乙事。\n"
         "参加：三人\n记录：甲\n地点：一楼\n散会。\n", "2023-05-08"),
        ("值班记录\n2024-02-01 无异常。\n2024-02-02 水管报修。\n"
         "2024-02-03 无异常。\n", "2024-02-03"),
        # no entries: a day of publication with another one of signing, or with a time-table below
        (f"迁址通知\n2023年3月6日\n{BODY}\n校长室\n2023年3月7日\n", "2023-03-06"),
        ("招生安排\n2023年3月6日\n2023年4月1日 开始报名\n2023年4月9日 面试\n"
         "2023年5月1日 放榜\n", "2023-03-06"),
        (f"迁址通知\n发布日期：2023-03-06\n{BODY}\n报名日期：2023-04-06\n"
         "开学日期：2023-09-01\n", "2023-03-06"),
    ],
)  # fmt: skip
def test_several_entries_are_of_the_last_day(text: str, day: str) -> None:
    assert find_date(split_lines(text), "记录") == day
