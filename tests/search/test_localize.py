"""Suspicious lines and criticisms."""

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search.localize import CRASH, FRAME, SUSPECT, UNKNOWN, UNSUSPECTED, criticise, suspiciousness
from tests.problems_for_tests import function_problem

SOURCE = "def f(x):\n    # halve\n    return g(x)\n\ndef g(x):\n    return 1 / x\n"
ERROR = CandidateError("ZeroDivisionError", "division by zero", 6, frames=((3, "f"), (6, "g"), (99, "?")))


def report(*cases):
    return TestReport("p", "visible", cases, "local")


def test_the_crash_line_is_most_suspicious_then_its_frames():
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.RE, (0,), error=ERROR)), SOURCE)
    assert weights == {1: UNKNOWN, 3: FRAME, 5: UNKNOWN, 6: CRASH}


def test_without_an_error_all_lines_of_code_weigh_the_same():
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.WA, (0,), 1, 2, answered=True)), SOURCE)
    assert set(weights.values()) == {UNKNOWN}


def test_lines_that_the_problem_suspects_come_first_wherever_they_stand():
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.WA, (0,), 1, 2, answered=True)), SOURCE, ["return g(x)"])
    assert weights == {1: UNSUSPECTED, 3: SUSPECT, 5: UNSUSPECTED, 6: UNSUSPECTED}
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.WA, (0,), 1, 2, answered=True)), SOURCE, ["gone"])
    assert set(weights.values()) == {UNKNOWN}
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.RE, (0,), error=ERROR)), SOURCE, ["return g(x)"])
    assert (weights[6], weights[3]) == (CRASH, SUSPECT)


def test_the_criticism_says_what_fails_how_and_where():
    text = criticise(
        function_problem([], entry="f"),
        SOURCE,
        report(
            CaseResult(0, "zero", Verdict.RE, (0,), error=ERROR),
            CaseResult(1, "two", Verdict.WA, (2, "é"), 1, 0.5, answered=True),
            CaseResult(2, "one", Verdict.AC, (1,), 1, 1, answered=True),
        ),
    )
    assert text == (
        "1 of 3 tests pass.\n"
        "f(0): line 6: ZeroDivisionError: division by zero\n"
        "f(2, 'é'): got 0.5, expected 1\n"
        "Suspicious: line 6, `return 1 / x`\n"
        "Suspicious: line 3, `return g(x)`"
    )


def test_the_criticism_of_what_does_not_compile_is_the_error():
    error = CandidateError("SyntaxError", "'(' was never closed", 1, 5)
    text = criticise(function_problem([]), "f = (\n", report(CaseResult(0, "a", Verdict.CE, (0,), error=error)))
    assert text == "The program does not compile: line 1: SyntaxError: '(' was never closed"


def test_a_passing_report_is_one_line():
    passing = report(CaseResult(0, "a", Verdict.AC, (1,), 1, 1, answered=True))
    assert criticise(function_problem([]), "x", passing) == "1 of 1 tests pass."


def test_huge_values_do_not_flood_the_criticism():
    case = CaseResult(0, "a", Verdict.WA, (list(range(10**5)), 10**5000), "x" * 10**5, 10**5000, answered=True)
    text = criticise(function_problem([]), SOURCE, report(*[case] * 50))
    assert len(text) < 2000
    assert "and 47 more" in text
