// A document's text, laid out character for character around one place, and where in it a stretch
// stands. Of a long text the rest is laid out on demand. Knows no panel.

import { el } from "./dom.js";
import { cut, unitIndices } from "./place.js";
import { button } from "./trouble.js";

const WINDOW_UNITS = 30_000; // of a long text, what is laid out before and after a place

/**
 * Lay out the text of `stored` in `page`, the stretch from `start` to `end` (code points, or null)
 * as the quote. What is returned finds stretches, in UTF-16 units, in what is laid out.
 */
export function layOut(page, stored, start, end) {
  const { text } = stored;
  const offsets = [start ?? 0, end ?? 0, ...(stored.left_out ?? []).flatMap((range) => [range.start, range.end])];
  const [from, to, ...edges] = unitIndices(text, offsets);
  const spans = [{ start: from, end: to, kind: "quote" }];
  for (let i = 0; i < edges.length; i += 2) spans.push({ start: edges[i], end: edges[i + 1], kind: "aside" });
  const headings = headingLines(stored);
  const starts = new WeakMap(); // of each line, where it begins
  const listeners = [];
  let begin = 0;
  let stop = 0;
  let nodes = null; // text nodes with where they begin, once they are asked for

  const lay = (first, last) =>
    cut(text, spans, first, last).map((line) => {
      const element = lineElement(line, headings);
      starts.set(element, line.from);
      return element;
    });
  const earlier = button("earlier", () => {
    const upTo = begin;
    begin = lineStart(text, Math.max(0, begin - WINDOW_UNITS));
    earlier.after(...lay(begin, upTo));
    changed();
  });
  const later = button("later", () => {
    const since = stop;
    stop = since + WINDOW_UNITS >= text.length ? text.length : lineStart(text, since + WINDOW_UNITS);
    if (stop <= since) stop = text.length; // one endless line
    later.before(...lay(since, stop));
    changed();
  });

  function around(first, last) {
    begin = lineStart(text, Math.max(0, first - WINDOW_UNITS));
    stop = lineStart(text, last + WINDOW_UNITS) || text.length;
    if (stop <= last) stop = text.length;
    page.replaceChildren(...lay(begin, stop));
    changed();
  }

  function changed() {
    nodes = null;
    if (begin > 0) page.prepend(earlier);
    else earlier.remove();
    if (stop < text.length) page.append(later);
    else later.remove();
    for (const listener of listeners) listener();
  }

  function textNodes() {
    if (nodes) return nodes;
    nodes = [];
    for (const line of page.querySelectorAll(".line")) {
      let at = starts.get(line);
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        nodes.push({ node: walker.currentNode, at });
        at += walker.currentNode.length;
      }
    }
    return nodes;
  }

  /** The node that holds the unit `at`, and where in it. */
  function locate(at) {
    const all = textNodes();
    let low = 0;
    let high = all.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (all[middle].at <= at) low = middle;
      else high = middle - 1;
    }
    return [all[low].node, at - all[low].at];
  }

  around(from, Math.max(from, to));
  return {
    bounds: () => ({ begin, stop }),
    onChange: (listener) => listeners.push(listener),
    /** See that a stretch is laid out. */
    reach(first, last) {
      if (first < begin || last > stop) around(first, last);
    },
    /** The range of a stretch that is laid out. */
    rangeOf(first, last) {
      const range = new Range();
      range.setStart(...locate(first));
      const [node, offset] = locate(last - 1);
      range.setEnd(node, offset + 1);
      return range;
    },
    /** Where the first line begins that can be seen in `scroller`. */
    firstVisible(scroller) {
      const { top } = scroller.getBoundingClientRect();
      for (const line of page.querySelectorAll(".line")) {
        if (line.getBoundingClientRect().bottom > top) return starts.get(line);
      }
      return stop;
    },
  };
}

/** The start of the line that holds the unit `at`. */
function lineStart(text, at) {
  return at >= text.length ? text.length : text.lastIndexOf("\n", at - 1) + 1;
}

/** The heading lines by their words: the title and the headings that passages stand under. */
function headingLines({ title, passages }) {
  const levels = new Map([[title.trim(), 1]]);
  for (const { headings } of passages ?? []) {
    headings.forEach((heading, depth) => {
      if (!levels.has(heading.trim())) levels.set(heading.trim(), depth + 1);
    });
  }
  return levels;
}

function lineElement({ pieces }, headings) {
  const whole = pieces.map((piece) => piece.text).join("");
  const bare = /^(#{1,6} )?(.*?)(?: #+)?\s*$/su.exec(whole);
  const level = headings.get(bare[2].trim());
  const heading = level !== undefined && bare[2].trim() !== "";
  const line = heading
    ? el(`h${Math.min(level + 2, 6)}`, { class: "line" })
    : el("p", { class: whole.trim() ? "line" : "line blank" });
  let syntax = heading && bare[1] ? bare[1].length : 0;
  for (const { text, kinds } of pieces) {
    let rest = text;
    if (syntax > 0 && !kinds.size) {
      line.append(el("span", { class: "syntax" }, text.slice(0, syntax)));
      rest = text.slice(syntax);
    }
    syntax -= text.length;
    if (kinds.has("quote")) line.append(el("mark", {}, rest));
    else if (kinds.has("aside")) line.append(el("span", { class: "aside" }, rest));
    else line.append(rest);
  }
  return line;
}
