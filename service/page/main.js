// Puts the page together: language, views, the open source, and what an empty page offers.

import { current, onChange } from "./address.js";
import { startConversation } from "./ask.js";
import { forgetAll, keepFor } from "./conversations.js";
import { documentsView } from "./documents.js";
import { el } from "./dom.js";
import { historyDialog, offerExport } from "./history.js";
import { takeAsked } from "./link.js";
import { collection, get, lookIn } from "./service.js";
import { offerSignOut, signInForm } from "./session.js";
import { showSource } from "./source.js";
import { offerStarts } from "./starts.js";
import { button, troubleBox } from "./trouble.js";
import { changeLanguage, count, currentLanguage, phrase, say, speak } from "./words.js";

const byId = (id) => document.getElementById(id);
const announce = (words) => {
  byId("status").textContent = words;
};

function nameLanguageButton() {
  const other = currentLanguage() === "zh" ? "en" : "zh-CN";
  byId("language").textContent = phrase("otherLanguage");
  byId("language").lang = other;
}

byId("language").addEventListener("click", () => {
  changeLanguage();
  nameLanguageButton();
});
speak();
nameLanguageButton();

const conversation = startConversation(announce);
const shelf = documentsView(byId("documents"));
historyDialog(byId("past"), conversation);
offerExport(byId("export"), conversation);
byId("sign-out").addEventListener("click", forgetAll); // what was shown to a key stays with nobody else
byId("print").addEventListener("click", () => window.print());

function show(address) {
  const listing = address.view === "documents";
  byId("ask").hidden = listing;
  byId("documents").hidden = !listing;
  for (const [id, on] of [["to-ask", !listing], ["to-documents", listing]]) {
    if (on) byId(id).setAttribute("aria-current", "page");
    else byId(id).removeAttribute("aria-current");
  }
  if (listing) shelf.show();
  showSource(address);
}

byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the hash is for places
  byId("question").focus();
});

/** What the archive holds, and what can be asked of it. */
async function welcome() {
  const box = byId("house");
  try {
    const held = await get("v1/collections");
    conversation.limitTo(held.max_question_chars);
    const { documents, passages } = held.collections.find(({ name }) => name === collection()) ?? held.collections[0];
    box.replaceChildren(say(el("p"), "holdings", { documents: count(documents), passages: count(passages) }));
    await offerStarts(conversation.send);
  } catch (error) {
    if (typeof error.title !== "string") throw error;
    const trouble = troubleBox(error);
    trouble.append(button("retry", welcome, "solid"));
    box.replaceChildren(trouble);
  }
}

/** Who reads; a form for the key where the service asks for one. */
async function enter() {
  try {
    const session = await get("v1/session");
    offerSignOut(byId("sign-out"), session);
    keepFor(session.key_id);
    if (!session.collections.includes("default")) lookIn(session.collections[0]);
  } catch (error) {
    if (error.status === 401) {
      for (const part of [byId("composer"), byId("views")]) part.hidden = true;
      byId("house").replaceChildren(signInForm());
      byId("key").focus();
      return;
    }
    if (typeof error.title !== "string") throw error; // else the requests that follow say it
  }
  onChange(show);
  show(current());
  const asked = takeAsked();
  if (asked?.collection) lookIn(asked.collection);
  if (asked) conversation.askLinked(asked);
  else conversation.restore();
  welcome();
  if (matchMedia("(hover: hover)").matches && !current().doc) byId("question").focus();
}

enter();
