// What the archive's views say: documents, uploads, deletion, search in a source, verdicts on
// answers, reports. Read by words.js alone.

const ROLES = {
  reader: { zh: "查阅", en: "reader" },
  editor: { zh: "编辑", en: "editor" },
  admin: { zh: "管理", en: "administrator" },
};

const named = (table, spoken) => (name) => table[name]?.[spoken] ?? name;
const documents = (n) => `${n} ${n === "1" ? "document" : "documents"}`;
const shown = (n, total, before, after) => (n === total ? "" : `${before} ${n} ${after}`);
const files = (n) => `${n} ${n === "1" ? "file" : "files"}`;

export const ARCHIVE_WORDS = {
  viewQuality: { zh: "质量", en: "Quality" },
  who: {
    zh: ({ name, role }) => `${name} · ${named(ROLES, "zh")(role)}`,
    en: ({ name, role }) => `${name} · ${named(ROLES, "en")(role)}`,
  },
  collection: { zh: "文档集", en: "Collection" },
  collectionDefault: { zh: "默认文档集", en: "default" },

  documentsTitle: { zh: "文档", en: "Documents" },
  searchWords: { zh: "在全部文档中查找", en: "Search in all documents" },
  searchHint: { zh: "词语或一句话", en: "words, or a sentence" },
  more: { zh: "更多", en: "More" },
  none: { zh: "还没有文档。", en: "There are no documents yet." },
  noneMatch: { zh: "没有符合条件的文档。", en: "No documents match." },
  noHits: { zh: "没有找到相关的段落。", en: "No passages found." },
  hits: { zh: "最相关的 {n} 个段落", en: ({ n }) => `${n} nearest ${n === "1" ? "passage" : "passages"}` },
  loading: { zh: "正在载入……", en: "Loading…" },
  listed: {
    zh: ({ n, total }) => `共 ${total} 份${shown(n, total, "，已列出", "份")}`,
    en: ({ n, total }) => `${documents(total)}${shown(n, total, ",", "listed")}`,
  },
  listedMatch: {
    zh: ({ n, total }) => `符合条件的共 ${total} 份${shown(n, total, "，已列出", "份")}`,
    en: ({ n, total }) => `${documents(total)} ${total === "1" ? "matches" : "match"}${shown(n, total, ",", "listed")}`,
  },

  remove: { zh: "删除", en: "Delete" },
  removeNamed: { zh: "删除：{title}", en: "Delete: {title}" },
  removed: { zh: "将删除“{title}”", en: "“{title}” will be deleted" },
  replace: { zh: "替换文件", en: "Replace the file" },
  replaceFolder: {
    zh: "文件来自服务器上的文件夹，要更正请在那里替换",
    en: "The file comes from a folder on the server: correct it there",
  },
  replaceArchive: {
    zh: "文件来自上传的压缩包“{name}”，要更正请重新上传整个压缩包",
    en: "The file came in the archive “{name}”: to correct it, upload that again",
  },
  replaceFormat: { zh: "请选择同一格式（{ending}）的文件", en: "Choose a file of the same format ({ending})" },
  undo: { zh: "撤销", en: "Undo" },
  undone: { zh: "已撤销，文档仍在", en: "Undone. The document stays." },
  gone: { zh: "已删除“{title}”", en: "“{title}” is deleted" },

  drop: { zh: "把文件或文件夹拖到这里，或", en: "Drop files or folders here, or" },
  chooseFiles: { zh: "选择文件", en: "choose files" },
  chooseFolder: { zh: "选择文件夹", en: "choose a folder" },
  reindex: { zh: "重新读取各文件夹", en: "read all folders again" },
  sending: {
    zh: "正在上传 {n} 个文件，{percent}%",
    en: ({ n, percent }) => `Uploading ${files(n)}, ${percent}%`,
  },
  jobQueued: { zh: "已收到，等待编入索引……", en: "Received, waiting to be indexed…" },
  jobRunning: { zh: "正在编入索引，{done}/{total}", en: "Indexing, {done} of {total}" },
  jobDone: {
    zh: ({ taken, refused }) => `已编入 ${taken} 个文件${refused === "0" ? "" : `，${refused} 个未收`}`,
    en: ({ taken, refused }) => `${files(taken)} indexed${refused === "0" ? "" : `, ${refused} refused`}`,
  },
  foldersRead: { zh: "各文件夹已重新读取", en: "All folders have been read again" },
  erased: { zh: "已删除的内容已彻底清除", en: "What was deleted has been erased" },
  jobFailed: { zh: "编入索引失败", en: "Indexing failed" },
  cancel: { zh: "取消", en: "Cancel" },
  dismiss: { zh: "收起", en: "Dismiss" },
  fileState: {
    zh: ({ state }) => ({ waiting: "等待", indexed: "已编入", unchanged: "没有变化", refused: "未收", removed: "已删除" })[state] ?? state,
    en: ({ state }) => state,
  },

  wasItRight: { zh: "这个回答：", en: "This answer:" },
  wasRight: { zh: "有用", en: "useful" },
  wasWrong: { zh: "有误", en: "wrong" },
  feedbackReason: { zh: "哪里不对", en: "What is wrong" },
  reason_wrong_value: { zh: "数值或说法不对", en: "the value or statement" },
  reason_wrong_source: { zh: "引文不能证明", en: "the quote does not prove it" },
  reason_outdated: { zh: "已经过时", en: "it is outdated" },
  reason_incomplete: { zh: "不完整", en: "it is incomplete" },
  reason_stands_there: { zh: "文档里有，却没有答", en: "the documents do say it" },
  reason_other: { zh: "其他", en: "something else" },
  feedbackCorrection: { zh: "正确的应是（可不填）", en: "What would be right (optional)" },
  feedbackComment: { zh: "说明（可不填）", en: "Comment (optional)" },
  feedbackSends: { zh: "问题、回答和引文会一同保存在本服务中，供管理员查看。", en: "Question, answer and quotes are kept with it in this service, for its administrators." },
  feedbackSend: { zh: "提交", en: "Send" },
  feedbackKept: { zh: "已记下，谢谢。", en: "Noted, thank you." },

  reportsTitle: { zh: "回答质量", en: "Quality of answers" },
  reportsLead: { zh: "用标准问题测得，新的在前；大字下是 95% 的区间。", en: "Measured with gold questions, the newest first; below each figure its 95% interval." },
  noReports: { zh: "还没有测评报告。", en: "There is no report yet." },
  howToReport: {
    zh: "管理员可用 python -m eval report 写出报告，并以 WENJU_REPORTS 指明其文件夹。",
    en: "Administrators write one with python -m eval report, and name its folder in WENJU_REPORTS.",
  },
  openReport: { zh: "打开报告", en: "Open the report" },
  reportQuestions: { zh: "{n} 题", en: "{n} questions" },
  figure_right: { zh: "全对", en: "right" },
  "figure_found@5": { zh: "前五段找到依据", en: "found in the first 5" },
  figure_answer_hit: { zh: "答出要求的值", en: "value answered" },
  figure_document_cited: { zh: "引对文档", en: "right document cited" },
  figure_quotes_exact: { zh: "引文逐字一致", en: "quotes exact" },
  figure_refusal_recall: { zh: "该拒则拒", en: "refused rightly" },
  figure_refused_wrongly: { zh: "不该拒而拒", en: "refused wrongly" },

  pageImage: { zh: "第 {page} 页的样子", en: "Page {page} as it looks" },
  pageUnboxed: { zh: "未能在图上定位引文", en: "The quote can’t be located on the picture" },

  findHere: { zh: "在本文中查找", en: "Find in this text" },
  findCount: { zh: "第 {at} 处，共 {n} 处", en: "{at} of {n}" },
  findNone: { zh: "没有找到", en: "not found" },
  previous: { zh: "上一处", en: "Previous" },
  next: { zh: "下一处", en: "Next" },
};
