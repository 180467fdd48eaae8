"""Signing in and out on the page, where the service asks for a key."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.access.keys import KeyStore
from service.access.principal import Role
from service.archive import Archive
from service.settings import Settings
from tests.page.conftest import Visit
from tests.service.api.conftest import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "state")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    root = tmp_path_factory.mktemp("harbour")
    (root / "corpus").mkdir()
    (root / "corpus" / "码头.md").write_text("# 南湾码头\n\n南湾码头有泊位17个。\n")
    build([root / "corpus"], root / "index", load_embedder("builtin"))
    return Archive.open(root / "index", Settings())


@pytest.fixture
def locked(browser: Browser, tmp_path: Path, keys: KeyStore, archive: Archive) -> Iterator[Visit]:
    """A visit of a service with keys of its own."""
    settings = Settings(state=tmp_path / "state")
    context = browser.new_context(locale="zh-CN")
    with serving(archive, settings) as url:
        visit = Visit(context, url.rstrip("/"))
        yield visit
        complaints = visit.complaints
        context.close()
    assert complaints == []


def test_who_has_a_key_signs_in_asks_and_signs_out(locked: Visit, keys: KeyStore) -> None:
    _, text = keys.add("阅览室", Role.READER, now=datetime.now(UTC))
    page = locked.open()
    expect(page.locator("#house")).to_contain_text("需要密钥")
    expect(page.locator("#composer")).to_be_hidden()
    page.fill("#key", "wenju_wrong_key")
    page.press("#key", "Enter")
    expect(page.locator(".trouble")).to_contain_text("密钥无效")
    page.fill("#key", text)
    page.press("#key", "Enter")
    expect(page.locator("#house")).to_contain_text("馆藏 1 份文档")
    locked.ask("南湾码头有几个泊位？")
    assert "17个" in page.inner_text(".exchange:last-child")
    assert page.evaluate("document.cookie") == ""
    assert text not in page.content()
    page.reload()
    expect(page.locator("#house")).to_contain_text("馆藏 1 份文档")
    expect(page.locator("#sign-out")).to_have_text("退出")
    expect(page.locator(".asked")).to_have_text("南湾码头有几个泊位？")
    assert "17个" in str(page.evaluate("Object.values(localStorage)"))
    page.click("#sign-out")
    expect(page.locator("#house")).to_contain_text("需要密钥")
    assert "17个" not in str(page.evaluate("Object.values(localStorage)"))
    assert page.context.cookies() == []


def test_a_session_that_has_ended_says_what_to_do(locked: Visit, keys: KeyStore) -> None:
    keys.add("另一个", Role.READER, now=datetime.now(UTC))
    _, text = keys.add("阅览室", Role.READER, now=datetime.now(UTC))
    page = locked.open()
    page.fill("#key", text)
    page.press("#key", "Enter")
    expect(page.locator("#house")).to_contain_text("馆藏 1 份文档")
    keys.revoke("阅览室", now=datetime.now(UTC))
    page.fill("#question", "南湾码头有几个泊位？")
    page.press("#question", "Enter")
    expect(page.locator(".trouble-hint")).to_contain_text("重新登录")


def test_a_key_for_another_collection_than_the_default_one_asks_there(
    locked: Visit, keys: KeyStore
) -> None:
    page = locked.page
    asked: list[str | None] = []
    page.route(
        "**/v1/session",
        lambda route: route.fulfill(
            json={"name": "", "role": "reader", "collections": ["water"], "key_id": None}
        ),
    )
    page.on("request", lambda sent: asked.append(sent.post_data) if "/v1/ask" in sent.url else None)
    with page.expect_request("**/v1/suggestions?collection=water*"):
        locked.open()
    page.fill("#question", "有几个泊位？")
    page.press("#question", "Enter")
    expect(page.locator("#conversation .trouble-title")).to_have_text("没有这个文档集")
    assert '"collection":"water"' in str(asked[0])


def test_a_service_without_keys_asks_for_none(locked: Visit) -> None:
    page = locked.open()
    expect(page.locator("#house")).to_contain_text("馆藏 1 份文档")
    expect(page.locator("#sign-out")).to_be_hidden()
