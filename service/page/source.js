// The panel that opens a source at the quoted words: the stored text, character for character,
// with the quote marked, and whether it is what the citation said.

import { closeSource, hashOf, openSource } from "./address.js";
import { button, troubleBox } from "./trouble.js";
import { el, languageOf } from "./dom.js";
import { emphasise } from "./emphasis.js";
import { findBox, forgetHits } from "./find.js";
import { pagePicture } from "./picture.js";
import { slice } from "./place.js";
import { replacement } from "./replace.js";
import { addressOf, get } from "./service.js";
import { layOut } from "./text.js";
import { count, label, say } from "./words.js";

const quotes = new Map();
const keyOf = (doc, start, end) => `${doc}:${start}:${end}`;

/** What a citation says stands at its place, to be compared when the place is opened, and the values
 * that are pointed out in it. */
export function rememberQuote({ document_id: doc, start, end, quote, page }, values = []) {
  quotes.set(keyOf(doc, start, end), { quote, page, values });
}

const panel = document.getElementById("source");
const room = document.getElementById("room");
const narrow = matchMedia("(max-width: 59.99rem)");
let opener = null;
let loading = null;
let shown = null;
let editing = null; // what an editor's changes are told to

/** Let whoever reads replace the file that is open: `announce` says how it goes, `changed` follows. */
export function letReplace(announce, changed) {
  editing = { announce, changed };
}

/** Open a place, and remember the element that the focus goes back to. */
export function openFrom(place, element) {
  opener = element;
  openSource(place);
}

/** Show what the address says: a place in a document, or nothing. */
export function showSource({ doc, start, end }) {
  const key = doc && keyOf(doc, start, end);
  if (key === shown) return;
  shown = key;
  loading?.abort();
  if (!doc) {
    close();
    return;
  }
  panel.hidden = false;
  document.body.classList.add("reading");
  coverRoom();
  load(doc, start, end);
}

/** On a small screen the panel covers everything, so nothing behind it can be reached. */
function coverRoom() {
  room.inert = narrow.matches && !panel.hidden;
  panel.setAttribute("aria-modal", String(room.inert));
}
narrow.addEventListener("change", coverRoom);

function close() {
  if (panel.hidden) return;
  const inside = panel.contains(document.activeElement) || document.activeElement === document.body;
  panel.hidden = true;
  panel.replaceChildren();
  forgetHits();
  document.body.classList.remove("reading");
  coverRoom();
  if (inside) (opener?.isConnected ? opener : document.getElementById("question")).focus();
  opener = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden && !event.isComposing) closeSource();
});

function frame(...children) {
  forgetHits();
  const shut = label(el("button", { type: "button", class: "close", on: { click: closeSource } }, "×"), "close");
  panel.replaceChildren(shut, ...children);
}

const titleLine = (...words) => el("h2", { id: "source-title", tabindex: "-1" }, ...words);

async function load(doc, start, end) {
  loading = new AbortController();
  const { signal } = loading;
  const waiting = say(titleLine(), "loadingSource");
  frame(waiting);
  waiting.focus({ preventScroll: true });
  try {
    const stored = await get(addressOf(doc), {}, signal);
    if (!signal.aborted) show(stored, start, end);
  } catch (error) {
    if (error.name === "AbortError") return;
    const known = typeof error.title === "string";
    const box = troubleBox(known ? error : { title: String(error) });
    box.append(button("retry", () => load(doc, start, end), "solid"));
    frame(titleLine(), box);
    panel.querySelector(".close").focus();
    if (!known) throw error;
  }
}

