"""The search as an engine: a loss that reports and an optimizer that tries. It needs no key, no network, no model."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, StepReport
from coderefine.interrupts import uninterrupted
from coderefine.judge import versions
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch import Patch
from coderefine.pipeline.graph import FULL, Pipeline
from coderefine.problem.problem import Problem
from coderefine.search.explore import Found, explore
from coderefine.search.given.kind import SearchedKind
from coderefine.search.lesson import lesson
from coderefine.search.localize import criticise
from coderefine.search.trials import Trials

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge


_MOST_CANDIDATES = 200_000
"""The most candidates of a step whose time the user has set: each is remembered, so that none is tried twice."""


class _Limits(TypedDict, total=False):
    max_seconds: float
    max_candidates: int


class SearchLoss:
    """States in words which tests fail and how; the gradient carries the report itself as evidence."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem.without_hidden()

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of `code` as a variable whose backward pass reaches `code`."""
        text = criticise(self._problem, code.value, report)
        gradient = Gradient(text, evidence=report)
        return Variable(text, role="criticism", predecessors=(code,), backward_fn=lambda _: (gradient,))


class SearchOptimizer:
    """Proposes patches that were already tested on the visible tests."""

    def __init__(
        self,
        code: Variable,
        *,
        problem: Problem,
        judge: Judge,
        meter: Meter,
        max_candidates: int = 20_000,
        max_seconds: float | None = None,
        keep: int = 1,
        tell: Callable[[str], None] = lambda _: None,
        pipeline: Pipeline = FULL,
    ) -> None:
        """`tell` is called with lines on the progress; without `max_seconds` a step takes as long as is usual for such
        tests.
        """
        self._code = code
        self._problem = problem.without_hidden()
        self._judge = judge
        self._meter = meter
        self._max_candidates = max_candidates
        self._max_seconds = SearchedKind.of(problem).step_seconds if max_seconds is None else max_seconds
        self._keep = keep
        self._tell = tell
        self._pipeline = pipeline
        self.step_report = StepReport()

    @uninterrupted
    def step(self) -> tuple[Patch, ...]:
        """Search from the current value; return at most `keep` patches, best first, and set the value to the first.

        () where nothing was found that passes more visible tests, or where the code has no gradient. The limits hold
        for a step; a spent budget of the run or Ctrl-C ends the search with what it has found.
        """
        self.step_report = StepReport()
        report = self._report()
        if report is None or report.accepted:
            return ()
        before = self._code.value
        if report.verdict is not Verdict.CE and not versions.compiles(before):
            here = "{}.{}".format(*versions.HERE)
            self.step_report = StepReport(ended=f"the search reads Python {here}, and the program is in a newer one")
            return ()
        if why := SearchedKind.of(self._problem).not_searched(before, report):
            self.step_report = StepReport(ended=why)
            return ()
        self._tell("searching")
        trials = Trials(
            self._problem,
            report,
            self._judge,
            self._meter,
            max_candidates=self._max_candidates,
            max_seconds=self._max_seconds,
            pipeline=self._pipeline,
        )
        found = explore(before, trials, several=self._keep > 1)
        states = found.plausible[: self._keep] or ((found.best,) if found.best else ())
        self.step_report = StepReport(
            len(found.plausible),
            dict(found.tried.most_common()),
            "" if found.plausible else lesson(found, trials),
            ended=_ending(found),
        )
        patches = tuple(Patch(before, state.source, "; ".join(state.notes)) for state in states)
        if patches:
            self._code.value = patches[0].after
        return patches

    def _report(self) -> TestReport | None:
        evidence = [gradient.evidence for gradient in self._code.gradients]
        return next((report for report in reversed(evidence) if isinstance(report, TestReport)), None)


def _ending(found: Found) -> str:
    """Return why a step ended in which nothing passed, and what passed but makes no sense."""
    if not found.meaningless or found.plausible:
        return found.ended
    (first, why), *others = found.meaningless
    also = f"; {len(others):,} more like it" if others else ""
    ending = f"{found.ended}; " if found.ended else ""
    return f"{ending}one patch passes, but makes no sense: {'; '.join(first.notes)} ({why}){also}"


def _share(pipeline: Pipeline) -> float:
    """Return which fraction of the usual time a step may take."""
    if pipeline.has("long search -> longest search"):
        return 1
    return 1 / 4 if pipeline.has("search -> long search") else 1 / 16


def search_engine(
    problem: Problem,
    judge: Judge,
    meter: Meter,
    tell: Callable[[str], None] = lambda _: None,
    *,
    keep: int = 1,
    is_last: bool = False,
    max_seconds: float | None = None,
    pipeline: Pipeline = FULL,
) -> Engine:
    """Return the engine behind `--model search`; `tell` is called with lines on its progress.

    `keep` is how many plausible patches a step returns. `is_last` says that no engine follows, so that a step may take
    all the time that is left in a budget with a time limit. `max_seconds` is a further limit of a step. `pipeline` may
    switch operators off and shorten a step.
    """
    share = _share(pipeline)
    is_patient = is_last and meter.budget.max_seconds is not None and share == 1
    limits: _Limits = {"max_seconds": math.inf, "max_candidates": _MOST_CANDIDATES} if is_patient else {}
    if max_seconds is not None:
        limits["max_seconds"] = max_seconds
    if share < 1:
        usual_s = SearchedKind.of(problem).step_seconds
        limits["max_seconds"] = min(share * usual_s, limits.get("max_seconds", math.inf))

    def optimizer(code: Variable) -> SearchOptimizer:
        return SearchOptimizer(
            code, problem=problem, judge=judge, meter=meter, keep=keep, tell=tell, pipeline=pipeline, **limits
        )

    return Engine(name="search", loss=SearchLoss(problem), optimizer=optimizer, can_change_algorithm=False)
