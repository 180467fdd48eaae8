// Puts the page together: language, views, the open source, and what an empty page offers.

import { current, namedCollection, onChange } from "./address.js";
import { startConversation, startLine } from "./ask.js";
import { documentsView } from "./documents.js";
import { el, languageOf } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { qualityView } from "./quality.js";
import { collection, get, lookIn } from "./service.js";
import { nobody, offerCollections, signInForm, tellWho } from "./session.js";
import { openFrom, showSource } from "./source.js";
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

/** What the archive holds, and questions that it can answer: ours if they are about it. */
async function welcome() {
  const box = byId("house");
  try {
    const [held, shelved] = await Promise.all([
      get("v1/collections"),
      get("v1/documents", { collection: collection(), limit: 500 }),
    ]);
    const { documents, passages } = held.collections.find(({ name }) => name === collection()) ?? held.collections[0];
    box.replaceChildren(say(el("p"), "holdings", { documents: count(documents), passages: count(passages) }));
    offer(shelved.documents);
  } catch (error) {
    if (typeof error.title !== "string") throw error;
    const trouble = troubleBox(error);
    trouble.append(button("retry", welcome, "solid"));
    box.replaceChildren(trouble);
  }
}

function offer(documents) {
  const sources = new Set(documents.map((stored) => stored.source));
  const fitting = EXAMPLES.filter(({ source }) => sources.has(source));
  const lines = fitting.map(({ question }) =>
    startLine(question, () => conversation.send(question), { lang: languageOf(question) }),
  );
  if (!lines.length) {
    for (const stored of documents.slice(0, 4)) {
      const line = startLine(stored.title, (event) => openFrom({ doc: stored.document_id }, event.currentTarget), {
        lang: languageOf(stored.title),
      });
      lines.push(line);
    }
  }
  say(byId("starts-title"), fitting.length ? "examples" : "browse");
  byId("starts-list").replaceChildren(...lines);
  byId("starts").hidden = lines.length === 0 || byId("conversation").childElementCount > 0;
}

/** Who reads; a form for the key where the service asks for one. */
async function enter() {
  let session = nobody;
  try {
    session = await get("v1/session");
    const { collections } = session;
    lookIn(namedCollection() ?? (collections.includes("default") ? null : collections[0]));
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
  views.set("documents", documentsView(byId("documents"), session, announce));
  views.set("quality", qualityView(byId("quality"), session));
  onChange(show);
  show(current());
  welcome();
  if (matchMedia("(hover: hover)").matches && !current().doc) byId("question").focus();
}

enter();
