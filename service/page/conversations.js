// Conversations kept in this browser, each in an entry of its own, none on the server. The oldest
// go when they grow too large. Knows no element and no request.

import { fold } from "./fold.js";

const PREFIX = "wenju.conversation.";
const PRESENT = "wenju.present"; // of this tab
const MOST_CHARS = 2_000_000; // of all together; a browser gives a site about five million

let owner = "anyone";

/** Whoever signs in with another key sees other conversations. */
export function keepFor(keyId) {
  owner = keyId ?? "anyone";
}

/** `exchanges` are `{question, answer, passages, filters, collection}`, in the order asked. */
export function newConversation() {
  return { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), updated: 0, exchanges: [] };
}

export const titleOf = ({ exchanges }) => exchanges[0]?.question ?? "";

/** The conversations that hold all the words, the one that was spoken last first. */
export function conversations(words = "") {
  const wanted = fold(words).split(/\s+/u).filter(Boolean);
  const holds = ({ exchanges }) => {
    const text = fold(exchanges.map(({ question, answer }) => `${question}\n${answer.answer}`).join("\n"));
    return wanted.every((word) => text.includes(word));
  };
  return entries(`${PREFIX}${owner}.`)
    .map(({ conversation }) => conversation)
    .filter((conversation) => conversation && holds(conversation))
    .sort((one, other) => other.updated - one.updated);
}

/** Keep a conversation as it is now. Where there is no room for it, older ones go. */
export function keep(conversation, now = Date.now()) {
  conversation.updated = now;
  const key = keyOf(conversation.id);
  let kept = conversation.exchanges;
  let text = JSON.stringify(conversation);
  while (text.length > MOST_CHARS && kept.length > 1) {
    kept = kept.slice(1);
    text = JSON.stringify({ ...conversation, exchanges: kept });
  }
  const others = entries(PREFIX)
    .filter((entry) => entry.key !== key)
    .sort((one, other) => (one.conversation?.updated ?? 0) - (other.conversation?.updated ?? 0));
  let size = text.length + others.reduce((sum, entry) => sum + entry.size, 0);
  for (;;) {
    if (size <= MOST_CHARS && store(localStorage, key, text)) break;
    const oldest = others.shift();
    if (!oldest) break; // storage is forbidden: it lasts as long as the page
    size -= oldest.size;
    localStorage.removeItem(oldest.key);
  }
  rememberPresent(conversation.id);
}

/** The conversation of this tab, as it was when the page was left; null if there is none. */
export function presentConversation() {
  try {
    return parse(localStorage.getItem(keyOf(sessionStorage.getItem(PRESENT))));
  } catch {
    return null;
  }
}

export function rememberPresent(id) {
  store(sessionStorageOrNone(), PRESENT, id);
}

export function forget(id) {
  localStorage.removeItem(keyOf(id));
}

/** Forget every conversation of whoever reads now. */
export function forgetAll() {
  for (const { key } of entries(`${PREFIX}${owner}.`)) localStorage.removeItem(key);
}

const keyOf = (id) => `${PREFIX}${owner}.${id}`;

function entries(prefix) {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => {
        const text = localStorage.getItem(key) ?? "";
        return { key, size: text.length, conversation: parse(text) };
      });
  } catch {
    return []; // storage is forbidden
  }
}

/** What was kept, null if it is none of ours or of another version. */
function parse(text) {
  try {
    const found = JSON.parse(text);
    const whole = found.exchanges.every(
      ({ question, answer, passages }) =>
        typeof question === "string" && typeof answer.answer === "string" && Array.isArray(passages),
    );
    return whole && found.exchanges.length ? found : null;
  } catch {
    return null;
  }
}

function store(storage, key, text) {
  try {
    storage.setItem(key, text);
    return true;
  } catch {
    return false; // full, or forbidden
  }
}

function sessionStorageOrNone() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
