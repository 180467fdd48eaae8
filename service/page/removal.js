// Deleting a document: the request goes out some seconds later, or when the page is left, so that
// it can be taken back until then. Knows no list but the row.

import { el } from "./dom.js";
import { addressOf, send } from "./service.js";
import { button, troubleBox } from "./trouble.js";
import { label, phrase, say } from "./words.js";

const UNDO_MS = 6000;

const waiting = new Map(); // by document id: the notice that stands in place of the row, and `go`

/** The row with a button that deletes its document; of one that is about to go, its notice. `left`
 * follows when a row has left the list. */
export function removable(row, stored, announce, left) {
  const { document_id: doc, title, source } = stored;
  if (waiting.has(doc)) return waiting.get(doc).notice;
  const bin = label(button("remove", begin, "plain remove"), "removeNamed", { title });
  row.append(bin);

  function begin() {
    // Several documents may have one title; the source tells which one it is.
    const which = el("span", { class: "path" }, source);
    const told = el("p", {}, say(el("span"), "removed", { title }), " ", which);
    const notice = el("li", { class: "leaving" }, told, button("undo", undo, "solid"));
    row.querySelector(".trouble")?.remove();
    row.replaceWith(notice);
    notice.querySelector("button").focus();
    announce(phrase("removed", { title }));
    waiting.set(doc, { notice, go, timer: setTimeout(() => go(), UNDO_MS) });
  }

  function takeBack() {
    const { notice, timer } = waiting.get(doc);
    clearTimeout(timer);
    waiting.delete(doc);
    return notice;
  }

  function undo() {
    takeBack().replaceWith(row);
    bin.focus();
    announce(phrase("undone"));
  }

  async function go(keepalive = false) {
    const notice = takeBack();
    const hadFocus = notice.contains(document.activeElement);
    notice.querySelector("button").remove();
    try {
      await send(addressOf(doc), { method: "DELETE", keepalive });
    } catch (problem) {
      if (typeof problem.title !== "string") throw problem;
      row.append(troubleBox(problem));
      notice.replaceWith(row);
      return;
    }
    const next = notice.nextElementSibling ?? notice.previousElementSibling;
    if (notice.isConnected) {
      notice.remove();
      left();
    }
    if (hadFocus) (next?.querySelector("a") ?? document.getElementById("search")).focus();
    announce(phrase("gone", { title }));
  }

  return row;
}

addEventListener("pagehide", () => {
  for (const { go } of [...waiting.values()]) go(true);
});
