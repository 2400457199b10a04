"""Runs a candidate with files of tests under pytest, and turns what pytest says into a case for each test.

Candidate and tests share a process, so what comes back is the candidate's word in the end (`assurance: in-process`).
Guarantees, against all but a program that was written to deceive this very judge:

- every test that the files declare has a case, read from their text here and not from what pytest says;
- AC takes all of it: the test passed, every test that was collected was reported, pytest's exit status agrees, nothing
  of pytest was replaced, and two tests that always fail, which are added to every session under a name that no
  candidate can foresee, did fail;
- a skip counts only where the test's own file declares it, and did not come from the candidate.

The limits hold for the session as a whole.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coderefine.errors import ProblemError
from coderefine.judge import interpret, wire
from coderefine.judge.kind import Ran
from coderefine.judge.report import CandidateError, CaseResult
from coderefine.judge.session import Frame, PytestSession, SessionFailure, TestRow, told
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, SandboxProgram, Worker, WorkerFault
from coderefine.problem import declared
from coderefine.problem.declared import DeclaredFile, DeclaredTest
from coderefine.problem.problem import Problem, Tests
from coderefine.problem.values import Malformed

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_HINT = re.compile(r"\s*\n\s*Use -v to get more diff\s*$")
"""An option of pytest's own command, which nobody has typed."""
TOLD_BYTES = 1 << 20
"""What a session may report of its tests besides what it prints (see `sandbox/suite.py`)."""
UNCLEAN = 117  # see sandbox/confine.py
LOADING = -1
SPEC = {"kind": "pytest", "fresh": True, "evidence": False}


@dataclass(frozen=True, slots=True)
class Canary:
    """A file of tests that always fail, run after all others; where they pass, somebody made them."""

    path: str
    text: str
    word: str
    tests: int
    key: bytes
    """Seals what the session tells on its way, so that nobody else can (see `sandbox/suite.py`)."""

    @classmethod
    def new(cls, *, stop: bool) -> Canary:
        """Return one that nobody knows yet; of a single test where the session stops at the first failure."""
        word = secrets.token_hex(6)
        texts = [f"def test_one():\n    assert {word!r} == ''\n", f"def test_two():\n    raise LookupError({word!r})\n"]
        tests = 1 if stop else 2
        return cls(f"test_{secrets.token_hex(6)}.py", "\n\n".join(texts[:tests]), word, tests, secrets.token_bytes(16))

    def sang(self, session: PytestSession) -> bool:
        """Whether all its tests failed, and for their own reason unless a fixture of the project failed before."""
        rows = [row for row in session.rows if row.id.startswith(self.path)]
        return len(rows) == self.tests and all(
            row.outcome == "failed" and (row.phase == "setup" or self.word in row.message) for row in rows
        )


def run(worker: Worker, problem: Problem, source: str, tests: Tests, stop: bool) -> Ran:
    """Return the cases of one session; raises WorkerFault, and ProblemError.

    `stop` ends it at the first failure.
    """
    canary = Canary.new(stop=stop)
    files = _declared(problem, tests)
    request = _request(problem, source, tests, canary, 1 if stop else 0)
    limits = interpret.runner_limits(problem.limits)
    limits["output_bytes"] = limits["kept_bytes"] = limits["output_bytes"] + TOLD_BYTES
    (event,) = worker.run(SandboxProgram(SPEC, limits, source), [request])
    if event.case == LOADING:
        if event.exit == UNCLEAN:
            raise WorkerFault("the scratch folder could not be emptied")
        return _ran(worker, _all(files, interpret.event_outcome(event, problem.limits)))
    judging = _Judging(problem, files, event)
    try:
        session = PytestSession.read(event.message) if event.status == "answer" else None
    except Malformed:
        return _ran(worker, _all(files, {"verdict": Verdict.RE, "reason": "wrote into the judge's channel"}))
    if session is None:
        return _ran(worker, judging.unfinished(canary))
    results, complete = judging.finished(session, canary, stop)
    return Ran(results, complete, worker.peak_kib, session.reach)


def _ran(worker: Worker, results: list[CaseResult]) -> Ran:
    """A session that did not reach its end, so that nobody knows which files it opened."""
    return Ran(results, peak_kib=worker.peak_kib, python=worker.hello["python"])


def _declared(problem: Problem, tests: Tests) -> list[DeclaredFile]:
    found = []
    for case in problem.cases(tests):
        try:
            file = declared.read(case.name, case.code)
        except SyntaxError as error:
            raise ProblemError(problem.path or problem.slug, case.name, f"expected Python: {error}") from None
        found.append(replace(file, tests=tuple(test for test in file.tests if test.id not in problem.suite.deselected)))
    return found


