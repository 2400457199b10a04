"""Keyword arguments that a function does not take."""

import pytest

from coderefine.search.names import keyword
from tests.search.asking import evidence, failing, texts

OWN = "def box(width, *, height=1):\n    return width * height\n\n\ndef f(x):\n    return {}\n"
CLASS = "class Box:\n    def __init__(self, width):\n        self.width = width\n\n\ndef f(x):\n    return {}\n"
PLAIN = "def f(x):\n    return {}\n"
CASES = [
    (OWN, "box(widt=x)", "box(width=x)", "box() got an unexpected keyword argument 'widt'"),
    (
        OWN,
        "box(x, heigth=2)",
        "box(x, height=2)",
        "box() got an unexpected keyword argument 'heigth'. Did you mean 'height'?",
    ),
    (CLASS, "Box(widh=x)", "Box(width=x)", "Box.__init__() got an unexpected keyword argument 'widh'"),
    (PLAIN, "sorted(x, revers=True)", "sorted(x, reverse=True)", "sort() got an unexpected keyword argument 'revers'"),
    (PLAIN, "print(x, send='')", "print(x, end='')", "'send' is an invalid keyword argument for print()"),
    (PLAIN, "len(obj=x)", "len(x)", "len() got an unexpected keyword argument 'obj'"),
    (PLAIN, "abs(x, deep=1)", "abs(x)", "abs() got an unexpected keyword argument 'deep'"),
]


@pytest.mark.parametrize(("source", "wrong", "right", "message"), CASES)
def test_another_keyword_is_meant_or_none(source, wrong, right, message):
    asked = texts(keyword.propose, source.format(wrong), evidence(failing(message, "TypeError")))
    assert source.format(right) in asked


def test_without_a_message_nothing_is_proposed():
    assert texts(keyword.propose, OWN.format("box(widt=x)")) == []
