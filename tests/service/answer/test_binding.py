"""Which names, times and figures of a question are missing from a text."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.binding import unbound
from service.answer.question import analyse

TEXT = (
    "柳溪县工作简报（2019年）\n国网四川电力2018年在柳溪县投资3亿元，改造线路445公里。"
    "北京大学与复旦的医生5月28日到县医院，共45人。"
    "沃尔特·蒙代尔后来当选。Harbour Hospital 派出两队。"
)


@pytest.mark.parametrize(
    "question",
    [
        "柳溪县改造了多少公里线路？",
        "柳溪改造了多少公里线路？",
        "柳溪縣改造了多少公里線路？",
        "国网四川省电力公司投了多少钱？",
        "复旦大学派了多少医生？",
        "蒙代爾后来怎么样？",
        "约翰·蒙代尔当选了什么？",
        "2018年投资多少？",
        "2018年至2020年投资多少？",
        "5月28日谁来了？",
        "改造445公里线路花了多少？",
        "去年投资多少？",
        "哪两个县？",
        "How many teams did Harbour Hospital send?",
        "什么时候？",
        "",
    ],
)
def test_bound(question: str) -> None:
    assert unbound(analyse(question), TEXT) == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("青禾县改造了多少公里线路？", ("青禾县",)),
        ("云南省电力公司投了多少钱？", ("云南省电力公司",)),
        ("四川大学派了多少医生？", ("四川大学",)),
        ("清华大学在柳溪县做了什么？", ("清华大学",)),
        ("2021年投资多少？", ("2021年",)),
        ("5月26日谁来了？", ("5月26日",)),
        ("2018年3月投资多少？", ("2018年3月",)),
        ("改造446公里线路花了多少？", ("446公里",)),
        ("王建国在哪一年当选？", ("王建国",)),
        ("《夜航》是谁写的？", ("夜航",)),
        ("How many teams did Green Hospital send?", ("green hospital",)),
        ("青禾县2021年派出多少人？", ("青禾县", "2021年")),
    ],
)
def test_unbound(question: str, missing: tuple[str, ...]) -> None:
    assert unbound(analyse(question), TEXT) == missing


def test_short_forms_in_either_direction() -> None:
    assert unbound(analyse("北京大学的校长是谁？"), "北大校长换人。") == ()
    assert unbound(analyse("北京大学的校长是谁？"), "北方的大江。") == ("北京大学",)


@given(st.text(max_size=200), st.text(max_size=200))
def test_never_fails_and_names_only_what_was_asked(question: str, text: str) -> None:
    analysed = analyse(question)
    assert all(name in analysed.folded for name in unbound(analysed, text))


@given(st.text(max_size=120))
def test_a_question_is_bound_by_itself(question: str) -> None:
    analysed = analyse(question)
    assert unbound(analysed, analysed.folded) == ()


def test_a_passage_of_400_characters_takes_about_a_millisecond() -> None:
    question = analyse("四川大学2019年在青禾县的校长是谁？")
    spent = []
    for n in range(10):
        text = f"{n}{TEXT}" * 3
        started = process_time()
        unbound(question, text)
        spent.append(process_time() - started)
    assert min(spent) < 0.004
