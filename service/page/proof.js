// Citations: the marks in a sentence, and the slips with the quoted words. Knows no request. Quoted
// words stay exactly as they came.

import { hashOf } from "./address.js";
import { el, languageOf } from "./dom.js";
import { slice, unitIndices } from "./place.js";
import { openFrom, rememberQuote, sourceLink } from "./source.js";
import { count, label, say } from "./words.js";

export const CONTEXT_POINTS = 48; // how much around the quote a slip shows, to read it in its place

/** The button [1] behind a sentence. */
export function citationMark(n, citation) {
  const mark = el("button", { type: "button", class: "cite", "data-n": n }, `[${n}]`);
  label(mark, "citation", { n, title: citation?.title ?? "" });
  if (citation) {
    mark.title = citation.title;
    mark.addEventListener("click", () => openFrom(placeOf(citation), mark));
  } else {
    mark.disabled = true;
  }
  return mark;
}

/** The slip of one citation: the quote among its neighbours, and where it stands. */
export function slip(citation, passage) {
  rememberQuote(citation);
  const place = placeOf(citation);
  const link = el("a", { class: "slip-title", href: hashOf(place), lang: languageOf(citation.title) }, citation.title);
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openFrom(place, link);
  };
  link.addEventListener("click", open);
  const { before, after } = around(citation, passage);
  const quote = el(
    "blockquote",
    { lang: languageOf(citation.quote) },
    el("span", { class: "context" }, before),
    el("mark", {}, citation.quote),
    el("span", { class: "context" }, after),
  );
  quote.addEventListener("click", (event) => {
    // A click opens the source; selecting words to copy them does not.
    if (getSelection().isCollapsed) open(event);
  });
  return el(
    "li",
    { class: "slip", "data-n": citation.n },
    el("span", { class: "slip-number", "aria-hidden": "true" }, String(citation.n)),
    el(
      "div",
      { class: "slip-body" },
      el("details", { class: "in-place", open: true }, say(el("summary"), "inPlace"), quote),
      el(
        "p",
        { class: "where" },
        link,
        citation.organisation ? el("span", { lang: languageOf(citation.organisation) }, citation.organisation) : null,
        el("span", { class: "path" }, citation.source),
        citation.date ? el("time", { datetime: citation.date }, citation.date) : say(el("span"), "noDate"),
        citation.page === null || citation.page === undefined
          ? null
          : say(el("span"), "placePage", { page: citation.page }),
        citation.place ? el("span", {}, citation.place) : null,
        say(el("span"), "placeChars", { from: count(citation.start + 1), to: count(citation.end) }),
      ),
      further(citation.further_sources ?? []),
    ),
  );
}

/** The reprints that say the same words, folded away. */
function further(sources) {
  if (!sources.length) return null;
  return el(
    "details",
    { class: "further" },
    say(el("summary"), "furtherSources", { n: count(sources.length) }),
    el("ul", {}, ...sources.map((each) => el("li", { class: "where" }, sourceLink(each)))),
  );
}

function placeOf({ document_id: doc, start, end }) {
  return { doc, start, end };
}

/** The passage's words before and after the quote, if the quote is where it says it is. */
function around({ start, end, quote }, passage) {
  if (!passage || slice(passage.text, start - passage.start, end - passage.start) !== quote) {
    return { before: "", after: "" };
  }
  const [from, to] = unitIndices(passage.text, [start - passage.start, end - passage.start]);
  const before = [...passage.text.slice(0, from)];
  const after = [...passage.text.slice(to)];
  return {
    before: (before.length > CONTEXT_POINTS ? "…" : "") + before.slice(-CONTEXT_POINTS).join("").trimStart(),
    after: after.slice(0, CONTEXT_POINTS).join("").trimEnd() + (after.length > CONTEXT_POINTS ? "…" : ""),
  };
}
