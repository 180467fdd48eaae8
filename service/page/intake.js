// Taking files in: by drag and drop or by button.

import { current, hashOf } from "./address.js";
import { el } from "./dom.js";
import { collection, get, send } from "./service.js";
import { jobsIn } from "./jobs.js";
import { filesIn } from "./upload.js";
import { button } from "./trouble.js";
import { say } from "./words.js";

/** What stands above the list; files may be dropped anywhere on the page, also while a question is
 * asked: the list is shown then. `done` follows each job. */
export function intake(announce, done) {
  const jobs = el("div", { class: "jobs" });
  const working = jobsIn(jobs, announce, done);
  const take = (chosen) => chosen.length && working.take(chosen);
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

  // Wherever files are dropped: a browser would leave the page to open one.
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("over"); // the window was left
  });
  document.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    const dropped = filesIn(event.dataTransfer);
    if (current().view !== "documents") location.hash = hashOf({ view: "documents" });
    take(await dropped);
  });

  function reindex() {
    const name = encodeURIComponent(collection() ?? "default");
    working.follow(async () => (await send(`v1/collections/${name}/reindex`, { method: "POST" })).json());
  }

  /** Jobs that began before this page was opened. */
  async function takeUp() {
    const { jobs: known } = await get("v1/jobs", { collection: collection(), limit: 20 });
    for (const job of known.filter(({ state }) => state === "queued" || state === "running")) {
      working.follow(() => job);
    }
  }
  takeUp().catch((error) => {
    if (typeof error.title !== "string") throw error; // whoever uploads meets it, too
  });

  return el("section", { class: "intake" }, zone, jobs);
}
