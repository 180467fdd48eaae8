// The question box: its growth, its limit, and that nothing typed is lost. Knows no answer.

import { count, hint, say } from "./words.js";

const DRAFT = "wenju.draft"; // of this tab: what is typed and not sent yet
const NEAR = 0.8; // of the limit: from here on the counter shows

const byId = (id) => document.getElementById(id);

/** `send(question)` is called with what may be sent. */
export function questionBox(send, announce) {
  const box = byId("question");
  const counter = byId("counter");
  let limit = Infinity; // code points, as the service counts them
  let wasOver = false;

  const fit = () => {
    // Browsers with `field-sizing: content` do this by themselves.
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };

  const over = () => Math.max(0, [...box.value].length - limit);

  const measure = () => {
    fit();
    const used = [...box.value].length;
    const excess = over();
    counter.hidden = used < limit * NEAR;
    if (!counter.hidden) {
      say(counter, excess ? "tooLong" : "used", { used: count(used), limit: count(limit), excess: count(excess) });
    }
    counter.classList.toggle("over", excess > 0);
    box.setAttribute("aria-invalid", String(excess > 0));
    if (excess && !wasOver) announce(counter.textContent);
    wasOver = excess > 0;
    keepDraft(box.value);
  };

  const put = (text) => {
    box.value = text;
    measure();
  };

  const submit = () => {
    if (over()) {
      announce(counter.textContent);
      box.focus();
      return;
    }
    send(box.value);
  };

  box.addEventListener("input", measure);
  box.addEventListener("keydown", (event) => {
    // While an input method composes, Enter picks its word; Safari tells by the key code alone.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("composer").addEventListener("keydown", (event) => {
    // Enter in a filter field goes back to the question, it does not send it.
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      box.focus();
    }
  });
  if (!box.value) put(draft());
  return {
    put,
    limitTo(chars) {
      limit = chars;
      measure();
    },
    /** Put a question that failed back, unless something else has been typed. */
    giveBack(question) {
      if (!box.value.trim()) put(question);
    },
    /** Take out what has been sent. */
    take(question) {
      if (box.value.trim() === question.trim()) put("");
    },
    invite: (first) => hint(box, first ? "placeholder" : "placeholderMore"),
    isFocused: () => document.activeElement === box,
    focus() {
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
    },
  };
}

function draft() {
  try {
    return sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    return ""; // storage is forbidden
  }
}

function keepDraft(text) {
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // forbidden, or too long for it: then it lasts as long as the page
  }
}
