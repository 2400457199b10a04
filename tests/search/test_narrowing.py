"""The lines that a long program is searched around."""

from dataclasses import replace

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search.narrowing import lines_around
from tests.samples import PROBLEM

SOURCE = """\
class Shelf:
    def put(self, book):
        return weight(book) + 1

    def take(self):
        return 2


def weight(book):
    return len(book)


def other(x):
    return x
"""
WRONG = CaseResult(0, "first", Verdict.WA, code="assert Shelf().put('a') == 2")


def around(*cases):
    return lines_around(TestReport("p", "visible", cases, "local"), SOURCE, PROBLEM)


def test_of_functions_those_that_tests_name_come_first_and_then_what_they_call():
    found = around(replace(WRONG, code="assert put('a') == 2"))
    assert found == ("def put(self, book):", "def weight(book):")


def test_a_class_stands_for_its_methods():
    assert set(around(WRONG)) == {"def put(self, book):", "def take(self):", "def weight(book):"}


def test_where_it_crashed_comes_before_all():
    found = around(replace(WRONG, verdict=Verdict.RE, error=CandidateError("TypeError", "", line=10)))
    assert found[0] == "return len(book)"


def test_lines_that_failing_tests_ran_are_enough():
    passed = CaseResult(1, "second", Verdict.AC, coverage=(6,))
    assert around(replace(WRONG, coverage=(3, 10)), passed) == ("return weight(book) + 1", "return len(book)")


def test_where_nothing_is_known_all_functions_are_looked_at():
    assert len(around(replace(WRONG, code="assert 1 == 2"))) == 4


def test_what_does_not_parse_has_no_such_lines():
    assert lines_around(TestReport("p", "visible", (WRONG,), "local"), "def f(:\n", PROBLEM) == ()
