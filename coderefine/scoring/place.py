"""Where the programs of a scoring run are judged: on this machine, or on the nodes of a cluster (`cluster.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem
from coderefine.scoring.outcome import ProgramOutcome


@dataclass(frozen=True, slots=True)
class Place:
    """A judge, or many: `judged` is asked from as many threads at once as keep it busy."""

    backend: str
    """The sandbox, as of `Judge`."""
    note: str
    """More about it, in words for the user."""
    threads: int
    judged: Callable[[Problem, str], ProgramOutcome]
    """Judge a program on all tests; raises JudgeError."""
    judge: Judge | None = None
    """What refinement uses, which goes on here; None where nothing is refined."""


def here(judge: Judge) -> Place:
    """Return this machine."""
    return Place(judge.backend, judge.note, judge.workers, partial(judged, judge), judge)


def judged(judge: Judge, problem: Problem, source: str) -> ProgramOutcome:
    """Judge a program on all tests; raises JudgeError."""
    if not problem.kind.cases_are_tests:  # so which of them are hidden is not known by their places
        hidden = judge.run(problem, source, "hidden").cases if problem.hidden else ()
        return ProgramOutcome.of(judge.run(problem, source, "visible").cases, hidden)
    cases = judge.run(problem, source, "all").cases
    return ProgramOutcome.of(cases[: len(problem.visible)], cases[len(problem.visible) :])
