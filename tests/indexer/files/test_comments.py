"""Comments of readers and side columns of a page: left out and told of; a text's own stay."""

import pytest

from indexer.files.comments import find_comments
from indexer.files.furniture import words_of
from indexer.files.lines import split_lines
from indexer.files.readers import read
from indexer.files.readers.html import find_dropped
from indexer.records import Content, LeftOutReason

SENTENCES = (
    "云台桥改造工程上月完工，桥面由两车道加宽到四车道，限载四十九吨。",
    "施工单位在桥墩外侧加装了防撞圈，汛期每天派人观测水位两次。",
    "旧桥拆下的石料用来砌护岸，共利用石料六百立方米。",
)
TITLE = "云台桥改造工程完工"
SAID = ("早就该修了，过去每到下雨都要堵上半个钟头。", "希望把路灯也一起换掉，晚上太暗看不清路。")
REPLIES = "".join(
    f"<div><b>{who}</b><i>2024-03-0{at} 08:1{at}</i><p>{said}</p><a>回复</a> 赞({at})</div>"
    for at, (who, said) in enumerate(zip(("过桥人", "南岸居民"), SAID, strict=True), 1)
)
ELSEWHERE = (
    "码头仓库改成了渔业博物馆，门票二十元，周一闭馆。",
    "北岸步道延长一千八百米，沿路设了六处歇脚亭。",
)
SIDE = "".join(
    f'<li><a href="{at}.html">{name}</a><p>{said}</p></li>'
    for at, (name, said) in enumerate(zip(("博物馆开门", "步道延长"), ELSEWHERE, strict=True))
)


def page(*below: str, above: str = "") -> bytes:
    text = "".join(f"<p>{each}</p>" for each in SENTENCES)
    return (
        f'<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body>{above}<div class=w>'
        f"<h1>{TITLE}</h1><div>2024-02-28 来源：云台日报</div><div class=c>{text}</div>"
        f"{''.join(below)}</div></body></html>"
    ).encode()


def kept(content: Content) -> str:
    text, position = "", 0
    for out in content.left_out:
        text += content.text[position : out.start]
        position = out.end
    return text + content.text[position:]


def box(heading: str, inside: str) -> str:
    return f"<div class=b><div class=h><span>{heading}</span></div><div>{inside}</div></div>"


@pytest.mark.parametrize(
    "heading",
    [
        *("网友评论", "评论（2）", "已有2条评论", "跟帖", "全部评论 查看更多", "最新評論"),
        *("<h3>精彩评论</h3>", "2条跟帖", "Comments (2)", "【读者评论】"),
        *("网友评论 5条评论", "评论 23人参与", "全部评论（5） 按热度 按时间", "已有5位网友评论"),
    ],
)
def test_what_readers_wrote_is_left_out_and_told_of(heading: str) -> None:
    for below in (box(heading, REPLIES), f"<p>{heading}</p>{REPLIES}"):
        content = read("桥.html", page(below))
        text = kept(content)
        assert [each for each in SENTENCES if each in text] == list(SENTENCES)
        assert [each for each in SAID if each in text] == []
        out = "".join(content.text[each.start : each.end] for each in content.left_out)
        assert all(each in out for each in SAID)
        assert LeftOutReason.COMMENTS in {each.reason for each in content.left_out}
        assert content.date == "2024-02-28"


def test_a_long_row_of_comments_does_not_become_the_text() -> None:
    text = kept(read("桥.html", page(box("网友评论", REPLIES * 12))))
    assert [each for each in SENTENCES if each in text] == list(SENTENCES)
    assert SAID[0] not in text


def test_comments_in_a_text_without_markup() -> None:
    lines = [
        TITLE,
        *SENTENCES,
        "网友评论",
        "过桥人 3小时前",
        SAID[0],
        "南岸居民 昨天 10:20",
        SAID[1],
    ]
    content = read("桥.txt", "\n".join(lines).encode())
    assert kept(content).strip().split("\n") == [TITLE, *SENTENCES]


@pytest.mark.parametrize(
    "own",
    [
        f"<h2>网友评论</h2><p>{SAID[0]}</p><p>{SAID[1]}</p>",
        f"<h2>评论</h2><p>{SAID[0]}</p>",
        f"<h2>评论</h2><p>回复</p><p>点赞</p><p>{SAID[0]}</p>",
        f"<p>四、文明上网，理性发言。</p><p>{SAID[0]}</p>",
        f"<p>用户登录后可以发表评论。</p><p>{SAID[0]}</p>",
        f"<h2>推荐理由</h2><p>{SAID[0]}</p>",
    ],
)
def test_a_section_of_the_texts_own_stays(own: str) -> None:
    assert SAID[0] in kept(read("桥.html", page(own)))


def test_a_numbered_heading_ends_the_comments() -> None:
    lines = split_lines("网友评论\n过桥人 2024-03-01 08:11\n早该修了。\n三、下一步打算\n换掉路灯。")
    assert find_comments(lines, lambda at: words_of(lines[at].text), 0) == (0, 1, 2)


@pytest.mark.parametrize(
    "heading", ["相关阅读", "热门推荐", "猜你喜欢", "24小时热榜", "最新资讯 更多"]
)
def test_a_side_column_with_sentences_in_it_is_left_out(heading: str) -> None:
    column = box(heading, f"<ul>{SIDE}</ul>")
    flat = f"<h3>{heading}</h3><ul>{SIDE}</ul>"
    for data in (page(column), page(above=column), page(flat), page(column, column)):
        content = read("桥.html", data)
        text = kept(content)
        assert [each for each in SENTENCES if each in text] == list(SENTENCES)
        assert [each for each in ELSEWHERE if each in text] == []
        assert content.title == TITLE
        assert set(ELSEWHERE) <= set(find_dropped(data).lines)


def test_a_page_of_news_alone_is_read() -> None:
    data = f"<html><body><div><h3>最新动态</h3><ul>{SIDE}</ul></div></body></html>".encode()
    assert ELSEWHERE[0] in kept(read("新闻.html", data))


@pytest.mark.parametrize(
    "line",
    [
        "下一篇：步道延长工程今年完成。",
        "上一条：码头改造",
        "分享到：微信微博",
        "分享到： QQ空间 豆瓣",
    ],
)
def test_neighbours_and_buttons_to_share(line: str) -> None:
    assert line not in kept(read("桥.html", page(f"<div>{line}</div>")))
