// The question box and the conversation: sends questions with what was said before, and lets the
// exchanges know what the stream brings.

import { Exchange } from "./answer.js";
import { el } from "./dom.js";
import { filterFields } from "./filters.js";
import { ask } from "./service.js";
import { button, stoppedNotice, troubleBox } from "./trouble.js";
import { hint, phrase, say } from "./words.js";

const HISTORY_TURNS = 60; // thirty questions with their answers: as far back as follow-ups are traced
const HISTORY_CHARS = 4000; // of one message

const byId = (id) => document.getElementById(id);

export function startConversation(announce) {
  const box = byId("question");
  const turns = [];
  let running = null; // the AbortController of the answer that streams
  const filters = filterFields(byId("filter-fields"));

  const showFilters = () => {
    const text = filters.summary();
    if (text) say(byId("filters-now"), "filtersOn", { text });
    else {
      delete byId("filters-now").dataset.say;
      byId("filters-now").textContent = "";
    }
  };
  filters.onChange(showFilters);

  const fit = () => {
    // Browsers with `field-sizing: content` do this by themselves.
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };

  const busy = (controller) => {
    running = controller;
    byId("send").hidden = Boolean(controller);
    byId("stop").hidden = !controller;
    byId("anew").hidden = Boolean(controller) || !byId("conversation").childElementCount;
  };

  async function run(exchange, request) {
    const controller = new AbortController();
    busy(controller);
    const again = (kind) =>
      button(kind === "stop" ? "askAgain" : "retry", () => {
        if (running) return;
        exchange.start();
        exchange.heading.focus({ preventScroll: true });
        run(exchange, request);
      }, "solid");
    try {
      for await (const [name, data] of ask(request, controller.signal)) {
        if (name === "passages") exchange.passages(data);
        else if (name === "delta") exchange.delta(data);
        else if (name === "sentence") exchange.sentence(data);
        else if (name === "done") exchange.done(data);
      }
      turns.push(
        { role: "user", content: request.question.slice(0, HISTORY_CHARS) },
        { role: "assistant", content: exchange.answer.answer.slice(0, HISTORY_CHARS) },
      );
    } catch (error) {
      if (error.name === "AbortError") {
        if (!exchange.element.isConnected) return; // a new conversation was begun
        announce(phrase("stopped"));
        exchange.end(stoppedNotice(), again("stop"));
      } else {
        // What is no Problem is a mistake in this page: shown, and thrown on for the console.
        const known = typeof error.title === "string";
        exchange.end(troubleBox(known ? error : { title: phrase("errorTitle"), detail: String(error) }), again("retry"));
        if (!known) throw error;
      }
    } finally {
      if (running === controller) busy(null);
    }
  }

  function send(question) {
    if (running || !question.trim()) return;
    const exchange = new Exchange(question, announce);
    byId("ask").classList.remove("empty");
    for (const id of ["welcome", "starts", "house"]) byId(id).hidden = true;
    byId("conversation").append(exchange.element);
    hint(box, "placeholderMore");
    box.value = "";
    fit();
    // What was pressed is hidden now; who types goes on typing.
    if (document.activeElement !== box) exchange.heading.focus({ preventScroll: true });
    exchange.element.scrollIntoView({ block: "start" });
    run(exchange, { question, filters: filters.values(), history: turns.slice(-HISTORY_TURNS) });
  }

  function anew() {
    running?.abort();
    turns.length = 0;
    byId("conversation").replaceChildren();
    CSS.highlights?.delete("value");
    byId("ask").classList.add("empty");
    byId("welcome").hidden = false;
    byId("house").hidden = false;
    byId("starts").hidden = !byId("starts-list").childElementCount;
    hint(box, "placeholder");
    busy(null);
    box.focus();
  }

  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    // While an input method composes, Enter picks its word; Safari tells by the key code alone.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(box.value);
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send(box.value);
  });
  byId("composer").addEventListener("keydown", (event) => {
    // Enter in a filter field goes back to the question, it does not send it.
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      box.focus();
    }
  });
  byId("stop").addEventListener("click", () => {
    running?.abort();
    box.focus();
  });
  byId("anew").addEventListener("click", anew);
  return { send };
}

/** A line that can be asked or opened, for the empty page. */
export function startLine(words, act, attributes = {}) {
  return el("li", {}, el("button", { type: "button", class: "start", on: { click: act }, ...attributes }, words));
}
