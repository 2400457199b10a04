"""Turns what a session of pytest reported into a case for each test, and decides what to believe (see `suites.py`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from coderefine.judge import interpret
from coderefine.judge.canary import Canary
from coderefine.judge.report import CandidateError, CaseResult
from coderefine.judge.session import Frame, PytestSession, SessionFailure, TestRow, told
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event
from coderefine.problem.declared import DeclaredFile, DeclaredTest
from coderefine.problem.problem import Problem

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_HINT = re.compile(r"\s*\n\s*Use -v to get more diff\s*$")
"""A hint about an option of pytest's own command, which the user has not typed."""
_USAGE = re.compile(rb"^ERROR: (?:usage: .*\n)?(.*)", re.MULTILINE)


class SuiteCases:
    """Turns the event of one session into cases."""

    def __init__(self, problem: Problem, files: Sequence[DeclaredFile], event: Event) -> None:
        self._problem, self._files, self._event = problem, files, event
        self._suite = problem.suite
        self._by_path = {file.path: file for file in files}
        self._by_id = {test.id: test for file in files for test in file.tests}
        self._test_side = {case.name for case in problem.visible + problem.hidden}
        self._test_side |= {file.path for file in problem.suite.hidden_files}
        self._test_side |= {file.path for file in problem.suite.files if file.path.startswith("tests/")}

    def finished(self, session: PytestSession, canary: Canary, stop: bool) -> tuple[list[CaseResult], bool]:
        """Return the cases of a session that reached its end, and whether all its tests ran."""
        rows = [row for row in session.rows if row.id.partition("::")[0] in self._by_path]
        failures = [failure for failure in session.failures if failure.where.partition("::")[0] != canary.path]
        failed = any(row.outcome == "failed" for row in rows) or any(not failure.skipped for failure in failures)
        stopped = stop and failed
        results = [self._reported(row) for row in rows]
        if not stopped:
            results += self._unreported(rows, failures, session.left)
        elif not any(result.verdict is not Verdict.AC for result in results):
            results += self._unreported(rows, failures, session.left)[:1]
        fault = self._fault(session, canary, stopped)
        if fault:
            results = [_refused(result, fault) for result in results]
            shown = {result.name.partition("::")[0] for result in results}
            silent = [file.path for file in self._files if file.path not in shown and self._suite.configured]
            results += [self._case(path, verdict=Verdict.RE, reason=fault) for path in silent]
        return self._ordered(results), not stopped

    def unfinished(self, canary: Canary) -> list[CaseResult]:
        """Return the cases of a session that was ended, or that ended itself, from what it had reported by then."""
        outcome = interpret.event_outcome(self._event, self._problem.limits)
        told_rows, running, denied = told(self._event.printed, canary.key)
        rows = [row for row in told_rows if row.id.partition("::")[0] in self._by_path]
        results = [self._reported(row) for row in rows]
        if running.partition("::")[0] in self._by_path and all(row.id != running for row in rows):
            results.append(self._case(running, denied=denied, **outcome))
        seen = {result.name.partition("[")[0] for result in results}
        rest = {**outcome, "reason": f"not run: {outcome['reason']}" if outcome.get("reason") else "not run"}
        results += [self._case(id_, **rest) for id_ in self._by_id if id_ not in seen]
        if self._suite.configured:  # it may have tests that its text does not show
            shown = {result.name.partition("::")[0] for result in results}
            results += [self._case(file.path, **rest) for file in self._files if file.path not in shown]
        if all(result.verdict is Verdict.AC for result in results):
            results = [self._case(result.name, **outcome) for result in results]
        return self._ordered(results)

    def _fault(self, session: PytestSession, canary: Canary, stopped: bool) -> str:
        """Return why the session is not to be believed; "" where it is."""
        if session.changes and not self._suite.configured:
            return f"replaced {', '.join(session.changes[:3])} of the test harness"
        failure = next((failure for failure in session.failures if not failure.where), None)
        if session.status not in (0, 1):
            said = _USAGE.search(self._event.printed)
            why = f" ({failure.type}: {failure.message})" if failure else ""
            why = f" ({said[1].decode('utf-8', 'replace').strip()})" if said and not why else why
            return f"pytest did not get to its end: it exited with {session.status}{why}"
        if stopped:
            return ""
        if session.status != 1 or not canary.sang(session):
            return "a test that always fails did not fail"
        wanted = {id_ for id_ in session.collected if id_.partition("[")[0] not in self._problem.suite.deselected}
        if {row.id for row in session.rows} != wanted.difference(session.left):
            return "pytest did not report every test that it had collected"
        return ""

    def _reported(self, row: TestRow) -> CaseResult:
        test = self._by_id.get(row.base)
        fields: dict[str, Any] = {"output": row.printed, "wall_s": row.wall_s, "cpu_s": row.cpu_s, "denied": row.denied}
        limit = self._problem.limits.output_kib
        if row.printed_chars > limit << 10 and not self._suite.configured:
            return self._case(row.id, verdict=Verdict.OLE, reason=f"printed more than {limit} KiB", **fields)
        if row.outcome == "passed":
            return self._case(row.id, verdict=Verdict.AC, **fields)
        if row.outcome != "failed":
            word = "skipped" if row.outcome == "skipped" else "failed as expected"
            reason = f"{word}: {row.message.removeprefix('Skipped: ')}".removesuffix(": ")
            if self._may_skip(row, test):
                return self._case(row.id, verdict=Verdict.AC, reason=reason, **fields)
            said = "its file declares no such thing" if self._suite.skips == "declared" else "it was run before"
            return self._case(row.id, verdict=Verdict.RE, reason=f"{reason}; {said}", **fields)
        return self._case(row.id, **self._failed(row.type, row.message, row.frames), **fields)

    def _may_skip(self, row: TestRow, test: DeclaredTest | None) -> bool:
        """Whether a skip counts.

        A declared skip must come from a marker, or be raised by the test itself where its text says so.
        """
        if self._suite.skips != "declared":
            return self._suite.skips == "any" or row.base in self._suite.skippable
        if test is None or not (test.may_skip if row.outcome == "skipped" else test.may_fail):
            return False
        if row.outcome == "xfailed" and row.phase == "call":
            return True  # how it failed does not matter
        return row.frames[-1].path == row.id.partition("::")[0] if row.frames else row.phase == "setup"

    def _unreported(
        self, rows: Iterable[TestRow], failures: Sequence[SessionFailure], left: Iterable[str]
    ) -> list[CaseResult]:
        """Return cases for the declared tests that were not reported."""
        if self._suite.configured:
            known = {row.base for row in rows} | {id_.partition("[")[0] for id_ in left}
            files = self._files if failures else ()
            return [case for file in files for case in self._uncollected(file, failures, known)]
        seen = {row.base for row in rows}
        results = []
        for file in self._files:
            failure = next((it for it in failures if it.where.partition("::")[0] == file.path), None)
            failure = failure or next((it for it in failures if not it.skipped), None)
            for test in file.tests:
                if test.id not in seen:
                    results.append(self._not_run(file, test, failure))
        return results

    def _uncollected(
        self, file: DeclaredFile, failures: Sequence[SessionFailure], known: Collection[str]
    ) -> list[CaseResult]:
        """Return cases for a file, or a class in it, that pytest did not collect because it failed or was skipped.

        A failure elsewhere (in a conftest.py, or of pytest itself) counts as the failure of each file in which nothing
        was collected. `known` holds the ids of tests that were run or left out for lack of time.
        """
        own = [it for it in failures if it.where.partition("::")[0] == file.path]
        if not own and all(id_.partition("::")[0] != file.path for id_ in known):
            elsewhere = [it for it in failures if not it.skipped and it.where.partition("::")[0] not in self._by_path]
            own = [replace(it, where=file.path) for it in elsewhere]
        found: dict[str, SessionFailure] = {}
        for failure in sorted(own, key=lambda it: it.skipped):
            inside = [
                test.id for test in file.tests if test.id.startswith(f"{failure.where}::") and test.id not in known
            ]
            for name in inside or [failure.where]:
                found.setdefault(name, failure)
        return [self._not_collected(name, failure) for name, failure in found.items()]

    def _not_collected(self, name: str, failure: SessionFailure) -> CaseResult:
        if not failure.skipped:
            outcome = self._failed(failure.type, failure.message, failure.frames)
            return self._case(name, **outcome | ({"verdict": Verdict.RE} if outcome["verdict"] is Verdict.WA else {}))
        reason = f"skipped: {failure.message.removeprefix('Skipped: ')}".removesuffix(": ")
        if failure.frames and failure.frames[-1].path == self._suite.solution not in self._by_path:
            return self._case(
                name, verdict=Verdict.RE, reason=f"{reason}; {self._suite.solution} says so, and not a test"
            )
        if self._suite.skips == "any" or name in self._suite.skippable:
            return self._case(name, verdict=Verdict.AC, reason=reason)
        return self._case(name, verdict=Verdict.RE, reason=f"{reason}; it was run before")

    def _not_run(self, file: DeclaredFile, test: DeclaredTest, failure: SessionFailure | None) -> CaseResult:
        if failure is None:
            return self._case(test.id, verdict=Verdict.RE, reason="pytest did not run it")
        if not failure.skipped:
            return self._not_collected(test.id, failure)
        if file.may_skip and (not failure.frames or failure.frames[-1].path == file.path):
            return self._case(test.id, verdict=Verdict.AC, reason=f"skipped: {failure.message}".removesuffix(": "))
        return self._case(test.id, verdict=Verdict.RE, reason="skipped with its file; the file declares no such thing")

    def _failed(self, type_: str, message: str, frames: Sequence[Frame]) -> dict[str, Any]:
        """Return how a test failed: WA where the failure is in the tests' own files, RE where other files raise."""
        message = _ADDRESS.sub("0x...", _HINT.sub("", message))  # the same failure reads the same in every run
        own = tuple((frame.line, frame.function) for frame in frames if frame.path == self._problem.suite.solution)
        error = CandidateError(type_, message, own[-1][0] if own else None, frames=own)
        if type_ == "MemoryError":
            verdict = Verdict.MLE
        else:
            verdict = Verdict.WA if not frames or frames[-1].path in self._test_side else Verdict.RE
        return {"verdict": verdict, "error": error, "reason": self._place(frames)}

    def _place(self, frames: Sequence[Frame]) -> str:
        """Return the line at which a test failed, such as `tests/test_a.py:12: assert f(1) == 2`."""
        for frame in reversed(frames):
            file = self._by_path.get(frame.path)
            if file is not None and 0 < frame.line <= len(file.lines):
                return f"{frame.path}:{frame.line}: {file.lines[frame.line - 1].strip()}"
        return ""

    def _case(self, id_: str, **fields: Any) -> CaseResult:
        test = self._by_id.get(id_.partition("[")[0])
        return CaseResult(index=0, name=id_, code=test.code if test else "", **fields)

    def _ordered(self, results: Sequence[CaseResult]) -> list[CaseResult]:
        """Return results in the order of the files and of the functions in them, and else as they ran."""
        files = {path: number for number, path in enumerate(self._by_path)}
        tests = {id_: number for number, id_ in enumerate(self._by_id)}
        ordered = sorted(
            results,
            key=lambda it: (files[it.name.partition("::")[0]], tests.get(it.name.partition("[")[0], len(tests))),
        )
        return [replace(result, index=index) for index, result in enumerate(ordered)]


def _refused(result: CaseResult, fault: str) -> CaseResult:
    return result if result.verdict is not Verdict.AC else replace(result, verdict=Verdict.RE, reason=fault)
