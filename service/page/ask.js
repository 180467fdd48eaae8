// The conversation: sends questions with what was said before, lets the exchanges know what the
// stream brings, and keeps them.

import { Exchange } from "./answer.js";
import { questionBox } from "./composer.js";
import { keep, newConversation, presentConversation, rememberPresent } from "./conversations.js";
import { el } from "./dom.js";
import { filterFields } from "./filters.js";
import { ask, collection } from "./service.js";
import { button, stoppedNotice, troubleBox } from "./trouble.js";
import { phrase, say } from "./words.js";

const HISTORY_TURNS = 60; // thirty questions with their answers: as far back as follow-ups are traced
const HISTORY_CHARS = 4000; // of one message

const byId = (id) => document.getElementById(id);

export function startConversation(announce) {
  const filters = filterFields(byId("filter-fields"));
  const box = questionBox((question) => send(question), announce);
  const acts = { announce, ask: (question) => send(question), fill: (text) => (box.put(text), box.focus()) };
  let talk = newConversation();
  let shown = []; // its exchanges, also those that have no answer yet
  let running = null; // the AbortController of the answer that streams
  let looking = new AbortController(); // and that of the questions to go on with

  filters.onChange(() => {
    const text = filters.summary();
    if (text) say(byId("filters-now"), "filtersOn", { text });
    else {
      delete byId("filters-now").dataset.say;
      byId("filters-now").textContent = "";
    }
  });

  const busy = (controller) => {
    running = controller;
    byId("send").hidden = Boolean(controller);
    byId("stop").hidden = !controller;
    byId("talk-tools").hidden = Boolean(controller) || !shown.length;
  };

  const answered = () => shown.filter(({ answer }) => answer);

  const turns = () =>
    answered()
      .flatMap(({ question, answer }) => [
        { role: "user", content: question.slice(0, HISTORY_CHARS) },
        { role: "assistant", content: answer.answer.slice(0, HISTORY_CHARS) },
      ])
      .slice(-HISTORY_TURNS);

  const keepTalk = () => {
    talk.exchanges = answered().map((exchange) => exchange.record());
    keep(talk);
  };

  async function run(exchange, request) {
    const controller = new AbortController();
    busy(controller);
    const again = (key) =>
      button(key, () => {
        if (running) return;
        box.take(request.question);
        exchange.start();
        exchange.heading.focus({ preventScroll: true });
        run(exchange, request);
      }, "solid");
    try {
      for await (const [name, data] of ask(request, controller.signal)) exchange.hear(name, data);
      keepTalk();
      lookFurther(exchange);
    } catch (error) {
      if (!shown.includes(exchange)) return; // another conversation was opened
      if (error.name === "AbortError") {
        announce(phrase("stopped"));
        exchange.stop(stoppedNotice(), again("askAgain"));
        if (exchange.answer) keepTalk();
        return;
      }
      // What is no Problem is a mistake in this page: shown, and thrown on for the console.
      const known = typeof error.title === "string";
      exchange.end(troubleBox(known ? error : { title: phrase("errorTitle"), detail: String(error) }), again("retry"));
      box.giveBack(request.question);
      if (!known) throw error;
    } finally {
      if (running === controller) busy(null);
    }
  }

  async function lookFurther(exchange) {
    looking = new AbortController();
    const { signal } = looking;
    await exchange.lookFurther(signal);
    if (!signal.aborted) keepTalk();
  }

  function send(question) {
    if (running || !question.trim()) return;
    looking.abort(); // the service has better to do
    // Asked once more, what failed gives way to it.
    if (shown.at(-1)?.failed && shown.at(-1).question === question) shown.pop().element.remove();
    const request = { question, filters: filters.values(), history: turns() };
    const exchange = new Exchange({ question, filters: request.filters, collection: collection() }, acts);
    exchange.start();
    shown.push(exchange);
    byId("conversation").append(exchange.element);
    furnish();
    const typing = box.isFocused();
    box.take(question);
    // What was pressed is hidden now; who types goes on typing.
    if (!typing) exchange.heading.focus({ preventScroll: true });
    exchange.element.scrollIntoView({ block: "start" });
    run(exchange, request);
  }

  /** The welcome on an empty page, the conversation on one that is not. */
  function furnish() {
    const empty = !shown.length;
    byId("ask").classList.toggle("empty", empty);
    byId("welcome").hidden = !empty;
    byId("house").hidden = !empty;
    byId("starts").hidden = !empty || !byId("starts-list").childElementCount;
    box.invite(empty);
  }

  /** Show a conversation that was kept, or a new one. */
  function open(conversation) {
    running?.abort();
    looking.abort();
    CSS.highlights?.delete("value");
    talk = conversation;
    shown = conversation.exchanges.map((kept) => Exchange.restored(kept, acts));
    byId("conversation").replaceChildren(...shown.map(({ element }) => element));
    shown.forEach((exchange) => exchange.fit());
    rememberPresent(talk.id);
    furnish();
    busy(null);
    shown.at(-1)?.element.scrollIntoView({ block: "start" });
  }

  const anew = () => {
    open(newConversation());
    box.focus();
  };

  byId("stop").addEventListener("click", () => {
    running?.abort();
    box.focus();
  });
  byId("anew").addEventListener("click", anew);
  return {
    send,
    open,
    anew,
    limitTo: box.limitTo,
    current: () => talk,
    restore() {
      const kept = presentConversation();
      if (kept) open(kept);
    },
    /** What a link asks, in a conversation of its own. */
    askLinked({ question, filters: given }) {
      open(newConversation());
      filters.set(given);
      send(question);
    },
  };
}

/** A line that can be asked or opened, for the empty page. */
export function startLine(words, act, attributes = {}) {
  return el("li", {}, el("button", { type: "button", class: "start", on: { click: act }, ...attributes }, words));
}
