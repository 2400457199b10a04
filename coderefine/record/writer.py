"""Records one run as it happens.

A store that fails is reported once and then no longer used: a run is never lost because of its journal.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from coderefine.accidents import Accidents
from coderefine.engine import StepReport
from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.record.store import Store
from coderefine.result import Iteration, Result

RECORDING = "recording"
"""The subject of warnings about recording."""
UNRECORDED = "the run goes on, but what follows is not recorded and it cannot be resumed"

_LEAST_PATIENCE_S = 1.0
"""Seconds that another process may keep the store when the run's time is over."""


def now() -> str:
    """Return the time in UTC, as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Recording:
    """Writes the rows of one run. Nothing here raises; ids are 0 once recording has failed."""

    def __init__(self, store: Store, run: str, warn: Callable[[str], None]) -> None:
        """`warn` is called once, where recording fails."""
        self.run = run
        self.seconds_left: Callable[[], float] = lambda: math.inf
        """Returns the rest of the run's time, which includes waiting for another process to write."""
        self._store = store
        self._accidents = Accidents(warn)

    def begin(self, backend: str) -> None:
        """Record that the run begins or continues, and where."""
        sql = (
            "UPDATE runs SET status = 'running', backend = ?, ended_at = NULL, ending = NULL, verdict = NULL, "
            "result = NULL WHERE id = ?"
        )
        self._try(lambda: self._execute(sql, backend, self.run))

    def begin_call(self, row: dict[str, Any]) -> int:
        """Record that a call is about to be made; return its id."""
        return self._insert("calls", lambda: {**row, "began_at": now(), "status": "begun"})

    def end_call(self, call: int, row: dict[str, Any]) -> None:
        """Record the outcome of a call."""
        columns = ", ".join(f"{name} = ?" for name in row)
        self._try(lambda: self._execute(f"UPDATE calls SET {columns} WHERE id = ?", *row.values(), call))  # noqa: S608

    def add_call(self, row: dict[str, Any]) -> None:
        """Record a call that the store answered."""
        self._insert("calls", lambda: {**row, "began_at": now()})

    def report(self, row: dict[str, Any], report: TestReport) -> int:
        """Record the report on a program; return the row's id."""

        def columns() -> dict[str, Any]:
            verdict = {"tests": report.tests, "verdict": report.verdict, "passed": report.passed, "total": report.total}
            return {**row, **verdict, "report": json.dumps(report.to_json())}

        return self._insert("reports", columns)

    def search(self, row: dict[str, Any], patches: tuple[Patch, ...], step_report: StepReport) -> None:
        """Record the patches of an engine without calls."""

        def columns() -> dict[str, Any]:
            written = json.dumps([{"after": patch.after, "note": patch.note} for patch in patches])
            return {**row, "patches": written, "account": json.dumps(step_report.to_json())}

        self._insert("searches", columns)

    def check(self, row: dict[str, Any], outcome: dict[str, Any]) -> None:
        """Record the outcome of hardening."""
        self._insert("checks", lambda: {**row, "outcome": json.dumps(outcome)})

    def step(self, iteration: Iteration) -> None:
        """Record a finished step, once."""
        row = {"number": iteration.number, "engine": iteration.engine, "criticism": iteration.criticism}
        self._insert("steps", lambda: row, or_ignore=True)

    def end(self, status: str, ending: dict[str, str] | None, result: Result | None = None) -> None:
        """Record how the run ended."""

        def write() -> int:
            written = json.dumps(brief(result)) if result else None
            verdict = result.verdict if result else None
            return self._execute(
                "UPDATE runs SET status = ?, ending = ?, ended_at = ?, verdict = ?, result = ? WHERE id = ?",
                *(status, json.dumps(ending) if ending else None, now(), verdict, written, self.run),
            )

        self._try(write)

    def _insert(self, table: str, columns: Callable[[], dict[str, Any]], *, or_ignore: bool = False) -> int:
        def insert() -> int:
            row = {"run": self.run, **columns()}
            return self._store.insert(table, row, or_ignore=or_ignore, patience_s=self._patience_s())

        return self._try(insert)

    def _execute(self, sql: str, *parameters: object) -> int:
        return self._store.execute(sql, *parameters, patience_s=self._patience_s())

    def _patience_s(self) -> float:
        return min(self._store.patience_s, max(_LEAST_PATIENCE_S, self.seconds_left()))

    def _try(self, write: Callable[[], int]) -> int:
        if RECORDING not in self._accidents:
            with self._accidents.survive(RECORDING, UNRECORDED):
                return write()
        return 0


class CarriedRecording(Recording):
    """The rows of a run on another machine than its store, to be written to the store afterwards.

    Ids are negative: `write` replaces them by those of the store.
    """

    def __init__(self) -> None:
        """Begin without rows."""
        self.rows: list[tuple[str, dict[str, Any]]] = []
        """(table, columns) of each row, in order."""
        self.seconds_left = lambda: math.inf
        self._accidents = Accidents(lambda _: None)

    def _insert(self, table: str, columns: Callable[[], dict[str, Any]], *, or_ignore: bool = False) -> int:
        self.rows.append((table, columns()))
        return -len(self.rows)

    def _execute(self, sql: str, *parameters: object) -> int:
        return 0  # the run's status is written on the store's machine


def write(store: Store, run: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Write the rows of a `CarriedRecording`; raises StoreError."""
    ids: dict[int, int] = {}
    for number, (table, row) in enumerate(rows, 1):
        base = {"base": ids.get(row["base"], row["base"])} if "base" in row else {}
        ids[-number] = store.insert(table, {"run": run, **row, **base}, or_ignore=table == "steps")


def brief(result: Result) -> dict[str, Any]:
    """Return the JSON form of a result without its steps and calls, which the store has in full."""
    return {name: value for name, value in result.to_json().items() if name not in ("iterations", "log")}
