"""The loop: judge, criticise, patch, judge again, keep the best tested candidate.

Promises: nothing is returned that was not tested; the answer is never worse than the input (it passes every visible
test that the input passed, or it is the input); hidden tests are dropped before anything else; running out of a
budget, a failing model and Ctrl-C return the best so far. What a journal remembers is not done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from coderefine.budget import Budget, Meter
from coderefine.engine import Engine, EngineOptions
from coderefine.errors import BudgetExhausted, CoderefineError, UsageError
from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem
from coderefine.progress import Progress, ProgressReporter
from coderefine.record.journal import Journal
from coderefine.result import Candidate, Iteration, Result
from coderefine.steps import Climb

MAX_ITERATIONS = 5
SEARCH = "search"


def refine(
    problem: Problem,
    source: str | None = None,
    *,
    models: Sequence[str] = ("search",),
    judge: Judge,
    budget: Budget | None = None,
    total: Meter | None = None,
    max_iterations: int = MAX_ITERATIONS,
    api_base: str | None = None,
    options: EngineOptions | None = None,
    harden: bool = True,
    journal: Journal | None = None,
    on_start: Callable[[Candidate], None] = lambda _: None,
    on_iteration: Callable[[Iteration], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Result:
    """Refine a solution with each of `models` in turn, until it passes the visible tests or a limit is met.

    Without a source, the first model that can drafts one. `on_start` is told of the tested input and `on_iteration` of
    each step as it is done; `on_progress` is told what goes on in between, also from other threads. Raises UsageError,
    ModelError or JudgeError; `max_iterations` counts for each model. `options` say how language models are used. With
    `harden`, programs that pass are compared on generated inputs within a few seconds, and each engine makes one more
    step where the chosen one fails there. `total` is the meter of several refinements together, whose budget holds too.
    """
    problem = problem.without_hidden()
    meter, journal = Meter(budget or Budget(), parent=total), journal or Journal()
    journal.charge(meter)
    progress = ProgressReporter(on_progress, meter)

    def open_engines(problem: Problem) -> list[Engine]:
        opened = partial(open_engine, api_base=api_base, options=options, journal=journal, progress=progress)
        return [opened(name, problem, judge, meter) for name in models]

    engines = open_engines(problem)
    if source is None:
        source = _draft(engines)
    climb = Climb(problem, judge, meter, journal, progress, on_iteration)
    original = climb.start(source)
    if not original.report.accepted:
        judge.prefetch(problem)
    on_start(original)
    stopped, interrupted, exhausted, failure = "no idea is left", False, None, None
    try:
        for engine in engines:
            climb.run_engine(engine, max_iterations)
        if harden and climb.best.report.accepted:
            climb.harden(open_engines)
    except BudgetExhausted as limit:
        stopped, exhausted = str(limit), limit
    except KeyboardInterrupt:
        stopped, interrupted = "interrupted", True
    except CoderefineError as error:
        if climb.best is original and not original.report.accepted:
            raise
        stopped, failure = str(error), error  # a model or a sandbox failed, but what was gained is not lost
    best = climb.best
    return Result(
        original=original,
        best=best,
        iterations=tuple(climb.iterations),
        stopped="all visible tests pass" if best.report.accepted else stopped,
        interrupted=interrupted,
        exhausted=exhausted,
        failure=failure,
        backend=judge.backend,
        calls=meter.calls,
        cached=meter.cached,
        prompt_tokens=meter.prompt_tokens,
        completion_tokens=meter.completion_tokens,
        cost_usd=meter.cost_usd if meter.cost_known else None,
        candidates=meter.candidates,
        seconds=meter.seconds,
        hardening=climb.hardening,
        log=progress.end(),
    )


def _draft(engines: Iterable[Engine]) -> str:
    for engine in engines:
        if engine.draft is not None:
            return engine.draft()
    raise UsageError(
        "the search repairs a program but cannot write one: give a solution, or a language model (--model)"
    )


def open_engine(
    name: str,
    problem: Problem,
    judge: Judge,
    meter: Meter,
    *,
    api_base: str | None = None,
    options: EngineOptions | None = None,
    journal: Journal,
    progress: ProgressReporter,
) -> Engine:
    """Return the engine behind a `--model` name, whose work `journal` remembers and whose doings `progress` reports.

    No model is called or imported yet.
    """
    if name == SEARCH:
        from coderefine.search.engine import search_engine

        keep = options.candidates if options else 1
        return journal.search(search_engine(problem, judge, meter, progress.doing, keep=keep), meter)
    from coderefine.descent.engine import model_engine

    return model_engine(name, problem, meter, api_base=api_base, options=options, journal=journal, progress=progress)
