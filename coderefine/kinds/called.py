"""What kinds have in common whose candidates a sandbox calls, once for each case."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from coderefine.judge import cases
from coderefine.judge.kind import CalledKind, Plan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.kinds.base import ProblemKind
from coderefine.problem.problem import Case, Problem, Tests
from coderefine.rendering import MAX_VALUE_CHARS, cut


class CalledProblemKind(ProblemKind, CalledKind):
    """A kind whose tests are calls with arguments and an expected value, or code that calls."""

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
        """Judge on the cases one by one."""
        return cases.plan(sandboxes, problem, tests, stop=stop, evidence=evidence)

    @abstractmethod
    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return a call in a line, with each value cut at `limit` characters."""

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the call, or the code on one line."""
        if case.code:
            return cut("; ".join(case.code.split("\n")), 2 * limit)
        return self.call_text(problem, case.args, limit)

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Where candidates run."""
        return sandboxes.candidates
