"""The place where the programs of a scoring run are judged: this machine, or the nodes of a cluster (`cluster.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from coderefine.errors import JudgeError
from coderefine.judge import versions
from coderefine.judge.answers import Answer, answers
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem, Tests
from coderefine.scoring.outcome import ProgramOutcome

if TYPE_CHECKING:  # with the engines, which a node that only judges does not load
    from coderefine.record.journal import JournalRow
    from coderefine.runs.tasks import RecordedRun


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules for judging programs in a scoring run."""

    fail_fast: bool = False
    """Whether judging ends with the first test that a program fails."""
    examples_of_failing: bool = True
    """Whether a program that fails the set still runs the examples that are not in the set.

    This shows whether it fits only the visible tests.
    """
    test_s: float | None = None
    """CPU seconds for a test, in place of the problem's."""
    program_s: float | None = None
    """CPU seconds for all tests of a program together; None for no such limit."""

    def of(self, problem: Problem) -> Problem:
        """Return the problem with these limits."""
        if self.test_s is None and self.program_s is None:
            return problem
        limits = replace(problem.limits, time_s=self.test_s or problem.limits.time_s, program_s=self.program_s)
        return replace(problem, limits=limits)


@dataclass(frozen=True, slots=True)
class Place:
    """A judge, or many; to keep it busy, `judged` is called from `threads` threads at once."""

    backend: str
    """The kind of sandbox, as in `Judge`."""
    note: str
    """A remark on it, in words for the user."""
    threads: int
    judged: Callable[[Problem, str, Rules], ProgramOutcome]
    """Judges a program on all tests, as the rules say; raises JudgeError."""
    answers: Callable[[Problem, str], Sequence[Answer]]
    """Runs a program on the visible tests, whatever they expect, and returns its answers; raises JudgeError."""
    judge: Judge | None = None
    """The judge for refinements on this machine; None where nothing is refined."""
    searched: Callable[[RecordedRun], Sequence[tuple[str, JournalRow]]] | None = None
    """Does a refinement that needs no model elsewhere and returns its rows (`tasks.carried`); raises JudgeError.

    None where refinements are done on this machine.
    """


def here(judge: Judge) -> Place:
    """Return this machine as a place."""
    return Place(judge.backend, judge.note, judge.workers, partial(judged, judge), partial(answers, judge), judge)


def judged(judge: Judge, problem: Problem, source: str, rules: Rules) -> ProgramOutcome:
    """Judge a program on all tests, or up to the first that it fails; raises JudgeError.

    In both cases the outcome has the same verdict, and is right or not. A program that needs another Python than the
    sandbox's has no outcome.
    """
    problem, fail_fast = rules.of(problem), rules.fail_fast
    if not problem.kind.cases_are_tests:  # so hidden ones cannot be identified by their positions
        visible = _in_its_python(judge.run(problem, source, "visible"))
        if not problem.hidden or (fail_fast and not visible.accepted):
            return ProgramOutcome.of(visible.cases)
        return ProgramOutcome.of(visible.cases, judge.run(problem, source, "hidden").cases)
    examples = tuple(case for case in problem.visible if not case.counts)
    if not fail_fast or not examples:
        return _outcome(problem, _cases(judge, problem, source, "all", stop=fail_fast))
    # Examples last: most programs that fail them also fail a test of the set, which then ends the judging.
    own, last = problem.visible[len(examples) :], tuple(replace(case, part="") for case in examples)
    asked = replace(problem, visible=own, hidden=problem.hidden + last)
    cases = _cases(judge, asked, source, "all", stop=True)
    scored = len(own) + len(problem.hidden)
    found, shown = _outcome(replace(problem, visible=own), cases[:scored]), cases[scored:]
    passes_own = all(case.verdict is Verdict.AC for case in cases[: len(own)])
    if rules.examples_of_failing and len(cases) <= scored and passes_own:
        shown = _cases(judge, replace(problem, visible=last, hidden=()), source, "visible", stop=True)
    left_out = (None,) * (len(examples) - len(shown))
    told = (*(case.verdict for case in shown), *left_out)
    return replace(found, visible=(*told, *found.visible), examples=len(examples))


def _cases(judge: Judge, problem: Problem, source: str, tests: Tests, *, stop: bool) -> Sequence[CaseResult]:
    return _in_its_python(judge.run(problem, source, tests, stop_at_first_failure=stop)).cases


def _outcome(problem: Problem, cases: Sequence[CaseResult]) -> ProgramOutcome:
    count = len(problem.visible)
    left_out = [None] * (count + len(problem.hidden) - len(cases))
    verdicts = [*(case.verdict for case in cases), *left_out]
    examples = sum(not case.counts for case in problem.visible)
    plus = sum(case.part == "plus" for case in problem.hidden)
    return ProgramOutcome(tuple(verdicts[:count]), tuple(verdicts[count:]), examples, plus)


def _in_its_python(report: TestReport) -> TestReport:
    if reason := versions.refusal(report):
        raise JudgeError(f"the program {reason}")
    return report
