"""The documentation page in a real browser, under its policy, with no network but ours."""

from typing import Any

import pytest

from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_route_and_problem_is_drawn(browser: Any, language: str) -> None:
    with serving(FakeArchive()) as address:
        page = browser.new_page(locale=language, viewport={"width": 390, "height": 800})
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}docs#problem-collection_not_found")
        page.wait_for_selector("#problem-collection_not_found:target")
        text = page.inner_text("body")
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.close()
    assert complaints == []
    assert all(url.startswith(address) for url in asked)
    for drawn in (
        "Request body",
        "没有这个文档集",
        "POST /v1/ask",
        "GET /v1/documents/{document_id}/original",
        "AskRequest",
    ):
        assert drawn in text
    assert "collection_not_found" in text
    assert wide <= 390
