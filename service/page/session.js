// Signing in with a key where the service asks for one, and out again. Knows no question.

import { el } from "./dom.js";
import { send } from "./service.js";
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

/** Let `button` end the session, and say whose it is; a service without keys has none to end. */
export function offerSignOut(button, session) {
  if (!session.key_id) return;
  say(button, "signOut", { name: session.name });
  button.hidden = false;
  button.addEventListener("click", async () => {
    await send(SESSION, { method: "DELETE" });
    location.reload();
  });
}
