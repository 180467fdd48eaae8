"""Leaving parts out: every variant differs from the whole where it should, and is told in pairs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.ablation.careless import Careless, miscopied
from eval.ablation.parts import BY_NAME, EVERYTHING, VARIANTS, variant_of
from eval.bench.processes import run_measured, serving
from eval.target import OverHttp
from indexer.errors import InvalidRequest
from service.llm.base import NumberedEvidence
from service.records import SearchMode

PAGE = (
    "<html><head><title>金野以匹村的分红</title></head><body>\n"
    "<div class='nav'><a href='/'>首页</a> | <a href='/n'>新闻</a> | <a href='/c'>联系</a></div>\n"
    "<h1>金野以匹村的分红</h1>\n"
    "<p>当年村集体经济分红共计六万六千元，由四十四户贫困户平均分配，每户得到一千五百元整。</p>\n"
    "<p>分红仪式在村委会的院子里举行，全村的老老少少都来了，场面十分热闹，大家都很高兴。</p>\n"
    "<p>阅读排行</p><p>1. 某市召开大会</p><p>2. 某县召开大会</p><p>版权所有：某某网站</p>\n"
    "</body></html>\n"
)
CORPUS = {
    "page.html": PAGE,
    "口罩.md": "# 县医院的口罩\n\n某大学向县医院捐赠口罩三千四百二十八只，由院长签收。\n\n"
    "## 发放\n\n这些口罩当天分给了各个科室，门诊拿到的最多。\n",
    "臺灣.txt": "醫療隊工作紀要\n醫療隊一共十二人，駐點在永平縣人民醫院，為期六個月。\n"
    "隊長是王小明醫師，他負責培訓當地的鄉村醫生。隊員住在舊礮臺旁。\n",
}
ROWS: list[dict[str, Any]] = [
    {
        "id": "t1",
        "kind": "spelled_otherwise",
        "question": "捐赠了3428只什么？",
        "answers": [["口罩"]],
        "evidence": [{"document": "口罩.md", "quote": "捐赠口罩三千四百二十八只"}],
    },
    {
        "id": "t2",
        "kind": "fact",
        "question": "医疗队的队长是谁？",
        "answers": [["王小明"]],
        "evidence": [{"document": "臺灣.txt", "quote": "隊長是王小明醫師"}],
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ablation")
    (folder / "corpus").mkdir()
    for name, text in CORPUS.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (folder / "gold.jsonl").write_text(lines, encoding="utf-8")
    return folder


def child(name: str) -> tuple[str, ...]:
    return ("eval.ablation.child", "--without", name)


def index_of(folder: Path, name: str) -> Path:
    index = folder / name
    if not index.exists():
        built = ["--build", str(folder / "corpus"), "--index", str(index)]
        run_measured([*child(name), *built])
    return index


def test_what_is_left_out_of_the_index_is_not_in_it(folder: Path) -> None:
    """Titles and headings, and the furniture of a page, which then stands in passages."""
    texts: dict[str, str] = {}
    for name in (EVERYTHING, "context_headings", "boilerplate"):
        with (
            serving(index_of(folder, name), command=child(name)) as service,
            OverHttp(service.url) as target,
        ):
            hits = target.search("版权所有 阅读排行 县医院的口罩 发放", 20, SearchMode.LEXICAL)
            stored = {hit.document_id: target.stored(hit.document_id).text for hit in hits}
            texts[name] = "\n".join(stored[hit.document_id][hit.start : hit.end] for hit in hits)
            if name == "context_headings":
                assert target.search("縣醫院的口罩", 20, SearchMode.LEXICAL)  # 口罩 is in the body
                with urlopen(f"{service.url}/v1/documents") as answer:
                    assert {row["title"] for row in json.load(answer)["documents"]} == {""}
    assert "版权所有" not in texts[EVERYTHING]
    assert "版权所有" in texts["boilerplate"]


@pytest.mark.parametrize(
    ("name", "query"),
    [("script_folding", "驻点"), ("number_forms", "3428"), ("variants", "炮")],
)
def test_text_rules_are_left_out_of_index_and_questions(
    name: str, query: str, folder: Path
) -> None:
    for variant, found in ((EVERYTHING, True), (name, False)):
        with (
            serving(index_of(folder, variant), command=child(variant)) as service,
            OverHttp(service.url) as target,
        ):
            assert bool(target.search(query, 5, SearchMode.LEXICAL)) is found


def test_every_rule_that_is_replaced_is_still_there() -> None:
    every = "from eval.ablation.parts import VARIANTS\nfor each in VARIANTS: each.prepare()"
    done = subprocess.run([sys.executable, "-c", every], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_guard_stops_what_the_careless_writer_miscopies(folder: Path) -> None:
    """The quote about the team is one of those that it miscopies: 十二人 → 十三人."""
    index = index_of(folder, EVERYTHING)
    said: dict[str, list[str]] = {}
    for name in ("careless", "guard"):
        with serving(index, command=child(name)) as service, OverHttp(service.url) as target:
            reply = target.ask("医疗队有多少人？驻点在哪里？", 8)
            said[name] = [sentence.text for sentence in reply.sentences]
    assert any("十三人" in text for text in said["guard"])
    assert not any("十三人" in text for text in said["careless"])


def test_the_command_tells_each_part_in_pairs(folder: Path) -> None:
    out = folder / "out.json"
    arguments = ["eval", "ablate", "--gold", str(folder / "gold.jsonl")]
    arguments += ["--corpus", str(folder / "corpus"), "--work", str(folder / "work")]
    arguments += ["--without", "script_folding", "--without", "lexical_leg", "--out", str(out)]
    output = run_measured(arguments).output
    assert "Traditional and Simplified stay two" in output
    assert "…" not in output
    parts = json.loads(out.read_text(encoding="utf-8"))["parts"]
    assert list(parts) == ["script_folding", "lexical_leg"]
    folding = parts["script_folding"]["figures"]["right"]
    assert folding["by"] == folding["after"] - folding["before"]
    alone = parts["lexical_leg"]["figures"]["lexical_found@10"]
    assert (alone["before"], alone["after"]) == (1.0, 0.0)


def test_every_part_has_a_seam_that_is_there() -> None:
    for variant in VARIANTS:
        variant.build_options()
        variant.service_parts()
        assert variant.base in BY_NAME
    with pytest.raises(InvalidRequest, match="no part 'roof'") as raised:
        variant_of("roof")
    assert "lexical_leg" in raised.value.hint


def test_the_careless_writer_marks_what_it_says() -> None:
    texts = ("村里有60户。", "队员有12人。", "捐了15万元。", "一共99名学生。")
    evidence = [NumberedEvidence(n, "", None, text) for n, text in enumerate(texts, start=1)]
    said = "".join(Careless().write("？", evidence, ()))
    assert said == "村里有61户。[1]\n队员有12人。[2]\n捐了15万元。[3]\n"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("捐了15万元", "捐了16万元"),
        ("口罩三千四百二十八只", "口罩三千四百二十九只"),
        ("共99人", "共98人"),
        ("没有数字", "没有数字"),
    ],
)
def test_a_miscopied_figure_is_another_figure(text: str, wrong: str) -> None:
    assert miscopied(text) == wrong


@given(st.text(max_size=40))
def test_nothing_but_one_character_is_miscopied(text: str) -> None:
    wrong = miscopied(text)
    assert len(wrong) == len(text)
    assert sum(one != other for one, other in zip(text, wrong, strict=True)) <= 1
