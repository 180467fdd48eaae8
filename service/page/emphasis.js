// Values pointed out in the words that tell them: in the answer, its quotes and the open source.

import { occurrences } from "./find.js";

const FIGURES = /\d+(?:[.,]\d+)*/gu;
const FIGURE_ENDS = /\p{Nd}[.,]?$/u;
const FIGURE_BEGINS = /^[.,]?\p{Nd}/u;

/**
 * Point out values in what stands there already, without touching a node: whatever their width and
 * spaces are there, and never inside a longer figure. What stands nowhere whole, such as a cell's
 * figure with the unit of its heading, is pointed out by its figures.
 */
export function emphasise(roots, values) {
  if (!CSS.highlights) return;
  const highlight = CSS.highlights.get("value") ?? new Highlight();
  CSS.highlights.set("value", highlight);
  for (const value of values) {
    const whole = rangesOf(roots, value);
    const found = whole.length ? whole : (value.match(FIGURES) ?? []).flatMap((figure) => rangesOf(roots, figure));
    for (const range of found) highlight.add(range);
  }
}

function rangesOf(roots, value) {
  const ranges = [];
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      for (const [start, end] of occurrences(node.data, value)) {
        if (FIGURE_ENDS.test(node.data.slice(0, start)) && /^\d/u.test(value)) continue;
        if (FIGURE_BEGINS.test(node.data.slice(end)) && /\d$/u.test(value)) continue;
        ranges.push(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }));
      }
    }
  }
  return ranges;
}
