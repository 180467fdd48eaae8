"""What a page hides until its script runs, found by its markup, and judged by what it holds.

A browser that saves a page before its script has run saves the text hidden; a menu, a dialog or a
cookie notice is hidden for good. The one is the page's main text, the other is beside it. Knows
elements and their names; how their text is taken apart to blocks is the business of `html_blocks`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# lxml has no types of its own here.
_Element = Any

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_SHOWS = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.IGNORECASE)
_FADED = re.compile(r"opacity\s*:\s*0*\.?0*\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)
_TOKENS = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))(?i:{})(?:$|[\s_\d-]|(?<=[a-z])(?=[A-Z]))"
# What opens over the page or hangs below its menu: never the page's text.
_OVERLAY = re.compile(
    _TOKENS.format(
        r"dialog|dlg|modal|pop(?:up|over|box)?|mask|overlay|lightbox|cookies?|consent|gdpr|privacy"
        r"|agreement|login|signin|register|toast|tooltip|tips?|dropdown|menu|nav|navbar|submenu"
        r"|share|qr-?code|ewm|erweima|search|alert|banner|ads?|advert|template|tpl|comments?|pinglun"
        r"|layui-layer|footer|sidebar|captcha|feedback|kefu"
    )
)
# One of several stretches of the page's text that are shown one at a time.
_FOLDED = re.compile(
    _TOKENS.format(
        r"tabs?|tab-?pane|tab-?pan(?:el)?|tab-?con(?:tent)?|tab-?box|tab-?item|panel|collapse"
        r"|accordion|fold(?:ed)?|unfold|expand|rest|more-?(?:text|content)|full-?(?:text|content)"
    )
)
_HIDING_NAMES = re.compile(  # that trafilatura goes by, or that sites have for it
    r"hidden|\bhide\b|^hide-|-hide\b|noprint|notloaded|invisible|d-none", re.IGNORECASE
)
_ASKING = re.compile(r"java\s*script|脚本|腳本|浏览器|瀏覽器", re.IGNORECASE)
_ASKED = 200  # characters
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_WHOLE_TAGS = frozenset(("html", "body", "main", "article"))  # whatever state they are called
_MOST_CSS = 2_000_000  # characters
_LARGE_SHARE = 2  # a stretch with half of the largest one's text belongs to it


@dataclass(frozen=True, slots=True)
class Container:
    """A stretch of the page that is hidden. `parent`: the one around it, 0 if it is not in any."""

    parent: int
    look: str  # tag and classes
    is_overlay: bool
    is_folded: bool


def find_hidden(root: _Element) -> dict[_Element, Container]:
    """The hidden elements in the order of the page; the first of them has number 1."""
    rules = _Rules.of(root)
    found: dict[_Element, Container] = {}
    numbers: dict[_Element, int] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        above = numbers.get(element.getparent(), 0)
        if _is_hidden(element, rules):
            found[element] = _container(element, above)
            above = len(found)
        if above:
            numbers[element] = above
    return found


def _container(element: _Element, parent: int) -> Container:
    names, role = _names(element), element.get("role")
    is_overlay = element.tag not in _WHOLE_TAGS and bool(
        element.tag == "dialog"
        or role in ("dialog", "menu")
        or _OVERLAY.search(names)
        or _asks_for_scripts(element)
    )
    is_folded = not is_overlay and (role == "tabpanel" or bool(_FOLDED.search(names)))
    look = f"{element.tag} {element.get('class') or ''}"
    return Container(parent, look, is_overlay, is_folded)


def reveal(
    containers: Sequence[Container], prose: Mapping[int, Mapping[str, int]]
) -> frozenset[int]:
    """The numbers of the containers that hold the page's text.

    `prose` has each container's own sentences, 0 for what the page shows, with their lengths.
    A container's text counts where it outweighs what the page shows, or is one of its tabs.
    """
    seen = {0}
    while True:
        shown = {text: size for each in seen for text, size in prose.get(each, {}).items()}
        sizes = {
            number: size
            for number, each in enumerate(containers, 1)
            if number not in seen and each.parent in seen and not each.is_overlay
            if (size := _below(number, containers, prose, shown))
        }
        is_main = sum(sizes.values()) > sum(shown.values())
        main = max(sizes, key=lambda number: sizes[number], default=0)
        more = {
            number
            for number, size in sizes.items()
            if (each := containers[number - 1]).is_folded
            or (is_main and size * _LARGE_SHARE >= sizes[main])
            or (is_main and each.look == containers[main - 1].look)
        }
        if not more:
            return frozenset(seen)
        seen |= more


def _below(
    top: int,
    containers: Sequence[Container],
    prose: Mapping[int, Mapping[str, int]],
    shown: Mapping[str, int],
) -> int:
    """Characters of prose in a container with those in it, without overlays and what is shown."""
    inside, size = {top}, 0
    for number, each in enumerate(containers[top - 1 :], top):
        if number != top and (each.parent not in inside or each.is_overlay):
            continue
        inside.add(number)
        size += sum(n for text, n in prose.get(number, {}).items() if text not in shown)
    return size


def unhide(element: _Element) -> bool:
    """Take away what says that the element is hidden, names included. Whether there was any."""
    before = dict(element.attrib)
    style = element.get("style") or ""
    if _FADED.search(style) or _HIDES.search(style):
        del element.attrib["style"]
    for name in ("hidden", "aria-hidden"):
        element.attrib.pop(name, None)
    for name in ("class", "id"):
        if _HIDING_NAMES.search(element.get(name) or ""):
            del element.attrib[name]
    return before != dict(element.attrib)


def is_called_hidden(element: _Element) -> bool:
    """Whether its names say so to whoever goes by names, or it is so for a screen reader."""
    return element.get("aria-hidden") is not None or bool(_HIDING_NAMES.search(_names(element)))


def _asks_for_scripts(element: _Element) -> bool:
    """Whether it is the line that asks to switch scripts on."""
    return element.tag == "noscript" and bool(_ASKING.search(element.text_content()[:_ASKED]))


def _names(element: _Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_hidden(element: _Element, rules: "_Rules") -> bool:
    style = element.get("style") or ""
    if element.tag == "noscript" or _HIDES.search(style):
        return True
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if _FADED.search(style) and _OVERLAY.search(_names(element)):
        return True
    return not _SHOWS.search(style) and rules.hide(element)


# -- rules of the page's own <style> --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str
    names: frozenset[str]  # with their . or #
    hides: bool

    def holds(self, tag: str, names: frozenset[str]) -> bool:
        return self.tag in ("", tag) and self.names <= names


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules of one simple selector that hide or show, by a name in it, in the page's order.

    A selector of more parts depends on what a script may have changed; it is passed over, and so
    is all that holds for some media alone.
    """

    by_name: Mapping[str, Sequence[tuple[int, _Rule]]]  # each with its place in the page

    @classmethod
    def of(cls, root: _Element) -> "_Rules":
        css = "\n".join(element.text or "" for element in root.iter("style"))
        by_name: dict[str, list[tuple[int, _Rule]]] = defaultdict(list)
        rules = _plain_rules(_COMMENT.sub("", css[:_MOST_CSS]))
        for at, (selectors, declarations) in enumerate(rules):
            hides = bool(_HIDES.search(declarations))
            if not hides and not _SHOWS.search(declarations):
                continue
            for selector in selectors.split(","):
                match = _SIMPLE.fullmatch(selector.strip())
                if match and match[2]:
                    names = frozenset(re.findall(r"[.#][\w-]+", match[2]))
                    by_name[min(names)].append((at, _Rule(match[1] or "", names, hides)))
        return cls(by_name)

    def hide(self, element: _Element) -> bool:
        """Whether the rule that counts for the element hides it: of the most names, the last."""
        if not self.by_name:
            return False
        classes = [f".{name}" for name in (element.get("class") or "").split()]
        own = frozenset((*classes, f"#{element.get('id')}"))
        holding = [
            (len(rule.names), at, rule.hides)
            for name in own & self.by_name.keys()
            for at, rule in self.by_name[name]
            if rule.holds(element.tag, own)
        ]
        return max(holding)[2] if holding else False


def _plain_rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules that stand in no @media or the like."""
    outside, depth, start = [], 0, 0
    for match in re.finditer(r"@[\w-]+[^{};]*(\{|;)|[{}]", css):
        if depth == 0:
            if match[0][0] == "@":
                outside.append(css[start : match.start()])
                depth, start = int(match[1] == "{"), match.end()
        else:
            depth += match[0][-1] == "{"
            depth -= match[0] == "}"
            start = match.end()
    outside.append("" if depth else css[start:])
    for match in _STYLE_RULE.finditer("".join(outside)):
        yield match[1].strip(), match[2]
