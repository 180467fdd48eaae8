"""What the readers make of a page, a Markdown file and a text saved without its markup."""

import pytest

from indexer.errors import UnreadableFile
from indexer.files.readers import SUPPORTED, format_of, read
from indexer.records import Content, LeftOutReason

BODY = (
    "医疗队一行十二人在山里住了九天，为四百多名村民量血压、查血糖，"
    "留下常用药品三箱，临走时又约好了秋天再来的日子。"
)
MORE = (
    "村里的卫生室去年翻修过，屋顶不再漏雨，新添了两张病床和一台心电图机，"
    "平日由一名村医照看，周末镇上派人来换班。"
)


def _headings(content: Content) -> list[tuple[int, str]]:
    return [(h.level, content.text[h.start : h.end]) for h in content.headings]


def _left_out(content: Content) -> list[tuple[str, str]]:
    return [(out.reason.value, content.text[out.start : out.end]) for out in content.left_out]


def test_the_table_of_formats() -> None:
    assert {".txt", ".md", ".html", ".htm"} <= SUPPORTED
    assert format_of("a/B.HTM") == "html"
    with pytest.raises(UnreadableFile) as caught:
        read("song.mp3", b"x")
    assert caught.value.reason == "unsupported_format"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize("data", [b"", b" \r\n\t"])
