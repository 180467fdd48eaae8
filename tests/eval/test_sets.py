"""Noise, doses and cached indexes, by hand; questions of a set over an answering path."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given as properties
from hypothesis import strategies as st

from eval.gold import Evidence, GoldQuestion, Kind
from eval.matching import holds
from eval.sets.indexes import Articles, Cached, documents_key, folder_key
from eval.sets.noise import Dose, find_noise, own_passage, with_found_noise, with_own_noise
from eval.sets.open_questions import OpenResult, ask_all, figures
from eval.sets.reading import label_of, parse_noise
from eval.sets.records import NoiseFrom, SetQuestion
from eval.target import Ranked, Reply, Sentence
from indexer.errors import IndexDamaged, InvalidRequest
from service.records import SearchMode, Turn


def question(id_: str = "q", answers: tuple[str, ...] = ("三千人", "3000人")) -> GoldQuestion:
    evidence = (Evidence("right", "共有三千人"),)
    return GoldQuestion(id_, Kind.FACT, f"{id_}有多少人？", (answers,), evidence)


FIVE = ("n1", "n2", "n3", "n4", "n5")


class Books:
    """A shelf of prepared texts; search finds them in the order given."""

    def __init__(self, texts: dict[str, str], found: Sequence[str] = ()) -> None:
        self._texts, self._found = texts, found

    def ranked(self, question: str) -> Sequence[str]:
        return self._found

    def sources(self) -> Sequence[str]:
        return sorted(self._texts)

    def text(self, source: str) -> str:
        return self._texts[source]


# -- doses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noise", "given", "holding"),
    [
        (0.0, ("right",), 1),
        (0.2, ("right", "n1"), 1),
        (0.4, ("right", "n1", "n2"), 1),
        (0.6, ("right", "n1", "n2", "n3"), 1),
        (0.8, ("right", "n1", "n2", "n3", "n4"), 1),
        (1.0, FIVE, 0),
    ],
)
def test_a_paragraph_and_its_dose_of_noise(
    noise: float, given: tuple[str, ...], holding: int
) -> None:
    made = with_found_noise(SetQuestion(question(), ("right",)), FIVE, Dose(noise, 5))
    assert (made.documents, made.holding) == (given, holding)
    assert made.question.answerable == bool(holding)
    assert (made.question.answers, made.question.evidence) == (
        (question().answers, question().evidence) if holding else ((), ())
    )


def test_halves_are_rounded_up() -> None:
    assert [Dose(0.5, passages).negatives for passages in (1, 3, 5)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("positive", "negative", "noise", "given", "holding"),
    [
        # Worked by hand from processdata of RGB: five passages.
        (5, 9, 0.4, "p1 p2 p3 n1 n2", 3),
        (2, 9, 0.4, "p1 p2 n1 n2 n3", 2),  # too few that answer: noise fills up
        (9, 1, 0.8, "p1 p2 p3 p4 n1", 4),  # too little noise: answers fill up
        (9, 9, 0.0, "p1 p2 p3 p4 p5", 5),
        (9, 9, 1.0, "n1 n2 n3 n4 n5", 0),
        (9, 2, 1.0, "n1 n2", 0),
        (1, 0, 0.8, "p1", 1),
    ],
)
def test_a_noise_set_is_given_as_rgb_gives_it(
    positive: int, negative: int, noise: float, given: str, holding: int
) -> None:
    asked = SetQuestion(
        question(),
        tuple(f"p{n}" for n in range(1, positive + 1)),
        tuple(f"n{n}" for n in range(1, negative + 1)),
    )
    made = with_own_noise(asked, Dose(noise, 5))
    assert (" ".join(made.documents), made.holding) == (given, holding)
    assert made.question.answerable == bool(holding)


def test_without_a_dose_the_question_has_what_answers_it() -> None:
    asked = SetQuestion(question(), ("right", "too"), ("n1",))
    assert own_passage(asked).documents == ("right", "too")


@pytest.mark.parametrize(
    ("text", "shares"), [("0.8", (0.8,)), ("0, 0.2,1", (0.0, 0.2, 1.0)), ("1,1.0", (1.0,))]
)
def test_shares_of_noise(text: str, shares: tuple[float, ...]) -> None:
    assert parse_noise(text) == shares


@pytest.mark.parametrize("text", ["", "1.2", "-0.1", "many", "0.2;0.4", "nan"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is not a share from 0 to 1"):
        parse_noise(text)


def test_the_names_of_doses() -> None:
    doses = [None, Dose(0.0, 5), Dose(0.8, 5), Dose(1.0, 5), Dose(0.9, 5)]
    assert [label_of(dose) for dose in doses] == [
        "what answers",
        "noise 0",
        "noise 0.8",
        "noise alone",
        "noise alone",  # of five, 0.9 leaves no room for another
    ]


# -- noise ----------------------------------------------------------------------------------------


def test_hard_noise_is_what_ranks_best_and_holds_no_accepted_value() -> None:
    texts = {"right": "共有三千人", "a": "也是3,000人", "b": "两百人", "c": "三百人", "d": "四百人"}
    books = Books(texts, ["right", "a", "c", "b"])
    asked = SetQuestion(question(), ("right",))
    assert find_noise(asked, books, 2, NoiseFrom.HARD, 1) == ["c", "b"]
    # What search did not find is drawn when it found too little.
    assert find_noise(asked, books, 3, NoiseFrom.HARD, 1) == ["c", "b", "d"]
    assert len(find_noise(asked, books, 9, NoiseFrom.HARD, 1)) == 3


def test_random_noise_is_the_same_for_the_same_seed() -> None:
    books = Books({f"d{n:02}": f"第{n}件事" for n in range(50)}, ["d01"])
    asked = SetQuestion(question(), ("d07",))
    first = find_noise(asked, books, 5, NoiseFrom.RANDOM, 1)
    assert first == find_noise(asked, books, 5, NoiseFrom.RANDOM, 1)
    other = find_noise(SetQuestion(question("p"), ("d07",)), books, 5, NoiseFrom.RANDOM, 1)
    assert len({tuple(first), tuple(other)}) == 2  # every question has its own
    assert first != find_noise(asked, books, 5, NoiseFrom.RANDOM, 2)


_VALUES = st.sampled_from(
    ["3000人", "三千人", "44户", "渤海", "东海", "2020年5月28日", "5月", "1.2万"]
)
_WORDS = st.lists(
    st.sampled_from(["全村有", "流入", "共", "，", "在", "分到"]) | _VALUES, max_size=6
)


@properties(
    st.lists(_WORDS.map("".join), max_size=12),
    st.lists(_VALUES, min_size=1, max_size=3),
    st.sampled_from(NoiseFrom),
    st.integers(0, 6),
    st.randoms(use_true_random=False),
)
def test_noise_never_holds_an_accepted_value(
    texts: list[str], accepted: list[str], kind: NoiseFrom, count: int, draw: random.Random
) -> None:
    documents = {f"d{n}": text for n, text in enumerate(texts)}
    order = draw.sample(sorted(documents), len(documents))
    asked = SetQuestion(question(answers=tuple(accepted)), tuple(order[:1]))
    noise = find_noise(asked, Books(documents, order[: len(order) // 2]), count, kind, 1)
    harmless = {
        source
        for source, text in documents.items()
        if source not in order[:1] and not any(holds(text, value) for value in accepted)
    }
    assert len(noise) == len(set(noise)) == min(count, len(harmless))
    assert set(noise) <= harmless


# -- cached indexes -------------------------------------------------------------------------------


def test_the_key_changes_with_what_goes_in(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text("n", encoding="utf-8")
    keys = [
        documents_key({"a": "甲"}, None, "builtin"),
        documents_key({"a": "乙"}, None, "builtin"),
        documents_key({"a": "甲"}, None, "st:other"),
        documents_key({"a": "甲"}, Articles(news, 100), "builtin"),
        documents_key({"a": "甲"}, Articles(news, 200), "builtin"),
    ]
    assert len(set(keys)) == 5
    assert keys[0] == documents_key({"a": "甲"}, None, "builtin")
    with pytest.raises(InvalidRequest, match="No such file"):
        documents_key({}, Articles(tmp_path / "none", 1))
    before = folder_key(tmp_path)
    news.write_text("m", encoding="utf-8")
    assert folder_key(tmp_path) != before


def test_an_index_is_built_once_and_again_when_it_does_not_open(tmp_path: Path) -> None:
    built: list[str] = []
    said: list[str] = []
    torn = False

    def check(index: Path) -> None:
        assert index == tmp_path / "set" / "index"
        if torn:
            raise IndexDamaged("dense.faiss has 3 bytes", hint="")

    def ready(key: str, fresh: bool = False) -> Path:
        place = Cached(tmp_path / "set", key)
        return place.ready(lambda _: built.append(key), check, said.append, fresh=fresh)

    assert ready("k1") == ready("k1") == tmp_path / "set" / "index"
    assert built == ["k1"]
    ready("k2")
    ready("k2", fresh=True)
    assert (built, said) == (["k1", "k2", "k2"], [])
    torn = True
    ready("k2")
    assert built == ["k1", "k2", "k2", "k2"]
    assert said == ["the cached index no longer fits (dense.faiss has 3 bytes), building anew"]


def test_a_build_that_was_stopped_leaves_no_key(tmp_path: Path) -> None:
    cached = Cached(tmp_path / "set", "k1")

    def stopped(index: Path) -> None:
        index.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cached.ready(stopped, lambda _: None, lambda _: None)
    built: list[Path] = []
    cached.ready(built.append, lambda _: None, lambda _: None)
    assert built == [cached.index]


# -- open questions -------------------------------------------------------------------------------


class Service:
    """Finds and says what is prepared by question; one that was not prepared crashes."""

    def __init__(self, found: dict[str, list[str]], said: dict[str, str]) -> None:
        self._found, self._said = found, said

    def search(self, query: str, k: int, mode: SearchMode) -> list[Ranked]:
        sources = self._found[query][:k]
        return [Ranked(f"{n}", source, source, 0, 1) for n, source in enumerate(sources)]

    def ask(self, question: str, k: int, history: Sequence[Turn] = ()) -> Reply:
        text = self._said[question]
        return Reply(
            sentences=(Sentence(text, ()),) if text else (),
            short_answer=None,
            citations=(),
            conflicts=(),
            abstained=not text,
            reason=None,
            nearest=(),
            confidence=0.5,
            model="prepared",
            generation="g1",
            timings_ms={},
        )

    def sources(self) -> dict[str, str]:
        return {}

    stored = None


QUESTIONS = [question("a"), question("b"), question("c"), question("d")]
SERVICE = Service(
    {"a有多少人？": ["x", "x", "right"], "b有多少人？": ["x"], "d有多少人？": ["right"]},
    {"a有多少人？": "共有3000人。", "b有多少人？": ""},
)


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_question_that_crashes_counts_as_wrong(jobs: int) -> None:
    results = ask_all(QUESTIONS, SERVICE, k=8, mode=SearchMode.HYBRID, answers=True, jobs=jobs)
    assert [(r.id, r.rank, r.answer_hit, r.abstained, r.crashed) for r in results] == [
        ("a", 2, True, False, None),  # two passages of one document before it are one document
        ("b", 0, False, True, None),
        ("c", 0, False, False, "KeyError: 'c有多少人？'"),
        ("d", 0, False, False, "KeyError: 'd有多少人？'"),  # found, but then the answer crashed
    ]
    found = figures(results)
    assert (found["recall@5"], found["mrr"], found["answer_hit"]) == (1 / 4, 1 / 8, 1 / 4)


def test_without_answers_nothing_is_asked() -> None:
    [_, _, _, last] = ask_all(QUESTIONS, SERVICE, k=8, mode=SearchMode.DENSE, answers=False)
    assert (last.rank, last.answer_hit, last.ask_ms, last.crashed) == (1, None, None, None)
    assert figures([last])["answer_hit"] is None


def test_figures_of_open_questions() -> None:
    found = figures(
        [
            OpenResult("1", "", 1, True, False, 2.0, 5.0),
            OpenResult("2", "", 4, False, False, 4.0, 7.0),
            OpenResult("3", "", 0, False, True, 6.0, 9.0),
            OpenResult("4", "", 20, True, False, 8.0, 11.0),
        ]
    )
    assert (found["recall@1"], found["recall@5"], found["recall@10"]) == (0.25, 0.5, 0.5)
    assert found["mrr"] == (1 + 1 / 4 + 0 + 1 / 20) / 4
    assert (found["answer_hit"], found["abstained"]) == (0.5, 0.25)
    assert (found["search_ms_p50"], found["ask_ms_p50"]) == (5.0, 8.0)
