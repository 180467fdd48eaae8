"""What repeats across the pages of a site, from folder to index: build and update end the same."""

import re
from pathlib import Path

from typer.testing import CliRunner

from indexer.__main__ import app
from indexer.embed.load import load_embedder
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import BuildOptions, build, remove, update
from indexer.records import Document, LeftOutReason
from indexer.report import BuildReport

BODIES = (
    "县医院开设夜间门诊，每周一至周五晚上八点半停止挂号。",
    "新建的图书馆共有藏书三万册，办证不收押金。",
    "柏河二桥五月通车，大货车不得驶入。",
    "全县油菜收割过半，平均亩产一百八十公斤。",
)
TITLES = ("夜间门诊开诊", "图书馆迎客", "柏河二桥通车", "油菜丰收")


def write_page(folder: Path, number: int, site: str = "青柏在线") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f"{site}\n民意直通车\n{TITLES[number]}\n{BODIES[number]}\n爱青柏 爱生活\n"
    (folder / f"{number}.txt").write_text(text, "utf-8")


def built(folder: Path, index: Path, *kept: str) -> BuildReport:
    return build([folder], index, load_embedder("builtin"), BuildOptions(kept=kept))


def documents(index: Path) -> dict[str, Document]:
    """Every document with all that is kept of it but when it was indexed."""
    reader = open_index(index)
    page = reader.documents(500, None, reader.select())
    found = {
        each.document.source: reader.document(each.document.document_id).document
        for each in page.documents
    }
    reader.close()
    return found


def repeated(document: Document) -> list[str]:
    return [
        document.text[each.start : each.end]
        for each in document.left_out
        if each.reason is LeftOutReason.REPEATED
    ]


