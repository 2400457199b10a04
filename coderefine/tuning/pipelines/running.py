"""Runs in the store that learn a pipeline: begun, resumed from what is recorded, ended.

The record of such a run consists of the outcomes of pipelines on programs, each a row of `checks`, and of the
refinements below it. A refinement that was under way when the process died is resumed from its own record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import coderefine
from coderefine.accidents import Accidents
from coderefine.budget import TOTAL, Meter
from coderefine.errors import UsageError
from coderefine.formats.record import Record
from coderefine.judge.judge import Judge
from coderefine.outside import name_of
from coderefine.pipeline.graph import Pipeline
from coderefine.record.journal import key_of
from coderefine.record.store import Store, read_column
from coderefine.refining.observers import Observers
from coderefine.runs import listing, tasks
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.tuning.pipelines.learning import LearnOptions, LearnStep, Learnt, learn
from coderefine.tuning.pipelines.programs import Program, parts, programs
from coderefine.tuning.pipelines.space import Space
from coderefine.tuning.pipelines.worth import Outcome, Weights
from coderefine.tuning.running import KIND

PIPELINE = "pipeline"
"""Marks such a run, where other tuning runs tune a prompt."""

_SPENT = """
SELECT COUNT(*) AS calls, CAST(TOTAL(it.prompt_tokens + it.completion_tokens) AS INTEGER) AS tokens,
    TOTAL(it.cost_usd) AS usd, TOTAL(CASE WHEN calls.cached_from IS NULL THEN 0 ELSE it.seconds END) AS cached_s
