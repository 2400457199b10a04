"""What the search asks of a problem's kind: on which tests programs are tried, and how long a step takes."""

from __future__ import annotations

from typing import ClassVar

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Kind, Problem
from coderefine.search.given import plan
from coderefine.search.given.plan import SearchPlan


class SearchedKind(Kind):
    """A kind of problem whose candidates are programs that can be searched for."""

    step_seconds: ClassVar[float] = 10.0
    """Seconds that a step usually takes."""
    entry_is_function: ClassVar[bool] = False
    """Whether `Problem.entry` names a function, whose header can be restored where it is lost."""
    keeps_statements: ClassVar[bool] = False
    """Whether a repair must keep all statements, since no test would miss a removed one."""

    def not_searched(self, source: str, report: TestReport) -> str:
        """Return why no edit of a failing program can be told to be its repair; "" where the search may try."""
        return ""

    def search_plan(self, problem: Problem, report: TestReport) -> SearchPlan:
        """Return how programs are tried, based on the report of the program to repair.

        The limits are lower than the problem's; the final judge applies the problem's own.
        """
        return plan.of_cases(problem, report)
