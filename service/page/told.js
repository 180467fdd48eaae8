// What the service refuses, in the words of whoever reads the page: the service's own hints are
// for those who write programs. Knows no request and no element.

import { phrase } from "./words.js";

// By code: the phrase that says what to do here. The service's detail names ids and paths.
const TOLD = {
  unauthorized: "signInAgain",
  document_not_found: "hintDocument",
  collection_not_found: "hintCollection",
  not_found: "hintAddress",
  method_not_allowed: "hintAddress",
  malformed_body: "hintReload",
  body_too_large: "hintAnew",
  index_missing: "hintUpload",
  refused: "hintReload",
};

const FIELDS = {
  question: "question",
  "filters.source": "filterSource",
  "filters.organisation": "filterBody",
  "filters.date_from": "filterFrom",
  "filters.date_to": "filterTo",
};

/** `{detail, hint}` to be shown of a problem. */
export function told({ code, detail = "", hint = "", errors = [] }) {
  if (Array.isArray(errors) && errors.length) {
    return { detail: errors.map(complaint).join("；"), hint: phrase("hintField") };
  }
  if (!TOLD[code]) return { detail: plain(detail), hint };
  return { detail: code === "unauthorized" ? detail : "", hint: phrase(TOLD[code]) };
}

function complaint({ field, message }) {
  return FIELDS[field] ? `${phrase(FIELDS[field])}：${plain(message)}` : plain(message);
}

const plain = (words) =>
  String(words).replaceAll("date_from", phrase("filterFrom")).replaceAll("date_to", phrase("filterTo"));