FROM calls JOIN calls AS it ON it.id = COALESCE(calls.cached_from, calls.id)
WHERE calls.run = ? AND calls.status IN ('answered', 'unusable', 'cached')
"""
_PAID = """
SELECT calls.prompt_tokens, calls.completion_tokens, calls.cost_usd FROM calls JOIN runs ON calls.run = runs.id
WHERE runs.parent = ? AND runs.status = 'done' AND calls.status IN ('answered', 'unusable')
"""


@dataclass(frozen=True, slots=True)
class PipelineSetup:
    """The set-up of such a run; the engines are among the options of a refinement."""

    problems: str
    format: str | None = None
    sizes: tuple[int, ...] | None = None
    """The sizes of the three parts, in problems; None takes shares of the set."""
    options: LearnOptions = field(default_factory=LearnOptions)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data, with an absolute path."""
        return asdict(self) | {"tuned": PIPELINE, "problems": str(Path(self.problems).absolute())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        options = {**data["options"], "weights": Weights(**data["options"]["weights"])}
        sizes = tuple(data["sizes"]) if data["sizes"] else None
        return cls(data["problems"], data["format"], sizes, LearnOptions(**options))


def begin(store: Store, setup: PipelineSetup, options: Options, backend: str) -> str:
    """Add a run; return its id. The set takes the place of the run's problem."""
    described = json.dumps({"set": [setup.to_json()["problems"]]})
    digest, slug = hashlib.sha256(described.encode()).hexdigest(), name_of(Path(setup.problems))
    store.insert("problems", {"digest": digest, "slug": slug, "data": described}, or_ignore=True)
    asked = {**options.to_json(), KIND: setup.to_json()}
    columns = {"kind": KIND, "version": coderefine.__version__, "problem": digest, "slug": slug}
    return listing.add(store, {**columns, "options": json.dumps(asked), "backend": backend})


def is_one(store: Store, name: str) -> bool:
    """Whether a run learns a pipeline; raises UsageError where there is no such run."""
    (row,) = store.rows("SELECT kind, options FROM runs WHERE id = ?", listing.find(store, name))
    return row["kind"] == KIND and bool(read_column(row["options"])[KIND].get("tuned") == PIPELINE)


def load(store: Store, name: str) -> tuple[str, PipelineSetup, Options]:
    """Return the id of a run and its set-up; raises UsageError for any other run."""
    run = listing.find(store, name, KIND)
    if not is_one(store, run):
        raise UsageError(f"{run} learns no pipeline; look at it by: coderefine runs show {run}")
    options = read_column(store.rows("SELECT options FROM runs WHERE id = ?", run)[0]["options"])
    setup = PipelineSetup.from_json(options.pop(KIND))
    return run, setup, Options.from_json(options)


def go_on(
    store: Store,
    run: str,
    setup: PipelineSetup,
    options: Options,
    records: Sequence[Record],
    judge: Judge,
    on_step: Callable[[LearnStep], None],
    warn: Callable[[str], None],
) -> Learnt:
    """Learn, or do the rest of it, and record it.

    Raises what `refine` and `Judge.run` raise, and UsageError where another process has the run; in each case the run
    can be resumed.
    """
    accidents = Accidents(warn)
    cases = parts(programs(records), setup.sizes, setup.options.seed)
    with listing.lock_run(store, run):
        rows.go_on(store, run, judge.backend)
        meter = Meter(options.budget)
        for paid in store.rows(_PAID, run):
            meter.add_call(paid["prompt_tokens"], paid["completion_tokens"], paid["cost_usd"])
        trials = Trials(store, run, options, judge, meter, warn)

        def step_ended(step: LearnStep) -> None:
            with accidents.survive("reporting a step"):
                on_step(step)

        try:
            found = learn(Space.of(options.models), cases, trials.outcomes, setup.options, step_ended)
        except BaseException as error:
            rows.end(store, run, error, None)
            raise
        rows.end(store, run, found.exhausted, found.to_json())
        return found


class Trials:
    """Tries pipelines on programs, each pair once."""

    def __init__(
        self, store: Store, run: str, options: Options, judge: Judge, meter: Meter, warn: Callable[[str], None]
    ) -> None:
        """What is recorded of the run is not done again."""
        self._store, self._run, self._options, self._judge = store, run, options, judge
        self._meter, self._observers = meter, Observers(warn=warn)
        known = store.rows("SELECT key, outcome FROM checks WHERE run = ?", run)
        self._known = {row["key"]: Outcome(**read_column(row["outcome"])) for row in known}

    def outcomes(self, pipeline: Pipeline, programs: Sequence[Program]) -> list[Outcome]:
        """Return the outcomes of a pipeline on some programs, tried one after another, so that times can be compared.

        Raises BudgetExhausted, KeyboardInterrupt, and what `refine` and `Judge.run` raise.
        """
        return [self._outcome(pipeline, program) for program in programs]

    def _outcome(self, pipeline: Pipeline, program: Program) -> Outcome:
        key = key_of(PIPELINE, pipeline.off, pipeline.models, program.problem.slug, program.source)
        if key not in self._known:
            self._meter.check_time()
            found = self._tried(pipeline, program, key)
            row = {"run": self._run, "step": 0, "key": key, "outcome": json.dumps(asdict(found))}
            self._store.insert("checks", {**row, "candidates": 0, "at_s": 0.0})
            self._known[key] = found
            if not found.calls:  # calls stay, for other pipelines that make the same ones
                sql = "DELETE FROM runs WHERE parent = ? AND label = ?"
                # last, because a refinement that is recorded nowhere would be tried again
                self._store.execute(sql, self._run, key)
        return self._known[key]

    def _tried(self, pipeline: Pipeline, program: Program, key: str) -> Outcome:
        begun = self._begun(pipeline, program, key)
        result = tasks.go_on(self._store, begun, self._judge, self._observers, self._meter)
        if result.interrupted:
            raise KeyboardInterrupt
        if result.exhausted and result.exhausted.limit.startswith(TOTAL):
            raise result.exhausted
        if result.failure:
            raise result.failure
        solved = result.accepted and self._judge.run(program.problem, result.source, "all").accepted
        (spent,) = self._store.rows(_SPENT, begun.run)
        seconds = result.seconds + spent.pop("cached_s")
        return Outcome(solved, round(seconds, 3), **spent)

    def _begun(self, pipeline: Pipeline, program: Program, key: str) -> tasks.RecordedRun:
        """Return the refinement that was under way, or a new one, which reuses the same calls of other pipelines."""
        if earlier := rows.refinement(self._store, self._run, key):
            return tasks.load(self._store, earlier)
        engine = replace(self._options.engine, pipeline=replace(pipeline, models=()))
        options = replace(self._options, models=pipeline.models, engine=engine, cache=True)
        fields = {"backend": self._judge.backend, "parent": self._run, "label": key}
        run = listing.begin(self._store, program.problem, program.source, options.to_json(), **fields)
        return tasks.RecordedRun(run, program.problem.without_hidden(), program.source, options, self._judge.backend)
