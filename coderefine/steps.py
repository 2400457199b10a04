"""The loop itself: criticise, patch, test, keep the best; then choose among what passed.

`best` only ever changes to a program that passes every visible test that it passed itself, so that whatever ends the
climb, the best so far is the answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.engine import Engine
from coderefine.harden.hardening import Hardening, harden
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.tracing import with_evidence
from coderefine.judge.verdict import Verdict
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.progress import ProgressReporter
from coderefine.record.journal import Journal
from coderefine.result import Candidate, Iteration

_LESSONS_CHARS = 3000
"""Of all lessons that an engine begins with; the latest have it first."""


@dataclass(slots=True)
class Climb:
    """A refinement under way; `start` comes first."""

    problem: Problem
    """Without hidden tests."""
    judge: Judge
    meter: Meter
    journal: Journal
    progress: ProgressReporter
    on_iteration: Callable[[Iteration], None]
    iterations: list[Iteration] = field(default_factory=list)
    origin: str = ""
    """The program to begin with."""
    best: Candidate = field(init=False)
    plausible: dict[str, Candidate] = field(default_factory=dict)
    """The programs that passed all tests, in the order of the engine that found them."""
    lessons: list[str] = field(default_factory=list)
    """What the engines so far have learnt in vain."""
    hardening: Hardening | None = None
    """How the best does on generated inputs; None where that is not known."""
    extra_tests: tuple[str, ...] = ()
    """The tests beyond those of the run at large, where there are any."""

    def start(self, source: str) -> Candidate:
        """Test the program to begin with."""
        self.progress.doing("judging")
        self.origin, self.best = source, self._tested(source)
        self._keep(self.best)
        return self.best

    def run_engine(self, engine: Engine, max_iterations: int) -> None:
        """Make steps with an engine until the best passes, or no idea is left.

        What earlier engines have learnt is a further gradient of its first step.
        """
        code = Variable(self.best.source, role=f"solution to {self.problem.title}", requires_grad=True)
        optimizer = engine.optimizer(code)
        current, seen = self.best, {self.best.source}
        lessons = _latest(self.lessons)
        for _ in range(max_iterations):
            if self.best.report.accepted:
                break
            self.meter.check_candidate()
            self.progress.begin(engine.name, len(self.iterations) + 1)
            report = self._evidence(current) if engine.wants_evidence else current.report
            loss = engine.loss(code, report)
            loss.backward()
            for lesson in lessons:
                code.add_gradient(Gradient(lesson))
            lessons = []
            patches = [patch for patch in optimizer.step() if patch.after not in seen]
            self.progress.doing("judging")
            tested = self._judge(patches, independent=engine.can_change_algorithm)
            step_report = optimizer.step_report
            self.lessons += [step_report.lesson] if step_report.lesson else []
            self.best = tested[0] if tested and tested[0].better_than(self.best) else self.best
            number = len(self.iterations) + 1
            self.iterations.append(Iteration(number, engine.name, loss.value, tested, current.source, step_report))
            self.journal.end_step(self.iterations[-1])
            self.on_iteration(self.iterations[-1])
            if not tested:
                self.meter.check_time()
                # Who tries edits leaves one for what it finds.
                self.meter.check_count(1 if engine.can_change_algorithm else 2)
                break
            seen.update(candidate.source for candidate in tested)
            # The next step starts from what this one led to, unless that does not even run.
            current = tested[0] if tested[0].report.verdict is not Verdict.CE else self.best
            code.value = current.source
            code.zero_grad()

    def harden(self, open_engines: Callable[[Problem], Iterable[Engine]]) -> None:
        """Choose among the programs that passed, and have the engines mend what the chosen one fails on.

        What they can do at no cost, and is no matter of the algorithm, comes first.
        """
        sources = list(self.plausible)
        self.hardening = self._compared(sources, independent=True)
        self.best = self.plausible[sources[self.hardening.chosen]]
        for can_change_algorithm in (False, True):
            harder = self.hardening.tests(self.problem, large=can_change_algorithm)
            engines = [engine for engine in open_engines(harder) if engine.can_change_algorithm == can_change_algorithm]
            if engines and harder != self.problem:
                self._mend(harder, engines)

    def _compared(self, sources: Sequence[str], *, independent: bool) -> Hardening:
        """What programs that pass do on generated inputs."""
        self.progress.doing("comparing what passes on further inputs")

        def run() -> dict[str, Any]:
            return harden(self.problem, self.judge, self.meter, self.origin, sources, independent=independent).to_json()

        return Hardening.from_json(self.journal.check(sources, run, self.meter))

    def _mend(self, harder: Problem, engines: Iterable[Engine]) -> None:
        """Have each engine try once to pass `harder`, which has further tests than the problem.

        What it comes to is taken if it fails on no generated input that the best answers. An engine that tries edits
        knows nothing of what is right, so it may change no answer either: it would find what silences a crash.
        """
        visible = len(self.problem.visible)
        self.meter.check_candidate()
        climb = Climb(harder, self.judge, self.meter, self.journal, self.progress, self.on_iteration, self.iterations)
        climb.extra_tests = tuple(case.code for case in harder.visible[visible:])
        tried = climb.start(self.best.source)
        for engine in engines:
            climb.run_engine(engine, 1)
            if climb.best is tried:
                continue
            tried = climb.best
            again = self._compared([tried.source, self.best.source], independent=False)
            if again.first_replaces_second(alike=not engine.can_change_algorithm):
                report = replace(tried.report, cases=tried.report.cases[:visible])
                self.best, self.hardening = replace(tried, report=report), again

    def _keep(self, candidate: Candidate) -> None:
        if candidate.report.accepted:
            self.plausible.setdefault(candidate.source, candidate)

    def _evidence(self, current: Candidate) -> TestReport:
        """Return its report with the lines that ran and the values on them, where a second run can show any."""
        self.meter.check_time()

        def run() -> TestReport:
            return with_evidence(self.judge, self.problem, current.source, current.report)

        return self.journal.report(current.source, run, self.meter, evidence=True, tests=self.extra_tests)

    def _tested(self, source: str, patch: Patch | None = None) -> Candidate:
        """Test a program, which `patch` led to."""
        self.meter.add_candidate()
        base, note = (patch.before, patch.note) if patch else ("", "")
        report = self.journal.report(
            source, lambda: self.judge.run(self.problem, source), self.meter, base, note, tests=self.extra_tests
        )
        return Candidate(source, report, note)

    def _judge(self, patches: Iterable[Patch], *, independent: bool) -> tuple[Candidate, ...]:
        """Test the patched programs; return them best first, and in the optimizer's order where they are equal.

        The first is tested even where its engine took all the time there was: it would be lost. Of edits of one
        program, which are not `independent`, the first that passes is kept: the others have no vote.
        """
        tested: list[Candidate] = []
        for patch in patches:
            self.meter.check_count(1)
            if tested:
                self.meter.check_time()
            tested.append(self._tested(patch.after, patch))
        tested.sort(key=lambda candidate: (-candidate.report.passed, candidate.report.verdict.rank))
        for candidate in tested if independent else tested[:1]:
            self._keep(candidate)
        return tuple(tested)


def _latest(lessons: Sequence[str]) -> list[str]:
    """The last lessons that fit together, in order."""
    sizes = itertools.accumulate(map(len, reversed(lessons)))
    count = sum(size <= _LESSONS_CHARS for size in sizes)
    return list(lessons[len(lessons) - count :])
