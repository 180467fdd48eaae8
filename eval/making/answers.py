"""Answer groups in one line of text: `15万元|150,000元||7人` is two groups. Knows no question."""

Groups = tuple[tuple[str, ...], ...]


def read_answers(text: str) -> Groups:
    """`||` parts groups, `|` the alternatives of one; what is empty between them is left out."""
    groups = (
        tuple(answer.strip() for answer in group.split("|") if answer.strip())
        for group in text.replace("｜", "|").split("||")
    )
    return tuple(group for group in groups if group)


def show_answers(answers: Groups) -> str:
    return "||".join("|".join(group) for group in answers)
