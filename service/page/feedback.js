// A verdict on an answer: right, or wrong with a reason, a comment and what would have been right.
// What was asked and answered goes along, or nobody could learn from it.

import { el } from "./dom.js";
import { collection, send } from "./service.js";
import { button, troubleBox } from "./trouble.js";
import { say } from "./words.js";

const MOST_CHARS = 4000; // of each text, as the service takes it
const REASONS = ["wrong_value", "wrong_source", "outdated", "incomplete", "other"];
const REFUSAL_REASONS = ["stands_there", "other"];

let forms = 0;

/** What stands under a whole answer, or under a refusal. */
export function feedbackOn(answer) {
  const box = el("div", { class: "feedback" });
  const ask = say(el("span"), "wasItRight");
  const wrong = button("wasWrong", () => {
    wrong.setAttribute("aria-expanded", "true");
    box.append(form(answer, give, offer));
    box.querySelector("select").focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  });
  wrong.setAttribute("aria-expanded", "false");

  function offer() {
    wrong.setAttribute("aria-expanded", "false");
    box.replaceChildren(ask, button("wasRight", () => give({ verdict: "right" })), wrong);
  }

  async function give(verdict) {
    box.querySelector(".trouble")?.remove();
    try {
      await send("v1/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...told(answer), ...verdict }),
      });
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      box.append(troubleBox(error));
      return;
    }
    const thanks = say(el("p", { role: "status", tabindex: "-1" }), "feedbackKept");
    box.replaceChildren(thanks);
    thanks.focus();
  }

  offer();
  return box;
}

function form(answer, give, close) {
  forms += 1;
  const field = (key, control) => {
    control.id = `feedback-${key}-${forms}`;
    return el("div", { class: "field" }, say(el("label", { for: control.id }), key), control);
  };
  const reasons = answer.abstained ? REFUSAL_REASONS : REASONS;
  const reason = el("select", {}, ...reasons.map((each) => say(el("option", { value: each }), `reason_${each}`)));
  const correction = el("input", { type: "text", maxlength: MOST_CHARS });
  const comment = el("textarea", { rows: "2", maxlength: MOST_CHARS });
  const made = el(
    "form",
    { class: "verdict-form", novalidate: true },
    field("feedbackReason", reason),
    field("feedbackCorrection", correction),
    field("feedbackComment", comment),
    say(el("p", { class: "quiet" }), "feedbackSends"),
    el("p", { class: "actions" }, say(el("button", { type: "submit", class: "solid" }), "feedbackSend"), button("cancel", shut)),
  );
  function shut() {
    const box = made.parentElement;
    close();
    box.querySelector("[aria-expanded]").focus();
  }
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    give({
      verdict: "wrong",
      reason: reason.value,
      correction: correction.value.trim() || null,
      comment: comment.value.trim() || null,
    });
  });
  made.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      shut();
    }
  });
  return made;
}

function told(answer) {
  const some = (text) => text?.slice(0, MOST_CHARS).trim() || null;
  return {
    answer_id: answer.answer_id,
    ...(collection() ? { collection: collection() } : {}),
    question: some(answer.question),
    answer: some(answer.answer),
    short_answer: some(answer.short_answer),
    abstained: answer.abstained,
    citations: answer.citations.slice(0, 50).map(({ source, quote }) => ({
      source: source.slice(0, MOST_CHARS),
      quote: quote.slice(0, MOST_CHARS),
    })),
  };
}
