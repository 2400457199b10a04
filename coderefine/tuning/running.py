"""Tuning runs in the store: begun, resumed from what is recorded, ended.

The record of a run consists of its calls. A resumed run takes the same steps again, and recorded answers are used, so
that nothing is paid twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import coderefine
from coderefine.accidents import Accidents
from coderefine.budget import Meter
from coderefine.descent.models import open_model
from coderefine.errors import UsageError
from coderefine.formats.record import Record
from coderefine.judge.judge import Judge
from coderefine.models.model import Model
from coderefine.models.server import Servers
from coderefine.outside import name_of
from coderefine.record.journal import Journal
from coderefine.record.store import Store, read_column
from coderefine.record.writer import Recording
from coderefine.runs import listing
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.tuning.counting import CountingModel
from coderefine.tuning.evaluating import Evaluator
from coderefine.tuning.repairing import RepairEvaluator
from coderefine.tuning.setup import PROMPT, TuneSetup
from coderefine.tuning.split import split
from coderefine.tuning.tuning import Tuned, TuneStep, tune

KIND = "tune"


def begin(store: Store, setup: TuneSetup, options: Options, backend: str) -> str:
    """Add a tuning run; return its id. The set takes the place of the run's problem."""
    described = json.dumps({"set": [setup.to_json()["problems"]]})
    digest, slug = hashlib.sha256(described.encode()).hexdigest(), name_of(Path(setup.problems))
    store.insert("problems", {"digest": digest, "slug": slug, "data": described}, or_ignore=True)
    asked = {**options.to_json(), KIND: setup.to_json()}
    columns = {"kind": KIND, "version": coderefine.__version__, "problem": digest, "slug": slug, "source": setup.prompt}
    return listing.add(store, {**columns, "options": json.dumps(asked), "backend": backend})


def load(store: Store, name: str) -> tuple[str, TuneSetup, Options]:
    """Return the id of a tuning run and its set-up; raises UsageError for any other run."""
    run = listing.find(store, name, KIND)
    (row,) = store.rows("SELECT kind, options FROM runs WHERE id = ?", run)
    if row["kind"] != KIND:
        raise UsageError(f"{run} tunes no prompt; look at it by: coderefine runs show {run}")
    options = read_column(row["options"])
    setup = options.pop(KIND)
    return run, TuneSetup.from_json(setup), Options.from_json(options)


def result(store: Store, run: str) -> dict[str, Any] | None:
    """Return the recorded result, as `Tuned.to_json` writes it; None for a run that was killed or failed."""
    (row,) = store.rows("SELECT result FROM runs WHERE id = ?", run)
    found: dict[str, Any] | None = read_column(row["result"]) if row["result"] else None
    return found


def go_on(
    store: Store,
    run: str,
    setup: TuneSetup,
    options: Options,
    records: Sequence[Record],
    judge: Judge,
    on_step: Callable[[TuneStep], None],
    warn: Callable[[str], None],
) -> Tuned:
    """Tune, or do the rest of it, and record it.

    Raises what `tune` raises, and UsageError where another process has the run; in each case the run can be resumed.
    """
    meter, counted, servers, accidents = Meter(options.budget), Meter(), Servers(), Accidents(warn)
    parts = split([record.problem for record in records], setup.sizes, setup.options.seed)
    find = partial(_find_cached, store, accidents) if options.cache else None
    with listing.lock_run(store, run):
        recording = Recording(store, run, warn)
        recording.begin(judge.backend)
        with Journal(recording, listing.recorded(store, run), find_cached=find, warn=warn) as journal:
            journal.charge(meter)

            def opened(name: str) -> Model:
                model = open_model(
                    name,
                    api_base=options.api_base,
                    meter=meter,
                    journal=journal,
                    timeout_s=options.engine.timeout_s,
                    answer_tokens=options.engine.answer_tokens,
                    context_tokens=options.engine.context_tokens,
                    server=servers.of(name, options.api_base),
                )
                return CountingModel(model, counted)

            def step_ended(step: TuneStep) -> None:
                journal.step = step.number + 1
                with accidents.survive("reporting a step"):
                    on_step(step)

            model = opened(options.models[0])
            forward = opened(setup.forward_model) if setup.forward_model else model
            evaluator = Evaluator(forward, judge)
            if setup.tuned != PROMPT:
                wrong = {it.problem.slug: it.buggy for it in records}
                evaluator = RepairEvaluator(forward, judge, programs=wrong, tuned=setup.tuned)
            found = tune(setup.prompt, parts, evaluator, model, counted, setup.options, step_ended)
        rows.end(store, run, found.exhausted, found.to_json())
        return found


def _find_cached(store: Store, accidents: Accidents, key: str, api_base: str | None) -> dict[str, Any] | None:
    with accidents.survive("looking up an answer in the store", "the model is asked"):
        return listing.find_cached(store, key, api_base)
    return None
