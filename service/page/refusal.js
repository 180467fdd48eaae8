// What is shown where nothing is stated outright: why, and what is nearest.

import { el, languageOf } from "./dom.js";
import { CONTEXT_POINTS, slip } from "./proof.js";
import { say } from "./words.js";

const REASONS = {
  no_relevant_document: "noRelevant",
  fact_not_found: "notFound",
  sources_disagree: "disagree",
  small_talk: "smallTalk",
  nothing_more: "nothingMore",
};
const SHOWN = 3; // passages of an answer that was stopped
const SHOWN_CHARS = 120; // of each

/** Why there is no answer, and what could be asked instead. */
export function refusal(question, answer, abstention, acts) {
  const offer = (words, act) =>
    el("li", {}, el("button", { type: "button", class: "next-one", lang: languageOf(words), on: { click: act } }, words));
  const others = (abstention?.missing ?? []).flatMap(({ name, similar }) =>
    question.includes(name) ? similar.map((other) => question.replace(name, () => other)) : [],
  );
  const missing = (abstention?.missing ?? []).map(({ name }) => name).filter((name) => !answer.includes(name));
  const examples = abstention?.examples ?? [];
  const list = (key, rows) => (rows.length ? [say(el("h3"), key), el("ul", {}, ...rows)] : []);
  return el(
    "div",
    { class: "abstained" },
    say(el("p", { class: "reason" }), REASONS[abstention?.reason] ?? "notFound"),
    el("p", { lang: languageOf(answer) }, answer),
    missing.length ? say(el("p", { class: "lacking" }), "missing", { names: missing }) : null,
    el(
      "div",
      { class: "next" },
      ...list("askInstead", others.map((words) => offer(words, () => acts.ask(words)))),
      ...list("askAbout", examples.map((title) => offer(`《${title}》`, () => acts.fill(`《${title}》`)))),
    ),
  );
}

/** The passages nearest to what was not found. With `all` each is shown, for there is a table that
 * names their numbers; else those that stand in the context of one above are not shown again. */
export function nearestTo(citations, passagesById, all) {
  const shown = all ? citations : citations.filter((each, i) => !citations.slice(0, i).some((above) => showsToo(above, each)));
  return nearest(
    "nearest",
    shown.map((each, i) => slip(all ? each : { ...each, n: i + 1 }, passagesById.get(each.passage_id))),
  );
}

const showsToo = (above, { passage_id: passage, start, end }) =>
  above.passage_id === passage && above.start - CONTEXT_POINTS <= start && end <= above.end + CONTEXT_POINTS;

/** The beginnings of the passages that were found before the answer was stopped. */
export function nearestFound(passages) {
  const shown = passages.slice(0, SHOWN).map((passage, i) => {
    const points = [...passage.text].slice(0, SHOWN_CHARS);
    return slip({ ...passage, n: i + 1, end: passage.start + points.length, quote: points.join("") }, passage);
  });
  return nearest("foundSoFar", shown);
}

function nearest(key, slips) {
  return el("section", { class: "proof nearest" }, say(el("h3"), key), el("ol", { class: "slips" }, ...slips));
}
