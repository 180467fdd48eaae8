// Every word that the page says, in Chinese and English, and the language that it says them in.
// Knows no request and no layout. `say` remembers what stands where, so that a change of language
// changes the words in place.

import { ARCHIVE_WORDS } from "./archive-words.js";

const WORDS = {
  ...ARCHIVE_WORDS,

  pageTitle: { zh: "问据：问档案，看原文", en: "Wenju: ask the archive" },
  skip: { zh: "跳到提问框", en: "Skip to the question box" },
  otherLanguage: { zh: "English", en: "中文" },
  views: { zh: "页面", en: "Views" },
  viewAsk: { zh: "提问", en: "Ask" },
  viewDocuments: { zh: "文档", en: "Documents" },
  headline: { zh: "问档案，看原文。", en: "Ask the archive. Read the proof." },
  lead: {
    zh: "每一句回答都附原文和出处，点开就是它所在的那一行。没有依据的，不答。",
    en: "Every sentence comes with the words it rests on; open them where they stand in the original. What can’t be proven is not answered.",
  },
  conversation: { zh: "对话", en: "Conversation" },
  question: { zh: "问题", en: "Question" },
  placeholder: { zh: "想查什么？", en: "Ask a question…" },
  placeholderMore: { zh: "接着问……", en: "Ask a follow-up…" },
  keys: { zh: "Enter 发送，Shift + Enter 换行", en: "Enter sends, Shift + Enter starts a new line" },
  send: { zh: "提问", en: "Ask" },
  stop: { zh: "停止", en: "Stop" },
  anew: { zh: "新的对话", en: "Start over" },
  examples: { zh: "可以这样问", en: "Questions to try" },
  browse: { zh: "从这些文档看起", en: "Documents to begin with" },
  startsWait: { zh: "正在从文档里挑选可以问的问题，好了就显示在这里……", en: "Questions that the documents answer are being picked; they will appear here…" },
  opening: { zh: "正在打开索引，好了就可以提问，不必刷新……", en: "The index is being opened. You can ask once it is; no need to reload…" },
  empty: { zh: "这里还没有文档。", en: "There are no documents yet." },
  emptyEditor: { zh: "这里还没有文档，请在“文档”页上传。", en: "There are no documents yet. Upload some under Documents." },
  holdings: {
    zh: "馆藏 {documents} 份文档，{passages} 个段落",
    en: ({ documents, passages }) => `${documents} ${documents === "1" ? "document" : "documents"}, ${passages} passages`,
  },

  filters: { zh: "筛选来源、单位和日期", en: "Filter by source, organisation and date" },
  filterSource: { zh: "来源路径", en: "Source path" },
  filterSourceHint: { zh: "如 2020 或 通知/*", en: "e.g. 2020 or notices/*" },
  filterBody: { zh: "发布单位", en: "Organisation" },
  filterBodyHint: { zh: "如 医院", en: "e.g. hospital" },
  filterFrom: { zh: "起始日期", en: "From" },
  filterTo: { zh: "截止日期", en: "To" },
  filterClear: { zh: "清除", en: "Clear" },
  filtersOn: { zh: "：{text}", en: ": {text}" },

  searching: { zh: "正在检索……", en: "Searching…" },
  found: {
    zh: "找到 {n} 个相关段落，正在核对……",
    en: ({ n }) => `${n} ${n === 1 ? "passage" : "passages"} found, checking…`,
  },
  writing: { zh: "正在作答……", en: "Writing…" },
  answered: { zh: "回答完毕，共 {n} 条引文", en: ({ n }) => `Answered, with ${n} ${n === 1 ? "citation" : "citations"}` },
  stopped: { zh: "已停止，回答不完整。", en: "Stopped. The answer is not complete." },
  askAgain: { zh: "再问一次", en: "Ask again" },

  proof: { zh: "原文", en: "In the sources" },
  nearest: { zh: "最接近的原文", en: "Nearest passages" },
  citation: { zh: "引文 {n}：{title}", en: "Citation {n}: {title}" },
  placeChars: { zh: "第 {from}–{to} 字", en: "characters {from}–{to}" },
  placePage: { zh: "第 {page} 页", en: "page {page}" },
  furtherSources: {
    zh: "另有 {n} 份文档内容相同",
    en: ({ n }) => (n === "1" ? "1 further document says the same" : `${n} further documents say the same`),
  },
  reprintOf: { zh: "转载自", en: "reprint of" },
  reprints: { zh: "转载本", en: "reprints" },
  noDate: { zh: "无日期", en: "undated" },
  unverified: { zh: "未经核实", en: "not verified" },
  conflict: { zh: "来源说法不一：{about}", en: "The sources disagree: {about}" },
  conflictValue: { zh: "说法", en: "Value" },
  conflictSource: { zh: "出处", en: "Source" },
  conflictDate: { zh: "日期", en: "Date" },
  parts: { zh: "由这些数得出", en: "Worked out from" },
  part: { zh: "数值", en: "Figure" },
  missing: {
    zh: ({ names }) => `文档中没有：${names.join("、")}`,
    en: ({ names }) => `Not in the documents: ${names.join(", ")}`,
  },
  askInstead: { zh: "也许要问", en: "Perhaps you mean" },
  askAbout: { zh: "可以就这些文档提问", en: "Documents to ask about" },
  askNext: { zh: "还可以问", en: "You could also ask" },
  readNext: { zh: "同一文档的其他部分", en: "Other parts of the same document" },
  foundSoFar: { zh: "已找到的段落", en: "Passages found so far" },
  inPlace: { zh: "上下文", en: "In context" },
  showAll: { zh: "显示整个问题", en: "Show the whole question" },
  isQuoted: { zh: "引自原文", en: "Quoted" },
  isVerified: { zh: "已核对", en: "Verified" },
  checkQuoted: { zh: "引自原文，一字未改", en: "Quoted word for word from the source" },
  checkVerified: {
    zh: ({ what }) => `已与引文核对：${what.map((name) => COMPARED[name].zh).join("、")}`,
    en: ({ what }) => `Checked against the quotes: ${what.map((name) => COMPARED[name].en).join(", ")}`,
  },
  checkReckoned: { zh: "由所引各句得出，各句一字未改", en: "Worked out from the sentences cited, which are quoted word for word" },
  noRelevant: { zh: "没有相关文档", en: "Nothing relevant" },
  notFound: { zh: "有相关文档，未见所问内容", en: "Related documents, but not what you ask" },
  smallTalk: { zh: "请就文档提问", en: "Ask about the documents" },
  nothingMore: { zh: "没有更多", en: "Nothing more" },
  understood: { zh: "理解为：", en: "Taken as:" },
  disagree: { zh: "来源说法不一，不作断定", en: "The sources disagree" },
  extractive: { zh: "摘自原文", en: "quoted from the sources" },
  sure: { zh: "有把握", en: "sure" },
  fairlySure: { zh: "较有把握", en: "fairly sure" },
  unsure: { zh: "请核对原文", en: "please check the sources" },
  milliseconds: { zh: "{n} 毫秒", en: "{n} ms" },
  copy: { zh: "复制答案和出处", en: "Copy answer and sources" },
  copied: { zh: "已复制", en: "Copied" },
  share: { zh: "复制链接（打开时重新提问）", en: "Copy link (asks anew)" },
  shared: { zh: "链接已复制", en: "Link copied" },
  used: { zh: "{used} / {limit} 字", en: "{used} / {limit} characters" },
  tooLong: {
    zh: "{used} / {limit} 字，请删去 {excess} 字再提问",
    en: "{used} / {limit} characters: shorten it by {excess}",
  },

  history: { zh: "对话记录", en: "History" },
  historyNote: { zh: "只保存在这个浏览器里，不上传。", en: "Kept in this browser only, never uploaded." },
  historySearch: { zh: "在问题和回答中查找", en: "Search questions and answers" },
  historyNone: { zh: "还没有对话。", en: "No conversations yet." },
  historyNoneFound: { zh: "没有找到。", en: "None found." },
  questionsAsked: { zh: "{n} 个问题", en: ({ n }) => `${n} ${n === "1" ? "question" : "questions"}` },
  forget: { zh: "删除", en: "Delete" },
  forgetOne: { zh: "删除：{title}", en: "Delete: {title}" },
  clearAll: { zh: "全部清除", en: "Clear all" },
  clearAllSure: { zh: "确定清除全部对话", en: "Yes, clear all conversations" },
  exportTalk: { zh: "导出", en: "Export" },
  printTalk: { zh: "打印", en: "Print" },

  signInLead: { zh: "查阅这里的文档需要密钥，请向管理员索取。", en: "These documents need a key. The administrator has one for you." },
  key: { zh: "密钥", en: "Key" },
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出", en: "Sign out" },
  signInAgain: { zh: "请核对密钥；若登录已失效，请刷新页面后重新登录。", en: "Check the key. If your session has ended, reload the page and sign in again." },

  errorTitle: { zh: "出错了", en: "Something went wrong" },
  hint: { zh: "怎么办：", en: "What to do: " },
  hintDocument: { zh: "文档可能已被删除或更新，请在“文档”中查找。", en: "It may have been deleted or replaced. Look for it under Documents." },
  hintCollection: { zh: "请核对链接，或换一个文档集。", en: "Check the link, or choose another collection." },
  hintAddress: { zh: "请核对链接，或刷新页面。", en: "Check the link, or reload the page." },
  hintUpload: { zh: "请在“文档”页上传；没有权限的，请找管理员。", en: "Upload some under Documents, or ask whoever runs the service." },
  hintReload: { zh: "请刷新页面后再试。", en: "Reload the page and try again." },
  hintAnew: { zh: "请缩短问题，或开始新的对话。", en: "Shorten the question, or start over." },
  hintField: { zh: "请修改后再提问。", en: "Correct it and ask again." },
  retry: { zh: "重试", en: "Try again" },
  offlineTitle: { zh: "连不上服务", en: "The service can’t be reached" },
  offlineHint: { zh: "请检查网络，并确认服务仍在运行，然后重试。", en: "Check the network and that the service is running, then try again." },
  cutTitle: { zh: "回答中途断开", en: "The answer broke off" },
  cutDetail: { zh: "连接在回答完成之前结束了。", en: "The connection ended before the answer was complete." },
  cutHint: { zh: "已显示的句子都已核对，但回答不完整，请重试。", en: "The sentences shown are checked, but the answer is incomplete. Try again." },
  oddTitle: { zh: "服务的回应无法读懂", en: "The service’s response can’t be read" },
  oddDetail: { zh: "状态 {status}", en: "Status {status}" },
  oddHint: { zh: "请稍后重试；若仍如此，请告诉管理员。", en: "Try again later; if it stays so, tell whoever runs the service." },

  close: { zh: "关闭", en: "Close" },
  loadingSource: { zh: "正在打开原文……", en: "Opening the source…" },
  sourceText: { zh: "文档全文", en: "Text of the document" },
  original: { zh: "下载原件", en: "Download original" },
  origin: { zh: "来源网页", en: "Web page" },
  exact: { zh: "引文与存档逐字一致", en: "Quote matches the stored text exactly" },
  inexact: { zh: "引文与存档不一致：文档可能已经更新", en: "The quote is not what stands here: the document may have changed" },
  beyond: { zh: "所指位置超出了文档：文档可能已经更新", en: "This place is beyond the document’s end: it may have changed" },
  leftOut: {
    zh: ({ reasons }) => `浅色部分不参与检索：${reasons.map((reason) => whyLeftOut(reason, "zh")).join("、")}`,
    en: ({ reasons }) => `pale parts are not searched: ${reasons.map((reason) => whyLeftOut(reason, "en")).join(", ")}`,
  },
  byAuthor: { zh: "作者 {author}", en: "by {author}" },
  characters: { zh: "{n} 字", en: "{n} characters" },
  earlier: { zh: "显示前文", en: "Show what comes before" },
  later: { zh: "显示后文", en: "Show what follows" },
};

