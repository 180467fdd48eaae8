// Places in a text. The service counts Unicode code points, JavaScript counts UTF-16 units.
// Pure functions; knows no document and no page.

/** The UTF-16 index of each code point offset, in the order given; -1 beyond the text's end. */
export function unitIndices(text, offsets) {
  const order = offsets.map((_, i) => i).sort((a, b) => offsets[a] - offsets[b]);
  const indices = new Array(offsets.length).fill(-1);
  let unit = 0;
  let point = 0;
  for (const i of order) {
    if (offsets[i] < 0) continue;
    while (point < offsets[i] && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    if (point === offsets[i]) indices[i] = unit;
  }
  return indices;
}

/** The stretch between two code point offsets, or null where there is none. */
export function slice(text, start, end) {
  const [from, to] = unitIndices(text, [start, end]);
  return from < 0 || to < from ? null : text.slice(from, to);
}

/**
 * Cut a text into its lines, and each line at the edges of `spans`. Nothing is lost: all pieces
 * joined are the text. Spans and lines are in UTF-16 units, `kinds` names the spans over a piece.
 * @returns {{from: number, to: number, pieces: {text: string, kinds: Set<string>}[]}[]}
 */
export function cut(text, spans, from = 0, to = text.length) {
  const edges = [];
  for (const { start, end, kind } of spans) {
    if (end > start) edges.push({ at: start, kind, step: 1 }, { at: end, kind, step: -1 });
  }
  edges.sort((a, b) => a.at - b.at);
  const open = new Map();
  let next = 0;
  const pass = (at) => {
    for (; next < edges.length && edges[next].at <= at; next += 1) {
      const { kind, step } = edges[next];
      open.set(kind, (open.get(kind) ?? 0) + step);
    }
  };
  const lines = [];
  for (let begin = from; begin < to; ) {
    const newline = text.indexOf("\n", begin);
    const end = newline < 0 || newline >= to ? to : newline + 1;
    const pieces = [];
    for (let at = begin; at < end; ) {
      pass(at);
      const stop = next < edges.length ? Math.min(edges[next].at, end) : end;
      const kinds = new Set([...open].filter(([, depth]) => depth > 0).map(([kind]) => kind));
      pieces.push({ text: text.slice(at, stop), kinds });
      at = stop;
    }
    lines.push({ from: begin, to: end, pieces });
    begin = end;
  }
  return lines;
}
