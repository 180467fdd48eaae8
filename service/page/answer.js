// One exchange on the page: the question, how far the answer is, its sentences, its proof.
// Told by the events of the stream, or by what was kept of it; knows no request.

import { aboutLine } from "./about.js";
import { checkMark } from "./checks.js";
import { el, languageOf } from "./dom.js";
import { emphasise } from "./emphasis.js";
import { feedbackOn } from "./feedback.js";
import { MOST, questionsNext, sectionsNext, surelyNext } from "./follow.js";
import { citationMark, slip } from "./proof.js";
import { nearestFound, nearestTo, refusal } from "./refusal.js";
import { openFrom, rememberQuote } from "./source.js";
import { button } from "./trouble.js";
import { conflictTable, partsTable } from "./values.js";
import { phrase, say } from "./words.js";

const LONG_QUESTION = 280; // characters; a longer one is folded

export class Exchange {
  /** `asked` is `{question, filters, collection}`, `acts` is what can be done: announce, ask, fill. */
  constructor(asked, acts) {
    this.asked = asked;
    this.acts = acts;
    this.announce = acts.announce;
    const { question } = asked;
    this.heading = el("h2", { class: "asked", lang: languageOf(question), tabindex: "-1" }, question);
    this.body = el("div", { class: "answered" });
    this.element = el("article", { class: "exchange" }, this.heading, this.unfold(), this.body);
  }

  get question() {
    return this.asked.question;
  }

  /** An exchange as it was kept. */
  static restored({ answer, passages, next, ...asked }, acts) {
    const exchange = new Exchange(asked, { ...acts, announce: () => {} });
    exchange.start();
    for (const passage of passages) exchange.passagesById.set(passage.passage_id, passage);
    exchange.done(answer);
    if (next) exchange.offerNext(next);
    exchange.announce = acts.announce;
    return exchange;
  }

  /** What is kept of it: no passage's text but what is cited. */
  record() {
    const cited = new Set(
      [...this.answer.citations, ...(this.answer.abstention?.nearest ?? [])].map(({ passage_id: id }) => id),
    );
    const passages = [...this.passagesById.values()].map(
      ({ passage_id, document_id, headings, start, end, text }) =>
        ({ passage_id, document_id, headings, start, end, text: cited.has(passage_id) ? text : "" }),
    );
    return { ...this.asked, answer: this.answer, passages, next: this.questions };
  }

  unfold() {
    if (this.question.length <= LONG_QUESTION) return null;
    this.heading.classList.add("folded");
    const all = button("showAll", () => {
      this.heading.classList.remove("folded");
      all.remove();
      this.heading.focus({ preventScroll: true });
    });
    return all;
  }

  /** As new: nothing answered yet. */
  start() {
    this.passagesById = new Map();
    this.citations = new Map();
    this.sentences = [];
    this.questions = []; // to go on with
    this.answer = null;
    this.failed = false;
    this.progress = el("p", { class: "progress" });
    this.verdict = el("div", { class: "verdict" });
    this.text = el("div", { class: "sentences", "aria-live": "polite", "aria-busy": "true" });
    this.extras = el("div");
    this.slips = el("ol", { class: "slips" });
    this.proof = el("section", { class: "proof", hidden: true }, say(el("h3"), "proof"), this.slips);
    this.about = el("p", { class: "about" });
    this.next = el("div");
    this.body.replaceChildren(this.progress, this.verdict, this.text, this.extras, this.proof, this.about, this.next);
    this.tell("searching");
  }

  tell(key, values) {
    say(this.progress, key, values);
    this.announce(phrase(key, values));
  }

  /** An event of the stream. */
  hear(name, data) {
    if (name === "passages") this.passages(data);
    else if (name === "delta") this.delta(data);
    else if (name === "sentence") this.sentence(data);
    else if (name === "done") this.done(data);
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
    this.dropPending();
    this.learn(citations);
    this.add(sentence);
  }

  dropPending() {
    this.pending?.remove();
    this.pending = null;
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
      ...marks.slice(0, -1),
      // The check never begins a line: it stands with the last mark.
      el("span", { class: "last-mark" }, ...marks.slice(-1), checkMark(sentence)),
      flag,
    );
    this.foldSaid(sentence);
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

  /** What the answer quotes whole is not said again below: there it is folded, with its context. */
  foldSaid(sentence) {
    const said = withoutResolved(sentence);
    for (const item of this.slips.children) {
      const quoted = this.citations.get(Number(item.dataset.n))?.quote;
      if (quoted !== said) continue;
      const inPlace = item.querySelector(".in-place");
      inPlace.open = false;
      inPlace.parentElement.append(inPlace);
    }
  }

