"""What the search asks of a problem's kind: on which tests programs are tried, and for how long."""

from __future__ import annotations

from typing import ClassVar

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Kind, Problem
from coderefine.search import plan
from coderefine.search.plan import SearchPlan


class SearchedKind(Kind):
    """A kind of problem whose candidates are programs that can be searched for."""

    step_seconds: ClassVar[float] = 10.0
    """How long a step may take."""
    entry_is_function: ClassVar[bool] = False
    """Whether `Problem.entry` names a function, whose header can be put back where it is lost."""
    keeps_statements: ClassVar[bool] = False
    """Whether a repair may take no statement away, since no test would miss it."""

    def search_plan(self, problem: Problem, report: TestReport) -> SearchPlan:
        """SearchPlan by the report of the program to repair.

        The limits are lower than the problem's: who takes a patch judges it by those.
        """
        return plan.of_cases(problem, report)
