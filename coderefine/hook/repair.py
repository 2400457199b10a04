"""Looks for a patch of the modules that a commit changes, and verifies it.

Guarantees: a patch changes only modules that the commit changes, never a test, a conftest.py or a setting. With the
patch, all tests pass that failed, and all that passed before. It is in the store of runs before anyone is told about
it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from coderefine.budget import Budget
from coderefine.engine import EngineOptions
from coderefine.errors import CoderefineError, PatchError
from coderefine.hook.guard import objection
from coderefine.hook.project import CheckOutcome, Project
from coderefine.hook.revert import Revert
from coderefine.hook.revert import find as find_revert
from coderefine.hook.running import run
from coderefine.hook.suspects import active_lines, changed_lines
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult
from coderefine.patch import read_answer
from coderefine.problem.problem import Problem
from coderefine.record.store import Store
from coderefine.refining.observers import Observers
from coderefine.result import Candidate, Iteration, Result
from coderefine.runs import tasks

_SHOWN_LINES, _LINE_CHARS = 20, 200
_HEADER = re.compile(r"^(?:\+\+\+|---) (?:[ab]/)?([^\t\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repair:
    """A patch of one module, verified together with the others."""

    module: str
    before: str
    after: str
    run: str


@dataclass(frozen=True, slots=True)
class FixRequest:
    """The models that look for a patch, and where the runs are recorded."""

    models: tuple[str, ...]
    store: Store
    api_base: str | None = None


@dataclass(slots=True)
class Repairer:
    """Repairs a project whose tests fail."""

    project: Project
    judge: Judge
    asked: FixRequest
    observers: Observers
    on_module: Callable[[str, Problem], None] = lambda module, problem: None
    """Called before each module."""
    on_refused: Callable[[str, str], None] = lambda module, reason: None
    """Called with the reason why a patch of a module is refused."""
    _spent: list[Result] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def repair(self, outcome: CheckOutcome) -> list[Repair]:
        """Return patches with which all tests pass; [] where none were found. Raises ModelError or JudgeError."""
        repairs: list[Repair] = []
        best = outcome
        likely = self._likely(outcome)
        for number, module in enumerate(likely):
            left = self._budget(len(likely) - number)
            if left is None:
                break
            changes = {repair.module: repair.after for repair in repairs}
            found = self._patch(module, changes, left, outcome)
            if found is None:
                continue
            tested = replace(
                self._run({**changes, module: found.after}, outcome), before=outcome.before, excused=outcome.excused
            )
            lost = _names(outcome.passed) - _names(tested.passed)
            if lost:
                self.on_refused(module, f"{min(lost)} passed before and no longer does")
            elif len(tested.passed) > len(best.passed):
                repairs.append(found)
                best = tested
            if _is_repaired(outcome, best):
                return repairs
        if repairs:
            evading = min(_evading(outcome, best), default="")
            told = "is then skipped, or asks for what the sandbox denies"
            reason = f"{evading} {told}" if evading else f"{_first(best)} still fails"
            self.on_refused(", ".join(it.module for it in repairs), reason)
        return []

    def _patch(self, module: str, changes: dict[str, str], budget: Budget, outcome: CheckOutcome) -> Repair | None:
        """Look for a patch of one module, with other modules already patched and without tests that cannot run."""
        project = self.project.changed(changes)
        graph = project.plan.chooser.graph
        tests = [test for test in project.tests if module in graph.reached([test])]
        out, skipped = _names((*outcome.denied, *outcome.failed_before)), _names(outcome.skipped)
        problem = project.problem(module, tests, project.plan.settings.timeout, out, skipped)
        if suspects := changed_lines(self.project, module):
            shown = "\n".join(line[:_LINE_CHARS] for line in suspects[:_SHOWN_LINES])
            statement = f"{problem.statement}\nThese lines of it are new, and the likeliest to be wrong:\n{shown}"
            problem = replace(problem, statement=statement, suite=replace(problem.suite, suspects=suspects))
        source = project.source(module)
        others = f"Change {module} and no other file: tests, conftest.py and settings are never edited."
        repository = self.project.plan.snapshot.repository
        options = tasks.Options(
            models=self.asked.models,
            budget=budget,
            api_base=self.asked.api_base,
            engine=EngineOptions(constraints=(others, "Repair the program; do not detect or influence its tests.")),
            command={
                "hook": {"path": module, "repository": repository.common_dir},
                "folder": str(repository.root),
                "sandbox": self.judge.backend,
            },
        )
        self.on_module(module, problem)
        task = tasks.begin(self.asked.store, problem, source, options, self.judge.backend, self.observers.warn)
        result = tasks.go_on(self.asked.store, task, self.judge, self._watched(module, task.run))
        self._spent.append(result)
        if result.interrupted:
            raise KeyboardInterrupt
        if not result.diff or not task.run:
            return None
        reason = objection(source, result.source)
        if reason:
            self.on_refused(module, reason)
            return None
        return Repair(module, source, result.source, task.run)

    def _watched(self, module: str, run: str) -> Observers:
        """Return the observers, with callbacks for candidates that are refused as well."""
        started: list[Candidate] = []

        def on_start(candidate: Candidate) -> None:
            started.append(candidate)
            self.observers.on_start(candidate)

        def on_iteration(iteration: Iteration) -> None:
            self.observers.on_iteration(iteration)
            for candidate in iteration.tested:
                if not candidate.report.accepted and not candidate.better_than(started[0]):
                    self.on_refused(module, objection(iteration.before, candidate.source) or _why(candidate))
            if not iteration.tested:
                for reason in _unusable(self.asked.store, run, iteration, module):
                    self.on_refused(module, reason)

        seen = self.observers
        return Observers(on_start, on_iteration, seen.on_progress, seen.warn)

    def revert(self, outcome: CheckOutcome) -> Revert | None:
        """Return a part of the change to undo, to be proposed where no patch was found; None where there is none."""
        until = time.monotonic() + self.project.plan.settings.timeout

        def passes(module: str, text: str) -> bool:
            tested = replace(self._run({module: text}, outcome), before=outcome.before, excused=outcome.excused)
            return _is_repaired(outcome, tested)

        return find_revert(self.project, self._likely(outcome), passes, until)

    def _run(self, changes: dict[str, str], outcome: CheckOutcome) -> CheckOutcome:
        """Run the same tests again, and those that the commit did not affect, because a patch may affect them."""
        plan = self.project.plan.without_soft_limit()
        left = {name.partition("[")[0] for name in outcome.left}
        tests = {path: text for path, text in self.project.tests.items() if path not in left}
        project = replace(self.project.changed(changes), plan=plan, tests=tests, spared=frozenset())
        return run(project, self.judge, time.monotonic() + plan.settings.timeout, left)

    def _likely(self, outcome: CheckOutcome) -> list[str]:
        """Return the changed modules that failing tests import, the nearest first, those without any code last."""
        graph = self.project.plan.chooser.graph
        failing = sorted({case.name.partition("::")[0] for case in (*outcome.failed, *outcome.unfinished)})
        distances = {}
        for module in self.project.modules:
            lengths = [len(chain) for test in failing if (chain := graph.chain(test, (module,)))]
            if lengths:
                distances[module] = min(lengths)
        is_idle = {module: active_lines(self.project.source(module)) == set() for module in distances}
        return sorted(distances, key=lambda module: (is_idle[module], distances[module], module))

    def _budget(self, modules: int) -> Budget | None:
        """Return the rest of the commit's budget, its time divided among modules; None where nothing is left."""
        settings = self.project.plan.settings
        seconds = settings.max_seconds - (time.monotonic() - self._began)
        if seconds <= 0:
            return None
        calls = sum(result.calls for result in self._spent)
        tokens = sum(result.prompt_tokens + result.completion_tokens for result in self._spent)
        cost = sum(result.cost_usd or 0.0 for result in self._spent)
        return Budget(
            seconds / modules,
            None if settings.max_calls is None else max(0, settings.max_calls - calls),
            None if settings.max_tokens is None else max(0, settings.max_tokens - tokens),
            None if settings.max_cost is None else max(0.0, settings.max_cost - cost),
        )


