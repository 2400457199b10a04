"""Runs that are recorded: started, resumed where they ended, and replayed without a model or a network."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Self

from coderefine.accidents import Accidents
from coderefine.budget import Budget, Meter
from coderefine.engine import EngineOptions
from coderefine.errors import NotRecordedError, UsageError
from coderefine.evolution.options import EvolutionOptions
from coderefine.judge.judge import Judge
from coderefine.judge.worker import Worker
from coderefine.loop import refine
from coderefine.models.secrets import public_address
from coderefine.pipeline.graph import Pipeline
from coderefine.problem.problem import Problem
from coderefine.record.journal import Journal, JournalRow
from coderefine.record.store import Store, read_column
from coderefine.record.writer import RECORDING, UNRECORDED, CarriedRecording, Recording
from coderefine.refining.observers import SILENT, Observers
from coderefine.refining.options import RefineOptions
from coderefine.result import Result
from coderefine.runs import listing


@dataclass(frozen=True, slots=True)
class Options(RefineOptions):
    """The options of a run; they are recorded, so they contain no secret."""

    models: tuple[str, ...] = ("search",)
    cache: bool = False
    """Whether calls that an earlier run made are answered from the store."""
    command: dict[str, Any] = field(default_factory=dict)
    """What the command line needs to repeat the command, such as the file to write to. JSON-ready."""

    def to_json(self) -> dict[str, Any]:
        """Return them as JSON-ready data, without parts of addresses that may be secret."""
        return asdict(replace(self, api_base=public_address(self.api_base)))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild options from `to_json`."""
        engine = {**data.get("engine", {})}
        engine["constraints"] = tuple(engine.get("constraints", ()))
        engine["pipeline"] = Pipeline(**{name: tuple(it) for name, it in engine.get("pipeline", {}).items()})
        read: dict[str, Any] = {"models": tuple(data["models"]), "budget": Budget(**data["budget"])}
        read["engine"] = EngineOptions(**engine)
        evolution: dict[str, Any] = {
            name: tuple(it) if isinstance(it, list) else it for name, it in data.get("evolution", {}).items()
        }
        read["evolution"] = EvolutionOptions(**evolution)
        read["harden"] = data.get("harden", False)  # runs of a version without it are resumed without it
        read["shrink"] = data.get("shrink", False)
        return cls(**{**data, **read})


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A recorded run: what was asked for, and what it has done so far."""

    run: str
    problem: Problem
    """Without hidden tests."""
    source: str | None
    options: Options
    backend: str
    recorded: tuple[tuple[Any, JournalRow], ...] = ()
    ending: dict[str, str] | None = None
    result: dict[str, Any] | None = None
    """How the run ended, in brief; None where it was killed."""


def load(store: Store, name: str, instead: str = "go on with it by: coderefine score --resume") -> RecordedRun:
    """Return the run of that id, unique prefix, or `last`; raises UsageError where there is none.

    `instead` is the beginning of the advice for a run that scores a set of problems; the id follows it.
    """
    run = listing.find(store, name)
    row = store.rows("SELECT kind, source, options, ending, result, backend FROM runs WHERE id = ?", run)[0]
    if row["kind"] != "refine":
        if row["kind"] == "tune":
            raise UsageError(f"{run} tunes a prompt; go on with it by: coderefine tune --resume {run}")
        raise UsageError(f"{run} scores a set of problems, {instead} {run}")
    return RecordedRun(
        run=run,
        problem=listing.problem_of(store, run),
        source=row["source"],
        options=Options.from_json(read_column(row["options"])),
        backend=row["backend"],
        recorded=tuple(listing.recorded(store, run)),
        ending=read_column(row["ending"]) if row["ending"] else None,
        result=read_column(row["result"]) if row["result"] else None,
    )


def begin(
    store: Store | None,
    problem: Problem,
    source: str | None,
    options: Options,
    backend: str,
    warn: Callable[[str], None] = lambda _: None,
) -> RecordedRun:
    """Add a run to the store; where there is no store, or it fails, the task has no id and is not recorded."""
    problem = problem.without_hidden()
    run = ""
    if store is not None:
        with Accidents(warn).survive(RECORDING, UNRECORDED):
            run = listing.begin(store, problem, source, options.to_json(), backend=backend)
    return RecordedRun(run, problem, source, options, backend)


def go_on(
    store: Store | None, task: RecordedRun, judge: Judge, observers: Observers = SILENT, total: Meter | None = None
) -> Result:
    """Do a task, or the rest of it, and record it; what is recorded is not done or paid again.

    `total` is the meter of several tasks together. Raises what `refine` raises, and UsageError where another process
    has the run.
    """
    accidents = Accidents(observers.warn)
    with ExitStack() as stack:
        recording = None
        if store is not None and task.run:
            with accidents.survive(RECORDING, UNRECORDED, but=UsageError):
                stack.enter_context(accidents.within("unlocking the run", listing.lock_run(store, task.run)))
                recording = Recording(store, task.run, observers.warn)
                recording.begin(judge.backend)
        find = partial(_find_cached, store, accidents) if store is not None and task.options.cache else None
        journal = stack.enter_context(Journal(recording, task.recorded, find_cached=find, warn=observers.warn))
        result = _refine(task, judge, journal, observers, total)
        journal.finish(result)
        return result


def carried(task: RecordedRun, judge: Judge) -> list[tuple[str, JournalRow]]:
    """Do a task, or the rest of it, on another machine than its store; return the rows that `writer.write` writes
    there.

    Once they are written, `go_on` finds all of it done. Raises what `refine` raises.
    """
    recording = CarriedRecording()
    with Journal(recording, task.recorded) as journal:
        journal.finish(_refine(task, judge, journal, SILENT))
    return recording.rows


def replay(task: RecordedRun, observers: Observers = SILENT) -> Result:
    """Do a recorded run again from its record alone: with the same result, except for the time that it took.

    Raises NotRecordedError where something that is needed is not recorded, and the error that ended the recorded run.
    """
    judge = Judge(task.backend, _no_worker, workers=1)
    # The recorded work was within its budget, and the way it ended is recorded as well.
    unlimited = replace(task, options=replace(task.options, budget=Budget()))
    result = _refine(unlimited, judge, Journal(None, task.recorded, replay=True, ending=task.ending), observers)
    if isinstance(result.failure, NotRecordedError):
        raise result.failure
    return result


def _refine(
    task: RecordedRun, judge: Judge, journal: Journal, observers: Observers, total: Meter | None = None
) -> Result:
    return refine(
        task.problem,
        task.source,
        judge=judge,
        engines=task.options.models,
        options=task.options,
        observers=observers,
        journal=journal,
        total=total,
    )


def _find_cached(store: Store, accidents: Accidents, key: str, api_base: str | None) -> JournalRow | None:
    with accidents.survive("looking up an answer in the store", "the model is asked"):
        return listing.find_cached(store, key, api_base)
    return None


def _no_worker(memory_mib: int) -> Worker:
    raise NotRecordedError("a replay runs nothing")
