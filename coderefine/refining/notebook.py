"""Keeps the books of a refinement: its steps and lessons, and who hears of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coderefine.autograd.variable import Gradient
from coderefine.budget import Meter
from coderefine.engine import Engine, StepReport
from coderefine.progress import ProgressReporter
from coderefine.record.journal import Journal
from coderefine.refining.observers import Observers
from coderefine.result import Candidate, Iteration

_LESSONS_CHARS = 3000
"""Of all lessons that an engine begins with; the latest have it first."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """What a refinement writes down: the journal, the meter and the observers are kept up to date here alone."""

    journal: Journal
    meter: Meter
    progress: ProgressReporter
    observers: Observers
    iterations: list[Iteration] = field(default_factory=list)
    learnt: list[str] = field(default_factory=list)
    """What the engines so far have learnt in vain."""

    def without_lessons(self) -> Notebook:
        """Return the same notebook for another task, for which nothing is learnt yet."""
        return replace(self, learnt=[])

    def lessons(self) -> list[Gradient]:
        """Return what earlier engines have learnt, as criticisms."""
        return [Gradient(lesson) for lesson in _latest(self.learnt)]

    def learn(self, lesson: str) -> None:
        """Keep a lesson for the engines to come; "" is none."""
        if lesson:
            self.learnt.append(lesson)

    def begin_step(self, engine: Engine) -> None:
        """An engine begins a step; raises BudgetExhausted where no program may be tested any more."""
        self.meter.check_candidate()
        self.progress.begin(engine.name, len(self.iterations) + 1)

    def add_step(
        self, engine: Engine, criticism: str, before: str, tested: Sequence[Candidate], report: StepReport
    ) -> None:
        """Write down a step, or as much of it as was done before something ended it."""
        self.learn(report.lesson)
        step = Iteration(len(self.iterations) + 1, engine.name, criticism, tuple(tested), before, report)
        self.iterations.append(step)
        self.journal.end_step(step)
        self.observers.on_iteration(step)

    def end_in_vain(self, engine: Engine, criticism: str, before: str, report: StepReport) -> None:
        """Write down a step that found nothing; raises BudgetExhausted where that is because a budget ran out."""
        self.add_step(engine, criticism, before, (), report)
        self.meter.check_time()
        # Who tries edits leaves one for what it finds.
        self.meter.check_count(1 if engine.can_change_algorithm else 2)


def _latest(lessons: Sequence[str]) -> list[str]:
    """The last lessons that fit together, in order."""
    sizes = itertools.accumulate(map(len, reversed(lessons)))
    count = sum(size <= _LESSONS_CHARS for size in sizes)
    return list(lessons[len(lessons) - count :])
