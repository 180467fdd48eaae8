// Taking files in: by drag and drop or by button, with progress, and in the end what became of
// each file. Follows the jobs that the service makes of them.

import { el } from "./dom.js";
import { collection, get, send } from "./service.js";
import { filesIn, sendFiles } from "./upload.js";
import { button, troubleBox } from "./trouble.js";
import { count, phrase, say } from "./words.js";

const LOOK_AGAIN_MS = 500;
const TAKEN = new Set(["indexed", "unchanged"]);

/** What stands above the list; files may be dropped anywhere in `main`. `done` follows each job. */
export function intake(main, announce, done) {
  const jobs = el("div", { class: "jobs", "aria-live": "polite" });
  const pick = (attributes) => {
    const input = el("input", { type: "file", multiple: true, hidden: true, ...attributes });
    input.addEventListener("change", () => {
      const chosen = [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
      input.value = ""; // the same files may be chosen again
      take(chosen);
    });
    return input;
  };
  const files = pick({ id: "upload-files" });
  const folder = pick({ id: "upload-folder", webkitdirectory: true });
  const zone = el(
    "div",
    { class: "drop" },
    say(el("span"), "drop"),
    button("chooseFiles", () => files.click()),
    button("chooseFolder", () => folder.click()),
    button("reindex", reindex, "plain reindex"),
    files,
    folder,
  );

  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  main.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  main.addEventListener("dragleave", (event) => {
    if (!main.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  main.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    take(await filesIn(event.dataTransfer));
  });

  function card() {
    const box = el("section", { class: "job" });
    jobs.prepend(box);
    return box;
  }

  async function take(chosen) {
    if (!chosen.length) return;
    const box = card();
    const controller = new AbortController();
    const bar = el("progress", { max: "100", value: "0", "aria-hidden": "true" });
    const line = el("p");
    const n = count(chosen.length);
    const tell = (share) => {
      bar.value = share * 100;
      say(line, "sending", { n, percent: Math.floor(share * 100) });
    };
    tell(0);
    box.append(line, bar, button("cancel", () => controller.abort()));
    await attempt(box, async () => {
      const job = await sendFiles(chosen, collection(), tell, controller.signal);
      await follow(box, job);
    });
  }

  async function reindex() {
    const box = card();
    await attempt(box, async () => {
      const name = encodeURIComponent(collection() ?? "default");
      const response = await send(`v1/collections/${name}/reindex`, { method: "POST" });
      await follow(box, await response.json());
    });
  }

  async function attempt(box, work) {
    try {
      await work();
    } catch (error) {
      if (error.name === "AbortError") return box.remove();
      if (typeof error.title !== "string") throw error;
      box.replaceChildren(troubleBox(error), button("dismiss", () => box.remove()));
    }
  }

  /** Until the job has ended; then its files, and the list anew. */
  async function follow(box, first) {
    const line = el("p");
    const bar = el("progress", { "aria-hidden": "true" });
    box.replaceChildren(line, bar);
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
    box.replaceChildren(...outcome(job), button("dismiss", () => box.remove()));
    announce(box.querySelector("p").textContent);
    done();
  }

  /** Jobs that began before this page was opened. */
  async function takeUp() {
    const { jobs: known } = await get("v1/jobs", { collection: collection(), limit: 20 });
    for (const job of known.filter(({ state }) => state === "queued" || state === "running")) {
      const box = card();
      attempt(box, () => follow(box, job));
    }
  }
  takeUp().catch((error) => {
    if (typeof error.title !== "string") throw error; // whoever uploads meets it, too
  });

  return el("section", { class: "intake" }, zone, jobs);
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
