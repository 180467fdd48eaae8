// What the page shows, kept in the address: #view=documents&doc=ID&start=12&end=40
// Knows no content. A source opened from here is closed by the Back button.

const VIEWS = ["ask", "documents", "quality"];
const listeners = [];

export function current() {
  const fields = new URLSearchParams(location.hash.slice(1));
  return {
    view: VIEWS.includes(fields.get("view")) ? fields.get("view") : "ask",
    doc: fields.get("doc") || null,
    start: offset(fields.get("start")),
    end: offset(fields.get("end")),
  };
}

function offset(text) {
  return /^\d{1,12}$/.test(text ?? "") ? Number(text) : null;
}

/** The hash that leads to a place in a document, from the view that is open now. */
export function hashOf({ view = current().view, doc = null, start = null, end = null }) {
  const fields = new URLSearchParams();
  if (view !== "ask") fields.set("view", view);
  if (doc) fields.set("doc", doc);
  if (doc && start !== null && end !== null) {
    fields.set("start", start);
    fields.set("end", end);
  }
  return `#${fields}`;
}

/** The collection that the address names: ?collection=NAME */
export const namedCollection = () => new URLSearchParams(location.search).get("collection") || null;

/** Start anew in another collection, in the view that is open now. */
export function goToCollection(name) {
  location.assign(`?${new URLSearchParams({ collection: name })}${hashOf({})}`);
}

/** Show a source. From one source to the next the entry is replaced, so that Back closes it. */
export function openSource(target) {
  const hash = hashOf(target);
  if (current().doc) history.replaceState(history.state, "", hash);
  else history.pushState({ opened: true }, "", hash);
  tell();
}

export function closeSource() {
  if (!current().doc) return;
  if (history.state?.opened) {
    history.back();
  } else {
    history.replaceState(null, "", hashOf({}));
    tell();
  }
}

export function onChange(listener) {
  listeners.push(listener);
}

function tell() {
  for (const listener of listeners) listener(current());
}

window.addEventListener("popstate", tell);
