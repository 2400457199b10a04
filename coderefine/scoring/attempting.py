"""One attempt: a program is judged on all tests; or drafted, refined on the visible ones, judged before and after.

Refinement is given the problem without its hidden tests; those only score.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from coderefine.accidents import describe
from coderefine.budget import TOTAL, Meter
from coderefine.descent.kind import PromptedKind
from coderefine.errors import BudgetExhausted, ProblemError, UsageError
from coderefine.formats import pending
from coderefine.formats.record import Record
from coderefine.problem.problem import Problem
from coderefine.record.endings import ending_of, raise_ending
from coderefine.record.store import Store
from coderefine.record.writer import write
from coderefine.refining.observers import Observers
from coderefine.result import Result
from coderefine.runs import asking, listing, snapshot, tasks
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.scoring.outcome import Attempt, ProgramOutcome, Spent
from coderefine.scoring.place import Place
from coderefine.scoring.setup import Setup
from coderefine.scoring.tally import Tally


def digest(problem: Problem) -> str:
    """Return a digest that identifies a problem with all its tests, the hidden ones included."""
    suite = replace(problem.suite, files=problem.suite.files + problem.suite.hidden_files, hidden_files=())
    whole = replace(problem, visible=problem.visible + problem.hidden, hidden=(), suite=suite)
    return hashlib.sha256(f"{snapshot.digest(whole)} {len(problem.visible)}".encode()).hexdigest()


class Scorer:
    """Judges programs for one problem, equal ones once, even when several threads ask at the same time."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.digest = digest(record.problem)
        if record.pending:
            self.digest = pending.digest(record)
        self._settling = threading.Lock()
        self._outcomes: dict[str, Future[ProgramOutcome]] = {}
        self._lock = threading.Lock()

    def settle(self, work: Work) -> None:
        """Complete tests for which the set has only inputs; leave out examples that the set's program contradicts.

        Raises JudgeError.
        """
        with self._settling:
            if self.record.pending is None:
                return
            found = pending.settled(self.record, work.place.answers, work.store.path.parent / pending.ANSWERS)
            for note in found.notes[len(self.record.notes) :]:
                work.tally.note(note, found.id)
            self.record = found

    def know(self, source: str, outcome: ProgramOutcome) -> None:
        """Take over a recorded outcome of a program."""
        if source not in self._outcomes:
            self._outcomes[source] = Future()
            self._outcomes[source].set_result(outcome)

    def score(self, work: Work, source: str) -> ProgramOutcome:
        """Return the outcome of a program; raises JudgeError."""
        with self._lock:
            known = self._outcomes.get(source)
            future = known or self._outcomes.setdefault(source, Future())
        if known is None:
            try:
                future.set_result(work.place.judged(self.record.problem, source, work.setup.rules))
            except BaseException as error:  # noqa: BLE001 - raised again for every caller
                with self._lock:
                    del self._outcomes[source]
                future.set_exception(error)
        return future.result()

    def key(self, source: str | None) -> str:
        """Return a digest that identifies an attempt: the problem with its tests, and the given program."""
        given = hashlib.sha256(source.encode()).hexdigest() if source is not None else "draft"
        return f"{self.digest[:32]}-{given[:32]}"


@dataclass(frozen=True, slots=True)
class Work:
    """What all attempts of a run share."""

    store: Store
    run: str
    setup: Setup
    options: Options
    place: Place
    total: Meter
    resumed: bool
    tally: Tally = field(default_factory=Tally)
    """Faults and notes about rows, counted by kind."""
    warn: Callable[[str], None] = field(default=lambda _: None)
    doing: Callable[[str, str], None] = field(default=lambda label, what: None)
    """Called from the threads of attempts with the label of one and what it is doing."""


@dataclass(frozen=True, slots=True)
class AttemptTask:
    """An attempt to be made."""

    scorer: Scorer
    number: int
    sample: int
    source: str | None
    """None where a model drafts the program."""

    @property
    def label(self) -> str:
        """Its name within the run."""
        return label(self.scorer.record.problem.slug, self.sample)


def label(slug: str, sample: int) -> str:
    """Return the name of an attempt within its run."""
    return f"{slug} #{sample}"


