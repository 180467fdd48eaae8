// Answers as text with footnotes, to be copied, and conversations as Markdown. Pure functions; what
// documents say stays text: no sign of theirs becomes markup.

import { phrase } from "./words.js";

/** A question, its answer with marks such as [1], and a line for each citation. */
export function plainText({ question, answer }) {
  const notes = answer.citations.map((citation) => `[${citation.n}] ${where(citation)}：“${oneLine(citation.quote)}”`);
  return [question, "", answer.answer, ...(notes.length ? ["", ...notes] : [])].join("\n");
}

/** A whole conversation; footnotes are numbered by exchange and citation: [^2-1]. */
export function markdown(conversation) {
  const parts = conversation.exchanges.map((exchange, i) => section(exchange, i + 1));
  return `${parts.join("\n\n")}\n`;
}

function section({ question, answer }, number) {
  const mark = (n) => `[^${number}-${n}]`;
  const paragraphs = answer.abstained
    ? [escape(answer.answer)]
    : answer.sentences.map(({ text, citations }) => escape(text) + citations.map(mark).join(""));
  const conflicts = answer.conflicts.map(
    ({ about, values }) =>
      `${escape(phrase("conflict", { about }))}\n\n` +
      values.map(({ value, citation }) => `- ${escape(value)}${answer.abstained ? "" : mark(citation)}`).join("\n"),
  );
  const notes = answer.citations.map((citation) => `${mark(citation.n)}: ${escape(where(citation))}：“${escape(citation.quote)}”`);
  const short = answer.short_answer ? [`**${escape(answer.short_answer)}**`] : [];
  const understood = answer.understood ? [`*${escape(phrase("understood") + answer.understood)}*`] : [];
  const stopped = answer.stopped ? [escape(phrase("stopped"))] : [];
  return [`## ${escape(question)}`, ...understood, ...short, ...paragraphs, ...conflicts, ...stopped, notes.join("\n")]
    .filter(Boolean)
    .join("\n\n");
}

function where({ title, organisation, date, source, page, place }) {
  const spot = place ?? (page === null || page === undefined ? null : phrase("placePage", { page }));
  return [`《${oneLine(title)}》`, organisation, date, source, spot].filter(Boolean).join("，");
}

const oneLine = (text) => text.replace(/\s+/gu, " ").trim();

function escape(text) {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~&]/gu, "\\$&")
    .replace(/^([-+=]|\d+(?=[.)]))/u, (sign) => (/\d/u.test(sign) ? `${sign}\\` : `\\${sign}`));
}
