// Values in a table, each with the citation that tells it: what the sources disagree on, and what a
// result was reckoned from. Knows no request.

import { checkMark } from "./checks.js";
import { el, languageOf } from "./dom.js";
import { citationMark } from "./proof.js";
import { say } from "./words.js";

/** A row for each value that the sources have for one thing. */
export function conflictTable({ about, values }, citations) {
  const row = (n, citation) => [
    el("td", {}, citation ? titleOf(citation) : null, citationMark(n, citation)),
    el("td", {}, dateOf(citation)),
  ];
  const heads = ["conflictValue", "conflictSource", "conflictDate"];
  return table("conflict", say(el("caption"), "conflict", { about }), heads, values, citations, row);
}

/** A row for each figure that a result was reckoned from, with the words that tell it. */
export function partsTable(parts, citations) {
  const row = (n, citation) => [
    el(
      "td",
      {},
      el("span", { class: "said quoted", lang: languageOf(citation.quote) }, citation.quote),
      el("span", { class: "last-mark" }, citationMark(n, citation), checkMark({ support: "quoted" })),
      el("p", { class: "where" }, titleOf(citation), dateOf(citation)),
    ),
  ];
  return table("parts", say(el("caption"), "parts"), ["part", "conflictSource"], parts, citations, row);
}

const titleOf = ({ title }) => el("span", { lang: languageOf(title) }, title);
const dateOf = (citation) =>
  citation?.date ? el("time", { datetime: citation.date }, citation.date) : say(el("span"), "noDate");

/** `row` makes the cells behind a value, of its citation's number and the citation. */
function table(kind, caption, heads, values, citations, row) {
  return el(
    "table",
    { class: `values ${kind}` },
    caption,
    el("thead", {}, el("tr", {}, ...heads.map((key) => say(el("th", { scope: "col" }), key)))),
    el(
      "tbody",
      {},
      ...values.map(({ value, citation: n }) =>
        el("tr", {}, el("td", { class: "value", lang: languageOf(value) }, value), ...row(n, citations.get(n))),
      ),
    ),
  );
}
