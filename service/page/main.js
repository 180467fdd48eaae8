// Puts the page together: language, views, the open source, and what an empty page offers.

import { current, namedCollection, onChange } from "./address.js";
import { startConversation } from "./ask.js";
import { forgetAll, keepFor } from "./conversations.js";
import { documentsView } from "./documents.js";
import { historyDialog, offerExport } from "./history.js";
import { takeAsked } from "./link.js";
import { qualityView } from "./quality.js";
import { get, lookIn } from "./service.js";
import { nobody, offerCollections, signInForm, tellWho } from "./session.js";
import { letReplace, showSource } from "./source.js";
import { welcome } from "./starts.js";
import { changeLanguage, currentLanguage, phrase, speak } from "./words.js";

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
historyDialog(byId("past"), conversation);
offerExport(byId("export"), conversation);
byId("sign-out").addEventListener("click", forgetAll); // what was shown to a key stays with nobody else
byId("print").addEventListener("click", () => window.print());
const views = new Map([["ask", null]]); // by name, what is to be told when it is shown

function show(address) {
  const open = views.has(address.view) ? address.view : "ask";
  for (const [name, view] of views) {
    byId(name).hidden = name !== open;
    if (name === open) byId(`to-${name}`).setAttribute("aria-current", "page");
    else byId(`to-${name}`).removeAttribute("aria-current");
    if (name === open) view?.show();
  }
  showSource(address);
}

byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the hash is for places
  byId("question").focus();
});

/** Who reads; a form for the key where the service asks for one. */
async function enter() {
  let session = nobody;
  try {
    session = await get("v1/session");
    const { collections } = session;
    lookIn(namedCollection() ?? (collections.includes("default") ? null : collections[0]));
    keepFor(session.key_id);
    tellWho(session);
    offerCollections(collections);
  } catch (error) {
    if (error.status === 401) {
      for (const part of [byId("composer"), byId("views")]) part.hidden = true;
      byId("house").replaceChildren(signInForm());
      byId("key").focus();
      return;
    }
    if (typeof error.title !== "string") throw error; // else the requests that follow say it
  }
  const documents = documentsView(byId("documents"), session, announce);
  if (documents.mayEdit) letReplace(announce, documents.reload);
  views.set("documents", documents);
  views.set("quality", qualityView(byId("quality"), session));
  onChange(show);
  show(current());
  const asked = takeAsked();
  if (asked?.collection) lookIn(asked.collection);
  if (asked) conversation.askLinked(asked);
  else conversation.restore();
  welcome(conversation, documents.mayEdit);
  if (matchMedia("(hover: hover)").matches && !current().doc) byId("question").focus();
}

enter();