def _request(problem: Problem, source: str, tests: Tests, canary: Canary, max_failures: int) -> bytes:
    """Return the request for one session. Hidden files are in it only if hidden tests are to run."""
    suite = problem.suite
    given = (*suite.files, *(suite.hidden_files if tests != "visible" else ()))
    contents = {file.path: file.data for file in given}
    cases = problem.visible + (problem.hidden if tests != "visible" else ())
    contents.update((case.name, case.code.encode("utf-8", "surrogatepass")) for case in cases)
    contents[suite.solution] = source.encode("utf-8", "surrogatepass")
    contents[canary.path] = canary.text.encode()
    paths = [*(case.name for case in problem.cases(tests)), canary.path]
    header = {
        "files": list(contents),
        "tests": paths,
        "max_failures": max_failures,
        "paths": list(suite.import_paths),
        "plugins": list(suite.plugins),
        "deselected": list(suite.deselected),
        "executables": list(suite.executables),
        "reach": suite.reach,
        "seal": canary.key.hex(),
    }
    return wire.pack(header, *contents.values())


class _Judging:
    """Turns one event into cases."""

    def __init__(self, problem: Problem, files: Sequence[DeclaredFile], event: Event) -> None:
        self._problem, self._files, self._event = problem, files, event
        self._by_path = {file.path: file for file in files}
        self._by_id = {test.id: test for file in files for test in file.tests}
        self._test_side = {case.name for case in problem.visible + problem.hidden}
        self._test_side |= {file.path for file in problem.suite.hidden_files}
        self._test_side |= {file.path for file in problem.suite.files if file.path.startswith("tests/")}

    def finished(self, session: PytestSession, canary: Canary, stop: bool) -> tuple[list[CaseResult], bool]:
        """The cases of a session that reached its end, and whether all its tests had run."""
        rows = [row for row in session.rows if row.id.partition("::")[0] in self._by_path]
        failures = [failure for failure in session.failures if failure.where.partition("::")[0] != canary.path]
        failed = any(row.outcome == "failed" for row in rows) or any(not failure.skipped for failure in failures)
        stopped = stop and failed
        results = [self._reported(row) for row in rows]
        if not stopped:
            results += self._unreported(rows, failures)
        elif not any(result.verdict is not Verdict.AC for result in results):
            results += self._unreported(rows, failures)[:1]
        fault = self._fault(session, canary, stopped)
        if fault:
            results = [_refused(result, fault) for result in results]
        return self._ordered(results), not stopped

    def unfinished(self, canary: Canary) -> list[CaseResult]:
        """The cases of a session that was ended, or that ended itself, as far as it had reported them."""
        outcome = interpret.event_outcome(self._event, self._problem.limits)
        told_rows, running = told(self._event.printed, canary.key)
        rows = [row for row in told_rows if row.id.partition("::")[0] in self._by_path]
        results = [self._reported(row) for row in rows]
        if running.partition("::")[0] in self._by_path and all(row.id != running for row in rows):
            results.append(self._case(running, **outcome))
        seen = {result.name.partition("[")[0] for result in results}
        rest = {**outcome, "reason": f"not run: {outcome['reason']}" if outcome.get("reason") else "not run"}
        results += [self._case(id_, **rest) for id_ in self._by_id if id_ not in seen]
        if all(result.verdict is Verdict.AC for result in results):
            results = [self._case(result.name, **outcome) for result in results]
        return self._ordered(results)

    def _fault(self, session: PytestSession, canary: Canary, stopped: bool) -> str:
        """Why the session is not to be believed, if so."""
        if session.changes:
            return f"replaced {', '.join(session.changes[:3])} of the test harness"
        failure = next((failure for failure in session.failures if not failure.where), None)
        if session.status not in (0, 1):
            why = f" ({failure.type}: {failure.message})" if failure else ""
            return f"pytest did not get to its end: it exited with {session.status}{why}"
        if stopped:
            return ""
        if session.status != 1 or not canary.sang(session):
            return "a test that always fails did not fail"
        wanted = {id_ for id_ in session.collected if id_.partition("[")[0] not in self._problem.suite.deselected}
        if {row.id for row in session.rows} != wanted:
            return "pytest did not report every test that it had collected"
        return ""

    def _reported(self, row: TestRow) -> CaseResult:
        test = self._by_id.get(row.base)
        fields: dict[str, Any] = {"output": row.printed, "wall_s": row.wall_s, "cpu_s": row.cpu_s}
        limit = self._problem.limits.output_kib
        if row.printed_chars > limit << 10:
            return self._case(row.id, verdict=Verdict.OLE, reason=f"printed more than {limit} KiB", **fields)
        if row.outcome == "passed":
            return self._case(row.id, verdict=Verdict.AC, **fields)
        if row.outcome != "failed":
            word = "skipped" if row.outcome == "skipped" else "failed as expected"
            reason = f"{word}: {row.message.removeprefix('Skipped: ')}".removesuffix(": ")
            if self._is_declared(row, test):
                return self._case(row.id, verdict=Verdict.AC, reason=reason, **fields)
            return self._case(row.id, verdict=Verdict.RE, reason=f"{reason}; its file declares no such thing", **fields)
        return self._case(row.id, **self._failed(row.type, row.message, row.frames), **fields)

    def _is_declared(self, row: TestRow, test: DeclaredTest | None) -> bool:
        """Whether a skip is its author's: a marker's, or raised by the test itself where it says so."""
        if test is None or not (test.may_skip if row.outcome == "skipped" else test.may_fail):
            return False
        if row.outcome == "xfailed" and row.phase == "call":
            return True  # how it failed does not matter
        return row.frames[-1].path == row.id.partition("::")[0] if row.frames else row.phase == "setup"

    def _unreported(self, rows: Iterable[TestRow], failures: Sequence[SessionFailure]) -> list[CaseResult]:
        """Cases for the declared tests that were not reported."""
        seen = {row.base for row in rows}
        results = []
        for file in self._files:
            failure = next((it for it in failures if it.where.partition("::")[0] == file.path), None)
            failure = failure or next((it for it in failures if not it.skipped), None)
            for test in file.tests:
                if test.id not in seen:
                    results.append(self._not_run(file, test, failure))
        return results

    def _not_run(self, file: DeclaredFile, test: DeclaredTest, failure: SessionFailure | None) -> CaseResult:
        if failure is None:
            return self._case(test.id, verdict=Verdict.RE, reason="pytest did not run it")
        if not failure.skipped:
            outcome = self._failed(failure.type, failure.message, failure.frames)
            if outcome["verdict"] is Verdict.WA:
                outcome["verdict"] = Verdict.RE
            return self._case(test.id, **outcome)
        if file.may_skip and (not failure.frames or failure.frames[-1].path == file.path):
            return self._case(test.id, verdict=Verdict.AC, reason=f"skipped: {failure.message}".removesuffix(": "))
        return self._case(test.id, verdict=Verdict.RE, reason="skipped with its file; the file declares no such thing")

    def _failed(self, type_: str, message: str, frames: Sequence[Frame]) -> dict[str, Any]:
        """How a test failed: wrong where it says so itself, a run-time error where the candidate's files raise."""
        message = _ADDRESS.sub("0x...", _HINT.sub("", message))  # so that the same failure reads the same in every run
        own = tuple((frame.line, frame.function) for frame in frames if frame.path == self._problem.suite.solution)
        error = CandidateError(type_, message, own[-1][0] if own else None, frames=own)
        if type_ == "MemoryError":
            verdict = Verdict.MLE
        else:
            verdict = Verdict.WA if not frames or frames[-1].path in self._test_side else Verdict.RE
        return {"verdict": verdict, "error": error, "reason": self._place(frames)}

    def _place(self, frames: Sequence[Frame]) -> str:
        """The line of the test at which it failed, such as `tests/test_a.py:12: assert f(1) == 2`."""
        for frame in reversed(frames):
            file = self._by_path.get(frame.path)
            if file is not None and 0 < frame.line <= len(file.lines):
                return f"{frame.path}:{frame.line}: {file.lines[frame.line - 1].strip()}"
        return ""

    def _case(self, id_: str, **fields: Any) -> CaseResult:
        test = self._by_id.get(id_.partition("[")[0])
        return CaseResult(index=0, name=id_, code=test.code if test else "", **fields)

    def _ordered(self, results: Sequence[CaseResult]) -> list[CaseResult]:
        """In the order of the files and of the functions in them; where that is equal, as they ran."""
        files = {path: number for number, path in enumerate(self._by_path)}
        tests = {id_: number for number, id_ in enumerate(self._by_id)}
        ordered = sorted(
            results,
            key=lambda it: (files[it.name.partition("::")[0]], tests.get(it.name.partition("[")[0], len(tests))),
        )
        return [replace(result, index=index) for index, result in enumerate(ordered)]


def _all(files: Iterable[DeclaredFile], outcome: dict[str, Any]) -> list[CaseResult]:
    tests = [test for file in files for test in file.tests]
    return [CaseResult(index=index, name=test.id, code=test.code, **outcome) for index, test in enumerate(tests)]


def _refused(result: CaseResult, fault: str) -> CaseResult:
    return result if result.verdict is not Verdict.AC else replace(result, verdict=Verdict.RE, reason=fault)
