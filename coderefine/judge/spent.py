"""How much time a candidate has used on all of its tests together, and its limit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Limits

OUT_OF_TIME = "the time of all tests together was used up"


@dataclass(slots=True)
class Spent:
    """The seconds that one candidate has used so far."""

    cpu_s: float = 0.0
    wall_s: float = 0.0

    def over(self, limits: Limits) -> bool:
        """Whether that is more than all tests together may take."""
        if limits.program_s is None:
            return False
        return self.cpu_s > limits.program_s or self.wall_s > replace(limits, time_s=limits.program_s).wall_s

    def add(self, result: CaseResult, limits: Limits) -> CaseResult:
        """Count a test; return its result, which becomes TLE where all tests together have exceeded their limit."""
        self.cpu_s += result.cpu_s
        self.wall_s += result.wall_s
        if result.verdict is Verdict.TLE or not self.over(limits):
            return result
        return replace(result, verdict=Verdict.TLE, answered=False, got=None, error=None, reason=OUT_OF_TIME)

    def forget(self, result: CaseResult) -> None:
        """Take back what was counted of a test."""
        self.cpu_s -= result.cpu_s
        self.wall_s -= result.wall_s
