// The fields that narrow a question or a list: source glob, organisation, first and last day.

import { el } from "./dom.js";
import { hint, say } from "./words.js";

let forms = 0;

// Without a sign of a pattern, a part of a path or a name is enough.
const PART = /^\*([^*?[\]]+)\*$/u;
const patternOf = (words) => words && (/[*?[\]]/u.test(words) ? words : `*${words}*`);
const wordsOf = (pattern) => pattern?.replace(PART, "$1") ?? "";

/** Build the fields in `container`. `values()` is the `filters` object of the HTTP contract. */
export function filterFields(container) {
  forms += 1;
  const field = (name, key, attributes) => {
    const input = el("input", { id: `filter-${name}-${forms}`, ...attributes });
    container.append(el("div", { class: `field by-${name}` }, say(el("label", { for: input.id }), key), input));
    return input;
  };
  const source = field("source", "filterSource", { type: "text", spellcheck: "false", autocapitalize: "off" });
  hint(source, "filterSourceHint");
  const body = field("organisation", "filterBody", { type: "text", spellcheck: "false", autocapitalize: "off" });
  hint(body, "filterBodyHint");
  const from = field("from", "filterFrom", { type: "date" });
  const to = field("to", "filterTo", { type: "date" });
  const listeners = [];
  const tell = () => {
    clear.hidden = [source, body, from, to].every((input) => !input.value);
    listeners.forEach((listener) => listener());
  };
  const clear = say(el("button", { type: "button", class: "plain", hidden: true }), "filterClear");
  clear.addEventListener("click", () => {
    for (const input of [source, body, from, to]) input.value = "";
    source.focus(); // before the button goes, which has the focus
    tell();
  });
  container.append(clear);
  container.addEventListener("input", tell);
  return {
    values: () => ({
      source: patternOf(source.value.trim()) || null,
      organisation: patternOf(body.value.trim()) || null,
      date_from: from.value || null,
      date_to: to.value || null,
    }),
    set: (given) => {
      [source.value, body.value] = [wordsOf(given.source), wordsOf(given.organisation)];
      [from.value, to.value] = [given.date_from, given.date_to];
      tell();
    },
    summary: () => {
      const days = from.value || to.value ? `${from.value} – ${to.value}`.trim() : "";
      return [source.value.trim(), body.value.trim(), days].filter(Boolean).join(" · ");
    },
    onChange: (listener) => listeners.push(listener),
  };
}