def passages(index: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    reader = open_index(index)
    found = [
        (passage.passage_id, passage.text, passage.headings)
        for document in documents(index).values()
        for passage in reader.document_passages(document.document_id)
    ]
    reader.close()
    return sorted(found)


def test_what_repeats_is_in_no_passage_and_no_title(tmp_path: Path) -> None:
    for number in range(4):
        write_page(tmp_path / "docs" / "site", number)
    built(tmp_path / "docs", tmp_path / "index")
    found = documents(tmp_path / "index")
    assert [document.title for document in found.values()] == list(TITLES)
    for document in found.values():
        assert repeated(document) == ["青柏在线", "民意直通车", "爱青柏 爱生活"]
    assert [text for _, text, _ in passages(tmp_path / "index")] != []
    assert {text for _, text, _ in passages(tmp_path / "index")} == set(BODIES)
    assert verify_index(tmp_path / "index").problems == ()


def test_two_pages_are_no_evidence(tmp_path: Path) -> None:
    for number in range(2):
        write_page(tmp_path / "docs" / "site", number)
    built(tmp_path / "docs", tmp_path / "index")
    assert [repeated(each) for each in documents(tmp_path / "index").values()] == [[], []]


def test_an_update_ends_where_a_build_does(tmp_path: Path) -> None:
    """The third page makes furniture of what the first two had; without it, it is none again."""
    docs, index = tmp_path / "docs", tmp_path / "index"
    write_page(docs / "site", 0)
    write_page(docs / "site", 1)
    (docs / "other.txt").write_text("别的\n这一篇不在那个网站里，什么也不丢。\n", "utf-8")
    built(docs, index)
    for present in ((0, 1, 2), (0, 1, 2, 3), (0, 1, 3), (1, 3)):
        for number in range(4):
            (docs / "site" / f"{number}.txt").unlink(missing_ok=True)
        for number in present:
            write_page(docs / "site", number)
        report = update(index, load_embedder("builtin"))
        assert report.documents == len(present) + 1
        built(docs, tmp_path / "anew")
        assert documents(index) == documents(tmp_path / "anew")
        assert passages(index) == passages(tmp_path / "anew")
        assert verify_index(index).problems == ()
        is_site = len(present) >= 3
        assert bool(repeated(documents(index)[f"site/{present[0]}.txt"])) == is_site


def test_what_is_removed_is_no_evidence_after_the_next_update(tmp_path: Path) -> None:
    docs, index = tmp_path / "docs", tmp_path / "index"
    for number in range(3):
        write_page(docs / "site", number)
    built(docs, index)
    remove(index, ["site/2.txt"])
    update(index, load_embedder("builtin"))
    assert [repeated(each) for each in documents(index).values()] == [[], []]


def test_a_line_on_few_pages_of_a_large_site_stays(tmp_path: Path) -> None:
    for number in range(12):
        page = tmp_path / "docs" / "site" / f"{number}.txt"
        page.parent.mkdir(parents=True, exist_ok=True)
        extra = "特约观察员手记\n" if number < 3 else ""
        page.write_text(f"{extra}第{number}号报告\n报告第{number}条说，一切都好。\n", "utf-8")
    built(tmp_path / "docs", tmp_path / "index")
    assert not any(repeated(each) for each in documents(tmp_path / "index").values())


def test_the_pages_of_another_folder_are_another_site(tmp_path: Path) -> None:
    for number in range(3):
        write_page(tmp_path / "docs" / f"site{number}", number)
    built(tmp_path / "docs", tmp_path / "index")
    assert not any(repeated(each) for each in documents(tmp_path / "index").values())


def test_kept_documents_lose_nothing_and_updates_know(tmp_path: Path) -> None:
    docs, index = tmp_path / "docs", tmp_path / "index"
    for number in range(4):
        write_page(docs / "site", number)
    (docs / "form.txt").write_text("表单\n请于本周内填写。\n版权所有 某局 某ICP备1号\n", "utf-8")
    built(docs, index, "form.txt", "site/1*")
    found = documents(index)
    assert found["form.txt"].left_out == ()
    assert found["site/1.txt"].left_out == ()
    assert repeated(found["site/2.txt"])
    (docs / "form.txt").write_text("表单\n请于下周内填写。\n版权所有 某局 某ICP备1号\n", "utf-8")
    assert update(index, load_embedder("builtin")).changed == 1
    assert documents(index)["form.txt"].left_out == ()


def test_inspect_shows_lines_reasons_and_the_way_back(tmp_path: Path) -> None:
    docs, index = tmp_path / "docs", tmp_path / "index"
    for number in range(3):
        write_page(docs / "site", number)
    runner = CliRunner()
    assert runner.invoke(app, ["build", str(docs), "--index", str(index)]).exit_code == 0
    shown = runner.invoke(app, ["inspect", "site/0.txt", "--index", str(index)]).stdout
    assert re.search(r"line 1 +repeated +青柏在线\n +line 2 +repeated +民意直通车\n", shown)
    assert re.search(r"line 5 +repeated +爱青柏 爱生活\n", shown)
    assert "--keep-boilerplate site/0.txt" in shown
    options = ["build", str(docs), "--index", str(index), "--keep-boilerplate", "site/0.txt"]
    assert runner.invoke(app, options).exit_code == 0
    shown = runner.invoke(app, ["inspect", "site/0.txt", "--index", str(index)]).stdout
    assert "left out" not in shown


def test_lines_that_the_markup_drops_are_shown_and_kept_on_demand(tmp_path: Path) -> None:
    docs, index = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    (docs / "a.html").write_text(
        "<body><div class=nav><a href=1>县情概览</a></div><h1>桥通了</h1>"
        f"<p>{BODIES[2]}</p><p>{BODIES[3]}</p><footer>某局主办</footer></body>",
        "utf-8",
    )
    runner = CliRunner()
    build_it = ["build", str(docs), "--index", str(index)]
    assert runner.invoke(app, build_it).exit_code == 0
    shown = runner.invoke(app, ["inspect", "a.html", "--index", str(index)]).stdout
    assert re.search(r"not stored +2 lines.*\n +县情概览\n +某局主办\n", shown)
    assert runner.invoke(app, [*build_it, "--keep-boilerplate", "*.html"]).exit_code == 0
    text = documents(index)["a.html"].text
    assert text.split("\n") == ["县情概览", "桥通了", BODIES[2], BODIES[3], "某局主办"]
    assert (
        "not stored" not in runner.invoke(app, ["inspect", "a.html", "--index", str(index)]).stdout
    )
