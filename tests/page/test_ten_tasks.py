"""An archivist's ten tasks, by clicks and keys alone, each in the fewest steps that it can take.

A step is a click, a key, or a field that is filled; dropping or choosing files is one as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from eval.bench.processes import serving
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.page.conftest import Visit

pytestmark = pytest.mark.browser

NOTICES = {
    "通知/停电.txt": "停电通知\n\n日期：2022年4月3日\n\n柳湖路检修线路，停电6小时。\n",
    "通知/义诊.txt": "义诊通知\n\n日期：2022年4月21日\n\n镇卫生院义诊，到场医生14名。\n",
    "通知/封路.txt": "封路通知\n\n日期：2022年5月2日\n\n桥头路铺沥青，封路3天。\n",
    "年报/客运.txt": (
        "临江客运站年报\n\n日期：2024年1月9日\n\n"
        "临江客运站2022年运送旅客41200人次。\n\n临江客运站2023年运送旅客53900人次。\n"
    ),
    "记/水库.md": (
        "# 石门水库除险记\n\n日期：2021年6月5日\n\n石门水库加固大坝，投入资金930万元。\n\n"
        "石门水库大坝全长318米，坝顶可以走车。\n"
    ),
}
WRONG_SCAN = "粮站盘点表\n\n日期：2023年3月1日\n\n城东粮站存放稻谷1850吨。\n"
RIGHT_SCAN = WRONG_SCAN.replace("1850", "7850")
RESERVOIR = "石门水库大坝全长多少米？"
GRAIN = "城东粮站存放稻谷多少吨？"


@dataclass
class Steps:
    """What somebody does on a page, counted."""

    page: Page
    taken: int = 0

    def click(self, what: str | Locator) -> None:
        self._at(what).click()
        self.taken += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.taken += 1

    def write(self, words: str) -> None:
        """Where the focus is: nobody clicks into a field that waits for words."""
        assert self.page.evaluate("document.activeElement.matches('input, textarea')")
        self.page.keyboard.insert_text(words)
        self.taken += 1

    def fill(self, what: str | Locator, words: str) -> None:
        self._at(what).fill(words)
        self.taken += 1

    def choose_files(self, what: str | Locator, files: list[Path]) -> None:
        """Press a button, and choose files in the dialog that opens."""
        with self.page.expect_file_chooser() as chooser:
            self.click(what)
        chooser.value.set_files(files)
        self.taken += 1

    def drop_files(self, files: dict[str, str]) -> None:
        """Texts by file name, dropped in the middle of the page as it is."""
        self.page.evaluate(
            """files => {
                const moved = new DataTransfer();
                for (const [name, text] of files) moved.items.add(new File([text], name));
                const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
                const options = { bubbles: true, cancelable: true, dataTransfer: moved };
                const kept = ["dragover", "drop"].map(
                    (type) => !target.dispatchEvent(new DragEvent(type, options)));
                if (kept.includes(false)) throw new Error("the browser would open the file");
            }""",
            list(files.items()),
        )
        self.taken += 1

    def ask(self, question: str) -> Locator:
        self.write(question)
        self.press("Enter")
        return answered(self.page)

    def _at(self, what: str | Locator) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what


def answered(page: Page) -> Locator:
    """The last exchange, once its answer is whole."""
    page.wait_for_selector(".exchange:last-child .about > *")
    return page.locator(".exchange:last-child")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("tasks")
    for name, text in NOTICES.items():
        path = root / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build([root / "archive"], root / "index", load_embedder("builtin"))
    with serving(root / "index", state=root / "state") as service:
        yield service.url


@pytest.fixture
def steps(browser: Browser, url: str) -> Iterator[Steps]:
    """A page that has just been opened, on a wide screen, in Chinese."""
    context = browser.new_context(
        locale="zh-CN",
        viewport={"width": 1280, "height": 800},
        permissions=["clipboard-read", "clipboard-write"],
    )
    visit = Visit(context, url)
    yield Steps(visit.open())
    complaints = visit.complaints
    context.close()
    assert complaints == []


def taken_in(steps: Steps, files: int) -> None:
    """Wait until the files that were sent are in the index."""
    expect(steps.page.locator(".job > p").first).to_have_text(f"已编入 {files} 个文件")


def test_find_a_figure_with_proof(steps: Steps) -> None:
    answer = steps.ask(RESERVOIR)
    expect(answer.locator(".short")).to_have_text("318米")
    steps.click(answer.locator(".cite").first)
    marked = steps.page.locator(".text mark")
    expect(marked).to_have_text("石门水库大坝全长318米，坝顶可以走车。")
    expect(marked).to_be_in_viewport()
    assert steps.taken == 3


def test_correct_a_wrong_scan(steps: Steps, tmp_path: Path) -> None:
    page, scan = steps.page, tmp_path / "粮站盘点表.txt"
    scan.write_text(WRONG_SCAN, encoding="utf-8")
    steps.click("#to-documents")
    steps.choose_files(page.get_by_role("button", name="选择文件", exact=True), [scan])
    taken_in(steps, 1)
    steps.click("#to-ask")
    steps.click("#question")
    expect(steps.ask(GRAIN).locator(".short")).to_have_text("1850吨")

    # A reader says what is wrong, and what is right.
    steps.taken = 0
    steps.click(page.get_by_role("button", name="有误"))
    steps.fill(page.get_by_label("正确的应是（可不填）"), "7850吨")
    steps.press("Enter")
    expect(page.locator(".feedback")).to_have_text("已记下，谢谢。")
    assert steps.taken == 3

    # An editor replaces the file from where its fault is seen, whatever the new one is called.
    steps.taken = 0
    corrected = tmp_path / "重扫 03-01.txt"
    corrected.write_text(RIGHT_SCAN, encoding="utf-8")
    steps.click(page.locator(".cite").first)
    steps.choose_files(page.get_by_role("button", name="替换文件"), [corrected])
    expect(page.locator("#source .job > p")).to_have_text("已编入 1 个文件")
    expect(page.locator("#source .text")).to_contain_text("7850吨")
    assert steps.taken == 3
    steps.press("Escape")
    steps.click("#question")
    expect(steps.ask(GRAIN).locator(".short")).to_have_text("7850吨")
    assert page.locator(".exchange:last-child .slip .path").all_inner_texts() == ["粮站盘点表.txt"]


def test_upload_twenty_files(steps: Steps) -> None:
    files = {
        f"苗圃{n:02}.txt": f"苗圃{n}号\n\n苗圃{n}号种了松树{n * 100}棵。\n" for n in range(1, 21)
    }
    steps.drop_files(files)
    taken_in(steps, 20)
    assert steps.taken == 1
    names = steps.page.locator(".outcome .path").all_inner_texts()
    assert sorted(names) == list(files)
    expect(steps.page.locator(".shelf li", has_text="苗圃")).to_have_count(20)


def test_find_all_notices_of_one_month(steps: Steps) -> None:
    steps.click("#to-documents")
    steps.fill(steps.page.locator("#documents").get_by_label("起始日期"), "2022-04-01")
    steps.fill(steps.page.locator("#documents").get_by_label("截止日期"), "2022-04-30")
    listed = steps.page.locator(".shelf a")
    expect(listed).to_have_count(2)
    assert set(listed.all_inner_texts()) == {"停电通知", "义诊通知"}
    assert steps.taken == 3


def test_share_an_answer(steps: Steps) -> None:
    steps.ask(RESERVOIR)
    steps.taken = 0
    steps.click(".share")
    assert steps.taken == 1
    expect(steps.page.locator(".share")).to_have_text("链接已复制")
    link = steps.page.evaluate("navigator.clipboard.readText()")
    other = steps.page.context.new_page()
    other.goto(link)
    expect(answered(other).locator(".short")).to_have_text("318米")


def test_print_an_answer(steps: Steps) -> None:
    steps.ask(RESERVOIR)
    steps.page.evaluate("window.print = () => { window.printed = document.title; }")
    steps.taken = 0
    steps.click("#print")
    assert steps.taken == 1
    assert steps.page.evaluate("window.printed")
    steps.page.emulate_media(media="print")
    for told in (RESERVOIR, "318米", "记/水库.md"):
        expect(steps.page.get_by_text(told).first).to_be_visible()
    expect(steps.page.locator("#composer")).to_be_hidden()


def test_follow_up_twice(steps: Steps) -> None:
    first = steps.ask(RESERVOIR)
    # What the cited passage tells besides is offered, and one click asks it.
    offered = first.get_by_role("button", name="石门水库加固大坝，投入资金多少万元？")
    expect(offered).to_be_visible()
    steps.taken = 0
    steps.click(offered)
    expect(answered(steps.page).locator(".short")).to_have_text("930万元")
    assert steps.taken == 1
    steps.click("#question")
    steps.taken = 0
    second = steps.ask("大坝全长多少米？")
    assert steps.taken == 2
    expect(second.locator(".sentences")).to_contain_text("318米")
    expect(steps.page.locator(".exchange")).to_have_count(3)


def test_see_why_it_refused(steps: Steps) -> None:
    refused = steps.ask("石门水库养了多少条鱼？")
    assert steps.taken == 2
    expect(refused.locator(".abstained .reason")).to_be_visible()
    expect(refused.locator(".nearest .slip").first).to_be_visible()
    expect(refused.locator(".short")).to_have_count(0)


def test_compare_two_years(steps: Steps) -> None:
    answer = steps.ask("临江客运站2023年运送旅客比2022年多多少人次？")
    assert steps.taken == 2
    expect(answer.locator(".short")).to_have_text("12700人次")
    rows = answer.locator(".parts tbody tr")
    assert {row.locator(".value").inner_text() for row in rows.all()} == {"53900人次", "41200人次"}
    for row in rows.all():
        value = row.locator(".value").inner_text()
        row.locator(".cite").click()
        expect(steps.page.locator(".text mark")).to_contain_text(value)


def test_delete_a_file(steps: Steps, tmp_path: Path) -> None:
    draft = tmp_path / "草稿.txt"
    draft.write_text("迎新草稿\n\n迎新会摆了桌子26张。\n", encoding="utf-8")
    steps.click("#to-documents")
    steps.choose_files(steps.page.get_by_role("button", name="选择文件", exact=True), [draft])
    taken_in(steps, 1)
    steps.page.reload()
    steps.page.clock.install()
    steps.taken = 0
    steps.click(steps.page.get_by_role("button", name="删除：迎新草稿"))
    expect(steps.page.locator(".leaving")).to_contain_text("将删除“迎新草稿”")
    steps.page.clock.run_for(7_000)
    expect(steps.page.locator(".leaving")).to_have_count(0)
    expect(steps.page.locator(".shelf li", has_text="迎新草稿")).to_have_count(0)
    assert steps.taken == 1
