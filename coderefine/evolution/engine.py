"""Evolution as an engine: each step runs generation after generation, until there is a better candidate.

Every candidate is tested by the caller, who records it. Everything else follows from the seed and the measurements: a
resumed run is told the recorded figures and arrives at the same database. A generation is chosen as a whole before any
of it is judged, so the order in which the judge finishes does not matter.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, StepReport
from coderefine.errors import BudgetExhausted
from coderefine.evolution.arms import Arm, arms_of
from coderefine.evolution.bandit import Bandit
from coderefine.evolution.database import Database
from coderefine.evolution.options import SEARCH, EvolutionOptions
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.judge.report import TestReport
from coderefine.parallel import in_order
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.rendering import count
from coderefine.result import Candidate

NAME = "evolve"
_ATTEMPTS = 12
"""How often a new candidate is sought for a place in a generation."""
_LAST_S = 10.0
"""Seconds that are waited for tests under way, where a run ends early."""
_BARREN = 5
"""Generations without any new candidate after which the evolution ends."""

_PATIENCE, _LEAST_S = 10.0, 0.25
"""The time limit of a candidate: so many times the slowest instance of a valid candidate so far, and at least so many
seconds.
"""

Test = Callable[[str, Patch | None, float | None], Candidate]
"""Tests a candidate, with the patch that led to it, within so many seconds an instance, and records it; called from
several threads.
"""


class _Underway:
    """Counts the calls under way in other threads; each enters it as a context manager."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *exc_info: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self) -> None:
        """Wait until no call is under way, for some seconds at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._count, _LAST_S)


class EvolutionLoss:
    """Puts the measurements in words; the gradient carries the report."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of `code` as a variable whose backward pass reaches `code`."""
        figures = report.measured.text() if report.measured and report.measured.values else "nothing could be measured"
        unmet = "; ".join(f"{case.name}: {case.reason}" for case in report.failures[:4])
        text = f"{figures}." + (f" Not met: {unmet}" if unmet else "")
        gradient = Gradient(text, evidence=report)
        return Variable(text, role="criticism", predecessors=(code,), backward_fn=lambda _: (gradient,))


