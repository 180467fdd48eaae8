// Replacing the file of an open document by a corrected one, such as a new scan, under the name that
// the archive knows it by. Only an upload can be replaced by another; of others it is said where
// they come from.

import { el } from "./dom.js";
import { jobsIn } from "./jobs.js";
import { button, troubleBox } from "./trouble.js";
import { phrase, say } from "./words.js";

/** A button or what stands for it, and the place that tells what becomes of the file; `done` follows. */
export function replacement({ source, upload }, announce, done) {
  const ending = /\.[^./]+$/u.exec(source)?.[0] ?? "";
  const told = el("div", { class: "jobs" });
  const working = jobsIn(told, announce, done);
  if (upload !== source) return [say(el("span"), upload ? "replaceArchive" : "replaceFolder", { name: upload }), told];
  const input = el("input", { type: "file", hidden: true, accept: ending });
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = ""; // the same file may be chosen again
    if (!file) return;
    // The ending tells how a file is read.
    if (file.name.toLowerCase().endsWith(ending.toLowerCase())) working.take([{ file, name: source }]);
    else told.replaceChildren(troubleBox({ title: phrase("replaceFormat", { ending }) }));
  });
  return [el("span", {}, button("replace", () => input.click()), input), told];
}
