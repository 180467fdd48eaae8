// One passage that a search found: where it stands, and its words around the first that match.

import { el, languageOf } from "./dom.js";
import { documentLink, whereLine } from "./listing.js";
import { say } from "./words.js";

const BEFORE_POINTS = 40; // how much before the first word that matches is shown
const EXCERPT_POINTS = 180;

export function hitRow(hit) {
  const place = { doc: hit.document_id, start: hit.start, end: hit.end };
  return el(
    "li",
    { class: "hit" },
    documentLink(place, hit.title),
    el("p", { class: "excerpt", lang: languageOf(hit.text) }, ...excerpt(hit.text, hit.highlights)),
    whereLine(hit, hit.page === null ? null : say(el("span"), "placePage", { page: hit.page })),
  );
}

/** Strings and marks. The service counts code points. */
function excerpt(text, highlights) {
  const points = [...text];
  const from = Math.max(0, (highlights[0]?.[0] ?? 0) - BEFORE_POINTS);
  const to = Math.min(points.length, from + EXCERPT_POINTS);
  const cut = (start, end) => points.slice(Math.max(start, from), Math.min(end, to)).join("");
  const found = [from > 0 ? "…" : ""];
  let last = from;
  for (const [start, end] of highlights) {
    if (start >= to) break;
    found.push(cut(last, start), el("mark", {}, cut(start, end)));
    last = end;
  }
  found.push(cut(last, to), to < points.length ? "…" : "");
  return found;
}
