// Talks to the service: requests, its problems, the event stream. Knows no element.

import { told } from "./told.js";
import { currentLanguage, phrase } from "./words.js";

/** What went wrong, in words that can be shown: the service's own, or ours for what it never saw. */
export class Problem extends Error {
  constructor({ title, detail = "", hint = "", status = 0, code = "" }) {
    super(`${title}: ${detail}`);
    Object.assign(this, { title, detail, hint, status, code });
  }
}

export const offline = () => new Problem({ title: phrase("offlineTitle"), hint: phrase("offlineHint"), code: "offline" });
const cutOff = () =>
  new Problem({ title: phrase("cutTitle"), detail: phrase("cutDetail"), hint: phrase("cutHint"), code: "cut" });
const unreadable = (status) =>
  new Problem({
    title: phrase("oddTitle"),
    detail: phrase("oddDetail", { status }),
    hint: phrase("oddHint"),
    status,
    code: "unreadable",
  });

let chosen = null;

/** Ask and list in this collection from now on; null is the service's default one. */
export function lookIn(collection) {
  chosen = collection;
}

/** The collection that is looked in, as a query has it. */
export const collection = () => chosen;

/** The address of a document, or of something of it, in the collection that is looked in. */
export function addressOf(doc, part = "", query = {}) {
  const fields = new URLSearchParams({ ...query, ...(chosen ? { collection: chosen } : {}) });
  return `v1/documents/${encodeURIComponent(doc)}${part}${fields.size ? `?${fields}` : ""}`;
}

/** Get JSON. Throws a Problem, or the AbortError when `signal` says stop. */
export async function get(path, query = {}, signal) {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) fields.set(name, value);
  const response = await send(fields.size ? `${path}?${fields}` : path, { signal });
  return parse(await read(response.text()), response.status);
}

/**
 * Ask, and yield the events of the answer as [name, data]: passages, delta, sentence, and done
 * last. Throws a Problem when there is none, also after some events.
 */
export async function* ask(request, signal) {
  const response = await send("v1/ask", {
    method: "POST",
    signal,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream, application/json" },
    body: JSON.stringify({ ...request, ...(chosen ? { collection: chosen } : {}), stream: true }),
  });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    yield ["done", parse(await read(response.text()), response.status)];
    return;
  }
  for await (const [name, text] of events(response.body)) {
    const data = parse(text, response.status);
    if (name === "error") throw problemFrom(data, response.status);
    yield [name, data];
    if (name === "done") return;
  }
  throw cutOff();
}

/** Send a request. Throws a Problem unless the service did what was asked. */
export async function send(path, options) {
  const headers = { Accept: "application/json", ...options.headers, "Accept-Language": currentLanguage() };
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store" });
  } catch (error) {
    throw error.name === "AbortError" ? error : offline();
  }
  if (!response.ok) throw problemFrom(parse(await read(response.text()), response.status), response.status);
  return response;
}

async function read(promise) {
  try {
    return await promise;
  } catch (error) {
    throw error.name === "AbortError" ? error : cutOff();
  }
}

function parse(text, status) {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(status);
  }
}

/** The Problem in a response's body, as text. */
export const problemIn = (text, status) => problemFrom(parse(text, status), status);

function problemFrom(data, status) {
  if (typeof data?.title !== "string") return unreadable(status);
  const words = (name) => (typeof data[name] === "string" ? data[name] : "");
  const { detail, hint } = told({ code: words("code"), detail: words("detail"), hint: words("hint"), errors: data.errors });
  return new Problem({
    title: data.title,
    detail,
    hint,
    code: words("code"),
    status: data.status ?? status,
  });
}

/** The events of a byte stream, as the HTML standard reads them: [name, data]. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let name = "";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await read(reader.read());
      if (done) return; // an event without its blank line is not complete
      // A CR at the end may be half of a CRLF: it waits for what follows.
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield [name || "message", data.join("\n")];
          name = "";
          data = [];
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const content = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") name = content;
        else if (field === "data") data.push(content);
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // it may have failed already; there is nobody left to tell
  }
}
