"""Which documents are folded as reprints: copies in other clothes, never other figures."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.reprints import (
    Candidate,
    are_copies,
    find_groups,
    regroup,
    what_it_says,
    without,
)
from indexer.text.fingerprint import fingerprint

WORDS = (
    *(
        "村里",
        "合作社",
        "修路",
        "水渠",
        "花椒",
        "医院",
        "医疗队",
        "学校",
        "老师",
        "孩子",
        "收入",
        "贫困户",
    ),
    *(
        "干部",
        "培训",
        "种植",
        "养殖",
        "易地搬迁",
        "电网",
        "干净",
        "自来水",
        "冷链",
        "山货",
        "集市",
        "党员",
    ),
)


def article(seed: int, sentences: int = 50) -> list[str]:
    """Sentences of their own, each third with a figure."""
    chance = random.Random(seed)
    made = []
    for at in range(sentences):
        words = "".join(chance.choices(WORDS, k=chance.randint(5, 9)))
        figure = f"共{chance.randint(12, 9999)}户" if at % 3 == 0 else ""
        made.append(f"{words}，{''.join(chance.choices(WORDS, k=4))}{figure}。")
    return made


def grouped(*texts: str) -> dict[int, int]:
    said = [what_it_says(text) for text in texts]
    candidates = [Candidate(key, fingerprint(text), True) for key, text in enumerate(texts)]
    return find_groups(candidates, lambda one, first: are_copies(said[one.key], said[first.key]))


@given(st.integers(0, 5000), st.integers(0, 49), st.sampled_from(["", " ", "\n", "\u3000"]))
def test_a_copy_in_other_clothes_is_found(seed: int, at: int, space: str) -> None:
    sentences = article(seed)
    copied = [*sentences]
    copied[at] = copied[at].replace("，", f"{space},{space}").replace("里", "裏")
    copy = f"2020-08-07 来源：别的网站 浏览：{seed}次\n" + "\n".join(copied) + "\n责任编辑：某人"
    assert grouped("".join(sentences), copy) == {1: 0}


@given(st.integers(0, 5000), st.data())
def test_other_figures_are_another_document(seed: int, data: st.DataObject) -> None:
    sentences = article(seed)
    at = 3 * data.draw(st.integers(0, len(sentences) // 3))
    changed = [*sentences]
    figure = data.draw(st.integers(10_000, 99_999))
    head, _, _ = changed[at].rpartition("共")
    changed[at] = f"{head}共{figure}户。"
    assert grouped("".join(sentences), "".join(changed)) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("甲县12村，乙县15村。", "甲县15村，乙县12村。", False),
        ("退出12亩。", "退出12公顷。", False),
        ("日期：2020年5月1日\n无新增。", "日期：2020年5月2日\n无新增。", False),
        ("2020-05-01 10:00 来源：甲\n无新增。", "2020-05-02 来源：乙\n无新增。", True),
        (
            "发布时间：2020年5月1日 阅读：12\n无新增。",
            "发布时间：2020年5月2日 阅读：9\n无新增。",
            True,
        ),
        ("共三千四百二十八户。", "共3,428户。", True),
        ("共3428户。", "共3428户。\n另有12名干部驻村。", True),
        ("共3428户。\n花费5万元。", "共3428户。\n另有12名干部驻村。", False),
    ],
)
def test_figures_decide(one: str, other: str, same: bool) -> None:
    body = "".join(article(1))
    assert are_copies(what_it_says(one + "\n" + body), what_it_says(other + "\n" + body)) is same


def test_a_text_that_has_little_in_common_is_none() -> None:
    half = article(1)[:25]
    assert grouped("".join(article(1)), "".join(half + article(2)[:25])) == {}
    assert grouped("".join(article(1))) == {}
    assert grouped() == {}


def test_each_reprint_is_checked_against_the_first() -> None:
    base = article(1)
    figure = "另外还修了214米的桥。"
    other = "另外还修了399米的桥。"
    first, second, third = ("".join(each) for each in ([*base, figure], base, [*base, other]))
    assert grouped(first, second, third) == {1: 0}
    assert grouped(second, first, third) == {1: 0, 2: 0}


def test_a_template_of_many_copies_is_bounded() -> None:
    """Two hundred reports of one template: no pair is folded, and few are read."""
    base = article(1)
    texts = ["".join([f"第{number}期，共{number * 37 + 1000}户。", *base]) for number in range(200)]
    said = [what_it_says(text) for text in texts]
    candidates = [Candidate(key, fingerprint(text), True) for key, text in enumerate(texts)]
    checks = []

    def is_copy(one: Candidate, first: Candidate) -> bool:
        checks.append((one.key, first.key))
        return are_copies(said[one.key], said[first.key])

    assert find_groups(candidates, is_copy) == {}
    assert len(checks) <= 6 * len(texts)


def test_left_out_stretches_are_cut_out() -> None:
    assert without("甲乙丙丁", [(1, 2), (3, 4)]) == "甲\n丙\n"
    assert without("甲乙", []) == "甲乙"


fingerprints = st.tuples(
    st.integers(0, 3), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=8)
).map(
    # One of a few texts, in some bands another one.
    lambda drawn: (
        np.repeat(np.asarray([dict(drawn[1]).get(band, drawn[0]) for band in range(22)]), 6)[:128]
        .astype("<u4")
        .tobytes()
    )
)


@given(st.lists(st.tuples(fingerprints, st.booleans(), st.booleans()), max_size=30))
def test_groups_brought_up_to_date_are_those_of_all_documents(
    drawn: list[tuple[bytes, bool, bool]],
) -> None:
    """Documents that were there before and are, that went, and that came."""

    def is_copy(one: Candidate, first: Candidate) -> bool:
        return (one.key + first.key) % 5 != 0

    documents = [
        (Candidate(key, stored, was_there), was_there, is_there or not was_there)
        for key, (stored, was_there, is_there) in enumerate(drawn)
    ]
    before = find_groups([one for one, was, _ in documents if was], is_copy)
    after = [replace(one, is_new=not was) for one, was, is_there in documents if is_there]
    assert regroup(after, before, is_copy) == find_groups(after, is_copy)
