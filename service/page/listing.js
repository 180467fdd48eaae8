// What the list of documents and that of hits have in common: a link that opens a place in a
// document beside the list, and the line that says whose the document is.

import { hashOf } from "./address.js";
import { el, languageOf } from "./dom.js";
import { openFrom } from "./source.js";
import { say } from "./words.js";

/** Opens `place` here; with a key held, where the browser opens links. */
export function documentLink(place, title) {
  const link = el("a", { href: hashOf({ view: "documents", ...place }), lang: languageOf(title) }, title);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openFrom(place, link);
  });
  return link;
}

export function whereLine({ date, organisation, source }, ...more) {
  return el(
    "p",
    { class: "where" },
    date ? el("time", { datetime: date }, date) : say(el("span"), "noDate"),
    organisation ? el("span", { lang: languageOf(organisation) }, organisation) : null,
    el("span", { class: "path" }, source),
    ...more,
  );
}
