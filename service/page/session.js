// Who reads and where: signing in with a key where the service asks for one, and out again; the
// choice of the collection. Knows no question.

import { goToCollection } from "./address.js";
import { el } from "./dom.js";
import { collection, send } from "./service.js";
import { troubleBox } from "./trouble.js";
import { say } from "./words.js";

const SESSION = "v1/session";

/** A form for the key. The page starts anew once the service has taken it. */
export function signInForm() {
  const key = el("input", {
    id: "key", type: "password", autocomplete: "current-password", spellcheck: "false", required: true,
  });
  const trouble = el("div");
  const form = el(
    "form",
    { class: "finder sign-in", novalidate: true },
    say(el("p"), "signInLead"),
    el(
      "div",
      { class: "fields" },
      el("div", { class: "field by-source" }, say(el("label", { for: "key" }), "key"), key),
      say(el("button", { type: "submit", class: "solid" }), "signIn"),
    ),
    trouble,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!key.value.trim()) return key.focus();
    try {
      await send(SESSION, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ key: key.value.trim() }),
      });
      location.reload();
    } catch (error) {
      if (typeof error.title !== "string") throw error;
      trouble.replaceChildren(troubleBox(error));
      key.select();
    }
  });
  return form;
}

/** What is known of a reader before the service has said who that is. */
export const nobody = { name: "", role: "reader", collections: [], key_id: null };

const byId = (id) => document.getElementById(id);

/** Say whose session it is and in which role, and let it be ended; without keys there is none. */
export function tellWho({ key_id: key, name, role }) {
  if (!key) return;
  byId("account").hidden = false;
  byId("who").hidden = false;
  say(byId("who"), "who", { name, role });
  const out = say(byId("sign-out"), "signOut");
  out.hidden = false;
  out.addEventListener("click", async () => {
    await send(SESSION, { method: "DELETE" });
    location.reload();
  });
}

/** Let the collection be chosen where there are several. */
export function offerCollections(names) {
  const looked = collection() ?? "default";
  if (names.length < 2) return;
  const choice = byId("collection");
  for (const name of names) {
    const option = el("option", { value: name, selected: name === looked }, name);
    choice.append(name === "default" ? say(option, "collectionDefault") : option);
  }
  if (!names.includes(looked)) choice.selectedIndex = -1;
  choice.hidden = false;
  byId("account").hidden = false;
  choice.addEventListener("change", () => goToCollection(choice.value));
}
