"""Which patches make no sense, whatever passes."""

from dataclasses import replace

import pytest

from coderefine.search.facts.program import Program
from coderefine.search.sense.judgement import nonsense
from tests.problems_for_tests import function_problem

PROBLEM = replace(
    function_problem([(([4, 7, 9, 12],), [4, 7, 9, 12, 30, 31])], params=("list[int]",)),
    statement="Return at most 5 of the numbers, sorted. The answer is modulo 1000000007.",
)
BEFORE = """\
def f(numbers):
    result = []
    total = 0
    for i in range(len(numbers)):
        if numbers[i] > total:
            total += numbers[i]
            result.append(total)
    return result
"""
SENSELESS = {
    "binds a builtin": ("total = 0", "sum = 0"),
    "a builtin as a parameter": ("f(numbers)", "f(numbers, list=None)"),
    "a print that is an assignment": ("    return", "    print = total\n    return"),
    "assigns a name to itself": ("total += numbers[i]", "total = total"),
    "adds nothing": ("total += numbers[i]", "total += 0"),
    "takes nothing away": ("total += numbers[i]", "total -= 0"),
    "divides by one": ("result.append(total)", "result.append(total // 1)"),
    "a list for nothing": ("result.append(total)", "[]"),
    "a name for nothing": ("result.append(total)", "result.append"),
    "a comparison for nothing": ("total += numbers[i]", "total == numbers[i]"),
    "a tuple for nothing": ("total += numbers[i]", "total, numbers[i]"),
    "compares with itself": ("numbers[i] > total", "total > total"),
    "takes away what it is": ("total += numbers[i]", "total += i - i"),
    "one operand twice": ("numbers[i] > total", "numbers[i] > total or numbers[i] > total"),
    "a condition that always holds": ("numbers[i] > total", "True"),
    "a condition that never holds": ("numbers[i] > total", "0"),
    "and true": ("numbers[i] > total", "numbers[i] > total and True"),
    "an empty range": ("range(len(numbers))", "range(0)"),
    "an empty slice": ("return result", "return result[:0]"),
    "a slice as long as the answers": ("return result", "return result[:6]"),
    "an index for the tests": ("return result", "return result[7]"),
    "an index from the end": ("return result", "return result[-4]"),
    "a certain item and one less": ("total += numbers[i]", "total += numbers[0] - 1"),
    "an input that is written down": ("numbers[i] > total", "numbers[i] == 12"),
    "an answer that is written down": ("return result", "return [4, 7] if numbers == [4, 7, 9, 12] else result"),
    "a number that is returned": ("return result", "return 31"),
    "a line that became a comment": ("result.append(total)", "pass  # result.append(total)"),
    "code that became a text": (
        "            total += numbers[i]\n",
        '            """\n            total += numbers[i]\n            """\n',
    ),
}
SENSIBLE = {
    "another operator": ("numbers[i] > total", "numbers[i] >= total"),
    "one more": ("range(len(numbers))", "range(1, len(numbers) + 1)"),
    "the first item": ("total = 0", "total = numbers[0]"),
    "the last item": ("return result", "return result[-1]"),
    "as many as the statement says": ("return result", "return result[:5]"),
    "the modulus of the statement": ("return result", "return result[-1] % 1000000007"),
    "an endless loop with a way out": ("    return", "    while True:\n        break\n    return"),
    "a call for its effect": ("total += numbers[i]", "numbers.sort()"),
    "a deletion": ("            result.append(total)\n", ""),
    "a documentation": ("    result = []\n", '    """Sum them."""\n    result = []\n'),
    "a remark": ("total = 0", "total = 0  # as nothing is added yet"),
    "an integer by its remainder": ("numbers[i] > total", "numbers[i] % 1 == 0"),
}


@pytest.mark.parametrize("case", SENSELESS.values(), ids=list(SENSELESS))
def test_what_only_serves_to_pass_makes_no_sense(case):
    assert " line " in nonsense(Program(BEFORE), Program(BEFORE.replace(*case)), PROBLEM)


@pytest.mark.parametrize("case", SENSIBLE.values(), ids=list(SENSIBLE))
def test_a_repair_makes_sense(case):
    after = BEFORE.replace(*case)
    assert after != BEFORE
    assert nonsense(Program(BEFORE), Program(after), PROBLEM) == ""


@pytest.mark.parametrize("case", SENSELESS.values(), ids=list(SENSELESS))
def test_what_the_author_wrote_is_no_fault_of_a_patch(case):
    before = BEFORE.replace(*case) + "# the end"
    assert nonsense(Program(before), Program(before.replace("# the end", "print()")), PROBLEM) == ""


def test_of_a_program_that_does_not_parse_the_text_is_the_author_s():
    before = "def f(numbers)\n    numbers\n    numbers[0] - 1\n    return sum(numbers)\n"
    assert nonsense(Program(before), Program(before.replace(")\n    n", "):\n    n", 1)), PROBLEM) == ""
    assert "`print`" in nonsense(Program('print "x", 1\n'), Program('print= "x", 1\n'), PROBLEM)
    assert "comment" in nonsense(Program("x = \u201ca\u201d\n"), Program("# x = \u201ca\u201d\n"), PROBLEM)
    assert nonsense(Program("this adds them up\nx = 1\n"), Program("# this adds them up\nx = 1\n"), PROBLEM) == ""


def test_what_stands_in_a_program_that_does_not_parse_is_its_authors():
    before = "def f(numbers):\n    sum = 0\n    for it in numbers\n        sum += it\n    return sum\n"
    assert not nonsense(Program(before), Program(before.replace("in numbers", "in numbers:")), PROBLEM)
    assert nonsense(Program(before.replace("sum = 0", "sum= = 0")), Program(BEFORE.replace("total", "sum")), PROBLEM)
