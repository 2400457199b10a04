"""The loop: judge, criticise, patch, judge again, keep the best tested candidate.

Promises: nothing is returned that was not tested; the answer is never worse than the input (it passes every visible
test that the input passed, or it is the input); hidden tests are dropped before anything else; a spent budget, a
failing model, Ctrl-C, and an accident in a stage, an engine or an observer return the best so far. What a journal has
recorded is not done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from coderefine.accidents import Accidents, text_of
from coderefine.budget import Meter
from coderefine.engine import Engine
from coderefine.errors import Accident, BudgetExhausted, CoderefineError, UsageError
from coderefine.interrupts import hold
from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem
from coderefine.progress import ProgressReporter
from coderefine.record.journal import Journal
from coderefine.refining.engines import SEARCH, EngineSource
from coderefine.refining.notebook import Notebook
from coderefine.refining.observers import SILENT, Observers
from coderefine.refining.options import RefineOptions
from coderefine.refining.refinement import Refinement
from coderefine.refining.repair import EngineFailed, ask
from coderefine.refining.stages import STAGES
from coderefine.refining.workbench import Workbench
from coderefine.result import Result


def refine(
    problem: Problem,
    source: str | None = None,
    *,
    judge: Judge,
    engines: Sequence[EngineSource] = (SEARCH,),
    options: RefineOptions | None = None,
    observers: Observers | None = None,
    journal: Journal | None = None,
    total: Meter | None = None,
) -> Result:
    """Refine a solution with each of `engines` in turn, until it passes the visible tests or a limit is met.

    Without a source, the first engine that can writes a draft. An engine is `search`, the litellm name of a model, an
    `Engine`, or a function that opens one for a `Workbench`; a single one needs no list. `total` is the meter of
    several refinements together, whose budget holds as well. Raises TypeError, UsageError, ModelError or JudgeError.
    """
    engines = [engines] if isinstance(engines, str | Engine) or callable(engines) else list(engines)
    _check_types(problem, source, judge, engines)
    options, journal, observers = options or RefineOptions(), journal or Journal(), observers or SILENT
    accidents = Accidents(observers.warn)
    observers = observers.guarded(accidents)
    meter = Meter(options.budget, parent=total)
    journal.charge(meter)
    progress = ProgressReporter(observers.on_progress, meter)
    bench = Workbench(problem.without_hidden(), judge, meter, journal, progress, accidents, options)
    refinement = Refinement(bench, Notebook(journal, meter, progress, observers), engines)
    result, interrupted_late = hold(_go_through, refinement, source)
    return replace(result, interrupted=True) if interrupted_late else result


def _go_through(refinement: Refinement, source: str | None) -> Result:
    """Go through the stages from `source`, or from a draft; Ctrl-C loses nothing that was tested."""
    bench = refinement.bench
    refinement.is_draft = source is None
    refinement.start(_draft(refinement) if source is None else source)
    ended_by: BaseException | None = None
    try:
        if not refinement.original.report.accepted:
            with bench.accidents.survive("warming up the sandbox"):
                bench.judge.prefetch(bench.problem)
        refinement.notebook.observers.on_start(refinement.original)
        for stage in STAGES:
            bench.meter.check_interrupted()
            with bench.accidents.survive(stage.name, "what was found so far stands", but=CoderefineError):
                stage.work(refinement)
    except (BudgetExhausted, KeyboardInterrupt) as error:
        ended_by = error
    except SystemExit:
        raise
    except BaseException as error:
        if not refinement.gained:
            raise
        ended_by = _failure(error)  # a model or a sandbox failed, but what was gained is not lost
    return _result(refinement, ended_by)


def _failure(error: BaseException) -> CoderefineError:
    """Return the error that ended a run; one that is not ours, such as asyncio's CancelledError, as an accident."""
    if isinstance(error, CoderefineError):
        return error
    said = text_of(error)
    failure = Accident(f"the run was ended by {type(error).__name__}" + (f": {said}" if said else ""))
    failure.__cause__ = error
    return failure


def _check_types(problem: object, source: object, judge: object, engines: Iterable[object]) -> None:
    if not isinstance(problem, Problem):
        raise TypeError(f"expected a Problem, such as of load_problem(), got {type(problem).__name__}")
    if not isinstance(source, str | None):
        raise TypeError(f"expected the text of a program or None, got {type(source).__name__}")
    if not hasattr(judge, "run"):  # a judge may be wrapped
        raise TypeError(f"expected a Judge, such as of open_judge(), got {type(judge).__name__}")
    for engine in engines:
        if not (isinstance(engine, str | Engine) or callable(engine)):
            raise TypeError(f"expected a model's name, an Engine, or a function, got {type(engine).__name__}")


def _draft(refinement: Refinement) -> str:
    able = [(engine.name, engine.draft) for engine in refinement.engines if engine.draft is not None]
    failures: list[CoderefineError] = []
    accidents, meter = refinement.bench.accidents, refinement.bench.meter
    for name, draft in able:
        with accidents.survive(f"the draft of {name}", "the next engine writes one", but=CoderefineError):
            try:
                if isinstance(program := ask(meter, draft), str):
                    return program
                raise TypeError(f"expected the text of a program, got {type(program).__name__}")
            except EngineFailed as failed:
                failures.append(failed.error)
                refinement.passed_over.append(f"{name} wrote no draft: {failed}")
    if failures:
        raise failures[0]
    if accidents.lines:
        raise Accident(f"there is no program to begin with: {accidents.lines[-1]}")
    raise UsageError(
        "the search repairs a program but cannot write one: give a solution, or a language model (--model)"
    )


def _result(refinement: Refinement, ended_by: BaseException | None) -> Result:
    best, meter = refinement.best, refinement.bench.meter
    stopped, exhausted = refinement.stopped, None
    failure = next(iter(refinement.failures), None) if not best.report.accepted else None
    match ended_by:
        case KeyboardInterrupt():
            stopped = "interrupted"
        case BudgetExhausted():
            stopped, exhausted = str(ended_by), ended_by
        case CoderefineError():
            stopped, failure = str(ended_by), ended_by
    return Result(
        original=refinement.original,
        best=best,
        iterations=tuple(refinement.notebook.iterations),
        stopped=refinement.bench.problem.kind.success if best.report.accepted else stopped,
        interrupted=isinstance(ended_by, KeyboardInterrupt),
        exhausted=exhausted,
        failure=failure,
        backend=refinement.original.report.backend,
        calls=meter.calls,
        cached=meter.cached,
        prompt_tokens=meter.prompt_tokens,
        completion_tokens=meter.completion_tokens,
        cost_usd=meter.cost_usd if meter.cost_known else None,
        candidates=meter.candidates,
        seconds=meter.seconds,
        hardening=refinement.hardening,
        log=refinement.bench.progress.end(),
        passed_over=tuple(refinement.passed_over),
        accidents=tuple(refinement.bench.accidents.lines),
    )
