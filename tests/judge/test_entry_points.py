"""The entry point of a code test, where a program has made something else of it than a plain function."""

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.file import FILE
from tests.judge.one_process import assert_passes_as_in_one_process
from tests.judge.test_codetests import problem

ORDERED = """
import functools

@functools.total_ordering
class f:
    def __init__(self, value): self.value = value
    def __eq__(self, other): return self.value == other.value
    def __lt__(self, other): return self.value < other.value
    def __mul__(self, times): return f(self.value * times)
    __rmul__ = __mul__
    def __iadd__(self, more): self.value += more; return self
"""
PAIRS = [
    (
        "from collections import namedtuple\nf = namedtuple('f', 'x y')\n",
        "p = f(1, 2); assert isinstance(p, f) and p.x == 1",
    ),
    (
        "from collections import namedtuple\nf = namedtuple('f', 'x y')\n",
        "p = f(1, 2); assert p == (1, 2) and type(p) is f",
    ),
    (
        "class f(ValueError): pass\ndef check(x): raise f(x)\n",
        "try:\n    check(3)\nexcept f as error:\n    assert error.args == (3,)\nelse:\n    assert False",
    ),
    ("import enum\nf = enum.Enum('f', 'A B')\n", "assert isinstance(f.B, f) and [it.name for it in f] == ['A', 'B']"),
    ("f = lambda x: x + 1\n", "assert f(1) == 2 == candidate(1)"),
    ("import functools\nf = functools.partial(pow, 2)\n", "assert f(3) == 8 and candidate.args == (2,)"),
    ("class g:\n    def __call__(self, x): return x * 2\nf = g()\n", "assert f(4) == 8"),
    (ORDERED, "a, b = f(2), f(3); assert a < b and b >= a and max(a, b) is b and issubclass(f, object)"),
    (ORDERED, "a = f(2); assert (a * 3).value == 6 and (2 * a).value == 4; a += 5; assert a.value == 7"),
]


@pytest.mark.parametrize(("program", "test"), PAIRS)
def test_whatever_it_is_a_test_uses_it_as_such(judge, program, test):
    assert_passes_as_in_one_process(judge, program, test)


MONEY = """
class f:
    def __init__(self, amount): self.amount = amount
    def __eq__(self, other): return self.amount == getattr(other, "amount", other)
    def doubled(self): return f(self.amount * 2)
"""


@pytest.mark.parametrize("kind", [CLASS, FILE], ids=str)
@pytest.mark.parametrize("test", ["assert f(3) == 3 and 3 == f(3)", "assert f([1]) == [1]", "assert f(3) != 4"])
def test_where_a_class_is_tested_its_equality_is(judge, kind, test):
    assert judge.run(problem(test, kind=kind), MONEY).accepted


@pytest.mark.parametrize("kind", [CLASS, FILE], ids=str)
def test_an_object_that_the_program_made_equals_no_value(judge, kind):
    assert judge.run(problem("assert f(3).doubled() == 6", kind=kind), MONEY).verdict is Verdict.WA


def test_an_answer_cannot_pass_for_any_value(judge):
    lying = "class f:\n    def __init__(self, x): pass\n    def __eq__(self, other): return True\n"
    assert judge.run(problem("assert candidate(3) == 9"), lying).verdict is Verdict.JE
