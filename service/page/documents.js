// The archive's view: search as one types, the list of documents by source, uploads, deletion.

import { el } from "./dom.js";
import { filterFields } from "./filters.js";
import { hitRow } from "./hits.js";
import { intake } from "./intake.js";
import { documentLink, whereLine } from "./listing.js";
import { removable } from "./removal.js";
import { collection, get, send } from "./service.js";
import { button, troubleBox } from "./trouble.js";
import { count, hint, say } from "./words.js";

const PAGE_SIZE = 100;
const HITS = 30;
const PAUSE_MS = 250; // in typing, before it is searched
const HOLDS_WORDS = /[\p{L}\p{N}]/u; // what the service takes for a query

/** Build the view in `main`; it loads when it is first shown. */
export function documentsView(main, session, announce) {
  const mayEdit = session.role === "editor" || session.role === "admin";
  const words = el("input", { id: "search", type: "search", spellcheck: "false", maxlength: "500", autocomplete: "off" });
  const fields = el("div", { class: "fields" });
  const filters = filterFields(fields);
  const form = el(
    "form",
    { class: "finder", role: "search", novalidate: true },
    el("div", { class: "field" }, say(el("label", { for: "search" }), "searchWords"), hint(words, "searchHint")),
    el("details", { class: "filters", open: matchMedia("(min-width: 48rem)").matches }, say(el("summary"), "filters"), fields),
  );
  const list = el("ul", { class: "shelf" });
  const foot = el("div", { class: "shelf-foot" });
  const told = el("p", { class: "told", role: "status" });
  let latest = new AbortController();
  let timer = 0;
  let total = 0; // documents that the filters leave, listed or not

  async function load(cursor = null) {
    clearTimeout(timer);
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    say(told, "loading");
    foot.replaceChildren();
    try {
      if (HOLDS_WORDS.test(words.value)) await search(signal);
      else await shelve(cursor, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (typeof error.title !== "string") throw error;
      if (error.code === "index_missing") return say(told, "none");
      const box = troubleBox(error);
      box.append(button("retry", () => load(cursor), "solid"));
      told.replaceChildren();
      foot.replaceChildren(box);
    }
  }

  async function search(signal) {
    const found = await send("v1/search", {
      method: "POST",
      signal,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        query: words.value.trim(),
        k: HITS,
        filters: filters.values(),
        ...(collection() ? { collection: collection() } : {}),
      }),
    });
    const { hits, note } = await found.json();
    if (signal.aborted) return;
    list.replaceChildren(...hits.map(hitRow));
    say(told, hits.length ? "hits" : "noHits", { n: count(hits.length) });
    if (note) foot.append(el("p", { class: "note" }, note));
  }

  async function shelve(cursor, signal) {
    const query = { ...filters.values(), collection: collection(), limit: PAGE_SIZE, cursor };
    const page = await get("v1/documents", query, signal);
    if (signal.aborted) return;
    total = page.total;
    const rows = page.documents.map((stored) => (mayEdit ? removable(row(stored), stored, announce, left) : row(stored)));
    if (cursor) list.append(...rows);
    else list.replaceChildren(...rows);
    tellCount();
    if (page.next_cursor) foot.append(button("more", () => load(page.next_cursor), "solid"));
  }

  function tellCount() {
    const key = total ? "listed" : "none";
    const isNarrowed = Object.values(filters.values()).some(Boolean);
    say(told, isNarrowed ? `${key}Match` : key, { n: count(list.childElementCount), total: count(total) });
  }

  function left() {
    total -= 1;
    tellCount();
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(load, PAUSE_MS);
  };
  // While an input method composes, what stands in the field is no word yet.
  words.addEventListener("input", (event) => event.isComposing || soon());
  words.addEventListener("compositionend", soon);
  filters.onChange(soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load();
  });
  main.append(say(el("h2"), "documentsTitle"), form, told, list, foot);
  if (mayEdit) form.after(intake(announce, () => load()));
  let isLoaded = false;
  return {
    mayEdit,
    reload: () => isLoaded && load(),
    show() {
      if (!isLoaded) load();
      isLoaded = true;
    },
  };
}

function row(stored) {
  return el(
    "li",
    {},
    documentLink({ doc: stored.document_id }, stored.title),
    whereLine(stored, say(el("span"), "characters", { n: count(stored.characters) })),
  );
}
