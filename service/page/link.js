// Links to one question with where it is to be looked for: ?q=…&source=…&collection=…
// Whoever opens one asks anew, of the archive as it is then. Knows no element.

const FILTERS = ["source", "organisation", "date_from", "date_to"];

/** The whole address that asks a question again. */
export function linkTo({ question, filters, collection }) {
  const fields = new URLSearchParams({ q: question });
  for (const name of FILTERS) if (filters?.[name]) fields.set(name, filters[name]);
  if (collection) fields.set("collection", collection);
  return `${location.origin}${location.pathname}?${fields}`;
}

/** What the address asks, or null. It is asked once: a reload restores the answer. */
export function takeAsked() {
  const fields = new URLSearchParams(location.search);
  const question = fields.get("q")?.trim();
  if (!question) return null;
  const filters = Object.fromEntries(FILTERS.map((name) => [name, fields.get(name) ?? ""]));
  for (const name of ["q", ...FILTERS]) fields.delete(name);
  const rest = fields.size ? `?${fields}` : ""; // the collection goes on being looked in
  history.replaceState(history.state, "", `${location.pathname}${rest}${location.hash}`);
  return { question, filters, collection: fields.get("collection") || null };
}
