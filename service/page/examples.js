// Questions that an empty page offers, each for the document of `corpus/` that answers it. An
// archive without that document does not offer it.

export const EXAMPLES = [
  {
    question: "金野以匹村的集体经济分红，每户多少钱？",
    source: "2020-zhaojue/2020-05-28-visit-zhaojue.md",
  },
  {
    question: "西南医科大学捐给龙沟乡卫生院多少钱？",
    source: "2020-zhaojue/2020-05-28-visit-zhaojue.md",
  },
  {
    question: "赫章县挂牌督战第二轮的日期是哪几天？",
    source: "2020-hezhang/2020-06-23-duzhan-dierlun.html",
  },
  {
    question: "复旦大学帮扶永平县几年了？",
    source: "2020-yongping/2020-08-06-fudan-yongping-banian.html",
  },
];