def test_empty_files(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(name, data)
    assert caught.value.reason == "empty"


def test_only_signs() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.txt", "——……\n***\n".encode())
    assert caught.value.reason == "no_text"


# -- text -----------------------------------------------------------------------------------------


def test_a_saved_page() -> None:
    text = "\n".join(
        [
            "当前位置:首页  动态",
            "山村义诊侧记",
            "2020年08月06日    文章来源:某学院",
            "",
            BODY,
            MORE,
            "来源:宣传科",
            "文:张三",
            "阅读排行",
            "1. 关于公布名单的通知",
            "2. 关于开展活动的通知",
            "首页 | 各处室 | 校友会",
            "某学院    版权所有    地址:某市某路1号",
        ]
    )
    content = read("x.txt", text.encode("gb18030"))
    assert content.text == text
    assert (content.title, content.date, content.author) == ("山村义诊侧记", "2020-08-06", "张三")
    assert _headings(content) == [(1, "山村义诊侧记")]
    assert _left_out(content) == [
        ("navigation", "当前位置:首页  动态"),
        ("ranking", "阅读排行\n1. 关于公布名单的通知\n2. 关于开展活动的通知"),
        ("navigation", "首页 | 各处室 | 校友会"),
        ("footer", "某学院    版权所有    地址:某市某路1号"),
    ]


def test_a_disclaimer_goes_and_a_body_that_speaks_of_rights_stays() -> None:
    spoken = "本站记者说，版权归作者所有，转载请联系本站，这一句是正文，不该被丢掉。"
    disclaimer = "免责声明:\n① 稿件版权均属本网所有。\n② 不代表本站立场。"
    text = f"标题在此\n{BODY}\n{spoken}\n{MORE}\n{disclaimer}"
    content = read("x.txt", text.encode())
    ((reason, words),) = _left_out(content)
    assert reason == LeftOutReason.DISCLAIMER
    assert words == disclaimer


def test_a_heading_like_a_rankings_above_prose_stays() -> None:
    content = read("x.txt", f"通报\n{BODY}\n最新动态\n{MORE}".encode())
    assert content.left_out == ()
    assert _headings(content) == [(1, "通报"), (2, "最新动态")]


def test_text_without_prose_keeps_every_line() -> None:
    content = read("list.txt", "联系方式\n电话:123\n编辑:李四\n版权所有".encode())
    assert content.left_out == ()


def test_headings_by_their_shape() -> None:
    text = (
        f"{BODY}\n先把路修通 再把水引来\n甲县人民政府\n{MORE}\n一\n医疗帮扶\n{BODY}\n"
        f"二、教育帮扶\n{MORE}\n地点:乙村\n{BODY}"
    )
    content = read("x.txt", text.encode())
    assert _headings(content) == [
        (2, "先把路修通 再把水引来"),
        (2, "甲县人民政府"),
        (2, "一"),
        (2, "医疗帮扶"),
        (2, "二、教育帮扶"),
    ]


def test_captions_between_indented_paragraphs_are_no_headings() -> None:
    text = f"山村义诊\n\n  {BODY}\n\n义诊现场\n\n  {MORE}\n\n村民排队\n\n  {BODY}"
    assert _headings(read("x.txt", text.encode())) == [(1, "山村义诊")]


def test_list_items_with_numbers_are_no_headings() -> None:
    text = f"名单\n{BODY}\n一、张三\n二、李四\n三、王五\n{MORE}"
    assert _headings(read("x.txt", text.encode())) == [(1, "名单"), (2, "三、王五")]


@pytest.mark.parametrize(
    ("text", "name", "title", "date"),
    [
        (f"{BODY}\n原标题:山里来了医疗队", "001_ab12.txt", "山里来了医疗队", None),
        (f"{BODY}\n{MORE}", "001_ab12.txt", "医疗队一行十二人在山里住了九天", None),
        (f"{BODY}\n{MORE}", "2020-05-28 义诊记录.txt", "2020-05-28 义诊记录", "2020-05-28"),
        (f"脱贫\n攻坚\n{BODY}", "a.txt", "脱贫攻坚", None),
        (f"通知\n{BODY}\n二〇二〇年五月八日", "a.txt", "通知", "2020-05-08"),
        (f"通知\n发布日期:2020-13-40\n{BODY}", "20201301.txt", "通知", None),
        (f"通知\n5月26日,他们来了。2020年5月28日,{BODY}", "a.txt", "通知", None),
        (f"通知\n日期：2020年5月28日\n{BODY}", "2019-01-01.txt", "通知", "2020-05-28"),
    ],
)  # fmt: skip
def test_title_and_date(text: str, name: str, title: str, date: str | None) -> None:
    content = read(name, text.encode())
    assert (content.title, content.date) == (title, date)


# -- Markdown -------------------------------------------------------------------------------------


def test_markdown() -> None:
    text = (
        "---\ntitle: 简报\ndate: 2020-06-02\n---\n\n# 捐赠一览\n\n导语。\n\n"
        "| 单位 | 金额 |\n| --- | ---: |\n| 甲校 | 65万元 |\n\n## 明细 ##\n\n"
        "```\n# 不是标题\n| 非 | 表 |\n| --- | --- |\n```\n\n"
        "附表\n----\n\n![图](a.png)\n末段**加粗**。\n"
    )
    content = read("a.md", text.encode())
    rows = "| 单位 | 金额 |\n| --- | ---: |\n| 甲校 | 65万元 |\n"
    assert content.text == text.replace(rows, "单位：甲校 | 金额：65万元\n")
    assert (content.title, content.date) == ("简报", "2020-06-02")
    assert _headings(content) == [(1, "捐赠一览"), (2, "明细"), (2, "附表")]
    assert [words for _, words in _left_out(content)] == [
        "---\ntitle: 简报\ndate: 2020-06-02\n---",
        "```",
        "```",
        "----",
        "![图](a.png)",
    ]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("甲 | 乙\n-|-\n1 | 2", ["甲：1 | 乙：2"]),
        ("|甲|乙|\n|:-:|--|\n|1|\n|a\\|b|3|4|", ["甲：1", "甲：a|b | 乙：3"]),
        ("|甲|乙|\n|--|--|", []),
        ("|甲|乙|\n|--|--|--|\n|1|2|", ["|甲|乙|", "|--|--|--|", "|1|2|"]),
    ],
)
def test_tables_of_markdown(table: str, rows: list[str]) -> None:
    content = read("a.md", f"导语。\n\n{table}\n\n末段。\n".encode())
    assert [line for line in content.text.split("\n") if line] == ["导语。", *rows, "末段。"]