// What the service compares of a sentence with what it cites, by its names of the checks.
const COMPARED = {
  figures: { zh: "数字", en: "figures" },
  dates: { zh: "日期", en: "dates" },
  sums: { zh: "合计", en: "sums" },
  bounds: { zh: "上下限", en: "limits" },
  binding: { zh: "数字所属", en: "what figures belong to" },
  names: { zh: "名称", en: "names" },
  words: { zh: "外文词", en: "foreign words" },
  quotations: { zh: "引语", en: "quotations" },
  directions: { zh: "增减", en: "rises and falls" },
  negations: { zh: "否定", en: "negations" },
  subject: { zh: "所说的对象", en: "what it is about" },
};

// Why a stretch of a document is in no passage, by the reasons of the service.
const LEFT_OUT = {
  navigation: { zh: "导航", en: "navigation" },
  ranking: { zh: "排行与相关链接", en: "rankings and links" },
  footer: { zh: "页脚", en: "footer" },
  disclaimer: { zh: "声明", en: "disclaimer" },
  comments: { zh: "读者评论", en: "readers’ comments" },
  credits: { zh: "编辑署名", en: "editors" },
  caption: { zh: "图片说明", en: "captions" },
  repeated: { zh: "同站各页重复的文字", en: "repeated on the site’s pages" },
  unreadable: { zh: "损坏的记录", en: "broken records" },
  hidden: { zh: "隐藏内容", en: "hidden content" },
  not_computed: { zh: "未计算的公式", en: "formulas without a value" },
};

