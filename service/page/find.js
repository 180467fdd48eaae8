// Full-text search inside the open source. All of the text is searched, also what is not laid out;
// hits are highlighted without touching a node, since what stands there is the document's own.

import { el } from "./dom.js";
import { fold, loadSpellings } from "./fold.js";
import { button } from "./trouble.js";
import { count, hint, label, say } from "./words.js";

const PAUSE_MS = 120;
const MOST = 10_000; // hits: beyond these nobody goes one by one
const HAN = /\p{Script=Han}/u;

/**
 * Where the words stand in a text, as [start, end] in UTF-16 units. Case, width and script make no
 * difference; where the words have a space, and between two Han characters, the text may have any
 * space: lines of a PDF end in the middle of a word.
 */
export function occurrences(text, words) {
  const sought = fold(words.trim());
  if (!sought) return [];
  let pattern = "";
  let before = "";
  for (const character of sought) {
    if (/\s/.test(character)) {
      if (!/\s/.test(before)) pattern += "\\s+";
    } else {
      if (HAN.test(before) && HAN.test(character)) pattern += "\\s*";
      pattern += character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    }
    before = character;
  }
  const found = [];
  for (const match of fold(text).matchAll(new RegExp(pattern, "gu"))) {
    found.push([match.index, match.index + match[0].length]);
    if (found.length === MOST) break;
  }
  return found;
}

/** The box over a text. `laid` is what `layOut` returns: what of it is laid out, and how to reach more. */
export function findBox(text, laid, scroller) {
  const field = el("input", { type: "search", id: "find", spellcheck: "false", autocomplete: "off", maxlength: "200" });
  label(hint(field, "findHere"), "findHere");
  const told = el("span", { class: "find-count", role: "status" });
  const steps = [step("previous", "↑", -1), step("next", "↓", 1)];
  let hits = [];
  let at = -1;
  let timer = 0;
  let searched = "";

  function step(key, sign, by) {
    return label(el("button", { type: "button", class: "plain", disabled: true, on: { click: () => go(by) } }, sign), key);
  }

  async function search() {
    clearTimeout(timer);
    searched = field.value;
    if (searched) await loadSpellings();
    if (searched !== field.value || !field.isConnected) return; // typed on, or closed meanwhile
    hits = occurrences(text, searched);
    at = -1;
    for (const button of steps) button.disabled = !hits.length;
    if (hits.length) {
      // From what is read now on, not from the top.
      const since = laid.firstVisible(scroller);
      const next = hits.findIndex(([start]) => start >= since);
      at = next < 0 ? 0 : next;
      show();
    } else {
      paint();
      if (field.value.trim()) say(told, "findNone");
      else clear(told);
    }
  }

  function go(by) {
    if (!hits.length) return;
    at = (at + by + hits.length) % hits.length;
    show();
  }

  function show() {
    const [start, end] = hits[at];
    laid.reach(start, end);
    paint();
    const n = hits.length === MOST ? `${count(MOST)}+` : count(hits.length);
    say(told, "findCount", { at: count(at + 1), n });
    const box = laid.rangeOf(start, end).getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    if (box.top < frame.top + 40 || box.bottom > frame.bottom - 40) {
      scroller.scrollTop += box.top - frame.top - frame.height / 3;
    }
  }

  function paint() {
    if (!CSS.highlights) return;
    const { begin, stop } = laid.bounds();
    const seen = hits.filter(([start, end]) => start >= begin && end <= stop);
    CSS.highlights.set("found", new Highlight(...seen.map(([start, end]) => laid.rangeOf(start, end))));
    const now = at < 0 ? null : laid.rangeOf(...hits[at]);
    const highlight = new Highlight(...(now ? [now] : []));
    highlight.priority = 1;
    CSS.highlights.set("found-now", highlight);
  }
  laid.onChange(paint);

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, PAUSE_MS);
  });
  field.addEventListener("compositionend", search);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (field.value !== searched) search(); // it was typed faster than it is searched
      else go(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && field.value) {
      event.stopPropagation(); // the first one empties the field, the next closes the source
      field.value = "";
      search();
    }
  });
  return el("div", { class: "find", role: "search" }, field, told, ...steps);
}

function clear(node) {
  delete node.dataset.say;
  node.textContent = "";
}

/** Take the highlights away with the text that they stood in. */
export function forgetHits() {
  CSS.highlights?.delete("found");
  CSS.highlights?.delete("found-now");
}
