"""The office that a question asks for the holder of, and the texts that tell of it."""

import pytest

from service.answer.understand.offices import office_asked, tells_another, tells_office


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("白水县县长是谁", "县长"),
        ("白水县副县长是哪位", "副县长"),
        ("村里的第一书记叫什么名字", "第一书记"),
        ("谁担任县医院院长", "院长"),
        ("这个项目的负责人是谁", ""),
        ("谁带队到白水县调研", ""),
        ("县长办公室有几个人", ""),
    ],
)
def test_the_office_stands_beside_the_asking_word(question: str, office: str) -> None:
    assert office_asked(question) == office


@pytest.mark.parametrize(
    ("office", "text", "told"),
    [
        ("县长", "县长周启明到会", True),
        ("县长", "副县长周启明到会", False),
        ("副县长", "副县长周启明到会", True),
        ("支书", "村党支部书记周启明", True),
        ("书记", "党委书记周启明", True),
        ("县委书记", "校党委书记林怀远", False),
    ],
)
def test_another_office_is_not_told(office: str, text: str, told: bool) -> None:
    assert tells_office(office, text) is told


@pytest.mark.parametrize(
    ("office", "text", "another"),
    [
        ("县长", "副县长周启明", True),
        ("县长", "原县长周启明", True),
        ("县长", "曾任县长的周启明", True),
        ("原县长", "原县长周启明", False),
        ("县长", "新任县长周启明", False),
        ("县长", "周启明到会", False),
    ],
)
def test_a_deputy_and_a_former_holder_hold_another_office(
    office: str, text: str, another: bool
) -> None:
    assert tells_another(office, text) is another
