// What an empty page offers: questions that this archive answers surely, and until those are
// made, documents to begin with.

import { startLine } from "./ask.js";
import { languageOf } from "./dom.js";
import { collection, get } from "./service.js";
import { openFrom } from "./source.js";
import { say } from "./words.js";

const ASK_AGAIN_MS = 2_000;
const MOST_TIMES = 10;

const byId = (id) => document.getElementById(id);

/** Offer what there is now, and again while questions are being made. Throws: Problem, at first. */
export async function offerStarts(send) {
  let offered = await load(send);
  for (let times = 0; !offered.ready && times < MOST_TIMES; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    try {
      offered = await load(send);
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      return; // titles stand there already
    }
  }
}

async function load(send) {
  const offered = await get("v1/suggestions", { collection: collection() });
  const { questions, titles } = offered;
  const lines = questions.length
    ? questions.map(({ question }) => startLine(question, () => send(question), { lang: languageOf(question) }))
    : titles.map(({ document_id: doc, title }) =>
        startLine(title, (event) => openFrom({ doc }, event.currentTarget), { lang: languageOf(title) }),
      );
  // Whoever is about to press one keeps it.
  if (byId("starts-list").contains(document.activeElement)) return offered;
  say(byId("starts-title"), questions.length ? "examples" : "browse");
  byId("starts-list").replaceChildren(...lines);
  byId("starts").hidden = !lines.length || byId("conversation").childElementCount > 0;
  return offered;
}
