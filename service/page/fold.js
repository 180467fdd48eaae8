// One spelling for what is written in many, character by character, so that places stay places:
// width, case, and Traditional and variant characters as the service's own search spells them.

import { get } from "./service.js";

let spellings = new Map(); // empty until they are loaded: then width and case alone are folded
let loading = null;

/** See that the spellings are there. Without the service it does nothing, and tries again next time. */
export function loadSpellings() {
  loading ??= get("page/spellings.json").then(
    ({ written, folded }) => {
      spellings = new Map([...written].map((character, i) => [character, folded[i]]));
    },
    () => {
      loading = null;
    },
  );
  return loading;
}

/** The text in one spelling; each character keeps its length in UTF-16 units. */
export function fold(text) {
  let folded = "";
  for (const character of text) {
    const plain = character.normalize("NFKC").toLowerCase();
    const same = plain.length === character.length ? plain : character;
    folded += spellings.get(same) ?? same;
  }
  return folded;
}
