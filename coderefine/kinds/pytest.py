"""A file of a project, which tests of pytest import; they run in its process."""

from __future__ import annotations

from coderefine.judge import suites
from coderefine.judge.kind import Plan, Ran, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.kinds.base import ProblemKind
from coderefine.problem.problem import Problem, Tests


class PytestKind(ProblemKind):
    """Problems whose tests are files of pytest."""

    name = "pytest"
    assurance = "in-process"

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
        """Judge in one session of pytest, which records no evidence."""

        def run(source: str) -> Ran:
            with sandboxes.suites.lease(problem.limits.memory_mib) as worker:
                return suites.run(worker, problem, source, tests, stop)

        return run

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Where pytest runs."""
        return sandboxes.suites


PYTEST = PytestKind()
