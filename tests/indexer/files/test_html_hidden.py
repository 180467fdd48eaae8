"""Pages saved before their script had run: the text that they hide is read, what is beside it not.

The last word is an index that is built of such a page and asked.
"""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.load import load_embedder
from indexer.errors import UnreadableFile
from indexer.files.readers import read
from indexer.files.readers.html import find_dropped, read_whole
from indexer.index.store import open_index
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings

FIRST = "渡口每天早上六点开船，末班渡船下午五点半离岸。"
SECOND = "冬季水位低于两米时停航，改由摆渡车绕行新桥，单程二十五分钟。"
THIRD = "老人与学生凭证件免票，其他乘客每人三元。"
TITLE = "<h1>白沙渡口开船时间</h1><div>交通站 2022-03-04</div>"
BODY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
NOTICE = (
    "<p>本网站使用 Cookie 记住您的选择，继续浏览就表示您同意。</p>"
    "<p>统计数据只用来改进栏目，不会交给别人使用，您随时可以关掉它。</p>"
)


def page(body: str, head: str = "") -> bytes:
    return (
        f'<html><head><meta charset="utf-8"><title>白沙渡口开船时间</title>{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        f'{TITLE}<div id="js_content" style="visibility: hidden; opacity: 0;">{BODY}</div>',
        f'{TITLE}<div id="text" style="DISPLAY:NONE">{BODY}</div>',
        f'{TITLE}<div style="opacity:0; transition: opacity 1s">{BODY}</div>',
        f"{TITLE}<article hidden>{BODY}</article>",
        f'<div id="root" aria-hidden="true">{TITLE}{BODY}</div>',
        f'{TITLE}<div class="content hidden">{BODY}</div>',
        f'{TITLE}<section hidden><div style="visibility:hidden">{BODY}</div></section>',
        f"{TITLE}<noscript>{BODY}</noscript>",
        f"{TITLE}<details><summary>正文</summary>{BODY}</details>",
        f'{TITLE}<iframe srcdoc="{BODY}"></iframe>',
        f'{TITLE}<div class="tab-pane"><p>{FIRST}</p><p>{SECOND}</p></div>'
        f'<div class="tab-pane" style="display:none"><p>{THIRD}</p></div>',
        "".join(
            f'<div class="fade" style="visibility:hidden"><p>{each}</p></div>'
            for each in (FIRST, SECOND, THIRD)
        ),
    ],
)
def test_the_text_that_a_page_hides_until_its_script_runs(body: str) -> None:
    hidden = f'<div class="cookie-bar" style="display:none">{NOTICE}</div>'
    lines = read("渡口.html", page(hidden + body)).text.split("\n")
    assert [line for line in lines if line in (FIRST, SECOND, THIRD)] == [FIRST, SECOND, THIRD]
    assert "Cookie" not in "".join(lines)


@pytest.mark.parametrize(
    ("rule", "is_read"),
    [
        (".late{display:none}", True),
        ("div.late { visibility : hidden }", True),
        ("/* .late{color:red} */ #late{display:none!important}", True),
        ("@media print {.late{display:none}}", True),
    ],
)
def test_a_rule_of_the_page_hides_its_text(rule: str, is_read: bool) -> None:
    body = f'{TITLE}<div class="late" id="late">{BODY}</div>'
    assert (SECOND in read("a.html", page(body, f"<style>{rule}</style>")).text) is is_read


def test_what_a_rule_hides_beside_the_text_stays_out() -> None:
    head = "<style>.off{display:none} .off.on{display:block} @media print{p{display:none}}</style>"
    body = f'{TITLE}{BODY}<div class="off"><p>旧的时间表写着早上七点开船。</p></div>'
    shown = '<div class="off on"><p>新桥通车以后仍照此开船。</p></div>'
    content = read("a.html", page(body + shown, head))
    assert "七点" not in content.text
    assert "新桥通车以后仍照此开船。" in content.text
    assert "旧的时间表写着早上七点开船。" in find_dropped(page(body + shown, head)).lines


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="loginDialog" style="display:none">{NOTICE * 4}</div>',
        f"<dialog>{NOTICE * 4}</dialog>",
        f'<div role="dialog" hidden>{NOTICE * 4}</div>',
        f"<template>{NOTICE * 4}</template>",
        f'<div style="display:none">{NOTICE}</div>',
        "<noscript>请启用 JavaScript 以后再看本页，否则有的内容显示不出来。</noscript>",
        '<ul style="display:none"><li><a href="1">首页</a><li><a href="2">办事指南</a></ul>',
    ],
)
def test_what_is_hidden_for_good_stays_out(beside: str) -> None:
    without = read("a.html", page(TITLE + BODY)).text
    assert read("a.html", page(TITLE + BODY + beside)).text == without
    assert read("a.html", page(beside + TITLE + BODY)).text == without


