// What can be asked or read next, from what the answer's own passages hold: another column of the
// row that was cited, the same column of another row, another section of the document; and what the
// service makes of the cited passage. Knows no element.

import { addressOf, get } from "./service.js";

export const MOST = 3;
const FIGURE = /^\d[\d,.，]*\s?(?:[%％‰]|\p{L}{0,3})$/u; // 412, 65万元, 3.5%

const ASKS_FOR_UNIT = /(?:多少|几)\p{L}/u; // 多少人: no other column is counted so

/** The cells of a line such as `县：白水 | 人数：120`, or none where it is no row. */
function cellsOf(line) {
  const cells = line.split(" | ").map((cell) => /^([^：:]+)[：:](.*)$/su.exec(cell.trim()));
  if (cells.length < 2 || cells.includes(null)) return [];
  return cells.map(([, heading, value]) => ({ heading: heading.trim(), value: value.trim() }));
}

/** Questions with the words of `question` that neighbours of the cited row answer. */
export function questionsNext(question, citations, passages) {
  const found = new Set();
  for (const citation of citations) {
    const row = cellsOf(citation.quote);
    const asked = longest(row.filter(({ heading, value }) => question.includes(heading) && FIGURE.test(value)), "heading");
    const named = longest(row.filter(({ value }) => value.length > 1 && !FIGURE.test(value) && question.includes(value)), "value");
    const passage = passages.find(({ passage_id: id }) => id === citation.passage_id);
    if (!asked || !named || !passage) continue;
    const others = passage.text.split("\n").map(cellsOf);
    // The name must tell the rows apart: a county that stands in all of them names none.
    if (others.filter((each) => valueOf(each, named.heading) === named.value).length !== 1) continue;
    const rows = others.filter((each) => FIGURE.test(valueOf(each, asked.heading) ?? ""));
    for (const { heading, value } of ASKS_FOR_UNIT.test(question) ? [] : row) {
      if (heading !== asked.heading && FIGURE.test(value)) found.add(question.replace(asked.heading, () => heading));
    }
    for (const other of rows) {
      const name = valueOf(other, named.heading);
      if (name && name !== named.value) found.add(question.replace(named.value, () => name));
    }
  }
  found.delete(question);
  return [...found].slice(0, MOST);
}

/** Questions that the first passage cited answers, each asked by the service itself; none if it can't. */
export async function surelyNext({ citations, short_answer: short }, passages, signal) {
  const passage = passages.find(({ passage_id: id }) => id === citations[0]?.passage_id);
  if (!passage) return [];
  const { document_id: doc, start, end } = passage;
  try {
    const { questions } = await get(addressOf(doc, "/questions", { start, end }), {}, signal);
    return questions.filter((each) => each.short_answer !== short).map(({ question }) => question);
  } catch (error) {
    if (error.name === "AbortError" || typeof error.title === "string") return [];
    throw error;
  }
}

/** Other sections of the documents cited that were found with them, each with its place. */
export function sectionsNext(citations, passages) {
  const cited = new Map();
  for (const { passage_id: id } of citations) {
    const passage = passages.find((each) => each.passage_id === id);
    if (passage) cited.set(passage.document_id, [...(cited.get(passage.document_id) ?? []), nameOf(passage)]);
  }
  const found = new Map();
  for (const passage of passages) {
    const name = nameOf(passage);
    const known = cited.get(passage.document_id);
    if (name && known && passage.headings.length > 1 && !known.includes(name) && !found.has(name)) found.set(name, passage);
  }
  return [...found].slice(0, MOST).map(([name, { document_id: doc, start, end }]) => ({ name, place: { doc, start, end } }));
}

const nameOf = ({ headings }) => headings.at(-1) ?? "";
const valueOf = (row, heading) => row.find((cell) => cell.heading === heading)?.value;
const longest = (cells, part) => [...cells].sort((one, other) => other[part].length - one[part].length)[0];
