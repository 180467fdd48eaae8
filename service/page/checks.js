// The check mark behind a sentence: whether it is quoted or verified, and what was compared.

import { el } from "./dom.js";
import { label, phrase, say } from "./words.js";

const COMPARED = ["figures", "dates", "sums", "bounds", "binding", "names", "words", "quotations", "directions",
  "negations", "subject"];

let tips = 0;

/** A mark that tells on hover and focus what was checked; nothing for what was not. */
export function checkMark({ support, checked = [] }) {
  if (support === "unverified") return null;
  tips += 1;
  const what = COMPARED.filter((name) => checked.includes(name));
  const key = support === "quoted" ? "checkQuoted" : what.length ? "checkVerified" : "checkReckoned";
  const tip = say(el("span", { class: "tip", role: "tooltip", id: `tip-${tips}` }), key, { what });
  const mark = el("button", { type: "button", class: "checked", "aria-describedby": tip.id });
  label(mark, support === "quoted" ? "isQuoted" : "isVerified");
  mark.addEventListener("pointerenter", () => mark.classList.remove("dismissed"));
  mark.addEventListener("focus", () => mark.classList.remove("dismissed"));
  return el("span", { class: "check-of" }, mark, tip);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const mark of document.querySelectorAll(".checked:hover, .checked:focus")) mark.classList.add("dismissed");
});
