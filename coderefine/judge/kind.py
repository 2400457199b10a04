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
    """The warm sandboxes of a judge, by what runs in them."""

    candidates: Pool
    testers: Pool
    """For the code of tests and nothing else, so that no run waits for itself."""
    suites: Pool
    """For pytest: confined otherwise, with files to write."""
    evaluators: Evaluators
    """For the evaluators of problems, by what these need."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one candidate."""

    cases: Sequence[CaseResult]
    complete: bool = True
    """False where the run stopped at the first failure."""
    peak_kib: int = 0
    reach: str | None = None
    """What the tests reached (see `TestReport`)."""
    left: tuple[str, ...] = ()
    """The tests that were not begun, as the time for that was used."""
    warnings: tuple[str, ...] = ()
    """What the problem's author should look at."""
    python: str = ""
    """The version that ran it; "" for that of the candidates' sandboxes."""
    session_s: float = 0.0
    """Seconds on the wall clock of a session of pytest, with all that comes before and after its tests."""
    measured: Measured | None = None
    """What an evaluator measured in all cases together."""


Plan = Callable[[str], Ran]
"""Judges a source; raises WorkerFault where a sandbox failed, and is then called once more."""


class JudgedKind(Kind):
    """A kind of problem whose candidates can be judged."""

    assurance: ClassVar[Assurance] = "isolated"

    @abstractmethod
    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
        """Return what judges a source, with all made ready that is the same for every source.

        `stop` ends a run at the first failure; `evidence` asks for the lines that ran and the values on them, where
        that is possible.
        """

    def pool(self, sandboxes: Sandboxes) -> Pool | None:
        """Return the sandboxes that are worth starting ahead of many candidates."""
        return None


class CalledKind(JudgedKind):
    """A kind whose candidates are called in a sandbox, once for each case."""

    called_as: ClassVar[Literal["function", "class", "program"]]
    """How (see `sandbox/guest.py`)."""
    prints_answer: ClassVar[bool] = False
    """Whether the answer is all that a case prints, which takes a process of its own."""
    exit_status_counts: ClassVar[bool] = True
    """Whether a program that ends itself with a status other than 0 has failed; not where nobody says what is right."""
    runs_own_tests: ClassVar[bool] = True
    """Whether what a program asserts of itself, when it is loaded, is run; not where that became tests of ours."""
    leetcode_names: ClassVar[bool] = True
    """Whether programs and their tests find without an import what they find on LeetCode."""
    entry_is_class: ClassVar[bool] = False
    """Whether `Problem.entry` names a class."""
    may_equal: ClassVar[bool] = False
    """Whether the program's own `==` decides between a value of a test and an object that the test made.

    So it is where a class is what is tested. An answer could pass for any value by it.
    """