function show(stored, start, end) {
  const title = titleLine(stored.title);
  const lang = languageOf(stored.title);
  if (lang) title.lang = lang;
  const page = el("div", { class: "text", lang: languageOf(stored.text) });
  const scroller = label(el("div", { class: "scroller", tabindex: "0", role: "region" }, page), "sourceText");
  const [replace, told] = editing ? replacement(stored, editing.announce, replaced) : [];
  const head = el("div", { class: "source-head" }, title, facts(stored, replace), family(stored), verdict(stored, start, end));
  frame(head, ...(told ? [told] : []), scroller);
  async function replaced(job) {
    editing.changed();
    if (shown !== keyOf(stored.document_id, start, end) || job.state === "failed") return;
    await load(stored.document_id, start, end);
    if (told.isConnected || panel.hidden) return;
    panel.querySelector(".source-head")?.after(told);
  }
  const laid = layOut(page, stored, start, end);
  const pointOut = () =>
    emphasise(page.querySelectorAll("mark"), quotes.get(keyOf(stored.document_id, start, end))?.values ?? []);
  pointOut();
  laid.onChange(pointOut);
  scroller.before(findBox(stored.text, laid, scroller));
  const picture = pagePicture(stored, start, end, pageOf(stored, start, end));
  if (picture) scroller.before(picture);
  title.focus({ preventScroll: true });
  page.querySelector("mark")?.scrollIntoView({ block: "center" });
}

/** The page that a stretch stands on: as its citation said, else where its passage begins. */
function pageOf({ document_id: doc, passages }, start, end) {
  const cited = quotes.get(keyOf(doc, start, end))?.page;
  return cited ?? passages?.find((each) => each.start <= start && start < each.end)?.page;
}

function facts(stored, replace) {
  const items = [
    stored.date ? el("time", { datetime: stored.date }, stored.date) : say(el("span"), "noDate"),
    stored.organisation ? el("span", { lang: languageOf(stored.organisation) }, stored.organisation) : null,
    el("span", { class: "path" }, stored.source),
    stored.author ? say(el("span"), "byAuthor", { author: stored.author }) : null,
    say(el("span"), "characters", { n: count(stored.characters) }),
    leftOut(stored),
    say(
      el("a", { href: addressOf(stored.document_id, "/original"), download: true }),
      "original",
    ),
    replace,
    // Only web addresses: an address in a document is anybody's.
    /^https?:\/\//i.test(stored.url ?? "")
      ? say(el("a", { href: stored.url, target: "_blank", rel: "noopener noreferrer" }), "origin")
      : null,
  ];
  return el("p", { class: "facts" }, ...items.filter(Boolean));
}

/** That some of the text is in no passage, and why; signs of the format are no such text. */
function leftOut({ left_out: stretches }) {
  const reasons = [...new Set((stretches ?? []).map(({ reason }) => reason))].filter((reason) => reason !== "markup");
  return reasons.length ? say(el("span"), "leftOut", { reasons }) : null;
}

/** The documents of the same text: the one that this is a reprint of, and other reprints. */
function family({ reprint_of: first, reprints }) {
  if (!reprints?.length) return null;
  const others = reprints.filter((each) => each.document_id !== first?.document_id);
  const row = (key, documents) =>
    documents.length ? el("p", { class: "facts" }, say(el("span"), key), ...documents.map(sourceLink)) : null;
  return el("div", {}, row("reprintOf", first ? [first] : []), row("reprints", others));
}

/** A link that opens a document, at the words if it says where they stand. */
export function sourceLink({ document_id: doc, start, end, title, source, organisation, date }) {
  const place = { doc, start: start ?? null, end: end ?? null };
  const link = el("a", { href: hashOf(place), lang: languageOf(title), title: source }, title);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openFrom(place, link);
  });
  const told = [organisation, date].filter(Boolean).join(" · ");
  return el("span", {}, link, told ? ` ${told}` : "");
}

/** Whether what stands at the place is what the citation quoted. */
function verdict(stored, start, end) {
  if (start === null || end === null) return null;
  const there = slice(stored.text, start, end);
  if (there === null || start === end) return say(el("p", { class: "check wrong" }), "beyond");
  const place = say(el("span"), "placeChars", { from: count(start + 1), to: count(end) });
  const quote = quotes.get(keyOf(stored.document_id, start, end))?.quote;
  if (quote === undefined) return el("p", { class: "check" }, place);
  const exact = quote === there;
  return el("p", { class: exact ? "check right" : "check wrong" }, say(el("span"), exact ? "exact" : "inexact"), place);
}
