"""The repair stage: criticise, patch, judge, keep the best tested program; each engine in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ParamSpec, TypeVar

from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, Optimizer, StepReport
from coderefine.errors import Accident, BudgetExhausted, CoderefineError, NotRecordedError
from coderefine.interrupts import interruptible
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch import Patch
from coderefine.refining.engines import SEARCH, open_mender
from coderefine.refining.handover import lesson_of, nearly_right
from coderefine.refining.refinement import Refinement
from coderefine.result import Candidate, Iteration

P = ParamSpec("P")
T = TypeVar("T")


class EngineFailed(Exception):
    """An engine raised a deliberate error, which is in `error`."""

    def __init__(self, error: CoderefineError) -> None:
        self.error = error
        super().__init__(str(error))


def repair(refinement: Refinement) -> None:
    """Have each engine improve the result of the one before, until a program passes; an engine that fails is skipped.

    Where a model does not succeed, the search (if it is one of the engines) continues from the model's programs before
    the next model is paid. The next engine is told what was tried.
    """
    for engine in refinement.engines:
        begun = len(refinement.notebook.iterations)
        climb_safely(refinement, engine, refinement.bench.options.max_iterations)
        steps = refinement.notebook.iterations[begun:]
        if engine.can_change_algorithm and not refinement.best.report.accepted:
            _search_near_misses(refinement, steps)
            refinement.notebook.learn(lesson_of(steps, refinement.best))
    if refinement.failures and len(refinement.failures) == len(refinement.engines) and not refinement.gained:
        raise refinement.failures[0]


def _search_near_misses(refinement: Refinement, steps: Sequence[Iteration]) -> None:
    """Have the search repair an engine's programs that may be one edit away from passing: syntax, names, off by one."""
    if SEARCH not in refinement.sources or not refinement.pipeline.has("model -> search"):
        return
    for start in nearly_right(steps, done=(refinement.original.source,)):
        if not refinement.best.report.accepted:
            climb_safely(refinement, open_mender(refinement.bench), 1, start)


def climb_safely(refinement: Refinement, engine: Engine, most_steps: int, start: Candidate | None = None) -> None:
    """Climb with an engine; where it or its model fails, the results so far stand, and the next engine continues."""
    part, accidents = f"the engine {engine.name}", refinement.bench.accidents
    with accidents.survive(part, "what was found so far stands", but=CoderefineError):
        try:
            climb(refinement, engine, most_steps, start)
        except EngineFailed as failed:
            refinement.engine_failed(engine, failed.error)
    if part in accidents:
        refinement.endings[engine.name] = f"{part} failed"


def climb(refinement: Refinement, engine: Engine, most_steps: int, start: Candidate | None = None) -> None:
    """Take steps with an engine from `start`, or the best, until the best passes, or no idea is left.

    The lessons of earlier engines are further criticisms in its first step.
    """
    bench, current = refinement.bench, start or refinement.best
    code = Variable(current.source, role=f"solution to {bench.problem.title}", requires_grad=True)
    optimizer = ask(bench.meter, engine.optimizer, code)
    seen = {refinement.best.source, current.source}
    for number in range(most_steps):
        if refinement.best.report.accepted:
            break
        tested = _step(refinement, engine, optimizer, code, current, seen, is_first=number == 0)
        if not tested:
            break
        # The next step starts from the result of this one, unless that does not even run.
        current = tested[0] if tested[0].report.verdict is not Verdict.CE else refinement.best
        code.value = current.source
        code.zero_grad()


def _step(
    refinement: Refinement,
    engine: Engine,
    optimizer: Optimizer,
    code: Variable,
    current: Candidate,
    seen: set[str],
    *,
    is_first: bool,
) -> list[Candidate]:
    """Criticise, patch, judge: return the programs that were tested, the best first; none where no idea is left."""
    bench, notebook, pipeline = refinement.bench, refinement.notebook, refinement.pipeline
    notebook.begin_step(engine)
    criticism = criticise(
        refinement, engine, code, bench.evidence(current) if engine.wants_evidence else current.report
    )
    for lesson in notebook.lessons() if is_first and pipeline.has("search -> model") else ():
        code.add_gradient(lesson)
    tested: list[Candidate] = []
    report = StepReport()
    try:
        if pipeline.has("critic -> judge"):
            refinement.test(_unseen(_rewrites(code), seen, bench.meter), tested, independent=True)
        if not refinement.best.report.accepted:
            patches = ask(bench.meter, optimizer.step)
            report = optimizer.step_report
            refinement.test(_unseen(patches, seen, bench.meter), tested, independent=engine.can_change_algorithm)
    finally:
        if tested:
            notebook.add_step(engine, criticism, current.source, tested, report)
    if not tested:
        notebook.end_in_vain(engine, criticism, current.source, report)
        refinement.engine_ended(engine, report)
    return tested


def criticise(refinement: Refinement, engine: Engine, code: Variable, report: TestReport) -> str:
    """Have an engine criticise a program or a text, with the report on it; return the criticism as text."""
    criticism = ask(refinement.bench.meter, engine.loss, code, report)
    ask(refinement.bench.meter, criticism.backward)
    return criticism.value


def ask(meter: Meter, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Have an engine do something; its deliberate error ends that engine alone.

    An accident, a spent budget of the run and the end of its record are passed on.
    """
    try:
        return interruptible(call)(*args, **kwargs)
    except CoderefineError as error:
        of_the_run = isinstance(error, BudgetExhausted) and meter.refused(error)
        if of_the_run or isinstance(error, Accident | NotRecordedError):
            raise
        raise EngineFailed(error) from error


def _rewrites(code: Variable) -> list[Patch]:
    """Return the programs that critics wrote themselves as patches; trying them needs no call."""
    return [Patch(code.value, gradient.rewrite) for gradient in code.gradients if gradient.rewrite]


def _unseen(patches: Iterable[Patch], seen: set[str], meter: Meter) -> Iterator[Patch]:
    """Yield the patches that lead to programs not in `seen`, and add these; an optimizer may make each when asked."""
    made = iter(patches)
    while True:
        patch = ask(meter, _next, made)
        if patch is None:
            return
        if patch.after not in seen:
            seen.add(patch.after)
            yield patch


def _next(patches: Iterator[Patch]) -> Patch | None:
    return next(patches, None)
