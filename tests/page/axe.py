"""Everything that axe-core finds on a page, and the two ways in which each view is looked at."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LIGHT = {"locale": "zh-CN", "color_scheme": "light"}
DARK = {"locale": "en-GB", "color_scheme": "dark", "viewport": {"width": 360, "height": 740}}


def findings(page: Page) -> list[str]:
    """Each rule that is broken, with the element; empty where there is nothing to find."""
    # What slides in is half transparent while it does.
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))")
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} {node['any'][:1]}"
        for each in found
        for node in each["nodes"]
    ]
