"""Which patches look like other people's code."""

import pytest

from coderefine.search.natural.model import trained
from coderefine.search.natural.novelty import Naturalness
from coderefine.search.natural.tokens import grams, lines_of

BEFORE = """\
def f(items, low):
    total = 0
    for i in range(len(items)):
        if items[i] + low:
            total += items[i]
    return total
"""


def test_names_do_not_matter_and_their_repetition_does():
    (_, one), (_, other), (_, same) = lines_of("a[i] < b\nx[y] < z  # so\nx[y] < y\n")
    assert one == other
    assert one != same
    assert one == ("n0", "[", "n1", "]", "<", "n2")


def test_a_text_of_several_lines_is_one_token():
    assert [number for number, _ in lines_of('x = """a\nb"""\ny = 7\n')] == [1, 3]


def test_each_token_stands_after_those_before_it():
    assert list(grams(("a", "b", "c"), 3)) == [("^", "a"), ("^", "a", "b"), ("a", "b", "c"), ("b", "c", "$")]


@pytest.mark.parametrize(
    ("usual", "strange"),
    [
        ("items[i] > low", "items[i] // low"),
        ("items[i] == low", "items[i] ^ items[i]"),
        ("items[i] is None", "items[i] >= None"),
        ('items[i] == "a"', 'items[i] >= "a"'),
        ("not items[i]", "- items[i]"),
    ],
)
def test_what_is_usual_gains_more(usual, strange):
    naturalness = Naturalness(trained(), BEFORE)
    assert naturalness.gain(BEFORE.replace("items[i] + low", usual)) > naturalness.gain(
        BEFORE.replace("items[i] + low", strange)
    )


def test_another_name_is_neither_usual_nor_strange():
    naturalness = Naturalness(trained(), BEFORE)
    renamed = naturalness.gain(BEFORE.replace("+ low", "+ high"))
    assert naturalness.gain(BEFORE.replace("+ low", "^ items[i]")) < renamed == naturalness.gain(BEFORE)


def test_what_was_never_seen_is_a_surprise_and_no_error():
    model = trained()
    assert model.surprise(("so", "?", "$$")) > model.surprise(("for", "n0", "in")) >= 0.0
    assert len(model.surprises(("for", "n0", "in", "n1", ":"))) == 6
