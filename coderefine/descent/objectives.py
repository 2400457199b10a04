"""The objectives that a program can be measured by; every figure comes from the judge's report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Objective:
    """A measurement, with its importance in words."""

    name: str
    measure: Callable[[TestReport, Problem], str]
    """Returns the figures in words."""
    priority: str = ""
    """Such as "first of all" or "only if it costs no readability"."""

    def text(self, report: TestReport, problem: Problem) -> str:
        """Return the objective as a line of a prompt."""
        weight = f" Priority: {self.priority}." if self.priority else ""
        return f"{self.name}: {self.measure(report, problem)}.{weight}"

    @classmethod
    def correctness(cls, priority: str = "first of all; nothing else counts until every test passes") -> Self:
        """Return the objective of passing the visible tests."""
        return cls("Correctness", lambda report, _: f"{report.passed} of {report.total} tests passed", priority)

    @classmethod
    def run_time(cls, priority: str = "") -> Self:
        """Return the objective of CPU time: that of the slowest test, of all tests, and the limit."""

        def measure(report: TestReport, problem: Problem) -> str:
            slowest = max(report.cases, key=lambda case: (case.cpu_s, -case.index), default=None)
            if slowest is None:
                return "not measured"
            return (
                f"{slowest.cpu_s:.4f} s of CPU time in the slowest test, which is test {slowest.index + 1}, where "
                f"{problem.limits.time_s:g} s are allowed; {report.cpu_s:.4f} s in all {report.total} tests"
            )

        return cls("Run time", measure, priority)

    @classmethod
    def memory(cls, priority: str = "") -> Self:
        """Return the objective of peak memory, with the limit."""

        def measure(report: TestReport, problem: Problem) -> str:
            if not report.peak_memory_mib:
                return "not measured"
            return f"{report.peak_memory_mib:g} MiB at the peak, where {problem.limits.memory_mib} MiB are allowed"

        return cls("Memory", measure, priority)