function whyLeftOut(reason, spoken) {
  return LEFT_OUT[reason]?.[spoken] ?? reason;
}

const KEPT = "wenju.language";
const values = new WeakMap();
let language = initialLanguage();

function initialLanguage() {
  const kept = read();
  if (kept === "zh" || kept === "en") return kept;
  for (const tag of navigator.languages ?? [navigator.language]) {
    const known = /^(zh|en)\b/i.exec(tag ?? "");
    if (known) return known[1].toLowerCase();
  }
  return "en";
}

// Storage can be forbidden; then the choice lasts as long as the page.
function read() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function currentLanguage() {
  return language;
}

export function changeLanguage() {
  language = language === "zh" ? "en" : "zh";
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // see read()
  }
  speak();
}

/** Put all words on the page in the current language. */
export function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = phrase("pageTitle");
  for (const node of document.querySelectorAll("[data-say]")) {
    node.textContent = phrase(node.dataset.say, values.get(node));
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", phrase(node.dataset.label, values.get(node)));
  }
  for (const node of document.querySelectorAll("[data-hint]")) {
    node.setAttribute("placeholder", phrase(node.dataset.hint));
  }
}

/** One phrase with its values filled in. A missing key is a mistake of ours and says so. */
export function phrase(key, given = {}) {
  const entry = WORDS[key];
  if (!entry) throw new Error(`no words for ${key}`);
  const words = entry[language];
  if (typeof words === "function") return words(given);
  return words.replace(/\{(\w+)\}/g, (_, name) => String(given[name] ?? ""));
}

/** Let `node` say a phrase, now and in whatever language follows. */
export function say(node, key, given) {
  node.dataset.say = key;
  if (given) values.set(node, given);
  else values.delete(node);
  node.textContent = phrase(key, given);
  return node;
}

/** The same for the name that assistive technology reads. */
export function label(node, key, given) {
  node.dataset.label = key;
  if (given) values.set(node, given);
  node.setAttribute("aria-label", phrase(key, given));
  return node;
}

/** The same for the grey words in an empty field. */
export function hint(node, key) {
  node.dataset.hint = key;
  node.setAttribute("placeholder", phrase(key));
  return node;
}

export function count(number) {
  return number.toLocaleString(language === "zh" ? "zh-CN" : "en");
}
