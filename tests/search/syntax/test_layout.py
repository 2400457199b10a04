"""Indentation that does not fit."""

import ast

import pytest

from coderefine.search.syntax import repair
from tests.search.asking import texts


def results(source):
    return texts(repair.propose, source)


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        pytest.param("class A:\ndef f(self):\n    x = 1\n    return x\n",
                     "class A:\n    def f(self):\n        x = 1\n        return x\n", id="all below a header"),
        pytest.param("def f(x):\n    for y in x:\n    if y:\n        x = y\n    return x\n",
                     "def f(x):\n    for y in x:\n        if y:\n            x = y\n    return x\n", id="the body, but not what follows"),
        pytest.param("def f(x):\n    x = 1\n      for y in x:\n          x = y\n    return x\n",
                     "def f(x):\n    x = 1\n    for y in x:\n        x = y\n    return x\n", id="a block too deep"),
        pytest.param("def f(x):\n    if x:\n        x = 1\n      else:\n        x = 2\n    return x\n",
                     "def f(x):\n    if x:\n        x = 1\n    else:\n        x = 2\n    return x\n", id="a clause between two levels"),
        pytest.param("def f(x):\n    if x:\n        y = 1\n    z = 2\n    else:\n        y = 2\n    return y\n",
                     "def f(x):\n    if x:\n        y = 1\n        z = 2\n    else:\n        y = 2\n    return y\n", id="the line before a clause"),
        pytest.param("def f(x):\n    y = x\nz = y\n    return z\n",
                     "def f(x):\n    y = x\n    z = y\n    return z\n", id="the line before the error"),
        pytest.param("    x = 1\n    y = 2\n", "x = 1\ny = 2\n", id="everything"),
        pytest.param("def f(x):\n\tif x:\n\t\treturn 1\n        return 2\n",
                     "def f(x):\n    if x:\n        return 1\n    return 2\n", id="tabs of four columns"),
        pytest.param("def f(x):\n    if x:\n\treturn 1\n    return 2\n",
                     "def f(x):\n    if x:\n        return 1\n    return 2\n", id="one tab"),
        pytest.param("def f(x):\n    # for y in x:\n        x = y\n    return x\n",
                     "def f(x):\n    for y in x:\n        x = y\n    return x\n", id="a header in a comment"),
        pytest.param("def f(x):\n    if x:\n        # x = 2\n    return x\n",
                     "def f(x):\n    if x:\n        x = 2\n    return x\n", id="a body in a comment"),
        pytest.param("def f(x):\n    if x:\n        # to do\n    return x\n",
                     "def f(x):\n    if x:\n        pass\n    return x\n", id="no body"),
        pytest.param("def f(x):\n  if x\n   y = (1\n    return y\n",
                     "def f(x):\n  if x:\n   y = (1)\n   return y\n", id="with errors in the lines"),
    ],
)  # fmt: skip
def test_the_layout_meant_is_among_the_first(broken, repaired):
    shapes = [ast.dump(ast.parse(text)) for text in results(broken)]
    assert ast.dump(ast.parse(repaired)) in shapes[:5]


def test_the_text_of_a_string_does_not_move_with_its_line():
    source = 'class A:\ndef f(self):\n    return """a\n  b"""\n'
    assert results(source)[0] == 'class A:\n    def f(self):\n        return """a\n  b"""\n'


def test_the_lines_of_a_statement_move_together():
    source = "class A:\ndef f(self):\n    return [1,\n            2]\n"
    assert results(source)[0] == "class A:\n    def f(self):\n        return [1,\n                2]\n"
