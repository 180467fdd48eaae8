// Questions that an empty page offers, each with a document of `corpus/` that answers it. An
// archive without that document does not offer it.

export const EXAMPLES = [
  {
    question: "金野以匹村集体经济分红每户分到多少元？",
    source: "2020-zhaojue/2020-05-28-visit-zhaojue.md",
  },
  {
    question: "凉山州2019年安排哪四个县摘帽？",
    source: "2017-meeting/2017-12-11-speech-liangshan.txt",
  },
  {
    question: "永平县是哪一年脱贫摘帽的？",
    source: "2020-yongping/2020-08-06-fudan-yongping-banian.html",
  },
  {
    question: "督战组两个村一共查出多少个问题？",
    source: "2020-hezhang/2020-06-23-duzhan-dierlun.html",
  },
];
