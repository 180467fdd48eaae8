"""Chinese for what the rest of the evaluation names in English."""

from __future__ import annotations

from eval.gold import Kind
from eval.runs.curves import CURVE_BY_NAME
from eval.runs.figures import BY_NAME
from eval.runs.verdict import CUTOFFS, DEPTH

KINDS: dict[Kind, str] = {
    Kind.FACT: "事实",
    Kind.FIGURE: "数字",
    Kind.DATE: "日期",
    Kind.PERSON: "人物",
    Kind.PLACE: "地点",
    Kind.LIST: "列举",
    Kind.REWORDED: "换说法",
    Kind.SPELLED_OTHERWISE: "写法不同",
    Kind.SEVERAL_DOCUMENTS: "跨文档",
    Kind.CONFLICT: "说法不一",
    Kind.COMPUTED: "计算",
    Kind.FOLLOW_UP: "追问",
    Kind.NO_ANSWER: "无答案",
}

STAGES = {
    "retrieve": ("检索", "retrieve"),
    "answer": ("作答", "answer"),
    "total": ("服务合计", "total"),
    "asked": ("提问到返回", "asked"),
}
"""The stages in the order of a question's way; others follow by name."""

_DEFINITIONS = {
    "right": "前三句里有正确的值，并引用了正确的文档；没有答案的问题：没有作答。",
    **{
        f"found@{k}": f"检索的前{k}段里有答案所需的内容：有一段证据；需要多份文档的，每组各有一段。"
        for k in CUTOFFS
    },
    **{f"recall@{k}": f"与证据原文重叠的段落，有多少在前{k}段里。" for k in CUTOFFS},
    f"mrr@{DEPTH}": "证据段落第一次出现的名次，取倒数后平均。",
    f"ndcg@{DEPTH}": "证据段落按名次折算的得分，与最好的排法之比。",
    f"lexical_found@{DEPTH}": f"只用字词检索，前{DEPTH}段里有答案所需的内容。",
    f"dense_found@{DEPTH}": f"只用向量检索，前{DEPTH}段里有答案所需的内容。",
    "answer_hit": "要求的每个值都出现在前三句里。",
    "first_hit": "要求的每个值都出现在第一句里。",
    "answered_right": "有答案的问题，要求的值全在前三句里，并且引对了文档。",
    "ranked_first": "给定段落时，不论拒答与取舍，阅读器排在最前的一句含有要求的每个值。",
    "ranked_three": "阅读器排在最前的三句合起来含有要求的每个值。",
    "short_given": "答案只有一组的问题，有多少给出了短答案。",
    "short_precision": "这类问题给出的短答案，有多少就是可接受的值。",
    "short_exact": "短答案就是可接受的值；只算答案只有一组的问题。",
    "short_f1": "短答案与可接受的值共有的字符，按F1计。",
    "figures_exact": "回答里的数字，连同单位，在它所引之处确有其值的比例。",
    "document_cited": "引用了证据所在的文档；需要多份文档的，每组答案各引一份。",
    "citation_precision": "引文出自证据所在的文档，并且含有要求的值的比例。",
    "citation_recall": "要求的值，有多少由这样的引文证明。",
    "sentences_supported": "句子就是所引原文的话；或者数字全在原文中，且一半以上的相邻字对也在。",
    "quotes_exact": "引文与存储的文档在所说位置逐字相同。",
    "refusal_recall": "没有答案的问题，有多少没有作答。",
    "refusal_precision": "没有作答的问题，有多少确实没有答案。",
    "refused_wrongly": "有答案的问题，有多少没有作答。",
    "conflict_recall": "各文档说法不一的问题，回答指明矛盾并列出各个值的比例。",
    "conflict_precision": "指明矛盾的回答，有多少是文档确实说法不一的。",
    **{curve.name: curve.chinese_definition for curve in CURVE_BY_NAME.values()},
}


def figure_name(name: str) -> tuple[str, str]:
    """A figure's name in Chinese and English."""
    return (CURVE_BY_NAME.get(name) or BY_NAME[name]).chinese, name.replace("_", " ")


def figure_definition(name: str) -> tuple[str, str]:
    """What a figure is, in Chinese and English."""
    english = (CURVE_BY_NAME.get(name) or BY_NAME[name]).definition
    return _DEFINITIONS.get(name, english), english


def kind_name(kind: Kind) -> tuple[str, str]:
    return KINDS[kind], kind.replace("_", " ")


def stage_name(stage: str) -> tuple[str, str]:
    return STAGES.get(stage, (stage, stage))


def in_order(stages: list[str]) -> list[str]:
    """Stages as a question goes through them; the unknown ones last, by name."""
    known = list(STAGES)
    return sorted(stages, key=lambda s: (known.index(s) if s in STAGES else len(known), s))
