// The list of the conversations kept in this browser: search, open, delete, clear; and how the
// present one leaves it, as Markdown or on paper.

import { conversations, forget, forgetAll, titleOf } from "./conversations.js";
import { el, languageOf } from "./dom.js";
import { loadSpellings } from "./fold.js";
import { markdown } from "./footnotes.js";
import { button } from "./trouble.js";
import { count, currentLanguage, hint, label, say } from "./words.js";

/** Build the dialog. `talk` is the conversation on the page: current, open, anew. */
export function historyDialog(opener, talk) {
  const search = hint(el("input", { type: "search", id: "history-search", spellcheck: "false" }), "historySearch");
  label(search, "historySearch");
  const list = el("ul", { class: "past" });
  const foot = el("div", { class: "past-foot" });
  const dialog = el(
    "dialog",
    { id: "history", "aria-labelledby": "history-title" },
    label(el("button", { type: "button", class: "close", on: { click: () => dialog.close() } }, "×"), "close"),
    say(el("h2", { id: "history-title" }), "history"),
    say(el("p", { class: "past-note" }), "historyNote"),
    search,
    list,
    foot,
  );
  document.body.append(dialog);

  const afterForgetting = (wasCurrent) => {
    if (wasCurrent) talk.anew();
    show();
    search.focus();
  };

  function show() {
    const found = conversations(search.value);
    list.replaceChildren(...found.map(row));
    if (!found.length) list.append(say(el("li", { class: "none" }), search.value ? "historyNoneFound" : "historyNone"));
    const clear = button("clearAll", () => {
      const sure = button("clearAllSure", () => {
        forgetAll();
        afterForgetting(true);
      }, "solid");
      foot.replaceChildren(sure);
      sure.focus();
    });
    foot.replaceChildren(...(found.length && !search.value ? [clear] : []));
  }

  function row(conversation) {
    const isCurrent = conversation.id === talk.current().id;
    const title = titleOf(conversation);
    const open = () => {
      dialog.close();
      if (!isCurrent) talk.open(conversation);
    };
    const discard = button("forget", () => {
      forget(conversation.id);
      afterForgetting(isCurrent);
    });
    label(discard, "forgetOne", { title });
    const day = new Date(conversation.updated).toLocaleString(currentLanguage() === "zh" ? "zh-CN" : "en", {
      dateStyle: "medium", timeStyle: "short",
    });
    const link = el("button", { type: "button", class: "past-title", lang: languageOf(title), on: { click: open } }, title);
    if (isCurrent) link.setAttribute("aria-current", "true");
    return el(
      "li",
      {},
      link,
      el("p", { class: "where" }, el("span", {}, day), say(el("span"), "questionsAsked", { n: count(conversation.exchanges.length) }), discard),
    );
  }

  search.addEventListener("input", show);
  opener.addEventListener("click", () => {
    search.value = "";
    show();
    dialog.showModal();
    loadSpellings().then(() => search.value && show());
  });
  // Pressed beside the dialog, it closes.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Let a button save the conversation as a Markdown file. */
export function offerExport(opener, talk) {
  opener.addEventListener("click", () => {
    const conversation = talk.current();
    const file = new Blob([markdown(conversation)], { type: "text/markdown;charset=utf-8" });
    const name = titleOf(conversation).replace(/[^\p{Letter}\p{Number}]+/gu, "-").slice(0, 40).replace(/^-|-$/gu, "");
    const link = el("a", { href: URL.createObjectURL(file), download: `${name || "wenju"}.md` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000); // the browser reads it after the click
  });
}
