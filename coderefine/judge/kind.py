"""What the judge asks of a problem's kind: how a candidate is judged, and how a sandbox calls it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from coderefine.judge.evaluators import Evaluators
from coderefine.judge.measured import Measured
from coderefine.judge.pool import Pool
from coderefine.judge.report import Assurance, CaseResult
from coderefine.problem.problem import Kind, Problem, Tests


@dataclass(frozen=True, slots=True)
class Sandboxes:
    """The warm sandboxes of a judge, grouped by use."""

    candidates: Pool
    testers: Pool
    """For the code of tests and nothing else, so that no run waits for a worker that it holds itself."""
    suites: Pool
    """For pytest, with files that may be written."""
    evaluators: Evaluators
    """For the evaluators of problems, by what these need."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The outcome of one candidate."""

    cases: Sequence[CaseResult]
    complete: bool = True
    """False where the run stopped at the first failure."""
    peak_kib: int = 0
    reach: str | None = None
    """What the tests reached (see `TestReport`)."""
    left: tuple[str, ...] = ()
    """The tests that were not begun because the time was used up."""
    warnings: tuple[str, ...] = ()
    """What the problem's author should look at."""
    python: str = ""
    """The version of Python that ran it; "" for that of the candidates' sandboxes."""
    session_s: float = 0.0
    """Seconds on the wall clock of a session of pytest, its start and end included."""
    measured: Measured | None = None
    """What an evaluator measured in all cases together."""


RunPlan = Callable[[str], Ran]
"""Judges a source; raises WorkerFault where a sandbox failed, and is then called once more."""


class JudgedKind(Kind):
    """A kind of problem whose candidates can be judged."""

    assurance: ClassVar[Assurance] = "isolated"
    is_called: ClassVar[bool] = False
    """Whether it is a `CalledKind`, whose candidates give an answer for any arguments."""

    @abstractmethod
    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Return the plan that judges sources, with everything prepared that is the same for all sources.

        `stop` ends a run at the first failure; `evidence` asks for the lines that ran and the values on them, where
        that is possible.
        """

    def pool(self, sandboxes: Sandboxes) -> Pool | None:
        """Return the sandboxes that are worth starting before many candidates; None where there are none."""
        return None


class CalledKind(JudgedKind):
    """A kind whose candidates are called in a sandbox, once for each case."""

    is_called = True
    called_as: ClassVar[Literal["function", "class", "program"]]
    """In which of these ways (see `sandbox/guest.py`)."""
    prints_answer: ClassVar[bool] = False
    """Whether the answer is everything that a case prints; each case then has a process of its own."""
    exit_status_counts: ClassVar[bool] = True
    """Whether a program that ends itself with a status other than 0 has failed; False where no test says what is right.
    """
    runs_own_tests: ClassVar[bool] = True
    """Whether the assertions that a module makes about itself are run when it is loaded; False where they became tests.
    """
    leetcode_names: ClassVar[bool] = True
    """Whether programs and their tests find the names that LeetCode provides without an import."""
    entry_is_class: ClassVar[bool] = False
    """Whether `Problem.entry` names a class."""
    may_equal: ClassVar[bool] = False
    """Whether the program's own `==` decides between a value of a test and an object that the test made.

    That is so where a class is what is tested. Elsewhere an answer could equal any value by it.
    """
