// Shows the report in the browser's language, and tells assistive technology which one it is.
const boxes = [...document.querySelectorAll('input[name="language"]')];
const tags = navigator.languages ?? [navigator.language];
const known = tags.map((tag) => /^(zh|en)\b/i.exec(tag)?.[1].toLowerCase()).find(Boolean) ?? "en";
for (const box of boxes) {
  box.checked = box.value === known;
  box.addEventListener("change", tell);
}
tell();

function tell() {
  const chosen = boxes.find((box) => box.checked);
  document.documentElement.lang = chosen.value === "zh" ? "zh-CN" : "en";
}
