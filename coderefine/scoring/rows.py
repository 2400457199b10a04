"""Scoring runs in the store: begun, continued, read back. A row of `scores` is a finished attempt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import coderefine
from coderefine.errors import UsageError
from coderefine.record.endings import ending_of
from coderefine.record.store import Store, read_column
from coderefine.record.writer import now
from coderefine.runs import listing
from coderefine.runs.tasks import Options
from coderefine.scoring.outcome import Attempt
from coderefine.scoring.setup import Setup

KIND = "score"


def begin(store: Store, setup: Setup, options: Options, backend: str) -> str:
    """Add a scoring run; return its id. The set takes the place of the run's problem."""
    described = json.dumps({"set": setup.to_json()["problems"]})
    digest = hashlib.sha256(described.encode()).hexdigest()
    store.insert("problems", {"digest": digest, "slug": setup.name, "data": described}, or_ignore=True)
    asked = {**options.to_json(), "score": setup.to_json()}
    columns = {"kind": KIND, "version": coderefine.__version__, "problem": digest, "slug": setup.name}
    return listing.add(store, {**columns, "options": json.dumps(asked), "backend": backend})


def load(store: Store, name: str) -> tuple[str, Setup, Options]:
    """Return the id of a scoring run and its set-up; raises UsageError for any other run."""
    run = listing.find(store, name, KIND)
    (row,) = store.rows("SELECT kind, options FROM runs WHERE id = ?", run)
    if row["kind"] != KIND:
        raise UsageError(f"{run} is no scoring run; go on with it by: coderefine resume {run}")
    options = read_column(row["options"])
    setup = options.pop("score")
    return run, Setup.from_json(setup), Options.from_json(options)


def go_on(store: Store, run: str, backend: str) -> None:
    """Record that a run is continued."""
    sql = "UPDATE runs SET status = 'running', backend = ?, ended_at = NULL, ending = NULL, result = NULL WHERE id = ?"
    store.execute(sql, backend, run)


def end(store: Store, run: str, error: BaseException | None, result: dict[str, Any] | None) -> None:
    """Record how a run ended."""
    status = "done" if error is None else "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
    ending = json.dumps(ending_of(error)) if error else None
    written = json.dumps(result) if result else None
    sql = "UPDATE runs SET status = ?, ending = ?, ended_at = ?, result = ? WHERE id = ?"
    store.execute(sql, status, ending, now(), written, run)


def write(store: Store, run: str, attempts: Sequence[Attempt]) -> None:
    """Write finished attempts together; they replace earlier ones with the same numbers."""
    store.replace_all("scores", [{"run": run, **attempt.row()} for attempt in attempts])


def discard(store: Store, run: str) -> None:
    """Remove a run in which nothing was done, for lack of anything to do."""
    store.execute("DELETE FROM runs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM scores WHERE run = runs.id)", run)


def forget(store: Store, run: str, slugs: Sequence[str]) -> None:
    """Remove the records of some problems, with their refinements; of all problems where `slugs` is empty."""
    if not slugs:
        store.execute("DELETE FROM scores WHERE run = ?", run)
        store.execute("DELETE FROM runs WHERE parent = ?", run)
    for slug in slugs:
        store.execute("DELETE FROM scores WHERE run = ? AND slug = ?", run, slug)
        store.execute("DELETE FROM runs WHERE parent = ? AND slug = ?", run, slug)


def of_problem(store: Store, run: str, slug: str) -> list[dict[str, Any]]:
    """Return the attempts at one problem."""
    return store.rows("SELECT * FROM scores WHERE run = ? AND slug = ? ORDER BY sample", run, slug)


def every(store: Store, run: str) -> Iterator[dict[str, Any]]:
    """Yield all attempts, problem by problem in the order of the set."""
    for row in store.stream("SELECT * FROM scores WHERE run = ? ORDER BY number, sample", run):
        yield row | {"tags": read_column(row["tags"])}


def refinement(store: Store, run: str, label: str) -> str | None:
    """Return the newest refinement with that label; None where there is none."""
    rows = store.rows("SELECT id FROM runs WHERE parent = ? AND label = ? ORDER BY rowid DESC LIMIT 1", run, label)
    return rows[0]["id"] if rows else None


def spent(store: Store, run: str) -> dict[str, Any]:
    """Return the total cost of a run's finished attempts; others count when they are continued."""
    sums = ("calls", "cached", "prompt_tokens", "completion_tokens")
    columns = ", ".join(f"CAST(TOTAL({name}) AS INTEGER) AS {name}" for name in sums)
    sql = f"SELECT {columns}, TOTAL(cost_usd) AS cost_usd, COUNT(*) - COUNT(cost_usd) AS unknown FROM scores"  # noqa: S608
    (row,) = store.rows(f"{sql} WHERE run = ? AND status = 'done'", run)
    return row


def calls(store: Store, run: str) -> dict[str, Any]:
    """Return the totals of a refinement's calls."""
    sql = (
        "SELECT COUNT(*) AS calls, CAST(TOTAL(prompt_tokens) AS INTEGER) AS prompt_tokens, "
        "CAST(TOTAL(completion_tokens) AS INTEGER) AS completion_tokens, "
        "CASE WHEN COUNT(*) = COUNT(cost_usd) THEN TOTAL(cost_usd) END AS cost_usd "
        "FROM calls WHERE run = ? AND status IN ('answered', 'unusable')"
    )
    return store.rows(sql, run)[0]
