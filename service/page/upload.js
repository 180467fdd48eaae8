// Sends files to the service and reads what was dropped. Knows no element.

import { offline, problemIn } from "./service.js";
import { currentLanguage } from "./words.js";

/**
 * Send files, each `{ file, name }` with the folders in its name. Returns the job that the service
 * makes of them. Throws a Problem, or an AbortError when `signal` says stop.
 */
export function sendFiles(files, collection, progress, signal) {
  const form = new FormData();
  if (collection) form.append("collection", collection);
  for (const { file, name } of files) form.append("files", file, name);
  // Only this old interface tells how much of a body has been sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open("POST", "v1/documents");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Accept-Language", currentLanguage());
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText));
      else reject(problemIn(request.responseText, request.status));
    });
    request.addEventListener("error", () => reject(offline()));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    addEventListener("beforeunload", warn);
    request.addEventListener("loadend", () => removeEventListener("beforeunload", warn));
    request.send(form);
  });
}

/** The browser asks whether the page shall be left while files are on their way. */
function warn(event) {
  event.preventDefault();
}

/** The files that were dropped, those in folders too. */
export async function filesIn(transfer) {
  // All entries are asked for at once: the transfer is empty after the first wait.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name }));
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break; // a browser gives a hundred at a time
    found.push(...some);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}
