"""What kinds have in common whose candidates a sandbox calls, once for each case."""

from __future__ import annotations

from coderefine.judge import cases
from coderefine.judge.kind import CalledKind, Plan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.kinds.base import ProblemKind
from coderefine.problem.problem import Problem, Tests


class CalledProblemKind(ProblemKind, CalledKind):
    """A kind whose tests are calls with arguments and an expected value, or code that calls."""

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
        """Judge on the cases one by one."""
        return cases.plan(sandboxes, problem, tests, stop=stop, evidence=evidence)

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Where candidates run."""
        return sandboxes.candidates
