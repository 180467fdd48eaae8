"""The answering path from its front door: a folder in, cited and checked answers out."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.embed.base import Matrix
from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.embed.load import load_embedder
from indexer.errors import (
    EmbedderUnavailable,
    IndexMismatch,
    IndexMissing,
    InvalidRequest,
    LLMFailed,
)
from indexer.pipeline import build, remove
from service.archive import Archive
from service.llm.base import LanguageModel, NumberedEvidence
from service.llm.extractive import Extractive
from service.records import (
    AbstentionReason,
    Answer,
    Done,
    Filters,
    PassagesFound,
    SearchMode,
    SentencePassed,
    Support,
    Turn,
)
from service.settings import Settings

DOCUMENTS = {
    "2020/分红.md": "# 金野以匹村的集体经济\n\n日期：2020年5月28日\n\n"
    "分红仪式在聚居点举行，44户贫困户每户分到1500元。村里还修了一条路。\n",
    "2020/医疗.txt": "昭觉县健康扶贫简报\n\n日期：2020年8月6日\n\n"
    "全县共有3428人到县医院就诊，县域内就诊率达到90.4%。医院添置了两台呼吸机。\n",
    "2017/電網.txt": "國網電力扶貧\n\n日期：2017年12月11日\n\n"
    "未來三年將投入120億元，加快深度貧困地區電網建設。\n",
}


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder()


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory, embedder: BuiltinEmbedder) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for name, text in DOCUMENTS.items():
        (folder / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    build([folder / "docs"], folder / "index", embedder)
    return folder / "index"


@pytest.fixture(scope="module")
def archive(index_dir: Path) -> Archive:
    return Archive.open(index_dir, Settings())


class Says:
    """A language model that says what the test wants, or fails after it."""

    name = "says"

    def __init__(self, text: str, fails: bool = False) -> None:
        self._text, self._fails = text, fails

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        yield from self._text
        if self._fails:
            raise LLMFailed("the server went away", hint="start it")


class Dead:
    """An embedder whose server is gone."""

    def __init__(self, embedder: BuiltinEmbedder) -> None:
        self.name, self.dim, self.fingerprint = "remote", embedder.dim, embedder.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        raise EmbedderUnavailable("no server", hint="start it")

    embed_queries = embed_passages


def asked(archive: Archive, model: LanguageModel, question: str) -> Answer:
    near = BuiltinEmbedder()
    other = Archive(
        archive.reader,
        load_embedder("builtin"),
        model,
        near=near,
        max_question_chars=99,
    )
    return other.ask(question)


def test_the_value_and_its_proof(archive: Archive) -> None:
    answer = archive.ask("分红仪式上贫困户每户分到多少元？")
    assert (answer.short_answer, answer.abstained, answer.model) == ("1500元", False, "extractive")
    first = answer.citations[0]
    assert (first.n, first.source, first.date) == (1, "2020/分红.md", "2020-05-28")
    assert "每户分到1500元" in first.quote
    assert answer.sentences[0].text == first.quote
    assert answer.sentences[0].support is Support.QUOTED
    assert answer.sentences[0].citations == (1,)
    for citation in answer.citations:
        stored = archive.reader.document(citation.document_id).document.text
        assert stored[citation.start : citation.end] == citation.quote


def test_another_spelling_and_another_script(archive: Archive) -> None:
    assert "3428人" in archive.ask("三千四百二十八人去了哪里就诊？").answer
    assert "120億元" in archive.ask("国网电力未来三年投入多少亿元？").answer


def test_nothing_relevant(archive: Archive) -> None:
    answer = archive.ask("火星探测器什么时候发射的？")
    assert answer.abstained
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NO_RELEVANT_DOCUMENT
    assert (answer.sentences, answer.citations, answer.short_answer) == ((), (), None)
    assert answer.answer == "文档中没有与这个问题相关的内容。"


def test_a_refusal_speaks_the_language_of_the_question(archive: Archive) -> None:
    assert archive.ask("When was the Mars probe launched?").answer.startswith("No document")


def test_the_stream_tells_passages_sentences_and_the_whole(archive: Archive) -> None:
    events = list(archive.ask_stream("县域内就诊率是多少？"))
    assert isinstance(events[0], PassagesFound)
    assert isinstance(events[-1], Done)
    passed = [event.sentence for event in events if isinstance(event, SentencePassed)]
    assert tuple(passed) == events[-1].answer.sentences
    assert "90.4%" in events[-1].answer.answer


def test_filters_bound_search_and_answer(archive: Archive) -> None:
    only = archive.search("电网建设", filters=Filters(source="2020/*"))
    assert {hit.source.split("/")[0] for hit in only.hits} == {"2020"}
    dated = archive.search("扶贫", filters=Filters(date_to="2017-12-31"))
    assert [hit.source for hit in dated.hits] == ["2017/電網.txt"]
    assert archive.ask("每户分到多少元？", filters=Filters(source="没有/*")).abstained


def test_only_the_documents_handed_over_are_read(archive: Archive) -> None:
    """What `eval read` rests on: the answer comes from the given documents, or not at all."""
    money, hospital = (archive.reader.find_id(name) for name in ("2020/分红.md", "2020/医疗.txt"))
    question = "每户分到多少元？"
    given = archive.ask(question, filters=Filters(documents=(money, hospital)))
    assert {citation.document_id for citation in given.citations} == {money}
    other = archive.search(question, filters=Filters(documents=(hospital,)))
    assert {hit.passage.document_id for hit in other.hits} == {hospital}
    assert archive.ask(question, filters=Filters(documents=())).abstained
    # A question of two parts searches again for each of them.
    both = archive.ask(
        "每户分到多少元，医院添置了几台呼吸机？", filters=Filters(documents=(money,))
    )
    assert {citation.document_id for citation in both.citations} == {money}


def test_each_leg_alone(archive: Archive) -> None:
    lexical = archive.search("呼吸机", mode=SearchMode.LEXICAL).hits[0]
    dense = archive.search("呼吸机", mode=SearchMode.DENSE).hits[0]
    assert (lexical.source, lexical.dense, dense.lexical) == ("2020/医疗.txt", None, None)
    assert lexical.lexical is not None
    text = lexical.passage.text
    assert "呼吸机" in [text[start:end] for start, end in lexical.highlights]


def test_a_follow_up_is_searched_with_what_it_points_to(archive: Archive) -> None:
    history = [
        Turn("user", "金野以匹村的集体经济怎么样？"),
        Turn("assistant", "分红仪式在聚居点举行。"),
    ]
    assert "1500元" in archive.ask("那每户分到多少？", history=history).answer


@pytest.mark.parametrize("question", ["", "   ", "？！", "长" * 2001])
def test_an_unusable_question_is_refused_with_a_hint(archive: Archive, question: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        archive.ask(question)
    assert caught.value.hint


def test_a_true_sentence_of_a_model_is_verified(archive: Archive) -> None:
    answer = asked(archive, Says("贫困户每户分到一千五百元。[1]"), "贫困户每户分到多少元？")
    assert [(s.text, s.support) for s in answer.sentences] == [
        ("贫困户每户分到一千五百元。", Support.VERIFIED)
    ]
    assert (answer.model, answer.note) == ("says", None)


@pytest.mark.parametrize(
    "lie",
    [
        "每户分到1600元。[1]",
        "每户分到1500万元。[1]",
        "NO_ANSWER",
        "嗯",
    ],
)
def test_what_a_model_can_not_prove_is_replaced_by_the_source(archive: Archive, lie: str) -> None:
    answer = asked(archive, Says(lie), "贫困户每户分到多少元？")
    assert all(sentence.support is Support.QUOTED for sentence in answer.sentences)
    assert "每户分到1500元" in answer.answer
    assert "1600" not in answer.answer
    assert (answer.model, answer.note is not None) == ("extractive", True)


@pytest.mark.parametrize("text", ["贫困户每户分到1500元。", "贫困户每户分到1500元。[99]"])
def test_a_true_sentence_with_a_wrong_citation_gets_the_right_one(
    archive: Archive, text: str
) -> None:
    answer = asked(archive, Says(text), "贫困户每户分到多少元？")
    assert [s.text for s in answer.sentences] == ["贫困户每户分到1500元。"]
    assert "每户分到1500元" in answer.citations[answer.sentences[0].citations[0] - 1].quote
    assert (answer.model, answer.note) == ("says", None)


def test_a_model_that_breaks_off_keeps_its_proven_sentences(archive: Archive) -> None:
    answer = asked(
        archive, Says("44户贫困户每户分到1500元。[1]后来", fails=True), "贫困户每户分到多少元？"
    )
    assert [s.text for s in answer.sentences] == ["44户贫困户每户分到1500元。"]
    assert answer.note == "语言模型没有答完，以上各句已与原文核对。"


def test_a_dead_embedder_leaves_search_by_words(archive: Archive) -> None:
    near = BuiltinEmbedder()
    lame = Archive(
        archive.reader,
        Dead(near),
        Extractive(),
        near=near,
        max_question_chars=99,
    )
    answer = lame.ask("贫困户每户分到多少元？")
    assert "1500元" in answer.answer
    assert answer.note is not None
    with pytest.raises(EmbedderUnavailable):
        lame.search("分红", mode=SearchMode.DENSE)


def test_a_removed_document_never_answers_again(tmp_path: Path, embedder: BuiltinEmbedder) -> None:
    for name in ("a", "b"):
        (tmp_path / "docs" / name).mkdir(parents=True)
        text = f"{name}村简报\n\n{name}村的合作社给每户分红1500元，村民都很高兴。\n"
        (tmp_path / "docs" / name / "x.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "docs"], tmp_path / "index", embedder)
    archive = Archive.open(tmp_path / "index", Settings())
    question = "合作社给每户分红多少元？"
    assert {hit.source for hit in archive.search(question).hits} == {"a/x.txt", "b/x.txt"}
    (first,) = {c.source for c in archive.ask(question).citations}  # one of two that agree
    (other,) = {"a/x.txt", "b/x.txt"} - {first}
    remove(tmp_path / "index", [first])
    assert {hit.source for hit in archive.search(question).hits} == {other}
    assert {c.source for c in archive.ask(question).citations} == {other}


def test_opening_what_is_not_there_or_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Archive.open(tmp_path / "none", Settings())
    model = tmp_path / "model"
    shutil.copytree(DEFAULT_FOLDER, model)
    (tmp_path / "a.txt").write_text("金野以匹村的每户分到1500元。\n", encoding="utf-8")
    build([tmp_path / "a.txt"], tmp_path / "index", BuiltinEmbedder(model))
    assert Archive.open(tmp_path / "index", Settings()).ask("每户分到多少元？").sentences
    with (model / "config.json").open("a") as config:
        config.write(" ")  # as good as another model
    with pytest.raises(IndexMismatch, match=BuiltinEmbedder(model).fingerprint) as caught:
        Archive.open(tmp_path / "index", Settings())
    assert "indexer rebuild" in caught.value.hint
