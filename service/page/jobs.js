// Files on their way into the archive, each sending a box of its own: progress, the job that the
// service makes of it, and in the end what became of each file.

import { el } from "./dom.js";
import { collection, get } from "./service.js";
import { sendFiles } from "./upload.js";
import { button, troubleBox } from "./trouble.js";
import { count, phrase, say } from "./words.js";

const LOOK_AGAIN_MS = 500;
const TAKEN = new Set(["indexed", "unchanged"]);

/** Boxes in `container`, the newest first. `done` follows each job that has ended. */
export function jobsIn(container, announce, done) {
  const dismiss = (box) => button("dismiss", () => box.remove());

  /** Work in a box of its own, which says what went wrong. */
  async function attempt(work) {
    const box = el("section", { class: "job" });
    container.prepend(box);
    try {
      await work(box);
    } catch (error) {
      if (error.name === "AbortError") return box.remove();
      if (typeof error.title !== "string") throw error;
      box.replaceChildren(troubleBox(error), dismiss(box));
    }
  }

  /** Until the job has ended; then its files. */
  async function follow(box, first) {
    const line = el("p");
    const bar = el("progress", { "aria-hidden": "true" });
    box.replaceChildren(line, bar);
    announce(phrase("jobQueued"));
    let job = first;
    while (job.state === "queued" || job.state === "running") {
      const { done: at, total } = job.progress;
      if (job.state === "running" && total) {
        bar.max = total;
        bar.value = at;
        say(line, "jobRunning", { done: count(at), total: count(total) });
      } else say(line, "jobQueued");
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      job = await get(`v1/jobs/${encodeURIComponent(job.job_id)}`);
    }
    box.replaceChildren(...outcome(job), dismiss(box));
    announce(box.querySelector("p").textContent);
    done(job);
  }

  return {
    /** Send files, each `{ file, name }`. */
    take: (chosen) =>
      attempt(async (box) => {
        const controller = new AbortController();
        const bar = el("progress", { max: "100", value: "0", "aria-hidden": "true" });
        const line = el("p");
        const tell = (share) => {
          bar.value = share * 100;
          say(line, "sending", { n: count(chosen.length), percent: Math.floor(share * 100) });
        };
        tell(0);
        announce(line.textContent);
        box.append(line, bar, button("cancel", () => controller.abort()));
        await follow(box, await sendFiles(chosen, collection(), tell, controller.signal));
      }),
    /** Follow a job; `begin` asks for it. */
    follow: (begin) => attempt(async (box) => follow(box, await begin())),
  };
}

function outcome({ kind, state, files, problem }) {
  if (state === "failed") {
    const { detail = "", hint = "" } = problem ?? {};
    return [troubleBox({ title: phrase("jobFailed"), detail, hint })];
  }
  const taken = files.filter((file) => TAKEN.has(file.state)).length;
  const told = { taken: count(taken), refused: count(files.filter((file) => file.state === "refused").length) };
  const line = say(el("p"), { reindex: "foldersRead", compact: "erased" }[kind] ?? "jobDone", told);
  // Those that want something come first.
  const order = [...files].sort((a, b) => Number(TAKEN.has(a.state)) - Number(TAKEN.has(b.state)));
  return [line, order.length ? el("ul", { class: "outcome" }, ...order.map(fileRow)) : null].filter(Boolean);
}

function fileRow({ name, state, reason, detail }) {
  return el(
    "li",
    { class: state },
    say(el("span", { class: "state" }), "fileState", { state }),
    el("span", { class: "path" }, name),
    reason ? el("span", { class: "why" }, detail ?? reason) : null,
  );
}
