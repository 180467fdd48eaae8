"""Questions that an archive offers are made of its documents, and answered surely by it."""

import time
from dataclasses import asdict
from typing import Any, cast

import pytest

from service.archive import Archive
from service.records import Answer
from service.suggestions import Suggestions, candidates, next_questions, sure_questions
from tests.archives import archive_of
from tests.service.api.conftest import client_of

FILES = {
    "泵站.md": "# 东渠泵站改造\n\n东渠镇去年投入资金860万元，改造了泵站。机组运行平稳。\n",
    "学校.md": "# 青禾小学概况\n\n青禾小学现有在校学生1240人，教师都是本科毕业。\n",
    "门票.md": "# 景点票价\n\n| 景点 | 票价（元） |\n|---|---|\n| 云顶山 | 45 |\n| 合计 | 45 |\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("suggestions"))


def test_a_clause_and_a_row_make_a_question() -> None:
    found = dict(candidates("青禾小学现有在校学生1240人，教师都是本科毕业。", "概况"))
    assert found == {"青禾小学现有在校学生多少人？": "1240"}
    led = "青禾小学扩建校舍，投入资金86万元，2023年9月完工。"
    assert list(candidates(led, "概况")) == []
    asked = dict(candidates(led, "概况", led=True))
    assert asked == {"青禾小学扩建校舍，投入资金多少万元？": "86"}
    dated = dict(candidates("东岭渡口2022年运送乘客8420人次。", "东岭渡口年报"))
    assert dated == {"东岭渡口2022年运送乘客多少人次？": "8420"}
    rows = dict(candidates("景点：云顶山 | 票价（元）：45\n景点：合计 | 票价（元）：45", "票价"))
    assert rows == {"票价中，云顶山的票价是多少？": "45"}


@pytest.mark.parametrize(
    "clause",
    [
        "学生只有12人。",
        "约12人到场。",
        "青禾小学是全县12所学校之一。",
        "第12届运动会开幕。",
        "没有数。",
    ],
)
def test_what_would_read_oddly_makes_none(clause: str) -> None:
    assert list(candidates(clause, "")) == []


def test_each_is_answered_with_its_value(archive: Archive) -> None:
    made = list(sure_questions(archive))
    assert made
    assert len({each.document_id for each in made}) == len(made)
    for each in made:
        answer = archive.ask(each.question)
        assert answer.short_answer == each.short_answer
        assert each.document_id in {citation.document_id for citation in answer.citations}


def test_what_a_passage_tells_besides_is_answered_from_it(archive: Archive) -> None:
    listed = archive.reader.documents(10, None, archive.reader.select()).documents
    (pump,) = [each.document for each in listed if each.document.title == "东渠泵站改造"]
    text = archive.reader.text(pump.document_id, 0, 1_000)
    (made,) = next_questions(archive, pump.document_id, 0, len(text))
    assert made.question == "东渠镇去年投入资金多少万元？"
    assert made.short_answer == "860万元"
    assert next_questions(archive, pump.document_id, 0, 4) == ()
    with client_of(archive) as client:
        address = f"/v1/documents/{pump.document_id}/questions"
        body = client.get(address, params={"start": 0, "end": len(text)}).json()
        assert body == {"questions": [asdict(made)]}


def test_they_are_made_once_a_generation(archive: Archive) -> None:
    suggestions = Suggestions()
    assert suggestions.of(archive) is None
    deadline = time.monotonic() + 30
    while (made := suggestions.of(archive)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert made == tuple(sure_questions(archive))
    assert suggestions.of(archive) is made


def test_an_older_generation_that_ends_late_takes_nothing_away(archive: Archive) -> None:
    suggestions = Suggestions()
    suggestions._making = "newer"
    suggestions._make(archive, "older")
    assert suggestions._made == {}


def test_one_archive_after_the_other_makes_them(archive: Archive) -> None:
    at_work, most = 0, 0

    class Counted:
        """The archive, which notes how many ask it at once."""

        def __getattr__(self, name: str) -> object:
            return getattr(archive, name)

        def ask(self, question: str, **more: Any) -> Answer:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            time.sleep(0.05)
            at_work -= 1
            return archive.ask(question, **more)

    all_of_them = [Suggestions() for _ in range(4)]
    deadline = time.monotonic() + 60
    while any(each.of(cast("Archive", Counted())) is None for each in all_of_them):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert most == 1


def test_over_http(archive: Archive) -> None:
    with client_of(archive) as client:
        first = client.get("/v1/suggestions").json()
        assert {each["title"] for each in first["titles"]} >= {"青禾小学概况"}
        deadline = time.monotonic() + 30
        while not (body := client.get("/v1/suggestions").json())["ready"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert body["questions"][0]["short_answer"]
        assert client.get("/v1/suggestions", params={"collection": "no"}).status_code == 404
