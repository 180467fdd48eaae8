"""The archive on the page: search, uploads, deletion, collections, over a service of its own."""

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from eval.bench.processes import serving
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.page.conftest import Visit

pytestmark = pytest.mark.browser

GIVEN = {
    "公告/停水.txt": "停水通知\n\n日期：2022年4月3日\n\n西苑路检修管道，停水9小时。\n",
    "公告/路灯.txt": "路灯改造\n\n日期：2023年6月1日\n\n河滨路新装路灯380盏，由市政队施工。\n",
    "名册/渔船.txt": "渔船登记\n\n日期：2021年2月2日\n\n港内登记渔船64艘，船员二百多人。\n",
}
HARBOUR = "潮汐表\n\n日期：2022年1月5日\n\n水文站观测到北港大潮高5.2米，比去年低一些。\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with two collections that takes documents in."""
    root = tmp_path_factory.mktemp("archive")
    for name, text in GIVEN.items():
        path = root / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "harbour").mkdir()
    (root / "harbour" / "潮汐.txt").write_text(HARBOUR)
    build([root / "given"], root / "index", load_embedder("builtin"))
    build([root / "harbour"], root / "harbour-index", load_embedder("builtin"))
    settings = {
        "WENJU_EMBEDDER": "builtin",
        "WENJU_COLLECTIONS": json.dumps({"harbour": str(root / "harbour-index")}),
        "WENJU_MAX_UPLOAD_BYTES": "100000",
    }
    with serving(root / "index", state=root / "state", settings=settings) as service:
        yield service.url.rstrip("/")


@pytest.fixture
def archive(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**(options | getattr(request, "param", {})))
    visit = Visit(context, url)
    yield visit
    complaints = visit.complaints
    context.close()
    assert complaints == []


def listing(visit: Visit) -> Page:
    page = visit.open("#view=documents")
    page.wait_for_selector(".shelf li")
    return page


def stored(url: str) -> set[str]:
    listed = httpx.get(f"{url}/v1/documents", params={"limit": 500}).json()["documents"]
    return {each["source"] for each in listed}


def send(page: Page, *files: tuple[str, str]) -> None:
    page.set_input_files(
        "#upload-files",
        [{"name": name, "mimeType": "", "buffer": text.encode()} for name, text in files],
    )


