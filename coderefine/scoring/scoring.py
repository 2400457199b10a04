"""Scores a set of problems: a stream of attempts, in parallel, each written when it ends.

Guarantees: a recorded attempt is not repeated, unless it failed or its problem or program has changed; a kill loses
only attempts in flight, whose paid calls are recorded; memory holds as many problems as there are threads.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from coderefine.accidents import Accidents
from coderefine.budget import Meter
from coderefine.errors import CoderefineError, StoreError, UsageError
from coderefine.formats.record import Fault
from coderefine.interrupts import uninterrupted
from coderefine.parallel import Threads
from coderefine.record.store import Store
from coderefine.runs import listing
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.scoring.attempting import AttemptTask, Scorer, Work, attempt
from coderefine.scoring.modules import Modules
from coderefine.scoring.outcome import Attempt, ProgramOutcome
from coderefine.scoring.place import Place
from coderefine.scoring.setup import Setup
from coderefine.scoring.solutions import Solutions, open_solutions
from coderefine.scoring.tally import Tally, packages

MODEL_THREADS = 8
"""Attempts in parallel where models are waited for."""
FAILURES_IN_A_ROW = 10
"""So many failures in a row end the run: the judge or the model will not work for the next attempt, either."""
MOST_UNWRITTEN = 500


def score(
    store: Store,
    run: str,
    setup: Setup,
    options: Options,
    place: Place,
    *,
    resumed: bool = False,
    total: Meter | None = None,
    on_attempt: Callable[[Attempt], None] = lambda _: None,
    on_doing: Callable[[str, str], None] = lambda label, what: None,
    on_fault: Callable[[Fault], None] = lambda _: None,
    warn: Callable[[str], None] = lambda _: None,
) -> None:
    """Make the attempts of a run that are not recorded yet; `on_attempt` is called with each of them.

    `on_fault` is called with each row that cannot be read, `warn` once for each kind of these, with a count. `on_doing`
    is called, from other threads, with an attempt and what it is doing, such as ("two-sum #1", "judging"). `total`
    counts what the run spends. Raises BudgetExhausted where that exceeds the total budget, KeyboardInterrupt,
    UsageError, StoreError, and an error that occurred too often in a row; in each case the run can be resumed.
    """
    accidents = Accidents(warn)
    total = total or Meter(setup.total)
    total.pause_s = 60 / setup.calls_per_minute if setup.calls_per_minute else 0.0

    def doing(label: str, what: str) -> None:
        with accidents.survive("reporting progress"):
            on_doing(label, what)

    tally = Tally()

    def fault(found: Fault) -> None:
        on_fault(found)
        tally.fault(found)

    work = Work(store, run, setup, options, place, total, resumed, tally, warn, doing)
    solutions = open_solutions(setup.solutions, fault)
    tally.tell(warn)
    with listing.lock_run(store, run):
        try:
            rows.go_on(store, run, place.backend)
            if resumed:
                before = rows.spent(store, run)
                total.calls, total.cached = before["calls"], before["cached"]
                total.prompt_tokens, total.completion_tokens = before["prompt_tokens"], before["completion_tokens"]
                total.cost_usd, total.cost_known = before["cost_usd"], not before["unknown"]

            def tell(made: Attempt) -> None:
                with accidents.survive("reporting an attempt"):
                    on_attempt(made)

            _make(work, _tasks(work, solutions, fault), setup.threads or _threads(work), tell)
            unused = solutions.unused()
            if unused and setup.limit is None:
                warn(f"solutions of no problem in the set are left out: {brief(unused)}")
        except BaseException as error:
            with suppress(StoreError):
                rows.end(store, run, error, None)
            raise
        finally:
            tally.tell(warn)


def brief(names: Sequence[str]) -> str:
    """Return the first few names as text."""
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def _threads(work: Work) -> int:
    """Return how many attempts keep their bottleneck busy: the judge, this machine's search, or a model."""
    if not (work.setup.drafts or work.setup.refine):
        return work.place.threads
    assert work.place.judge is not None
    workers = work.place.judge.workers
    if set(work.options.models) <= {"search"}:
        return work.place.threads if work.place.searched else workers
    return max(workers, MODEL_THREADS)


