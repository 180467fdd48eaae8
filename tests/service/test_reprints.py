"""Reprints from the front door: found at the build, answered from once, listed besides."""

from pathlib import Path

import pytest

from indexer.embed.builtin import BuiltinEmbedder
from indexer.pipeline import build, remove, update
from service.archive import Archive
from service.ask import lay_out
from service.records import Answer, Citation, Filters
from service.retrieve.reprints import MOST_FURTHER
from service.settings import Settings
from tests.service.api.conftest import client_of

NEWS = (
    "云坪县今年把山货卖到了省城。县里的合作社一共收购花椒1260吨，比上一年多了三成，"
    "参加的农户有4312户。\n"
    "合作社负责人介绍，收来的花椒先在镇上的烘房烘干，再按大小分拣装袋，最后由冷链车队送出山去。\n"
    "为了让更多人家加入，县里还办了二十六期培训班，教大家修枝、采摘和晾晒。\n"
)
QUESTION = "云坪县的合作社收购了多少吨花椒？"
ORIGINAL = f"云坪花椒出山记\n2021年9月3日  来源：云坪县政府\n\n{NEWS}"
REPRINT = (
    f"云坪花椒出山记\n2021-09-06 08:15  来源：山区日报\n\n{NEWS}\n读者留言说，花椒麻得地道。\n"
)
TEMPLATE = ORIGINAL.replace("1260吨", "980吨").replace("4312户", "3907户").replace("2021", "2020")


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in (
        ("z-original.txt", ORIGINAL),
        ("a-reprint.txt", REPRINT),
        ("old.txt", TEMPLATE),
        ("other.txt", "云坪县修了一座桥。桥长214米，由县交通局修成。\n"),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def archive(docs: Path, embedder: BuiltinEmbedder) -> Archive:
    build([docs], docs.parent / "index", embedder)
    return Archive.open(docs.parent / "index", Settings())


def further(citation: Citation) -> list[str]:
    return [each.source for each in citation.further_sources]


def said(answer: Answer) -> dict[str, list[str]]:
    return {citation.source: further(citation) for citation in answer.citations}


def without_bridge(told: dict[str, list[str]]) -> dict[str, list[str]]:
    """A third sentence may be quoted besides; which is not of interest here."""
    return {source: others for source, others in told.items() if source != "other.txt"}


def cited(answer: Answer, source: str) -> Citation:
    (citation,) = (each for each in answer.citations if each.source == source)
    return citation


def test_a_reprint_is_answered_from_once_and_listed(archive: Archive) -> None:
    answer = archive.ask(QUESTION)
    told = without_bridge(said(answer))
    assert told == {"z-original.txt": ["a-reprint.txt"], "old.txt": []}, "each value once"
    assert "1260吨" in answer.answer
    assert "980吨" in answer.answer
    first = cited(answer, "z-original.txt")
    assert first.organisation == "云坪县政府"
    (other,) = first.further_sources
    text = archive.reader.document(other.document_id).document.text
    assert text[other.start : other.end] == first.quote
    assert (other.organisation, other.date) == ("山区日报", "2021-09-06")
    shown = lay_out(answer, archive.reader)
    assert "云坪花椒出山记 (云坪县政府，2021-09-03)" in shown
    assert "另见：a-reprint.txt" in shown


def test_another_year_of_the_same_template_stays_visible(archive: Archive) -> None:
    sources = {hit.source for hit in archive.search(QUESTION).hits}
    assert {"z-original.txt", "old.txt"} <= sources
    old = archive.ask("云坪县2020年收购了多少吨花椒？", filters=Filters(source="old.txt"))
    assert said(old) == {"old.txt": []}


def test_what_only_the_reprint_says_is_found(archive: Archive) -> None:
    answer = archive.ask("读者留言说花椒怎么样？")
    assert answer.citations[0].source == "a-reprint.txt"
    assert further(answer.citations[0]) == []


def test_the_reprint_answers_where_the_first_one_may_not(archive: Archive) -> None:
    filtered = archive.ask(QUESTION, filters=Filters(source="a-*"))
    assert said(filtered) == {"a-reprint.txt": []}
    by_body = archive.ask(QUESTION, filters=Filters(organisation="山區日報"))
    assert said(by_body) == {"a-reprint.txt": []}
    assert archive.search(QUESTION, filters=Filters(organisation="*政府")).hits
    assert not archive.search(QUESTION, filters=Filters(organisation="政府")).hits


def test_a_removed_first_document_is_not_named(archive: Archive) -> None:
    reader = archive.reader
    reprint = reader.find_id("a-reprint.txt")
    family = [each.document.source for each in reader.family(reprint).values()]
    assert family == ["z-original.txt", "a-reprint.txt"], "the oldest first"
    remove(reader.index_dir, ["z-original.txt"])
    assert without_bridge(said(archive.ask(QUESTION))) == {"a-reprint.txt": [], "old.txt": []}
    assert archive.reader.family(reprint) == {}


def test_reprints_take_no_places_among_the_hits(docs: Path, embedder: BuiltinEmbedder) -> None:
    for number in range(120):
        (docs / f"copy-{number:03}.txt").write_text(REPRINT, encoding="utf-8")
    build([docs], docs.parent / "index", embedder)
    archive = Archive.open(docs.parent / "index", Settings())
    found = archive.search(QUESTION, k=5).hits
    assert {"z-original.txt", "old.txt", "other.txt"} <= {hit.source for hit in found}
    assert len({hit.passage.text for hit in found}) == len(found)
    assert len(cited(archive.ask(QUESTION), "z-original.txt").further_sources) == MOST_FURTHER


def test_an_update_keeps_and_renews_what_it_knows(
    docs: Path, archive: Archive, embedder: BuiltinEmbedder
) -> None:
    index = archive.reader.index_dir
    (docs / "second.txt").write_text(REPRINT, encoding="utf-8")
    update(index, embedder)
    first = cited(archive.ask(QUESTION), "z-original.txt")
    assert further(first) == ["a-reprint.txt", "second.txt"]
    (docs / "z-original.txt").unlink()
    update(index, embedder)
    assert further(cited(archive.ask(QUESTION), "a-reprint.txt")) == ["second.txt"]
    (docs / "second.txt").write_text(REPRINT.replace("1260吨", "1380吨"), encoding="utf-8")
    update(index, embedder)
    values: dict[str, list[str]] = {"a-reprint.txt": [], "second.txt": [], "old.txt": []}
    told = without_bridge(said(archive.ask(QUESTION)))
    assert told == values, "another value is no reprint"


def test_the_wire_tells_of_reprints_and_organisations(archive: Archive) -> None:
    with client_of(archive) as client:
        asked = {"question": QUESTION, "filters": {"organisation": "云坪縣政府"}}
        sources = {
            each["source"] for each in client.post("/v1/ask", json=asked).json()["citations"]
        }
        assert sources == {"z-original.txt", "old.txt"}
        listed = client.get("/v1/documents", params={"organisation": "山区*"}).json()["documents"]
        assert [(each["source"], each["organisation"]) for each in listed] == [
            ("a-reprint.txt", "山区日报")
        ]
        (reprint,) = listed
        document = client.get(f"/v1/documents/{reprint['document_id']}").json()
        assert document["reprint_of"]["source"] == "z-original.txt"
        assert [each["source"] for each in document["reprints"]] == ["z-original.txt"]
        first = client.get(f"/v1/documents/{document['reprint_of']['document_id']}").json()
        assert first["reprint_of"] is None
        assert [each["source"] for each in first["reprints"]] == ["a-reprint.txt"]
        alone = client.get("/v1/documents", params={"source": "other.txt"}).json()["documents"][0]
        document = client.get(f"/v1/documents/{alone['document_id']}").json()
        assert (document["reprint_of"], document["reprints"]) == (None, [])


def test_a_question_may_name_who_published_a_text(archive: Archive) -> None:
    """The sentence itself does not say whose report it is; its document's byline does."""
    (hit, *_) = archive.search("山区日报 花椒 烘房 烘干 冷链", filters=Filters(source="a-*")).hits
    assert hit.passage.context == "云坪花椒出山记\n山区日报\n2021年9月6日"
    stored = archive.reader.document_passages(hit.passage.document_id)
    assert hit.passage in stored
