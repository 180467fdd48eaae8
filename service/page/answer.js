// One exchange on the page: the question, how far the answer is, its sentences, its proof.
// Told by the events of the stream; knows no request.

import { el, languageOf } from "./dom.js";
import { feedbackOn } from "./feedback.js";
import { citationMark, emphasise, slip } from "./proof.js";
import { phrase, say } from "./words.js";

const REASONS = {
  no_relevant_document: "noRelevant",
  fact_not_found: "notFound",
  sources_disagree: "disagree",
  small_talk: "smallTalk",
  nothing_more: "nothingMore",
};

export class Exchange {
  constructor(question, announce) {
    this.announce = announce;
    this.question = question;
    this.heading = el("h2", { class: "asked", lang: languageOf(question), tabindex: "-1" }, question);
    this.body = el("div", { class: "answered" });
    this.element = el("article", { class: "exchange" }, this.heading, this.body);
    this.start();
  }

  /** As new: nothing answered yet. */
  start() {
    this.passagesById = new Map();
    this.citations = new Map();
    this.sentences = [];
    this.progress = el("p", { class: "progress" });
    this.verdict = el("div", { class: "verdict" });
    this.text = el("div", { class: "sentences", "aria-live": "polite", "aria-busy": "true" });
    this.extras = el("div");
    this.slips = el("ol", { class: "slips" });
    this.proof = el("section", { class: "proof", hidden: true }, say(el("h3"), "proof"), this.slips);
    this.about = el("p", { class: "about" });
    this.body.replaceChildren(this.progress, this.verdict, this.text, this.extras, this.proof, this.about);
    this.tell("searching");
  }

  tell(key, values) {
    say(this.progress, key, values);
    this.announce(phrase(key, values));
  }

  passages({ passages = [] }) {
    for (const passage of passages) this.passagesById.set(passage.passage_id, passage);
    this.tell("found", { n: passages.length });
  }

  delta({ text = "" }) {
    if (this.progress.dataset.say !== "writing") this.tell("writing");
    this.pending ??= this.text.appendChild(el("span", { class: "sentence pending" }));
    this.pending.append(text);
  }

  sentence({ sentence, citations = [] }) {
    this.pending?.remove();
    this.pending = null;
    this.learn(citations);
    this.add(sentence);
  }

  learn(citations) {
    for (const citation of citations) {
      if (this.citations.has(citation.n)) continue;
      this.citations.set(citation.n, citation);
      this.slips.append(slip(citation, this.passagesById.get(citation.passage_id)));
    }
    this.proof.hidden = this.citations.size === 0;
  }

  add(sentence) {
    this.sentences.push(sentence);
    const marks = sentence.citations.map((n) => citationMark(n, this.citations.get(n)));
    const flag = sentence.support === "unverified" ? say(el("span", { class: "flag" }), "unverified") : null;
    const node = el(
      "p",
      { class: `sentence ${sentence.support}`, lang: languageOf(sentence.text) },
      el("span", { class: "said" }, ...pieces(sentence)),
      ...marks,
      flag,
    );
    const point = (on) => {
      for (const item of this.slips.children) {
        item.classList.toggle("pointed", on && sentence.citations.includes(Number(item.dataset.n)));
      }
    };
    node.addEventListener("pointerenter", () => point(true));
    node.addEventListener("pointerleave", () => point(false));
    node.addEventListener("focusin", () => point(true));
    node.addEventListener("focusout", () => point(false));
    this.text.append(node);
  }

  done(answer) {
    this.answer = answer;
    this.pending?.remove();
    this.pending = null;
    this.progress.hidden = true;
    this.citations.clear();
    this.slips.replaceChildren();
    this.learn(answer.citations);
    if (JSON.stringify(answer.sentences) !== JSON.stringify(this.sentences)) {
      this.sentences = [];
      this.text.replaceChildren();
      answer.sentences.forEach((sentence) => this.add(sentence));
    }
    this.text.setAttribute("aria-busy", "false");
    if (answer.understood) this.tellUnderstood(answer.understood);
    if (answer.abstained) this.abstain(answer);
    else this.shorten(answer);
    this.extras.replaceChildren(
      ...answer.conflicts.map((conflict) => this.conflict(conflict)),
      ...(answer.note ? [el("p", { class: "note" }, answer.note)] : []),
    );
    this.tellAbout(answer);
    this.announce(
      answer.abstained
        ? answer.answer
        : `${answer.short_answer ?? ""} ${phrase("answered", { n: answer.citations.length })}`,
    );
  }

