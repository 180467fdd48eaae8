"""Terms by hand for each mix; names that no dictionary has are found by their pairs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers, respelled
from indexer.text.segment import TermMix, terms, terms_of_many, words


def test_characters_and_pairs_never_cross_punctuation() -> None:
    found = terms("金野,以匹村", TermMix.CHARACTERS_BIGRAMS)
    assert found == ["金", "野", "金野", "以", "匹", "村", "以匹", "匹村"]


def test_a_word_is_found_over_gaps() -> None:
    assert "脱贫" in terms(fold("决战决胜脱 贫攻坚"))
    assert "脱贫" in terms(fold("决战决胜" * 3 + "脱\n贫攻坚"))
    assert "脱贫" in terms(fold("决战决胜" * 3 + "脱\r\n贫攻坚"))
    for apart in ("脱,贫", "脱   贫", "脱\n贫", "决战决胜" * 3 + "脱\n\n贫"):
        assert "脱贫" not in terms(fold(apart)), apart


def test_words() -> None:
    assert terms("党委书记到西南", TermMix.WORDS) == ["党委书记", "到", "西南"]
    assert [(w.start, w.end, w.text) for w in words("党委书记,ok 到")] == [
        (0, 4, "党委书记"),
        (5, 7, "ok"),
        (8, 9, "到"),
    ]


def test_all_adds_longer_words_once() -> None:
    found = terms("党委书记", TermMix.ALL)
    assert found == ["党", "委", "书", "记", "党委", "委书", "书记", "党委书记"]


def test_latin_and_figures() -> None:
    assert terms("covid-19 abc 1,200.5元", TermMix.CHARACTERS_BIGRAMS) == [
        "covid-19", "covid", "19", "abc", "1200.5", "元", "#1200.5", "#1200.5元",
        "covid19",
    ]  # fmt: skip


def test_spellings_of_a_figure_share_a_term() -> None:
    for spelling in ("三千四百二十八人", "3,428人", "３４２８名", "3428"):
        assert "#3428" in terms(fold(spelling)), spelling
    assert "#--05-28" in terms(fold("2020年5月28日"))
    assert "#--05-28" in terms(fold("五月二十八日"))


def test_a_figure_gives_the_same_terms_however_it_is_written() -> None:
    for spellings in (
        "帮助3428人就业 帮助3,428人就业 帮助３４２８人就业 帮助三千四百二十八人就业",
        "于2020年5月28日完工 于2020.5.28完工 于2020-05-28完工 于二〇二〇年五月二十八日完工",
        "降到21.5%为止 降到百分之二十一点五为止 降到百分之21.5为止 降到21.50%为止",
        "在15:30开会 在下午三点半开会 在15时30分开会 在下午3:30开会",
        "占1/2以上 占½以上 占二分之一以上",
    ):
        first, *others = (terms(fold(spelling)) for spelling in spellings.split())
        assert all(other == first for other in others), spellings


def test_a_short_numeral_stays_a_part_of_a_name() -> None:
    assert {"五里", "里桥", "#5里"} & set(terms("五里桥")) == {"五里", "里桥"}
    assert {"三个", "#3个"} <= set(terms("三个"))


def test_script_and_width_share_terms() -> None:
    assert terms(fold("臺灣大學ＡＢＣ")) == terms(fold("台湾大学abc"))


def test_nothing_but_punctuation() -> None:
    assert terms("。,!?…") == []
    assert words("。,!?…  ") == []


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_terms_hold_no_space_and_words_are_spans(text: str) -> None:
    text = fold(text)
    for mix in TermMix:
        assert all(term and not any(char.isspace() for char in term) for term in terms(text, mix))
    for word in words(text):
        assert text[word.start : word.end] == word.text


def test_names_that_signs_tell_apart_share_no_term() -> None:
    spellings = ("C", "Ｃ＋＋", "C#", ".NET", "F#", "node.js")
    found = [set(terms(fold(spelling))) for spelling in spellings]
    for at, own in enumerate(found):
        assert own
        for other in found[at + 1 :]:
            assert not own & other, (own, other)
    assert "c#" in terms(fold("学Ｃ＃的人"))
    assert "c++" not in terms(fold("c+++1"))


def test_a_name_with_a_figure_has_one_term_however_it_is_spaced() -> None:
    for spelling in ("Wi-Fi6", "WiFi 6", "ｗｉｆｉ６", "Wi-Fi 6部署", "wifi-6"):
        assert "wifi6" in terms(fold(spelling)), spelling
    assert not any(term.startswith("in") for term in terms("built in 2020")[2:])


def test_a_numbered_thing_has_one_term_in_digits_and_numerals() -> None:
    for spelling in ("3号楼", "三号楼", "３号樓", "3 号楼", "三號仓库"):
        assert "#3号" in terms(fold(spelling)), spelling
    for other in ("2号楼", "十三号楼", "5月3号", "三号召"):
        assert "#3号" not in terms(fold(other)), other


MANY = st.text("第一二三3年人脱贫㐀a b,.-\n。+#Ａ々〇ァ12%龘", max_size=40)


@given(st.lists(MANY, max_size=6), st.sampled_from(TermMix))
@settings(deadline=None)
def test_many_texts_at_once_give_the_terms_that_each_gives(texts: list[str], mix: TermMix) -> None:
    folded = [fold(text) for text in texts]
    numbers = [find_numbers(text) for text in folded]
    spelled = [respelled(*each) for each in zip(folded, numbers, strict=True)]
    made = terms_of_many(folded, mix, numbers, spelled)
    expected = [sorted(terms(text, mix)) for text in folded]
    assert [sorted(one.split()) for one in made] == expected


def test_the_characters_of_a_text_stay_with_it() -> None:
    mix, texts = TermMix.CHARACTERS_BIGRAMS, ["脱贫", "", "ok", "村,村"]
    made = terms_of_many(texts, mix, [[], [], [], []], [[], [], [], []])
    assert [one.split() for one in made] == [["脱贫", "脱", "贫"], [], ["ok"], ["村", "村"]]
