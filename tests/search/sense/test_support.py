"""Chains of edits, and the tests that ask for them."""

import pytest

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search.support import unsupported

GUESS, CERTAIN = "compare: `a < b` to `a <= b` in line 1", "rename: `lenght` to `length` in line 2"


def report(*expected):
    cases = tuple(CaseResult(at, "", Verdict.AC, expected=it, got=it) for at, it in enumerate(expected))
    return TestReport("p", "visible", cases, "local")


@pytest.mark.parametrize(
    ("notes", "expected", "is_supported"),
    [
        ([GUESS] * 2, [True], True),
        ([GUESS] * 4, [True, False, True], False),
        ([GUESS] * 4, ["Yes\n", "No\n", "Yes\n"], False),
        ([GUESS] * 4, [[1], [2, 3]], True),
        ([GUESS] * 8, [7, 8, 9], False),
        ([CERTAIN] * 6 + [GUESS], [True], True),
        (["line endings: `\\r\\n`"] * 9, [True], True),
    ],
)
def test_a_chain_of_guesses_is_as_long_as_the_tests_can_ask_for(notes, expected, is_supported):
    assert (unsupported(notes, report(*expected)) == "") == is_supported
