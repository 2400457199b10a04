"""Runs a candidate with files of tests under pytest, and turns pytest's report into a case for each test.

Candidate and tests share a process, so in the end the candidate could have written the report itself (`assurance:
in-process`). Guarantees, against every program but one that was written to deceive this very judge:

- every test that the files declare has a case; the tests are read from the files here, not from pytest's report;
- AC takes all of this: the test passed, every collected test was reported, pytest's exit status agrees, nothing of
  pytest was replaced, and the canary failed: two tests that always fail, added to every session under a name that no
  candidate can foresee;
- a skip counts only where the test's own file declares it, and not where the candidate raised it.

Where the suite is `configured`, the project says what its tests are: every test that pytest collects there counts, and
`skips` says which of them may be skipped.

The limits hold for the session as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from coderefine.errors import ProblemError
from coderefine.judge import calling, interpret, wire
from coderefine.judge.canary import Canary
from coderefine.judge.kind import Ran
from coderefine.judge.report import CaseResult
from coderefine.judge.session import PytestSession
from coderefine.judge.suite_cases import SuiteCases
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import SandboxProgram, Worker, WorkerFault
from coderefine.outside import encode_python
from coderefine.problem import declared
from coderefine.problem.declared import DeclaredFile
from coderefine.problem.problem import Problem, Tests
from coderefine.problem.values import Malformed

TOLD_BYTES = 1 << 20
"""How many bytes a session may report of its tests besides what it prints (see `sandbox/suite.py`)."""
UNCLEAN = 117  # see sandbox/confine.py
LOADING = -1
SPEC = {"kind": "pytest", "fresh": True, "evidence": False}


def run(worker: Worker, problem: Problem, source: str, tests: Tests, stop: bool) -> Ran:
    """Judge a source in one session of pytest; raises WorkerFault or ProblemError.

    `stop` ends the session at the first failure.
    """
    canary = Canary.new(problem.suite.root, stop=stop)
    files = _declared(problem, tests)
    request = _request(problem, source, tests, canary, 1 if stop else 0)
    limits = calling.runner_limits(problem.limits)
    limits["output_bytes"] = limits["kept_bytes"] = limits["output_bytes"] + TOLD_BYTES
    (event,) = worker.run(SandboxProgram(SPEC, limits, source), [request])
    if event.case == LOADING:
        if event.exit == UNCLEAN:
            raise WorkerFault("the scratch folder could not be emptied")
        return _unfinished(worker, _all(files, interpret.event_outcome(event, problem.limits)))
    judging = SuiteCases(problem, files, event)
    try:
        session = PytestSession.read(event.message) if event.status == "answer" else None
    except Malformed:
        return _unfinished(worker, _all(files, {"verdict": Verdict.RE, "reason": "wrote into the judge's channel"}))
    if session is None:
        return replace(_unfinished(worker, judging.unfinished(canary)), session_s=event.wall_s)
    results, complete = judging.finished(session, canary, stop)
    return Ran(results, complete, worker.peak_kib, session.reach, left=session.left, session_s=event.wall_s)


def _unfinished(worker: Worker, results: list[CaseResult]) -> Ran:
    """Return the outcome of a session that did not reach its end; the version of Python tells a wrong sandbox."""
    return Ran(results, peak_kib=worker.peak_kib, python=worker.hello["python"])


def _declared(problem: Problem, tests: Tests) -> list[DeclaredFile]:
    found = []
    for case in problem.cases(tests):
        try:
            file = declared.read(case.name, case.code)
        except SyntaxError as error:
            if problem.suite.configured:  # a text with doctests
                found.append(DeclaredFile(case.name, tuple(case.code.split("\n")), (), may_skip=True))
                continue
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
    contents[suite.solution] = encode_python(source)
    contents[canary.path] = canary.text.encode()
    header = {
        "files": list(contents),
        "tests": [case.name for case in problem.cases(tests)],
        "canary": canary.path,
        "root": suite.root,
        "configured": suite.configured,
        "autoload": suite.autoload,
        "sealed": suite.sealed,
        "max_failures": max_failures,
        "paths": list(suite.import_paths),
        "plugins": list(suite.plugins),
        "deselected": list(suite.deselected),
        "executables": list(suite.executables),
        "reach": suite.reach,
        "soft_s": suite.soft_s,
        "seal": canary.key.hex(),
    }
    return wire.pack(header, *contents.values())


def _all(files: Iterable[DeclaredFile], outcome: dict[str, Any]) -> list[CaseResult]:
    tests = [test for file in files for test in file.tests]
    return [CaseResult(index=index, name=test.id, code=test.code, **outcome) for index, test in enumerate(tests)]
