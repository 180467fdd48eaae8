// The line below an answer: how sure it is, how long it took, and what can be done with it.

import { copyText } from "./clipboard.js";
import { el } from "./dom.js";
import { plainText } from "./footnotes.js";
import { linkTo } from "./link.js";
import { button } from "./trouble.js";
import { say } from "./words.js";

// Confidence is the share of right answers among such ones (calibrated when the reader was made).
const SURE = 0.9;
const FAIRLY_SURE = 0.6;

export function aboutLine(asked, answer) {
  return [
    answer.model === "extractive" ? say(el("span"), "extractive") : answer.model ? el("span", {}, answer.model) : null,
    typeof answer.confidence === "number" && !answer.abstained ? sureness(answer.confidence) : null,
    typeof answer.timings_ms?.total === "number"
      ? say(el("span"), "milliseconds", { n: Math.max(1, Math.round(answer.timings_ms.total)) })
      : null,
    copyButton("copy", () => plainText({ question: asked.question, answer })),
    shareLink(asked),
  ].filter(Boolean);
}

function sureness(confidence) {
  const key = confidence >= SURE ? "sure" : confidence >= FAIRLY_SURE ? "fairlySure" : "unsure";
  return say(el("span", { class: key }), key);
}

function copyButton(key, words) {
  const copy = button(key, async () => {
    await copyText(words());
    say(copy, "copied");
  });
  return copy;
}

/** A link that asks again: pressed, it is copied; its address can be had by the menu as well. */
function shareLink(asked) {
  const link = say(el("a", { href: linkTo(asked), class: "share" }), "share");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    await copyText(link.href);
    say(link, "shared");
  });
  return link;
}
