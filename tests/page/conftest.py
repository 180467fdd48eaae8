"""A small archive, the real service on a real socket, and visits whose console stays clean."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from eval.bench.processes import serving
from eval.report.language import Language
from eval.report.write import write_report
from indexer.embed.load import load_embedder
from indexer.pipeline import build
from tests.eval.report_runs import run_file, verdict, wrong
from tests.indexer.files.pdf_samples import drawing, finished, lines_of, put_lines

expect.set_options(timeout=30_000)  # an upload waits for an indexer, and that for the machine

CANAL = (
    "# 松岭镇水渠通水\n\n发布日期：2022年11月2日\n\n松岭镇这一年修了27公里水渠，"
    "渠水从青龙山脚引来，沿途经过六个村子。村民说，过去种地靠天，天旱的年头要到河里挑水，"
    "一季只收得回种子；如今打开闸门，水就流到地边。\n\n镇里还请了水务站的师傅教大家看管闸门，"
    "谁家用水多少都记在本子上，年底一起结清。\n"
)

# Characters beyond U+FFFF stand before each fact, so that counting in UTF-16 shows.
DOCUMENTS = {
    "village/dividend.md": (
        "# 白石村分红简报 🎉𠮷\n\n日期：2021年3月8日\n\n## 🧧分红\n\n"
        "🎊🎊𠮷祥的一天。白石村合作社举行了分红仪式，每户分到1860元，一共57户领到了钱。\n\n"
        "## 往后\n\n合作社打算再种三百亩花椒。\n"
    ),
    "village/bridge.md": (
        "# 青龙桥记 👩‍🌾\n\n日期：2019年5月3日\n\n𝒜 青龙桥全长214米，由村民和县交通局一同修成，"
        "记事见 https://example.org/" + "very-long-path-without-a-break/" * 6 + "。\n"
    ),
    "web/attack.md": (
        '# <img src=x onerror="window.attacked=1">红岩卫生院捐赠公告\n\n日期：2022年1月5日\n\n'
        "红岩卫生院<script>window.attacked=1</script>收到捐款42万元，"
        '<img src=x onerror="window.attacked=1">全部用来买救护车。\n'
    ),
    "canal.md": CANAL + "\n来源：松岭镇政府\n",
    "reprint/canal.md": CANAL.replace("11月2日", "11月4日", 1) + "\n来源：山里晚报\n",
    "web/ferry.txt": (
        "桃花渡口换了新船\n2023年6月1日 来源：县广播站\n"
        "新船能坐八十个人，每天往返十二趟，学生乘船不收钱。\n"
        "责任编辑：李四\n版权所有：县广播站\n"
    ),
    "table/villages.csv": "村,人口,户数\n柳沟村,412,101\n石坝村,398,97\n",
    # Longer than what is laid out at once.
    "log/days.txt": "𠮷 流水账\n" + "".join(f"{day}：晴，无事。\n" for day in range(1, 8_001)),
}


HELD = len(DOCUMENTS) + 1  # and a PDF
DIVIDEND = "白石村合作社分红，每户分到多少钱？"


@pytest.fixture(scope="session")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over DOCUMENTS, as the command line starts it."""
    folder = tmp_path_factory.mktemp("page")
    for source, text in DOCUMENTS.items():
        path = folder / "archive" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_pdf(folder / "archive" / "reservoir.pdf")
    write_reports(folder)
    index = folder / "index"
    build([folder / "archive"], index, load_embedder("builtin"))
    settings = {"WENJU_REPORTS": str(folder / "reports")}
    with serving(index, state=folder / "state", settings=settings) as service:
        yield service.url


def write_pdf(path: Path) -> None:
    """Two pages; what can be asked of it stands on the second."""
    canvas = drawing(title="北山水库清淤简报")
    for words in (
        "北山水库清淤工程由水务站组织，今年三月开工，附近的四个村派人参加。",
        "北山水库这次一共清出淤泥8630吨，全部运到果园去做肥料。",
    ):
        put_lines(canvas, 72, 720, lines_of(words, 24))
        canvas.showPage()
    path.write_bytes(finished(canvas))


def write_reports(folder: Path) -> None:
    """One report, of a run with three right answers of four."""
    run = run_file(folder, [verdict("a"), verdict("b"), verdict("c"), wrong("d")])
    write_report(run, folder / "reports" / "march.html", Language.BOTH)


class Visit:
    """One visitor's page. What its console said is checked when the test is over."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused request is a console line by itself; what the page makes of it is tested.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self, hash_: str = "") -> Page:
        self.page.goto(f"{self.url}/{hash_}")
        self.page.wait_for_selector("#house > *", state="attached")
        return self.page

    def document_id(self, source: str) -> str:
        """The id of the one document whose source the glob matches."""
        listed = httpx.get(f"{self.url}/v1/documents", params={"source": source}).json()
        return str(listed["documents"][0]["document_id"])

    def ask(self, question: str) -> None:
        """Ask, and wait until the answer is whole."""
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_selector(".exchange:last-child .about > *")


@pytest.fixture
def visit(browser: Browser, service_url: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit in Chinese on a wide screen, or as the test's own parameter says."""
    options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**(options | getattr(request, "param", {})))
    visit = Visit(context, service_url)
    yield visit
    complaints = visit.complaints
    context.close()
    assert complaints == []
