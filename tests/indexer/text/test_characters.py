"""Every character in its one spelling, whichever way is the quicker one."""

from indexer.text.characters import CHARACTERS, respell


def test_each_character_has_the_spelling_that_is_looked_up() -> None:
    for block in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(block, block + 0x1000)))
        assert respell(text) == text.translate(CHARACTERS)


def test_by_hand() -> None:
    assert respell("ＡB，１２…⻢沢\u200b“是”") == "ab,12...马泽“是”"
