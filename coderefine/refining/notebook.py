"""Keeps the books of a refinement: its steps and lessons, and the observers that are told about them."""

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
"""The most characters of all lessons that an engine begins with; the latest lessons come first."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """The books of a refinement: the journal, the meter and the observers are updated here and nowhere else."""

    journal: Journal
    meter: Meter
    progress: ProgressReporter
    observers: Observers
    iterations: list[Iteration] = field(default_factory=list)
    learnt: list[str] = field(default_factory=list)
    """The lessons of engines that found no program that passes."""

    def without_lessons(self) -> Notebook:
        """Return the same notebook for another task, without lessons."""
        return replace(self, learnt=[])

    def lessons(self) -> list[Gradient]:
        """Return the lessons of earlier engines, as criticisms."""
        return [Gradient(lesson) for lesson in _latest(self.learnt)]

    def learn(self, lesson: str) -> None:
        """Keep a lesson for later engines; "" is none."""
        if lesson:
            self.learnt.append(lesson)

    def begin_step(self, engine: Engine) -> None:
        """Note that an engine begins a step; raises BudgetExhausted where no more programs may be tested."""
        self.meter.check_candidate()
        self.progress.begin(engine.name, len(self.iterations) + 1)

    def add_step(
        self, engine: Engine, criticism: str, before: str, tested: Sequence[Candidate], report: StepReport
    ) -> None:
        """Record a step, or as much of it as was done before it ended early."""
        self.learn(report.lesson)
        step = Iteration(len(self.iterations) + 1, engine.name, criticism, tuple(tested), before, report)
        self.iterations.append(step)
        self.journal.end_step(step)
        self.observers.on_iteration(step)

    def end_in_vain(self, engine: Engine, criticism: str, before: str, report: StepReport) -> None:
        """Record a step that found nothing; raises BudgetExhausted where the reason is a spent budget."""
        self.add_step(engine, criticism, before, (), report)
        self.meter.check_time()
        # An engine that tries edits reserves one test for its result.
        self.meter.check_count(1 if engine.can_change_algorithm else 2)


def _latest(lessons: Sequence[str]) -> list[str]:
    """Return the last lessons that fit together, in order."""
    sizes = itertools.accumulate(map(len, reversed(lessons)))
    count = sum(size <= _LESSONS_CHARS for size in sizes)
    return list(lessons[len(lessons) - count :])