def attempt(work: Work, task: AttemptTask) -> Attempt:
    """Make an attempt. A failing judge or model is part of it; raises UsageError, and errors that end the whole run."""
    began = time.monotonic()
    work.doing(task.label, "judging" if task.source is not None else "drafting")
    record = task.scorer.record
    problem = record.problem
    found = Attempt(
        number=task.number,
        slug=problem.slug,
        sample=task.sample,
        key=task.scorer.key(task.source),
        status="done",
        difficulty=problem.difficulty,
        tags=problem.tags,
        kind=record.kind,
        source=task.source,
    )
    try:
        task.scorer.settle(work)
        if task.source is not None:
            found = replace(found, before=task.scorer.score(work, task.source))
        if work.setup.refine or task.source is None:
            found = _refined(work, task, found)
    except (UsageError, BudgetExhausted) as error:
        if not isinstance(error, ProblemError):
            raise
        found = replace(found, status="failed", error=str(error))
    except Exception as error:  # noqa: BLE001 - an unexpected error costs this attempt, and not the others
        found = replace(found, status="failed", error=describe(error), spent=_paid(work, task))
    said = found.source if found.refined is None else found.refined
    if said is not None:
        found = replace(found, answer=PromptedKind.of(problem).final_answer(problem, said))
    return replace(found, spent=replace(found.spent, seconds=time.monotonic() - began))


def _refined(work: Work, task: AttemptTask, found: Attempt) -> Attempt:
    judge = work.place.judge
    assert judge is not None
    started = _begun(work, task, judge.backend)
    found = replace(found, refinement=started.run)
    observers = Observers(on_progress=lambda it: work.doing(task.label, it.doing), warn=work.warn)

    def run(problem: Problem) -> Result:
        again = started if problem is started.problem else _begun(work, task, judge.backend, problem)
        again = _searched(work, again)
        result = tasks.go_on(work.store, again, judge, observers, work.total)
        if result.exhausted and result.exhausted.limit.startswith(TOTAL):
            raise_ending(ending_of(result.exhausted))
        return result

    oracle = task.scorer.record.oracle
    if work.setup.ask_oracle and oracle:
        asked = asking.refine_asking(started.problem, judge, run, asking.by_a_program(judge, oracle))
    else:
        asked = asking.Asked(started.problem, (run(started.problem),))
    result = asked.result
    found = replace(found, source=result.original.source, spent=_spent(asked.results))
    if found.before is None:
        found = replace(found, before=task.scorer.score(work, result.original.source))
    if work.setup.refine:
        found = replace(found, refined=result.source, after=task.scorer.score(work, result.source))
    return replace(found, status="failed", error=str(result.failure)) if result.failure else found


def _searched(work: Work, begun: tasks.RecordedRun) -> tasks.RecordedRun:
    """Have the nodes of a cluster do the part of a refinement that needs no model, and so no key."""
    if work.place.searched is None or not set(work.options.models) <= {"search"}:
        return begun
    write(work.store, begun.run, work.place.searched(begun))
    return replace(begun, recorded=tuple(listing.recorded(work.store, begun.run)))


def _begun(work: Work, task: AttemptTask, backend: str, harder: Problem | None = None) -> tasks.RecordedRun:
    """Return the refinement that was begun for an attempt, or a new one; `harder` is the problem with further tests."""
    problem = harder or task.scorer.record.problem.without_hidden()
    options = replace(work.options, engine=replace(work.options.engine, sample=_sample(work.setup, task)))
    if work.setup.ask_oracle:
        options = asking.with_several(options)
    if not work.setup.refine:
        options = replace(options, max_iterations=0, harden=False, shrink=False)  # only the draft
    earlier = rows.refinement(work.store, work.run, task.label) if work.resumed else None
    if earlier:
        begun = tasks.load(work.store, earlier)
        if begun.source == task.source and snapshot.digest(begun.problem) == snapshot.digest(problem):
            return replace(begun, options=options)
    fields = {"backend": backend, "parent": work.run, "label": task.label}
    run = listing.begin(work.store, problem, task.source, options.to_json(), **fields)
    return tasks.RecordedRun(run, problem, task.source, options, backend)


def _paid(work: Work, task: AttemptTask) -> Spent:
    """Return the cost of the calls before a model or the judge failed."""
    run = rows.refinement(work.store, work.run, task.label)
    return Spent(**rows.calls(work.store, run)) if run else Spent()


def _sample(setup: Setup, task: AttemptTask) -> int:
    """Return the sample number: several drafts are all sampled; a single one is the model's likeliest."""
    return task.sample if setup.drafts > 1 else 0


def _spent(results: Sequence[Result]) -> Spent:
    costs = [result.cost_usd for result in results if result.cost_usd is not None]
    return Spent(
        calls=sum(result.calls for result in results),
        cached=sum(result.cached for result in results),
        prompt_tokens=sum(result.prompt_tokens for result in results),
        completion_tokens=sum(result.completion_tokens for result in results),
        cost_usd=sum(costs) if len(costs) == len(results) else None,
        candidates=sum(result.candidates for result in results),
    )
