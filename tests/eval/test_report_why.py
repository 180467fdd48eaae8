"""Why a question failed: every cause by hand, and that the first one on the way is named."""

import pytest

from eval.gold import Evidence, Kind
from eval.report.why import NOT_ASKED, TITLES, Why, failures, first_rank, told, why
from tests.eval.report_runs import DOCUMENT, OTHER, QUOTE, ranked, verdict, wrong

TWO = {
    "kind": Kind.SEVERAL_DOCUMENTS,
    "expected": (("44户",), ("3人",)),
    "evidence": (Evidence(DOCUMENT, "有44户贫困户"), Evidence(OTHER, "驻村队员3人")),
}


def test_right_is_no_failure() -> None:
    with pytest.raises(ValueError, match="q1 is right"):
        why(verdict())


def test_a_crash() -> None:
    crash = wrong(crashed="TimeoutError: 30 s", retrieval=ranked(0), answer=())
    assert why(crash) is Why.CRASHED
    assert told(crash)[0] == "没有得到回答：TimeoutError: 30 s"
    assert told(crash)[1] == "No answer came back: TimeoutError: 30 s"
    assert why(wrong(crashed=NOT_ASKED)) is Why.NOT_ASKED


def test_answered_although_the_archive_does_not_tell() -> None:
    answered = wrong(kind=Kind.NO_ANSWER, expected=(), evidence=(), retrieval=None, confidence=0.42)
    assert why(answered) is Why.ANSWERED_ANYWAY
    assert "42% sure" in told(answered)[1]
    assert "把握 42%" in told(answered)[0]


def test_the_index_lacks_the_evidence() -> None:
    said = f"{DOCUMENT}: quote_not_in_document"
    assert why(wrong(evidence_missing=(said,), retrieval=ranked(0))) is Why.NOT_INDEXED
    assert said in told(wrong(evidence_missing=(said,)))[0]


def test_one_of_two_proofs_in_the_index_is_enough() -> None:
    either = (Evidence(DOCUMENT, QUOTE), Evidence(OTHER, "一千五百元"))
    failed = wrong(evidence=either, evidence_missing=(f"{OTHER}: document_not_in_index",))
    assert why(failed) is Why.OTHER_SENTENCES


def test_where_several_documents_are_needed_one_that_is_lacking_is_the_cause() -> None:
    failed = wrong(**TWO, evidence_missing=(f"{OTHER}: document_not_in_index",))
    assert why(failed) is Why.NOT_INDEXED


def test_of_two_quotes_in_one_document_the_other_one_is_taken_to_do() -> None:
    both = (Evidence(DOCUMENT, QUOTE), Evidence(DOCUMENT, "一千五百元"))
    failed = wrong(evidence=both, evidence_missing=(f"{DOCUMENT}: quote_not_in_document",))
    assert why(failed) is Why.OTHER_SENTENCES


def test_the_right_value_with_another_document() -> None:
    failed = wrong(answer_hit=True, document_cited=False, answer=("每户1500元。",))
    assert why(failed) is Why.OTHER_DOCUMENT
    assert told(failed)[1] == "The value is right, but no document of the evidence is cited."
    both = wrong(**TWO, answer_hit=True, document_cited=False, answer=("44户，3人。",))
    assert told(both)[1].startswith("The values are right, but not each")


def test_the_value_comes_too_late() -> None:
    late = ("一。", "二。", "三。", "每户1500元。")
    assert why(wrong(hit_later=True, answer=late)) is Why.TOO_LATE


def test_not_found_by_the_search() -> None:
    failed = wrong(retrieval=ranked(0))
    assert why(failed) is Why.NOT_FOUND
    assert told(failed)[0] == "检索的前10段里没有一段是证据。"


def test_one_of_several_documents_is_not_found() -> None:
    failed = wrong(**TWO, retrieval=ranked(2, all_found=False), answer=("有44户。",))
    assert why(failed) is Why.NOT_FOUND
    assert "lack at least one" in told(failed)[1]


def test_found_below_what_the_answer_is_given() -> None:
    failed = wrong(retrieval=ranked(9))
    assert why(failed, k=8) is Why.BELOW_CUT
    assert why(failed, k=9) is Why.OTHER_SENTENCES
    assert told(failed, k=8)[1] == (
        "Its evidence is passage 9 of the search; an answer is given the first 8."
    )


def test_refused_although_it_was_found() -> None:
    refused = wrong(abstained=True, answer=(), cited=(), confidence=0.97, retrieval=ranked(3))
    assert why(refused) is Why.REFUSED
    assert told(refused)[1] == (
        "Its evidence is passage 3 of the search, yet the service refused: it held its answer "
        "3% sure."
    )


def test_only_some_of_the_values() -> None:
    failed = wrong(**TWO, answer=("有四十四户贫困户。",))
    assert why(failed) is Why.ONLY_SOME
    assert told(failed)[0] == "要求2个值，回答给出1个，缺3人。"
    assert told(failed)[1] == "1 of 2 required values; it lacks 3人."


def test_one_side_of_a_conflict() -> None:
    failed = wrong(**{**TWO, "kind": Kind.CONFLICT}, answer=("驻村队员3人。",))
    assert why(failed) is Why.ONE_SIDE
    assert told(failed)[1] == "The documents give 2 values, the answer 1; it lacks 44户."


def test_found_but_other_sentences_taken() -> None:
    failed = wrong(retrieval=ranked(4))
    assert why(failed) is Why.OTHER_SENTENCES
    assert told(failed)[0] == "证据排在检索的第4段，回答取的却是别的句子，没有一句含有要求的值。"


def test_a_follow_up_is_judged_without_its_search() -> None:
    follow = {"kind": Kind.FOLLOW_UP, "retrieval": None}
    astray = wrong(**follow, document_cited=False)
    assert why(astray) is Why.FOLLOW_UP
    near = wrong(**follow)
    assert why(near) is Why.OTHER_SENTENCES
    assert told(near)[1].startswith("A document of the evidence is cited, yet")
    refused = wrong(**follow, abstained=True, answer=(), document_cited=False, confidence=0.8)
    assert why(refused) is Why.REFUSED
    assert told(refused)[1].startswith("The archive tells, yet the service refused")


def test_the_first_rank_is_that_of_the_evidence() -> None:
    assert first_rank(verdict(retrieval=ranked(7))) == 7
    assert first_rank(verdict(retrieval=ranked(0))) == 0
    assert first_rank(verdict(retrieval=None)) == 0


def test_failures_by_cause_the_most_frequent_first() -> None:
    lines = [
        verdict("q1"),
        wrong("q2", retrieval=ranked(0)),
        wrong("q3"),
        wrong("q4"),
        wrong("q5", crashed="KeyError: 1"),
    ]
    found = {cause: [v.id for v in group] for cause, group in failures(lines).items()}
    assert list(found) == [Why.OTHER_SENTENCES, Why.CRASHED, Why.NOT_FOUND]
    assert found[Why.OTHER_SENTENCES] == ["q3", "q4"]


def test_every_cause_has_its_words_in_both_languages() -> None:
    assert set(TITLES) == set(Why)
    assert all(chinese and english for chinese, english in TITLES.values())
