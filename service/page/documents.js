// The list of what is in the archive, by source, one page after the other.

import { hashOf } from "./address.js";
import { el, languageOf } from "./dom.js";
import { filterFields } from "./filters.js";
import { collection, get } from "./service.js";
import { openFrom } from "./source.js";
import { button, troubleBox } from "./trouble.js";
import { count, say } from "./words.js";

const PAGE_SIZE = 100;

/** Build the view in `main`; it loads when it is first shown. */
export function documentsView(main) {
  const fields = el("div", { class: "fields" });
  const filters = filterFields(fields);
  const form = el("form", { class: "finder", novalidate: true }, fields);
  fields.append(say(el("button", { type: "submit", class: "solid" }), "show"));
  const list = el("ul", { class: "shelf" });
  const foot = el("div", { class: "shelf-foot" });
  main.append(say(el("h2"), "documentsTitle"), form, list, foot);
  let loaded = false;
  let latest = 0;

  async function load(cursor) {
    latest += 1;
    const mine = latest;
    foot.replaceChildren(say(el("p", { role: "status" }), "loading"));
    if (!cursor) list.replaceChildren();
    try {
      const page = await get("v1/documents", { ...filters.values(), collection: collection(), limit: PAGE_SIZE, cursor });
      if (mine !== latest) return;
      list.append(...page.documents.map(row));
      const n = list.childElementCount;
      foot.replaceChildren(say(el("p", { role: "status" }), n ? "listed" : "none", { n: count(n) }));
      if (page.next_cursor) foot.append(button("more", () => load(page.next_cursor), "solid"));
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      if (mine !== latest) return;
      const box = troubleBox(error);
      box.append(button("retry", () => load(cursor), "solid"));
      foot.replaceChildren(box);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load(null);
  });
  return {
    show() {
      if (loaded) return;
      loaded = true;
      load(null);
    },
  };
}

function row(stored) {
  const place = { doc: stored.document_id };
  const link = el("a", { href: hashOf({ view: "documents", ...place }), lang: languageOf(stored.title) }, stored.title);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openFrom(place, link);
  });
  return el(
    "li",
    {},
    link,
    el(
      "p",
      { class: "where" },
      stored.date ? el("time", { datetime: stored.date }, stored.date) : say(el("span"), "noDate"),
      stored.organisation ? el("span", { lang: languageOf(stored.organisation) }, stored.organisation) : null,
      el("span", { class: "path" }, stored.source),
      say(el("span"), "characters", { n: count(stored.characters) }),
    ),
  );
}
