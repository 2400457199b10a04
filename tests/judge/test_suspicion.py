"""Ochiai's coefficient against values worked out by hand."""

import math

import pytest

from coderefine.judge.suspicion import ochiai
from coderefine.judge.verdict import Verdict
from tests.samples import case, report


def ran(*lines, passed=False):
    return case(verdict=Verdict.AC if passed else Verdict.WA, coverage=lines)


def test_a_line_that_only_failing_cases_ran_comes_first():
    scores = ochiai(report(ran(1, 2, 3), ran(1, 3), ran(1, 2, passed=True)))
    assert list(scores) == [3, 1, 2]
    assert scores == {
        3: pytest.approx(1.0),
        1: pytest.approx(2 / math.sqrt(2 * 3)),
        2: pytest.approx(1 / math.sqrt(2 * 2)),
    }


def test_lines_of_equal_score_come_in_order():
    assert list(ochiai(report(ran(5, 2, 9), ran(7, passed=True)))) == [2, 5, 9]


def test_a_line_that_no_failing_case_ran_has_no_score():
    assert 4 not in ochiai(report(ran(1), ran(1, 4, passed=True)))


@pytest.mark.parametrize(
    "cases", [[], [ran(1, 2)], [ran(1, passed=True)], [ran(), ran(1, passed=True)], [ran(1), ran(passed=True)]]
)
def test_where_nothing_tells_lines_apart_there_are_no_scores(cases):
    assert ochiai(report(*cases)) == {}


def test_a_case_that_was_stopped_and_has_no_coverage_is_left_out():
    with_it = ochiai(report(ran(1, 2), ran(), ran(1, passed=True)))
    assert with_it == ochiai(report(ran(1, 2), ran(1, passed=True)))