  done(answer) {
    this.answer = answer;
    this.dropPending();
    this.progress.hidden = true;
    this.citations.clear();
    this.slips.replaceChildren();
    this.learn(answer.citations);
    if (JSON.stringify(answer.sentences) === JSON.stringify(this.sentences)) {
      this.sentences.forEach((sentence) => this.foldSaid(sentence));
    } else {
      this.sentences = [];
      this.text.replaceChildren();
      answer.sentences.forEach((sentence) => this.add(sentence));
    }
    this.text.setAttribute("aria-busy", "false");
    if (answer.understood) this.tellUnderstood(answer.understood);
    if (answer.abstained) this.abstain(answer);
    const parts = answer.parts ?? []; // what was kept by an older page has none
    this.extras.replaceChildren(
      ...(parts.length ? [partsTable(parts, this.citations)] : []),
      ...answer.conflicts.map((conflict) => conflictTable(conflict, this.citations)),
      ...(answer.note ? [el("p", { class: "note" }, answer.note)] : []),
      ...(answer.stopped ? [say(el("p", { class: "note" }), "stopped")] : []),
    );
    if (!answer.abstained) this.shorten(answer);
    this.about.replaceChildren(...aboutLine(this.asked, answer));
    if (answer.answer_id) this.about.after(feedbackOn(answer));
    this.offerNext(questionsNext(answer.understood ?? this.question, answer.citations, [...this.passagesById.values()]));
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

  shorten({ short_answer: short, sentences, parts = [], conflicts }) {
    if (parts.length) this.tabulated(parts);
    if (short && (sentences.length !== 1 || sentences[0].text !== short)) {
      this.verdict.replaceChildren(el("p", { class: "short", lang: languageOf(short) }, short));
      this.fit();
      this.foldShort(short);
    }
    const values = [...parts, ...conflicts.flatMap((conflict) => conflict.values)].map(({ value }) => value);
    if (short) values.unshift(short);
    emphasise([this.text, this.extras, this.slips], values);
    for (const citation of this.citations.values()) rememberQuote(citation, values);
  }

  /** The bare value is not said below its large print as well, where a quoted sentence proves it. */
  foldShort(short) {
    const bare = (words) => words.replace(/[\s。.]+$/u, "");
    const [first, ...others] = this.sentences;
    const isProven = ({ support, citations }) =>
      support === "quoted" && first.citations.every((n) => citations.includes(n));
    if (bare(first.text) === bare(short) && others.some(isProven)) this.text.firstElementChild.hidden = true;
  }

  /** What stands in the table of parts is not said above it as well. */
  tabulated(parts) {
    const numbers = new Set(parts.map(({ citation }) => citation));
    [...this.text.children].forEach((node, i) => {
      const { support, citations } = this.sentences[i];
      node.hidden = support === "quoted" && citations.every((n) => numbers.has(n));
    });
  }

  /** Large print stays large in at most two lines. Needs the element on the page. */
  fit() {
    const short = this.verdict.querySelector(".short");
    if (!short) return;
    for (const size of ["", "smaller", "smallest"]) {
      short.className = `short ${size}`;
      if (short.scrollHeight < 2.5 * parseFloat(getComputedStyle(short).lineHeight)) return;
    }
  }

  abstain({ answer, abstention, conflicts }) {
    this.verdict.replaceChildren(refusal(this.question, answer, abstention, this.acts));
    const nearest = abstention?.nearest ?? [];
    // What sources disagree on is cited by the numbers of the nearest passages.
    for (const citation of nearest) this.citations.set(citation.n, citation);
    if (nearest.length) this.extras.after(nearestTo(nearest, this.passagesById, conflicts.length > 0));
  }

  /** Offer besides what the service has made of the cited passage, and answered, meanwhile. */
  async lookFurther(signal) {
    const more = await surelyNext(this.answer, [...this.passagesById.values()], signal);
    // Whoever is about to press one keeps it.
    if (signal.aborted || this.next.contains(document.activeElement)) return;
    const known = [this.question, this.answer.understood, ...this.questions].filter(Boolean);
    // 某表中，… asks with its document's title what another asks without.
    const others = more.filter((each) => !known.some((question) => each.endsWith(question)));
    this.offerNext([...this.questions, ...others].slice(0, MOST));
  }

  offerNext(questions) {
    this.questions = questions;
    const sections = sectionsNext(this.answer.citations, [...this.passagesById.values()]);
    const row = (words, act) =>
      el("li", {}, el("button", { type: "button", class: "next-one", lang: languageOf(words), on: { click: act } }, words));
    const list = (key, rows) => (rows.length ? [say(el("h3"), key), el("ul", {}, ...rows)] : []);
    this.next.className = "next";
    this.next.replaceChildren(
      ...list("askNext", questions.map((words) => row(words, () => this.acts.ask(words)))),
      ...list(
        "readNext",
        sections.map(({ name, place }) => row(name, (event) => openFrom(place, event.currentTarget))),
      ),
    );
  }

  /** The answer ended before it was whole; what came so far stays. */
  end(notice, retry) {
    this.failed = true;
    this.dropPending();
    this.progress.hidden = true;
    this.text.setAttribute("aria-busy", "false");
    this.about.replaceChildren();
    this.body.append(notice);
    notice.append(retry);
    notice.scrollIntoView({ block: "nearest" });
  }

  /** Stopped by whoever asked: the sentences so far are the answer, else what was found is shown. */
  stop(notice, retry) {
    this.end(notice, retry);
    if (!this.sentences.length) {
      if (this.passagesById.size) this.extras.after(nearestFound([...this.passagesById.values()]));
      return;
    }
    this.failed = false;
    this.answer = {
      question: this.question,
      answer: this.sentences.map(({ text, citations }) => text + citations.map((n) => `[${n}]`).join("")).join(""),
      abstained: false,
      abstention: null,
      short_answer: null,
      sentences: this.sentences,
      citations: [...this.citations.values()],
      conflicts: [],
      stopped: true,
    };
  }
}

function withoutResolved({ text, resolved = [] }) {
  const points = [...text];
  for (const { start, end } of [...resolved].reverse()) points.splice(start, end - start);
  return points.join("");
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