  /** A follow-up as it was taken: whoever asked sees when it was misunderstood. */
  tellUnderstood(whole) {
    const line = el("p", { class: "understood" }, say(el("span"), "understood"), " ");
    line.append(el("span", { lang: languageOf(whole) }, whole));
    this.body.prepend(line);
  }

  shorten({ short_answer: short, sentences }) {
    if (!short) return;
    if (sentences.length !== 1 || sentences[0].text !== short) {
      this.verdict.replaceChildren(el("p", { class: "short", lang: languageOf(short) }, short));
    }
    emphasise([this.text, this.slips], short);
  }

  abstain({ answer, abstention }) {
    this.verdict.replaceChildren(
      el(
        "div",
        { class: "abstained" },
        say(el("p", { class: "reason" }), REASONS[abstention?.reason] ?? "notFound"),
        el("p", { lang: languageOf(answer) }, answer),
      ),
    );
    const nearest = abstention?.nearest ?? [];
    // What sources disagree on is cited by the numbers of the nearest passages.
    for (const citation of nearest) this.citations.set(citation.n, citation);
    if (!nearest.length) return;
    this.extras.after(
      el(
        "section",
        { class: "proof nearest" },
        say(el("h3"), "nearest"),
        el(
          "ol",
          { class: "slips" },
          ...nearest.map((citation) => slip(citation, this.passagesById.get(citation.passage_id))),
        ),
      ),
    );
  }

  conflict({ about, values }) {
    return el(
      "section",
      { class: "conflict" },
      say(el("h3"), "conflict", { about }),
      el(
        "ul",
        {},
        ...values.map(({ value, citation: n }) => {
          const citation = this.citations.get(n);
          return el(
            "li",
            {},
            el("strong", { lang: languageOf(value) }, value),
            citationMark(n, citation),
            citation ? el("span", { class: "whose" }, [citation.title, citation.date].filter(Boolean).join(" · ")) : null,
          );
        }),
      ),
    );
  }

  tellAbout(answer) {
    const parts = [
      answer.model === "extractive" ? say(el("span"), "extractive") : el("span", {}, answer.model),
      typeof answer.confidence === "number" && !answer.abstained
        ? say(el("span"), "confidence", { percent: Math.round(answer.confidence * 100) })
        : null,
      typeof answer.timings_ms?.total === "number"
        ? say(el("span"), "milliseconds", { n: Math.max(1, Math.round(answer.timings_ms.total)) })
        : null,
      // Only pages from https or from this machine may write to the clipboard.
      navigator.clipboard && !answer.abstained ? this.copyButton(answer) : null,
    ];
    this.about.replaceChildren(...parts.filter(Boolean));
    if (answer.answer_id) this.about.after(feedbackOn(answer));
  }

  copyButton(answer) {
    const button = say(el("button", { type: "button", class: "plain" }), "copy");
    button.addEventListener("click", async () => {
      const sources = answer.citations.map(
        (c) => `[${c.n}] “${c.quote}” ${[c.title, c.date, c.source].filter(Boolean).join(", ")} (${c.start}–${c.end})`,
      );
      await navigator.clipboard.writeText([answer.question, answer.answer, ...sources].join("\n"));
      say(button, "copied");
    });
    return button;
  }

  /** The answer ended before it was whole; what came so far stays. */
  end(notice, retry) {
    this.pending?.remove();
    this.pending = null;
    this.progress.hidden = true;
    this.text.setAttribute("aria-busy", "false");
    this.about.replaceChildren();
    this.body.append(notice);
    notice.append(retry);
    notice.scrollIntoView({ block: "nearest" });
  }
}

/** The sentence as the source says it, and between that what was added in brackets, in light. */
function pieces({ text, resolved = [] }) {
  const points = [...text];
  const found = [];
  let last = 0;
  for (const { start, end } of resolved) {
    found.push(points.slice(last, start).join(""));
    found.push(el("span", { class: "resolved" }, points.slice(start, end).join("")));
    last = end;
  }
  found.push(points.slice(last).join(""));
  return found.filter((piece) => piece !== "");
}