def test_items_of_a_counted_list_have_their_numbers() -> None:
    page = (
        f"<h1>办法</h1><p>{BODY}</p><ol start=3><li><p>{MORE}</p><p>续。</p><li>二、已有号的不加。"
        "<li value=9>后一条，说的是来年怎么办。</ol><ul><li>不计数的一条，也说来年。</ul>"
    )
    lines = read("a.html", page.encode()).text.split("\n")
    assert lines[-5:] == [
        f"3. {MORE}",
        "续。",
        "二、已有号的不加。",
        "9. 后一条，说的是来年怎么办。",
        "不计数的一条，也说来年。",
    ]


def test_markdown_without_heading_or_front_matter() -> None:
    content = read("dir/会议纪要.md", f"---\n\n{BODY}\n".encode())
    assert content.title == "会议纪要"
    assert content.headings == ()
    assert read("a.md", f"# **重** [要](http://x)\n\n{BODY}".encode()).title == "重 要"


# -- HTML -----------------------------------------------------------------------------------------


PAGE = f"""<html><head><meta charset="gb2312"><title>山村义诊侧记_某学院新闻网</title>
<meta name="author" content="张三"><link rel="canonical" href="https://example.org/a"></head><body>
<div class="top-nav"><a href="/">首页</a> <a href="/n">新闻</a> <a href="/c">联系我们</a></div>
<h1>山村义诊侧记</h1><div class="info">2020-08-06 来源：宣传科</div>
<div class="article"><p>{BODY}</p><h2>卫生室</h2><p>短句。</p><p>{MORE}</p>
<table><tr><th>县</th><th>退出村</th></tr><tr><td rowspan="2">雷波</td><td>12个</td></tr>
<tr><td>13个</td></tr></table>
<p>最后一段说的是来年的打算，还要再来两次，<br>每次带去的药品不少于五百份。</p></div>
<div class="rank"><h3>阅读排行</h3><ul><li><a href="1">关于公布名单的通知</a></li></ul></div>
<div class="footer">某学院 版权所有 某ICP备00000000号</div><script>"脚本"</script></body>"""


def test_html_page() -> None:
    content = read("a.html", PAGE.encode("gb18030"))
    assert content.text.split("\n") == [
        "山村义诊侧记",
        "2020-08-06 来源：宣传科",
        BODY,
        "卫生室",
        "短句。",
        MORE,
        "县：雷波 | 退出村：12个",
        "县：雷波 | 退出村：13个",
        "最后一段说的是来年的打算，还要再来两次，",
        "每次带去的药品不少于五百份。",
    ]
    assert _headings(content) == [(1, "山村义诊侧记"), (2, "卫生室")]
    assert (content.title, content.date) == ("山村义诊侧记", "2020-08-06")
    assert (content.author, content.url) == ("张三", "https://example.org/a")
    assert content.encoding == "gb18030"


def test_html_keeps_the_glyphs() -> None:
    odd = "⾦额为①㎡，金\uf90a与e\u0301，〔２０２０〕１２号，" + BODY
    page = f"<html><body><h1>题</h1><p>{odd}</p><p>{MORE}</p></body></html>"
    assert odd in read("a.html", page.encode()).text


def test_html_without_a_paragraph_tag_or_title() -> None:
    page = f"<div>{BODY}<br><br>{MORE}</div>"
    content = read("义诊.html", page.encode())
    assert content.title == "义诊"
    assert content.text.split("\n") == ["义诊", BODY, MORE]


@pytest.mark.parametrize(
    "page",
    [
        "<html><script>document.write('x')</script></html>",
        "<!-- 只有注释 -->",
        "<html><body></body></html>",
        "<body><div style='display:none'>藏起来的字</div></body>",
    ],
)
def test_html_without_text(page: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.html", page.encode())
    assert caught.value.reason == "no_text"


def test_html_that_nests_deeply_and_is_broken() -> None:
    page = "<div>" * 3000 + f"<p>{BODY}<p>{MORE}"
    content = read("a.html", page.encode())
    assert BODY in content.text