def test_search_as_one_types_marks_the_words_and_opens_the_passage(archive: Visit) -> None:
    page = listing(archive)
    page.locator("#search").press_sequentially("河滨路路灯", delay=20)
    first = page.locator(".hit").first
    expect(first.locator("a")).to_have_text("路灯改造")
    expect(first.locator("mark").first).to_be_visible()
    assert set("".join(first.locator("mark").all_text_contents())) <= set("河滨路新装路灯改造")
    expect(page.locator(".told")).to_contain_text("最相关的")
    page.fill("#documents .by-source input", "名册")
    expect(page.locator(".hit a")).to_have_text(["渔船登记"])
    page.fill("#documents .by-source input", "")
    page.locator("#documents input[type=date]").first.fill("2023-01-01")
    expect(page.locator(".hit a")).to_have_text(["路灯改造"])
    page.click(".hit a")
    expect(page.locator(".text mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".hit a")).to_be_focused()
    page.fill("#search", "")
    expect(page.locator(".shelf a")).to_have_text(["路灯改造"])


def test_the_list_says_how_many_there_are(archive: Visit, url: str) -> None:
    archive.page.route(
        "**/v1/documents?*",
        lambda route: route.continue_(url=route.request.url.replace("limit=100", "limit=2")),
    )
    page = listing(archive)
    told, total = page.locator(".told"), len(stored(url))
    expect(told).to_have_text(f"共 {total} 份，已列出 2 份")
    while page.get_by_role("button", name="更多").count():
        page.get_by_role("button", name="更多").click()
        expect(told).not_to_have_text("正在载入……")
    expect(told).to_have_text(f"共 {total} 份")
    page.fill("#documents .by-source input", "公告/")
    expect(told).to_have_text("符合条件的共 2 份")
    page.fill("#documents .by-source input", "公告/*水*")
    expect(told).to_have_text("符合条件的共 1 份")
    page.fill("#documents .by-source input", "无此路径")
    expect(told).to_have_text("没有符合条件的文档。")


def test_only_an_upload_is_offered_to_be_replaced(archive: Visit) -> None:
    page = listing(archive)
    page.locator(".shelf a", has_text="渔船登记").click()
    expect(page.locator("#source .facts")).to_contain_text("来自服务器上的文件夹")
    replace = page.get_by_role("button", name="替换文件")
    expect(replace).to_have_count(0)
    page.keyboard.press("Escape")
    send(page, ("浮标.txt", "浮标登记\n\n航道浮标31个。\n"))
    page.locator(".shelf a", has_text="浮标登记").click()
    expect(replace).to_be_visible()
    expect(page.locator("#source .facts")).not_to_contain_text("服务器上的文件夹")


def test_typing_fast_sends_few_searches_and_shows_the_last(archive: Visit) -> None:
    page = listing(archive)
    sent: list[str] = []
    page.on("request", lambda it: sent.append(it.url) if "/v1/search" in it.url else None)
    page.locator("#search").press_sequentially("渔船登记多少艘", delay=15)
    expect(page.locator(".hit a").first).to_have_text("渔船登记")
    assert len(sent) <= 3


def test_uploads_are_told_of_by_file_listed_and_answered_from(archive: Visit) -> None:
    page = listing(archive)
    page.evaluate("""() => {
        window.announced = [];
        const status = document.getElementById("status");
        new MutationObserver(() => window.announced.push(status.textContent))
            .observe(status, { childList: true });
    }""")
    send(
        page,
        ("桥梁.txt", "桥梁普查\n\n全县查了桥梁73座。\n"),
        ("空.txt", ""),
        ("程序.exe", "MZ"),
        ("大.txt", "大" * 40_000),
    )
    expect(page.locator(".job > p")).to_have_text("已编入 1 个文件，3 个未收")
    assert page.evaluate("window.announced") == [
        "正在上传 4 个文件，0%",
        "已收到，等待编入索引……",
        "已编入 1 个文件，3 个未收",
    ]
    rows = page.locator(".outcome li").all_inner_texts()
    assert sorted(re.sub(r"\s+", " ", row) for row in rows) == [
        "已编入 桥梁.txt",
        "未收 大.txt 文件过大，请拆分或缩小后再上传",
        "未收 程序.exe 不支持这种格式",
        "未收 空.txt 是空文件",
    ]
    expect(page.locator(".shelf li", has_text="桥梁普查")).to_have_count(1)
    page.click(".job button")
    expect(page.locator(".job")).to_have_count(0)
    page.click("#to-ask")
    archive.ask("全县查了多少座桥梁？")
    assert "73座" in page.inner_text(".answered")


def test_a_file_dropped_on_the_view_is_taken(archive: Visit) -> None:
    page = listing(archive)
    page.evaluate("""() => {
        const moved = new DataTransfer();
        moved.items.add(new File(["井盖普查\\n\\n共有井盖2150个。\\n"], "井盖.txt"));
        const view = document.getElementById("documents");
        for (const type of ["dragover", "drop"]) {
            const options = { bubbles: true, cancelable: true, dataTransfer: moved };
            view.dispatchEvent(new DragEvent(type, options));
        }
    }""")
    expect(page.locator(".job > p")).to_have_text("已编入 1 个文件")
    expect(page.locator(".shelf li", has_text="井盖普查")).to_have_count(1)


def test_a_deletion_can_be_taken_back_and_goes_out_else(archive: Visit, url: str) -> None:
    page = listing(archive)
    send(page, ("旧稿.txt", "旧稿\n\n旧稿有字812个。\n"), ("草稿.txt", "草稿\n\n草稿有字77个。\n"))
    expect(page.locator(".job > p")).to_have_text("已编入 2 个文件")
    row = page.locator(".shelf li", has_text="旧稿")
    page.clock.install()
    row.locator(".remove").click()
    undo = page.locator(".leaving button")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".remove")).to_be_focused()
    assert "旧稿.txt" in stored(url)

    row.locator(".remove").click()
    expect(page.locator(".leaving")).to_have_text(re.compile("将删除“旧稿”"))
    total = len(stored(url))
    expect(page.locator(".told")).to_have_text(f"共 {total} 份")
    page.clock.run_for(5_000)
    assert "旧稿.txt" in stored(url)
    page.clock.run_for(2_000)
    expect(page.locator(".leaving")).to_have_count(0)
    expect(page.locator(".told")).to_have_text(f"共 {total - 1} 份")
    assert "旧稿.txt" not in stored(url)

    page.locator(".shelf li", has_text="草稿").locator(".remove").click()
    page.goto("about:blank")
    deadline = time.monotonic() + 10
    while "草稿.txt" in stored(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "草稿.txt" not in stored(url)


def test_a_deletion_that_fails_gives_the_row_back_and_says_why(archive: Visit) -> None:
    page = listing(archive)
    problem = {"title": "磁盘已满", "detail": "", "hint": "请腾出空间", "status": 507}
    page.route(
        "**/v1/documents/*",
        lambda route: (
            route.fulfill(status=507, json=problem)
            if route.request.method == "DELETE"
            else route.continue_()
        ),
    )
    page.clock.install()
    page.locator(".shelf li", has_text="停水通知").locator(".remove").click()
    expect(page.locator(".leaving")).to_have_count(1)
    page.clock.run_for(7_000)
    expect(page.locator(".shelf li .trouble-title")).to_have_text("磁盘已满")
    expect(page.locator(".shelf li", has_text="停水通知").locator("a").first).to_be_visible()


def test_the_chosen_collection_is_asked_searched_and_kept_in_the_address(archive: Visit) -> None:
    page = listing(archive)
    page.select_option("#collection", "harbour")
    page.wait_for_url("**/?collection=harbour#view=documents")
    expect(page.locator(".shelf a")).to_have_text(["潮汐表"])
    page.fill("#search", "大潮")
    expect(page.locator(".hit a")).to_have_text(["潮汐表"])
    page.click(".hit a")
    expect(page.locator(".text mark").first).to_be_visible()
    page.keyboard.press("Escape")
    page.click("#to-ask")
    page.wait_for_url("**/?collection=harbour*")
    archive.ask("北港大潮高多少米？")
    assert "5.2米" in page.inner_text(".answered")
    page.reload()
    expect(page.locator("#collection")).to_have_value("harbour")
    expect(page.locator("#house")).to_contain_text("馆藏 1 份文档")


def test_a_reader_is_offered_nothing_that_changes_the_archive(archive: Visit) -> None:
    archive.page.route(
        "**/v1/session",
        lambda route: route.fulfill(
            json={"name": "阅览", "role": "reader", "collections": ["default"], "key_id": "k1"}
        ),
    )
    page = listing(archive)
    expect(page.locator("#who")).to_have_text("阅览 · 查阅")
    assert page.locator(".drop, .remove, #upload-files").count() == 0
    page.locator(".shelf a").first.click()
    expect(page.locator(".source-head")).to_be_visible()
    assert page.get_by_role("button", name="替换文件").count() == 0
