"""The memory of a run: each piece of its work is done once, written down, and read back from then on.

The loop runs the same way whether it is new, resumed or replayed. Before it calls a model, search or judge, it asks the
journal: what is recorded is returned instead, in the order in which it was recorded, and its cost counts without being
paid again. A new run has no records; a resumed run continues live where its record ends; a replayed run ends there as
the recorded run ended. One journal serves one refinement, whose threads may share it: pieces of work that run in
parallel must differ in their keys.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal, Self, TypeVar

from coderefine.accidents import Accidents, describe
from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, Optimizer, StepReport
from coderefine.errors import Accident, CoderefineError, NotRecordedError
from coderefine.harden.hardening import Hardening
from coderefine.interrupts import uninterrupted
from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.record.endings import ending_of, raise_ending
from coderefine.record.store import read_column
from coderefine.record.writer import Recording
from coderefine.result import Iteration, Result

RowKind = Literal["call", "report", "search", "check"]
"""What a row of a record is of."""
JournalRow = dict[str, Any]
"""A row of a record, as JSON has it."""
T = TypeVar("T")


def key_of(*parts: object) -> str:
    """Return the key of a piece of work: a digest of everything that it depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Journal:
    """A run's record, read and written. Without arguments it remembers nothing. A context manager."""

    def __init__(
        self,
        recording: Recording | None = None,
        recorded: Iterable[tuple[RowKind, JournalRow]] = (),
        *,
        replay: bool = False,
        ending: dict[str, str] | None = None,
        find_cached: Callable[[str, str | None], JournalRow | None] | None = None,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`recorded` are the rows of the run's record, each kind in order.

        With `replay`, nothing is done live, and `ending` says how the recorded run ended. `find_cached(key, api_base)`
        finds an answer of an earlier run.
        """
        self.recording = recording
        self.find_cached = find_cached
        self.step = 0
        """The current step; 0 before the first."""
        self._replay = replay
        self._ending = ending
        self._warn = warn
        self._accidents = Accidents(warn)
        self._recorded: dict[tuple[RowKind, str], deque[JournalRow]] = defaultdict(deque)
        self._last_done_s = 0.0
        for kind, row in recorded:
            self._recorded[kind, row["key"]].append(row)
            if not row.get("error"):
                self._last_done_s = max(self._last_done_s, row["at_s"])
        self._reports: dict[str, int] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and self.recording:
            status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
            self.recording.end(status, ending_of(error))

    def charge(self, meter: Meter) -> None:
        """Count the cost of all recorded calls at once: it stays spent, whether or not the calls are used again."""
        if self.recording:
            self.recording.seconds_left = lambda: meter.seconds_left
        for (kind, _), rows in self._recorded.items():
            for row in rows:
                if kind == "call" and row["status"] == "cached":
                    meter.add_cached()
                elif kind == "call" and row["status"] in ("answered", "unusable"):
                    meter.add_call(row["prompt_tokens"], row["completion_tokens"], row["cost_usd"])

    def report(
        self,
        source: str,
        run: Callable[[], TestReport],
        meter: Meter,
        base: str = "",
        note: str = "",
        *,
        evidence: bool = False,
        tests: Sequence[str] = (),
    ) -> TestReport:
        """Return the recorded report on a program, or else that of `run()`.

        `base` is the program that was patched. `evidence` marks a second run, for its evidence. `tests` are the names
        of tests beyond the visible ones.
        """
        key = key_of("report", source, evidence, *tests)
        what = "a run of the judge"
        found = self.read("report", key, meter, what, lambda row: TestReport.from_json(read_column(row["report"])))
        if found:
            number, report = found[0]["id"], found[1]
        else:
            number, report = 0, run()
            if self.recording:
                parent = self._reports.get(base) or None
                row = {"step": self.step, "key": key, "base": parent, "note": note, "source": source}
                row |= {"evidence": evidence, "at_s": meter.seconds}
                number = self.recording.report(row, report)
        if not evidence:
            self._reports[source] = number
        self.step = self.step or 1
        return report

    def check(self, sources: Sequence[str], run: Callable[[], Hardening], meter: Meter) -> Hardening:
        """Return the recorded outcome of hardening programs, or else that of `run()`."""
        key = key_of("check", sources)
        what = "a check on generated inputs"
        if found := self.read("check", key, meter, what, lambda row: Hardening.from_json(read_column(row["outcome"]))):
            return found[1]
        before = meter.candidates
        outcome = run().to_json()
        if self.recording:
            row = {"step": self.step, "key": key, "candidates": meter.candidates - before, "at_s": meter.seconds}
            self.recording.check(row, outcome)
        return Hardening.from_json(outcome)

    def search(self, engine: Engine, meter: Meter) -> Engine:
        """Return an engine whose steps are recorded as a whole: for one that calls no model."""

        def optimizer(code: Variable) -> Optimizer:
            return _RecordedSteps(engine.name, code, engine.optimizer(code), self, meter)

        return replace(engine, optimizer=optimizer)

    def end_step(self, iteration: Iteration) -> None:
        """Record a finished step."""
        if self.recording:
            self.recording.step(iteration)
        self.step = iteration.number + 1

    def finish(self, result: Result) -> None:
        """Record the result; warn where work was repeated because something that it depends on has changed since."""
        left = sum(len(rows) for rows in self._recorded.values())
        if left:
            with self._accidents.survive("reporting a warning"):
                self._warn(f"{left} recorded pieces of work did not fit the run any more; they were done anew")
        if self.recording:
            status = "interrupted" if result.interrupted else "failed" if result.failure else "done"
            self.recording.end(status, ending_of(result.ended_by) if result.ended_by else None, result)

    def read(
        self, kind: RowKind, key: str, meter: Meter, what: str, reader: Callable[[JournalRow], T]
    ) -> tuple[JournalRow, T] | None:
        """Return the next row of a piece of work (see `take`) and what `reader` makes of it.

        None if it cannot be read, either.
        """
        row = self.take(kind, key, meter, what)
        if row is not None:
            with self._accidents.survive("reading the record", "what cannot be read is done anew"):
                return row, reader(row)
            self._go_live(what, meter)
        return None

    def take(self, kind: RowKind, key: str, meter: Meter, what: str) -> JournalRow | None:
        """Return the next record of a piece of work, and set the clock forward; None: it is to be done live.

        A recorded failure happens again, unless it was made good later: a call's is returned as its row, others are
        raised. In a resumed run, a failure with nothing after it is what ended the run, and the user wants it tried
        again.
        """
        with self._lock:
            rows = self._recorded.get((kind, key), deque())
            while rows:
                row = rows.popleft()
                _count(kind, row, meter)
                if not row.get("error"):
                    return row
                if not rows and (self._replay or row["at_s"] < self._last_done_s):
                    if kind == "call":
                        return row
                    raise_ending(read_column(row["error"]), meter)
            self._go_live(what, meter)
            return None

    def _go_live(self, what: str, meter: Meter) -> None:
        if self._replay:
            if self._ending:
                raise_ending(self._ending, meter)
            raise NotRecordedError(f"the record ends here: {what} would be needed, and a replay does nothing anew")


class _RecordedSteps:
    """An optimizer whose steps are read from the record, or else made and recorded."""

    def __init__(self, name: str, code: Variable, inner: Optimizer, journal: Journal, meter: Meter) -> None:
        self._name = name
        self._code, self._inner, self._journal, self._meter = code, inner, journal, meter
        self.step_report = StepReport()

    @uninterrupted
    def step(self) -> tuple[Patch, ...]:
        """As the wrapped optimizer; raises BudgetExhausted where it found nothing because a budget ran out."""
        source = self._code.value
        key = key_of(self._name, source)

        def read(row: JournalRow) -> tuple[tuple[Patch, ...], StepReport]:
            patches = (Patch(source, patch["after"], patch["note"]) for patch in read_column(row["patches"]))
            told = StepReport.from_json(read_column(row["account"])) if row["account"] else StepReport()
            return tuple(patches), told

        if found := self._journal.read("search", key, self._meter, "a search", read):
            patches, self.step_report = found[1]
            if patches:
                self._code.value = patches[0].after
            return patches
        before, patches = self._meter.candidates, ()
        failed: CoderefineError | None = None
        try:
            patches = self._inner.step()
            self.step_report = self._inner.step_report
            if not patches:
                self._meter.check_candidate()
        except CoderefineError as error:
            failed = error
        except Exception as error:  # noqa: BLE001 - raised again below, once it is written down
            failed = Accident(describe(error))  # a replay then takes the same course
        if self._journal.recording:
            row = {"step": self._journal.step, "key": key, "candidates": self._meter.candidates - before}
            row |= {"error": json.dumps(ending_of(failed)) if failed else None, "at_s": self._meter.seconds}
            self._journal.recording.search(row, patches, self.step_report)
        if failed:
            raise failed
        return patches


def _count(kind: RowKind, row: JournalRow, meter: Meter) -> None:
    """Count the cost of a piece of work. Programs judged by the loop itself are counted there."""
    if kind in ("search", "check"):
        meter.add_candidate(row["candidates"])
    meter.advance(row["at_s"])
