"""The language model that needs none."""

from service.llm.base import NumberedEvidence
from service.llm.load import load_llm


def test_says_the_evidence_itself_with_its_marks() -> None:
    writer = load_llm("extractive")
    evidence = [
        NumberedEvidence(1, "分红", None, "每户分到1500元。"),
        NumberedEvidence(2, "就医", "2020-08-06", " 全县3428人就诊 "),
    ]
    assert writer.name == "extractive"
    assert "".join(writer.write("多少？", evidence, [])) == "每户分到1500元。[1]\n全县3428人就诊[2]"
    assert list(writer.write("多少？", [], [])) == []