def _names(cases: Iterable[CaseResult]) -> set[str]:
    return {case.name for case in cases}


def _functions(cases: Iterable[CaseResult]) -> set[str]:
    """Return the names of tests without parameters, which are not known for a file that could not be imported."""
    return {case.name.partition("[")[0] for case in cases}


def _is_repaired(before: CheckOutcome, after: CheckOutcome) -> bool:
    """Whether all tests pass that failed or passed before, those aside that the sandbox denied something."""
    kept = _names(before.passed) <= _names(after.passed)
    return kept and not after.is_red and not after.is_late and not _evading(before, after)


def _evading(before: CheckOutcome, after: CheckOutcome) -> set[str]:
    """Return the tests that failed and are now skipped, or end by asking for what is denied: that is no repair."""
    failing = _functions((*before.failed, *before.unfinished))
    return failing & (_functions(after.denied) | _functions(after.skipped) - _functions(before.skipped))


def _first(outcome: CheckOutcome) -> str:
    names = [*(case.name for case in (*outcome.failed, *outcome.unfinished)), *outcome.late]
    return next(iter([*names, *(path for path, _ in outcome.unreadable)]), "nothing")


def _why(candidate: Candidate) -> str:
    """Return why a candidate was not accepted: its first failure."""
    case = candidate.report.failures[0]
    told = str(case.error).partition("\n")[0] if case.error else case.reason
    return f"{case.name}: {told}"


def _unusable(store: Store, run: str, iteration: Iteration, module: str) -> Iterator[str]:
    """Yield why the answers of an iteration could not be used as patches of the module."""
    try:
        rows = store.rows("SELECT answer FROM calls WHERE run = ? AND step = ? ORDER BY id", run, iteration.number)
    except CoderefineError:
        return
    for row in rows:
        answer = row["answer"] or ""
        named = _HEADER.findall(answer)
        others = sorted({name for name in named if name not in (module, "/dev/null") and "." in name})
        if not named:
            continue  # a criticism
        try:
            read_answer(iteration.before, answer)
        except PatchError as error:
            yield f"it edits {', '.join(others)}; only {module} may change" if others else str(error)