def _done(work: Work, task: AttemptTask | Attempt) -> Attempt:
    return task if isinstance(task, Attempt) else attempt(work, task)


@uninterrupted
def _make(work: Work, tasks: Iterator[AttemptTask | Attempt], size: int, on_attempt: Callable[[Attempt], None]) -> None:
    unwritten: list[Attempt] = []
    failures = 0

    def flush() -> None:
        if unwritten:
            rows.write(work.store, work.run, unwritten)
            unwritten.clear()

    with Threads[None, Attempt](size) as threads:

        def submit(count: int) -> None:
            for task in itertools.islice(tasks, count):
                threads.submit(None, partial(_done, work, task))

        try:
            submit(2 * size)
            while threads.pending:
                made = threads.take()[1].result()
                unwritten.append(made)
                failures = failures + 1 if made.status == "failed" else 0
                on_attempt(made)
                submit(1)
                if not threads.ready() or len(unwritten) >= MOST_UNWRITTEN:
                    flush()
                if failures >= FAILURES_IN_A_ROW:
                    raise CoderefineError(f"{failures} attempts in a row failed, the last one so: {made.error}")
        finally:
            flush()


def _tasks(work: Work, solutions: Solutions, on_fault: Callable[[Fault], None]) -> Iterator[AttemptTask | Attempt]:
    """Yield what is left to do, in the order of the set."""
    any_given, modules, number = False, Modules(work.place), 0
    for number, record in enumerate(work.setup.records(on_fault), 1):
        try:
            given: list[str | None] = [None] * work.setup.drafts or [*solutions.of(record)]
        except UsageError as error:
            on_fault(Fault(record.problem.slug, 0, str(error)))
            continue
        any_given = any_given or bool(given)
        if record.needs and given and (missing := modules.missing(record)):
            if work.tally.lacking(missing, record.id) == 1:  # reported at once; all of them are reported at the end
                warn = f"{record.id} needs {', '.join(missing)}, which the sandbox does not have, and is not scored"
                work.warn(f"{warn}; try: --packages {packages(missing)}")
            continue
        for what in sorted(set(record.asks) - set(work.setup.allow)) if given else ():
            work.tally.note(f"may need `{what}`, which the sandbox denies; try: --allow {what}", record.id)
        for note in record.notes:
            work.tally.note(note, record.id)
        scorer = Scorer(record)
        recorded = {row["sample"]: row for row in rows.of_problem(work.store, work.run, record.problem.slug)}
        for row in recorded.values():
            _remember(scorer, row)
        for sample, source in enumerate(given, 1):
            if not _is_done(scorer, recorded.get(sample), source):
                yield AttemptTask(scorer, number, sample, source)
        if not given and 1 not in recorded:
            yield _missing(scorer, number)
    if number == 0:
        raise UsageError(
            f"{work.setup.name}: there is no problem in it that can be read; a file of problems has one JSON object a "
            "line in one of the formats of docs/formats.md, and --from FORMAT says in which"
        )
    if not any_given:
        raise UsageError("there is no solution to any of the problems: give --solutions, or --generate with --model")


def _is_done(scorer: Scorer, row: dict[str, object] | None, source: str | None) -> bool:
    return row is not None and row["status"] == "done" and row["key"] == scorer.key(source)


def _remember(scorer: Scorer, row: dict[str, str]) -> None:
    """Remember a recorded outcome, so that equal programs are judged once in a resumed run as well."""
    if row["key"].startswith(scorer.digest[:32]):
        for program, cases in ((row["source"], row["cases_before"]), (row["refined"], row["cases_after"])):
            if program is not None and cases is not None:
                scorer.know(program, ProgramOutcome.from_text(cases))


def _missing(scorer: Scorer, number: int) -> Attempt:
    problem, kind = scorer.record.problem, scorer.record.kind
    return Attempt(number, problem.slug, 1, scorer.key(None), "missing", problem.difficulty, problem.tags, kind)
