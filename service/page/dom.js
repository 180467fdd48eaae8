// Elements from code. Strings become text nodes, never markup.

/** `el("p", { class: "quiet", on: { click } }, "text", child, null)` */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value === true) {
      node.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(key, value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The language of a text as far as its script tells, for fonts and for reading aloud. */
export function languageOf(text) {
  return /\p{Script=Han}/u.test(text) ? "zh" : null;
}
