// The reports of evaluations that the service shows: their figures, and a link to each.

import { el } from "./dom.js";
import { get } from "./service.js";
import { button, troubleBox } from "./trouble.js";
import { count, say } from "./words.js";

const SHOWN = ["right", "answer_hit", "document_cited", "quotes_exact", "found@5", "refusal_recall", "refused_wrongly"];

/** Build the view in `main`; it loads whenever it is shown. */
export function qualityView(main, session) {
  const list = el("div", { class: "reports" });
  main.append(say(el("h2"), "reportsTitle"), say(el("p", { class: "lead" }), "reportsLead"), list);

  async function show() {
    try {
      const { reports } = await get("v1/reports");
      list.replaceChildren(...(reports.length ? reports.map(card) : none()));
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      const box = troubleBox(error);
      box.append(button("retry", show, "solid"));
      list.replaceChildren(box);
    }
  }

  const none = () => [
    say(el("p"), "noReports"),
    ...(session.role === "admin" ? [say(el("p", { class: "quiet" }), "howToReport")] : []),
  ];

  return { show };
}

function card({ name, run, started_at: at, questions, figures }) {
  const byName = new Map(figures.map((figure) => [figure.name, figure]));
  const shown = SHOWN.map((figure) => byName.get(figure)).filter(Boolean);
  return el(
    "section",
    { class: "report" },
    el("h3", {}, run),
    el(
      "p",
      { class: "where" },
      el("time", { datetime: at }, at.slice(0, 10)),
      say(el("span"), "reportQuestions", { n: count(questions) }),
      say(el("a", { href: `v1/reports/${encodeURIComponent(name)}`, target: "_blank", rel: "noopener" }), "openReport"),
    ),
    el("dl", {}, ...shown.map(figure)),
  );
}

function figure({ name, value, interval }) {
  const percent = (share) => (100 * share).toFixed(1);
  return el(
    "div",
    {},
    say(el("dt"), `figure_${name}`),
    el(
      "dd",
      {},
      `${percent(value)}%`,
      interval ? el("small", {}, `${percent(interval[0])}–${percent(interval[1])}`) : null,
    ),
  );
}
