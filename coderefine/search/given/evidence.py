"""What is known about a failing program besides its text."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Evidence:
    """What operators may look at: a problem without hidden tests, and the program's report on its tests."""

    problem: Problem
    report: TestReport
    is_alone: bool = True
    """Whether the program stands alone, and is not a module of a project, whose other modules are not known."""

    @property
    def messages(self) -> tuple[str, ...]:
        """The messages of the exceptions in failing tests, each once."""
        errors = (case.error for case in self.report.failures)
        return tuple(dict.fromkeys(error.message for error in errors if error is not None))
