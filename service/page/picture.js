// A page of a PDF as it looks, with the quote boxed, over the text in the source panel.

import { el } from "./dom.js";
import { addressOf, get } from "./service.js";
import { label, say } from "./words.js";

const wide = matchMedia("(min-width: 60rem)");

/**
 * The picture of the page that the stretch stands on; null for what is no PDF or has no stretch.
 * It is fetched once it is unfolded; where there is room it is from the start.
 */
export function pagePicture(stored, start, end, page) {
  if (stored.format !== "pdf" || start === null || end === null || end <= start || !page) return null;
  const fold = el("details", { class: "looks" });
  const name = say(el("summary"), "pageImage", { page });
  const frame = label(el("div", { class: "looks-frame", tabindex: "0", role: "region" }), "pageImage", { page });
  fold.append(name, frame);
  let isAsked = false;
  fold.addEventListener("toggle", async () => {
    if (!fold.open || isAsked) return;
    isAsked = true;
    frame.append(say(el("p", { class: "quiet" }), "loading"));
    try {
      await draw();
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      fold.remove(); // the text below holds the quote all the same
    }
  });

  async function draw() {
    let on = page;
    let boxes = await boxesOn(stored, on, start, end);
    if (!boxes.length) {
      // The passage began on this page, and the quote may stand on the next.
      const next = await boxesOn(stored, page + 1, start, end).catch(() => []);
      if (next.length) [on, boxes] = [page + 1, next];
    }
    say(name, "pageImage", { page: on });
    label(frame, "pageImage", { page: on });
    const picture = el("img", { src: addressOf(stored.document_id, `/pages/${on}.png`), alt: "" });
    picture.addEventListener("error", () => fold.remove());
    picture.addEventListener("load", () => {
      frame.replaceChildren(
        ...(boxes.length ? [] : [say(el("p", { class: "quiet" }), "pageUnboxed")]),
        el("div", { class: "looks-page" }, picture, ...boxes.map(box)),
      );
      const first = frame.querySelector(".quote-box");
      if (first) frame.scrollTop = first.offsetTop - frame.clientHeight / 3;
    });
  }

  fold.open = wide.matches;
  return fold;
}

async function boxesOn({ document_id: doc }, page, start, end) {
  const address = addressOf(doc, `/pages/${page}/boxes`, { start, end });
  return (await get(address)).boxes;
}

function box([left, top, right, bottom]) {
  const mark = el("div", { class: "quote-box" });
  const percent = (share) => `${100 * share}%`;
  Object.assign(mark.style, {
    left: percent(left),
    top: percent(top),
    width: percent(right - left),
    height: percent(bottom - top),
  });
  return mark;
}
