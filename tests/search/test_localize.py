"""Suspicious lines and criticisms."""

import pytest

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search.localize import BASE, CRASH, FRAME, criticise, shorten, suspiciousness

SOURCE = "def f(x):\n    # halve\n    return g(x)\n\ndef g(x):\n    return 1 / x\n"
ERROR = CandidateError("ZeroDivisionError", "division by zero", 6, frames=((3, "f"), (6, "g"), (99, "?")))


def report(*cases):
    return TestReport("p", "visible", cases, "local")


def test_the_crash_line_is_most_suspicious_then_its_frames():
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.RE, (0,), error=ERROR)), SOURCE)
    assert weights == {1: BASE, 3: FRAME, 5: BASE, 6: CRASH}


def test_without_an_error_all_lines_of_code_weigh_the_same():
    weights = suspiciousness(report(CaseResult(0, "a", Verdict.WA, (0,), 1, 2, answered=True)), SOURCE)
    assert set(weights.values()) == {BASE}


def test_the_criticism_says_what_fails_how_and_where():
    text = criticise(
        SOURCE,
        report(
            CaseResult(0, "zero", Verdict.RE, (0,), error=ERROR),
            CaseResult(1, "two", Verdict.WA, (2, "é"), 1, 0.5, answered=True),
            CaseResult(2, "one", Verdict.AC, (1,), 1, 1, answered=True),
        ),
    )
    assert text == (
        "RE 1/3 passed (1 WA, 1 RE).\n"
        "zero (0): run-time error, line 6: ZeroDivisionError: division by zero\n"
        "two (2, 'é'): wrong answer, expected 1, got 0.5\n"
        "Suspicious lines:\n"
        "  6: return 1 / x\n"
        "  3: return g(x)"
    )


def test_a_passing_report_is_one_line():
    assert criticise("x", report(CaseResult(0, "a", Verdict.AC, (1,), 1, 1, answered=True))) == "AC 1/1 passed."


def test_huge_values_do_not_flood_the_criticism():
    case = CaseResult(0, "a", Verdict.WA, (list(range(10**5)), 10**5000), "x" * 10**5, 10**5000, answered=True)
    text = criticise(SOURCE, report(*[case] * 50))
    assert len(text) < 2000
    assert "and 47 more" in text


@pytest.mark.parametrize("width", range(10, 30))
def test_a_cut_never_splits_an_escape_sequence(width):
    text = shorten("a\x1b[31m\ud800\\x41\n" * 10, width)
    assert len(text) <= width
    assert text.isprintable()
    body = text.removesuffix("...")
    assert not body.endswith(("\\", "\\x", "\\x1", "\\u", "\\ud", "\\ud8", "\\ud80"))
