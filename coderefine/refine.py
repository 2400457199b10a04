"""The loop: judge, criticise, patch, judge again, keep the best tested candidate.

Promises: nothing is returned that was not tested; the answer is never worse than the input (it passes every visible
test that the input passed, or it is the input); hidden tests are dropped before anything else; running out of a
budget, a failing model and Ctrl-C return the best so far. What a journal remembers is not done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from coderefine.autograd.variable import Variable
from coderefine.budget import Budget, Meter
from coderefine.engine import Engine, EngineOptions
from coderefine.engines import open_engine
from coderefine.errors import BudgetExhausted, CoderefineError, UsageError
from coderefine.journal import Journal
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.judging import with_evidence
from coderefine.patch import Patch
from coderefine.problem import Problem
from coderefine.progress import Progress, Teller
from coderefine.result import Candidate, Iteration, Result

MAX_ITERATIONS = 5


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
    journal: Journal | None = None,
    on_start: Callable[[Candidate], None] = lambda _: None,
    on_iteration: Callable[[Iteration], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Result:
    """Refine a solution with each of `models` in turn, until it passes the visible tests or a limit is met.

    Without a source, the first model that can drafts one. `on_start` is told of the tested input and `on_iteration` of
    each step as it is done; `on_progress` is told what goes on in between, also from other threads. Raises UsageError,
    ModelError or JudgeError; `max_iterations` counts for each model. `options` say how language models are used.
    `total` is the meter of several refinements together, whose budget holds as well.
    """
    problem = problem.without_hidden()
    meter, journal = Meter(budget or Budget(), parent=total), journal or Journal()
    journal.charge(meter)
    told = Teller(on_progress, meter)
    engines = [
        open_engine(name, problem, judge, meter, api_base=api_base, options=options, journal=journal, teller=told)
        for name in models
    ]
    if source is None:
        source = _draft(engines)
    told.doing("judging")
    original = best = _tested(source, problem, judge, meter, journal)
    if not best.report.accepted:
        judge.prefetch(problem)
    on_start(original)
    iterations: list[Iteration] = []
    stopped, interrupted, exhausted, failure = "no idea is left", False, None, None
    try:
        for engine in engines:
            code = Variable(best.source, role=f"solution to {problem.title}", requires_grad=True)
            optimizer = engine.optimizer(code)
            current, seen = best, {best.source}
            for _ in range(max_iterations):
                if best.report.accepted:
                    break
                told.begin(engine.name, len(iterations) + 1)
                report = _evidence(current, problem, judge, meter, journal) if engine.wants_evidence else current.report
                loss = engine.loss(code, report)
                loss.backward()
                patches = [patch for patch in optimizer.step() if patch.after not in seen]
                told.doing("judging")
                tested = _judge(patches, problem, judge, meter, journal)
                best = tested[0] if tested and tested[0].better_than(best) else best
                iterations.append(Iteration(len(iterations) + 1, engine.name, loss.value, tested, current.source))
                journal.end_step(iterations[-1])
                on_iteration(iterations[-1])
                if not tested:
                    break
                seen.update(candidate.source for candidate in tested)
                # The next step starts from what this one led to, unless that does not even run.
                current = tested[0] if tested[0].report.verdict is not Verdict.CE else best
                code.value = current.source
                code.zero_grad()
    except BudgetExhausted as limit:
        stopped, exhausted = str(limit), limit
    except KeyboardInterrupt:
        stopped, interrupted = "interrupted", True
    except CoderefineError as error:
        if best is original:
            raise
        stopped, failure = str(error), error  # a model or a sandbox failed, but what was gained is not lost
    return Result(
        original=original,
        best=best,
        iterations=tuple(iterations),
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
        log=told.end(),
    )


def _draft(engines: Iterable[Engine]) -> str:
    for engine in engines:
        if engine.draft is not None:
            return engine.draft()
    raise UsageError(
        "the search repairs a program but cannot write one: give a solution, or a language model (--model)"
    )


def _evidence(current: Candidate, problem: Problem, judge: Judge, meter: Meter, journal: Journal) -> TestReport:
    """Return its report with the lines that ran and the values on them, where a second run can show any."""
    meter.check_time()
    return journal.report(
        current.source, lambda: with_evidence(judge, problem, current.source, current.report), meter, evidence=True
    )


def _tested(
    source: str, problem: Problem, judge: Judge, meter: Meter, journal: Journal, patch: Patch | None = None
) -> Candidate:
    """Test a program, which `patch` led to."""
    meter.add_candidate()
    base, note = (patch.before, patch.note) if patch else ("", "")
    return Candidate(source, journal.report(source, lambda: judge.run(problem, source), meter, base, note), note)


def _judge(
    patches: Iterable[Patch], problem: Problem, judge: Judge, meter: Meter, journal: Journal
) -> tuple[Candidate, ...]:
    """Test the patched programs; return them best first, and in the optimizer's order where they are equal."""
    tested = []
    for patch in patches:
        meter.check_candidate()
        tested.append(_tested(patch.after, problem, judge, meter, journal, patch))
    return tuple(sorted(tested, key=lambda candidate: (-candidate.report.passed, candidate.report.verdict.rank)))