def test_a_page_kept_whole_has_its_hidden_lines() -> None:
    text = read_whole("a.html", page(f"{TITLE}{BODY}<dialog>{NOTICE}</dialog>")).text
    assert "本网站使用 Cookie 记住您的选择，继续浏览就表示您同意。" in text
    assert FIRST in text


def test_a_page_that_hides_all_it_has_but_a_dialog_says_so() -> None:
    with pytest.raises(UnreadableFile) as told:
        read("a.html", page(f'<div class="modal" style="display:none">{BODY}</div>'))
    assert told.value.reason == "no_text"
    assert "hides all its text, 66 characters" in told.value.message


def test_a_page_of_scripts_alone_says_how_much_stands_in_them() -> None:
    with pytest.raises(UnreadableFile) as told:
        read("a.html", page(f'<script>var text = "{FIRST}{SECOND}"</script>'))
    assert told.value.reason == "no_text"
    assert "53 characters stand in its scripts" in told.value.message


def test_a_script_with_a_copy_of_the_text_takes_nothing_away() -> None:
    copy = f'<script>var copy = "<p>{FIRST}</p><p>{SECOND}</p>"</script>'
    with_copy, without = (read("a.html", page(TITLE + BODY + each)) for each in (copy, ""))
    assert with_copy.page_chars == without.page_chars


def test_a_frame_in_a_frame() -> None:
    inner = escape(f'<iframe srcdoc="{BODY}"></iframe>', quote=True)
    assert THIRD in read("a.html", page(f'{TITLE}<iframe srcdoc="{inner}"></iframe>')).text


def test_the_first_line_is_the_title_of_a_page_that_marks_none_up() -> None:
    word = f"<html><body><div class=WordSection1><p><b>渡口管理</b></p>{BODY}</div></body></html>"
    content = read("a.html", word.encode())
    assert (content.title, content.text.split("\n")[0]) == ("渡口管理", "渡口管理")
    assert read("渡口.html", f"<html><body>{BODY}</body></html>".encode()).title == "渡口"


def test_a_container_named_like_furniture_holds_the_text_beside_a_long_script() -> None:
    script = f"<script>{'var a = 1; ' * 400}</script>"
    body = f'{TITLE}<div class="share content">{BODY}</div>{script}'
    assert THIRD in read("a.html", page(body)).text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(("div", "section", "article", "main")), min_size=1, max_size=5),
    st.lists(
        st.sampled_from(('style="display:none"', 'style="visibility:hidden"', "hidden", "")),
        min_size=5,
        max_size=5,
    ),
)
def test_however_deep_the_text_is_hidden_each_line_of_it_is_read_once(
    tags: list[str], ways: list[str]
) -> None:
    opened = "".join(f"<{tag} {way}>" for tag, way in zip(tags, ways, strict=False))
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    lines = read("a.html", page(f"{TITLE}{opened}{BODY}{closed}")).text.split("\n")
    assert [lines.count(each) for each in (FIRST, SECOND, THIRD)] == [1, 1, 1]


# -- through the front door -----------------------------------------------------------------------


def test_a_saved_article_answers(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    body = f'{TITLE}<div id="js_content" style="visibility: hidden; opacity: 0;">{BODY}</div>'
    (folder / "渡口.html").write_bytes(page(body))
    report = build([folder], index, load_embedder("builtin"))
    assert report.little_read == {}
    answer = Archive.open(index, Settings(index=index)).ask("白沙渡口其他乘客每人多少元？")
    assert answer.short_answer == "三元"


def test_a_page_of_which_little_is_read_is_told_of(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    script = f'<script>window.DATA = {{"text": "{FIRST}{SECOND}{THIRD}"}}</script>'
    (folder / "脚本.html").write_bytes(page(f'{TITLE}<div id="app"></div>{script}'))
    escaped = script.encode("ascii", "backslashreplace").decode()
    (folder / "转义.html").write_bytes(page(f'{TITLE}<div id="app"></div>{escaped}'))
    (folder / "全文.html").write_bytes(page(TITLE + BODY))
    report = build([folder], index, load_embedder("builtin"))
    assert list(report.little_read) == ["脚本.html", "转义.html"]
    coverage = report.little_read["脚本.html"]
    assert (coverage.kept_chars, coverage.share < 0.3) == (19, True)
    reader = open_index(index)
    stored = {
        each.document.source: each.coverage
        for each in reader.documents(10, None, reader.select()).documents
    }
    reader.close()
    assert stored["脚本.html"] == coverage
    whole = stored["全文.html"]
    assert whole is not None
    assert whole.share == 1.0
