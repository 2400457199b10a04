"""The loss without a critic: the test results themselves are the criticism, and cost no call."""

from __future__ import annotations

from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent import evidence
from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem


class ResultsLoss:
    """Returns the results of the visible tests as the criticism. It never holds a hidden test."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem.without_hidden()

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the results, which the backward pass gives to `code`.

        Raises ValueError for a report on other tests.
        """
        said = evidence.describe(report, self.problem, code.value)
        gradient = Gradient(said, evidence=report)
        return Variable(said, role="test results", predecessors=(code,), backward_fn=lambda _: (gradient,))