class EvolutionOptimizer:
    """Owns the database; a step ends with the first generation that has a better candidate."""

    def __init__(
        self,
        code: Variable,
        problem: Problem,
        test: Test,
        meter: Meter,
        options: EvolutionOptions,
        engines: Sequence[Engine] = (),
        *,
        workers: int = 1,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`workers` candidates are tested at a time; `tell` is called with lines on the progress."""
        self._code, self._problem, self._test, self._meter = code, problem, test, meter
        self._options, self._engines, self._workers, self._tell = options, engines, workers, tell
        self.database = Database(options)
        self._arms: dict[str, Arm] = {}
        self._bandit = Bandit(())
        self._seen: set[str] = set()
        self._underway = _Underway()
        self._limit_s: float | None = None
        """Seconds that a candidate may take for an instance; None before any is known, and for texts."""
        self._kept = 1 if problem.evaluation.is_code else 0
        """Tests that are reserved for the result: a program is tested once more."""
        self._generation = self._idle = self._barren = 0
        self.step_report = StepReport()

    def step(self) -> tuple[Patch, ...]:
        """Evolve from the current value; return one patch, to the best of all, or () where a limit was reached."""
        before, ended = self._code.value, ""
        tried = Counter[str]()
        if not self.database.entries and not self._begin(before):
            return ()
        best = self.database.best
        while self.database.best is best and not ended:
            ended = self._run_generation(tried)
        found = self.database.best
        ended = "" if found is not best else f"{ended}{self._state()}"
        self.step_report = StepReport(tried=dict(tried.most_common()), ended=ended)
        if found is best:
            return ()
        self._code.value = found.source
        return (Patch(before, found.source, f"{found.proposal.note}{self._state()}"),)

    def _begin(self, source: str) -> bool:
        """Add the first candidate; return whether there is a report on it."""
        evidence = [it.evidence for it in self._code.gradients if isinstance(it.evidence, TestReport)]
        if not evidence:
            return False
        options = self._options
        arms = arms_of(self._problem, source, self._engines, search=SEARCH in options.engines, seed=options.seed)
        self._arms = {arm.name: arm for arm in arms}
        self._bandit = Bandit(list(self._arms))
        self._seen.add(source)
        self._note_time(evidence[-1])
        self.database.seed(Entry(0, Proposal(source, "the beginning"), "", 0, evidence[-1]))
        return True

    def _run_generation(self, tried: Counter[str]) -> str:
        """Choose, test and add a generation; return why the evolution ends, "" where it goes on."""
        options = self._options
        if self._idle >= options.patience:
            return f"{count(options.patience, 'candidate')} in a row were no better"
        try:
            self._meter.check_time()
            self._meter.check_count(1 + self._kept)
            chosen = list(self._chosen())[: self._left()]
        except BudgetExhausted as error:
            return str(error)
        self._generation += 1
        self._tell(f"generation {self._generation}, {count(len(self.database.entries), 'candidate')} so far")
        if not chosen:
            self._barren += 1
            failures = "; ".join(arm.failure for arm in self._arms.values() if arm.failure)
            return (failures or "no variation is left") if self._barren >= _BARREN else ""
        self._barren = 0
        ended = self._take_in(chosen, tried)
        if options.migration and self._generation % options.migration == 0:
            self.database.migrate()
        return ended

    def _left(self) -> int | None:
        """Return how many candidates may still be tested; None without a limit.

        It is asked before the tests begin, so that the choice does not depend on which of them ends first.
        """
        limit = self._meter.budget.max_candidates
        return None if limit is None else limit - self._meter.candidates - self._kept

    def _take_in(self, chosen: Sequence[tuple[Arm, int, Proposal]], tried: Counter[str]) -> str:
        """Test candidates in parallel and add them in the order in which they were chosen."""
        limit_s = self._limit_s  # the same for the whole generation, whichever candidate ends first
        tests = (partial(self._tested, proposal, limit_s) for _, _, proposal in chosen)
        try:
            with closing(in_order(tests, self._workers)) as reports:  # type: ignore[type-var]
                self._add(chosen, reports, tried)
        except BudgetExhausted as error:
            return str(error)
        finally:
            self._underway.wait()  # whoever ends the run closes its record
        return ""

    def _add(
        self, chosen: Sequence[tuple[Arm, int, Proposal]], reports: Iterator[TestReport], tried: Counter[str]
    ) -> None:
        """Add candidates as their reports become known, in the order in which they were chosen."""
        for (arm, island, proposal), report in zip(chosen, reports, strict=False):
            parent = self.database.entries[proposal.parents[0]]
            improves = report.standing > parent.standing
            number = len(self.database.entries)
            entry = Entry(number, proposal, arm.name, island, report, improves)
            self._note_time(report)
            best = self.database.best
            gain = self.database.add(entry)
            self._idle = 0 if self.database.best is not best else self._idle + 1
            self._bandit.learn(arm.name, gain, arm.cost(proposal))
            arm.learn(entry)
            tried[arm.name] += 1

    def _tested(self, proposal: Proposal, limit_s: float | None) -> TestReport:
        with self._underway:
            self._meter.check_count(1 + self._kept)
            self._meter.check_time()
            parent = self.database.entries[proposal.parents[0]].source
            patch = Patch(parent, proposal.source, proposal.note)
            return self._test(proposal.source, patch, limit_s).report

    def _note_time(self, report: TestReport) -> None:
        """Set the time limit by a valid candidate, so that a candidate that never ends is soon given up."""
        if report.measured is not None and report.measured.is_valid and self._problem.evaluation.is_code:
            slowest_s = max((case.cpu_s for case in report.cases), default=0.0)
            self._limit_s = max(self._limit_s or _LEAST_S, _PATIENCE * slowest_s)

    def _chosen(self) -> Iterator[tuple[Arm, int, Proposal]]:
        """Yield the candidates of the next generation, each with the arm that proposed it and its island."""
        options = self._options
        for place in range(options.batch):
            island = (self._generation * options.batch + place) % options.islands
            rng = random.Random(f"{options.seed}/{self._generation}/{place}")  # noqa: S311
            for _ in range(_ATTEMPTS):
                able = [name for name, arm in self._arms.items() if not arm.failure]
                if not able:
                    return
                arm = self._arms[self._bandit.choose(able, rng)]
                proposal = arm.propose(self.database, island, rng)
                if proposal is not None and proposal.source not in self._seen:
                    self._seen.add(proposal.source)
                    yield arm, island, proposal
                    break

    def _state(self) -> str:
        """Return the state of the evolution in words."""
        found = self.database
        counts = f"{count(len(found.entries), 'candidate')}, {count(found.cells, 'cell')}"
        return f" ({counts}, {count(found.behaviours, 'behaviour')}; database {found.digest()})"


def evolution_engine(
    problem: Problem,
    test: Test,
    meter: Meter,
    options: EvolutionOptions,
    engines: Sequence[Engine] = (),
    *,
    workers: int = 1,
    tell: Callable[[str], None] = lambda _: None,
    name: str = NAME,
) -> Engine:
    """Return the engine; `engines` are language models that take part in varying candidates."""

    def optimizer(code: Variable) -> EvolutionOptimizer:
        return EvolutionOptimizer(code, problem, test, meter, options, engines, workers=workers, tell=tell)

    return Engine(name, EvolutionLoss(problem), optimizer, can_change_algorithm=False)
