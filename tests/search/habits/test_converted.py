"""Values of another type than is needed."""

from dataclasses import replace

import pytest

from coderefine.search.habits import converted, truth
from tests.search.asking import evidence, failing, texts

LINES = "def f(x, rows):\n    {}\n"
CASES = [
    ("return x + rows['n']", "return x + int(rows['n'])", "unsupported operand type(s) for +: 'int' and 'str'"),
    ("x += rows[0]", "x += int(rows[0])", "unsupported operand type(s) for +=: 'int' and 'str'"),
    ("return 'n: ' + x", "return 'n: ' + str(x)", 'can only concatenate str (not "int") to str'),
    ("return x < 3", "return int(x) < 3", "'<' not supported between instances of 'str' and 'int'"),
    ("return x * rows", "return x * int(rows)", "can't multiply sequence by non-int of type 'str'"),
    ("return '-'.join(rows)", "return '-'.join(map(str, rows))", "sequence item 0: expected str instance, int found"),
    ("return range(x)", "return range(int(x))", "'str' object cannot be interpreted as an integer"),
    ("return rows[x]", "return rows[int(x)]", "list indices must be integers or slices, not str"),
    (
        "return rows[:x / 2]",
        "return rows[:int(x / 2)]",
        "slice indices must be integers or None or have an __index__ method",
    ),
    ("return len(x)", "return len(str(x))", "object of type 'int' has no len()"),
    ("return x[0]", "return str(x)[0]", "'int' object is not subscriptable"),
    ("return '1' in x", "return '1' in str(x)", "argument of type 'int' is not iterable"),
    ("return map(int, x)[0]", "return list(map(int, x))[0]", "'map' object is not subscriptable"),
    ("return {rows: x}", "return {tuple(rows): x}", "unhashable type: 'list'"),
    ("return rows in x", "return frozenset(rows) in x", "unhashable type: 'set'"),
]


@pytest.mark.parametrize(("wrong", "right", "message"), CASES)
def test_what_a_message_asks_for_is_tried_first(wrong, right, message):
    report = failing(message, "TypeError")
    error = replace(report.cases[0].error, line=2)
    report = replace(report, cases=(replace(report.cases[0], error=error),))
    assert LINES.format(right) in texts(converted.propose, LINES.format(wrong), evidence(report))


def test_without_a_line_that_crashed_there_is_nothing_to_convert():
    assert texts(converted.propose, LINES.format("return len(x)")) == []


NUMBERS = [
    ("return x % 4 == 0 or x % 400", "return x % 4 == 0 or x % 400 == 0"),
    ("return [n for n in rows if n % 2]", "return [n for n in rows if n % 2 == 0]"),
    ("return 1 if x & 1 else 2", "return 1 if (x & 1) == 0 else 2"),
    ("return x % 2", "return x % 2 == 0"),
]


@pytest.mark.parametrize(("wrong", "right"), NUMBERS)
def test_a_number_asked_for_being_true_may_have_to_be_nothing(wrong, right):
    assert texts(truth.propose, LINES.format(wrong)) == [LINES.format(right)]


def test_a_number_that_is_a_number_stays():
    assert texts(truth.propose, LINES.format("return rows[x % 2]")) == []
