// How the page says that something went wrong, and the plain buttons that mend it.

import { el } from "./dom.js";
import { say } from "./words.js";

/** A box that says what went wrong and what to do. */
export function troubleBox(problem) {
  return el(
    "div",
    { class: "trouble", role: "alert" },
    el("p", { class: "trouble-title" }, problem.title),
    problem.detail ? el("p", {}, problem.detail) : null,
    problem.hint ? el("p", { class: "trouble-hint" }, say(el("span"), "hint"), problem.hint) : null,
  );
}

export function stoppedNotice() {
  return el("div", { class: "trouble mild" }, say(el("p"), "stopped"));
}

export function button(key, act, kind = "plain") {
  return say(el("button", { type: "button", class: kind, on: { click: act } }), key);
}
