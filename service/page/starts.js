// What an empty page offers: questions that this archive answers surely, and until those are
// made, documents to begin with. It waits as long as it takes, and says what for.

import { startLine } from "./ask.js";
import { el, languageOf } from "./dom.js";
import { collection, get } from "./service.js";
import { openFrom } from "./source.js";
import { button, troubleBox } from "./trouble.js";
import { count, say } from "./words.js";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;

const byId = (id) => document.getElementById(id);

/** Say what the archive holds, and offer what can be asked of it; again until both are known. */
export async function welcome(conversation, isEditor) {
  let known = false; // an archive that was open once is waited for, whatever happens to it
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    try {
      const problem = await look(conversation, isEditor);
      known ||= !problem;
      if (problem === "index_missing" || (problem !== "not_ready" && (await offer(conversation.send)))) return;
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      if (!known && error.code !== "not_ready") {
        const trouble = troubleBox(error);
        trouble.append(button("retry", () => welcome(conversation, isEditor), "solid"));
        byId("house").replaceChildren(trouble);
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Say how large the collection is, or why it can't be asked; the code of that. Throws: Problem. */
async function look(conversation, isEditor) {
  const { collections, max_question_chars: limit } = await get("v1/collections");
  conversation.limitTo(limit);
  const { problem, documents, passages } = collections.find(({ name }) => name === collection()) ?? collections[0];
  const told = { not_ready: "opening", index_missing: isEditor ? "emptyEditor" : "empty" }[problem] ?? "holdings";
  byId("house").replaceChildren(say(el("p"), told, { documents: count(documents), passages: count(passages) }));
  return problem;
}

/** Offer what there is now; whether that is all. Throws: Problem. */
async function offer(send) {
  const { ready, questions, titles } = await get("v1/suggestions", { collection: collection() });
  const lines = questions.length
    ? questions.map(({ question }) => startLine(question, () => send(question), { lang: languageOf(question) }))
    : titles.map(({ document_id: doc, title }) =>
        startLine(title, (event) => openFrom({ doc }, event.currentTarget), { lang: languageOf(title) }),
      );
  byId("starts-wait").hidden = ready;
  // Whoever is about to press one keeps it.
  if (byId("starts-list").contains(document.activeElement)) return false;
  say(byId("starts-title"), questions.length ? "examples" : "browse");
  byId("starts-list").replaceChildren(...lines);
  byId("starts").hidden = !lines.length || byId("conversation").childElementCount > 0;
  return ready;
}
