"""SandboxFusion's `run_code` and `submit` for Python, so that its users only have to change an address.

Programs run as the judge runs them: without files and arguments, and without keeping standard error; `stderr` holds the
exception that ended them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.errors import JudgeError, SandboxUnavailable, UnreadableError, UsageError
from coderefine.judge import calling, interpret
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, WorkerFault
from coderefine.kinds.program import PROGRAM
from coderefine.outside import read_json
from coderefine.problem.compare import Compare
from coderefine.problem.problem import MEMORY_MIB, TIME_S, Limits, Problem, TestCase
from coderefine.serve.bounds import Bounds
from coderefine.serve.fusion_messages import (
    CommandResult,
    EvalResult,
    EvalTestCase,
    RunCodeRequest,
    RunCodeResponse,
    SubmitRequest,
)
from coderefine.serve.judging import last_block

PYTHON = "python"
STDIO = "CommonOJDataset"
"""The only supported type of dataset: programs with tests of standard input and output."""
MAX_TESTS = 10_000
_MEMORY_MIB, _OUTPUT_KIB = 1024, 16384
"""Memory where a request does not say, and how much a program may print."""
_SUBMIT_S = 20.0
"""Seconds for a test where a request does not say."""
_STATUS = "exit status "  # see sandbox/stdio.py


@dataclass(frozen=True, slots=True)
class _Run:
    """A test, its result, and the whole output."""

    test: TestCase
    result: CaseResult
    event: Event


def run_code(judge: Judge, request: RunCodeRequest, bounds: Bounds) -> RunCodeResponse:
    """Run a program on its input."""
    unable = _unable(request)
    if unable:
        return RunCodeResponse(status="SandboxError", message=unable)
    asked = request.memory_limit_MB
    limits = _limits(request.run_timeout, asked if asked > 0 else _MEMORY_MIB, bounds)
    test = TestCase("input", (request.stdin or "",), "")
    try:
        (run,) = _runs(judge, _problem((test,), limits), request.code, stop=False)
    except (JudgeError, SandboxUnavailable) as error:
        return RunCodeResponse(status="SandboxError", message=str(error))
    return _response(run)


def submit(judge: Judge, request: SubmitRequest, bounds: Bounds) -> EvalResult:
    """Judge a model's answer on the tests in its request; raises UsageError or JudgeError."""
    tests = _tests(request)
    if request.config.language != PYTHON:
        raise UsageError(f"this server runs python only, not {request.config.language!r:.40}")
    code = last_block(request.completion)
    limits = _limits(request.config.run_timeout or _SUBMIT_S, _MEMORY_MIB, bounds)
    stop = request.config.extra.get("run_all_cases") is not True
    runs = _runs(judge, _problem(tests, limits), code, stop=stop)
    cases = [
        EvalTestCase(
            passed=run.result.verdict is Verdict.AC,
            exec_info=_response(run),
            test_info={"input": {"stdin": run.test.args[0]}, "output": {"stdout": run.test.expected}},
        )
        for run in runs
    ]
    accepted = len(cases) == len(tests) and all(case.passed for case in cases)
    return EvalResult(id=request.id, accepted=accepted, extracted_code=code, tests=cases)


def _unable(request: RunCodeRequest) -> str:
    if request.language != PYTHON:
        return f"this server runs python only, not {request.language!r:.40}"
    if request.files or request.fetch_files:
        return "programs have no files here; leave out files and fetch_files"
    return ""


def _limits(seconds: float, memory_mib: int, bounds: Bounds) -> Limits:
    time_s = max(TIME_S[0], min(seconds, TIME_S[1], bounds.program_s))
    least, most = MEMORY_MIB[0], min(MEMORY_MIB[1], bounds.memory_mib)
    return Limits(time_s, max(least, min(memory_mib, most)), _OUTPUT_KIB, bounds.program_s)


def _problem(tests: tuple[TestCase, ...], limits: Limits) -> Problem:
    return Problem(
        slug="run",
        title="",
        statement="",
        kind=PROGRAM,
        entry="",
        visible=tests,
        compare=Compare("tokens"),
        limits=limits,
    )


def _tests(request: SubmitRequest) -> tuple[TestCase, ...]:
    """Return the tests in a submission; raises UsageError."""
    given = request.config.provided_data
    if isinstance(given, list):
        given = next((row for row in given if row.get("id") == request.id), None)
    if given is None:
        raise UsageError("no data sets are stored here: send the problem in config.provided_data")
    found: Any = given.get("test")
    if isinstance(found, str):
        try:
            found = read_json(found)
        except UnreadableError as error:
            raise UsageError(f"provided_data.test: {error}") from None
    if not isinstance(found, list) or not 0 < len(found) <= MAX_TESTS or not all(map(_is_stdio, found)):
        raise UsageError(
            f'expected provided_data.test to be 1 to {MAX_TESTS:,} of {{"input": {{"stdin": ...}}, "output": '
            f'{{"stdout": ...}}}}, as of {STDIO}; other data sets are judged by POST /judge'
        )
    return tuple(
        TestCase(f"test {number}", (test["input"]["stdin"],), test["output"]["stdout"])
        for number, test in enumerate(found, 1)
    )


def _is_stdio(test: Any) -> bool:
    match test:
        case {"input": {"stdin": str()}, "output": {"stdout": str()}}:
            return True
    return False


def _runs(judge: Judge, problem: Problem, source: str, *, stop: bool) -> Sequence[_Run]:
    """Run a program on the tests, with `stop` up to the first failure; raises JudgeError."""
    for attempt in (1, 2):
        try:
            return list(_attempt(judge, problem, source, stop=stop))
        except WorkerFault as fault:
            if attempt == 2:
                raise JudgeError(f"the {judge.backend} sandbox failed twice: {fault}") from None
    raise AssertionError("unreachable")


def _attempt(judge: Judge, problem: Problem, source: str, *, stop: bool) -> Iterator[_Run]:
    program = calling.candidate_program(problem, source)
    upcoming = list(enumerate(problem.visible))
    left_s = problem.limits.program_s or 0.0
    with judge.sandboxes.candidates.lease(problem.limits.memory_mib) as worker:
        events = worker.run(program, [calling.case_payload(problem, case) for case in problem.visible])
        for event in events:
            left_s -= event.wall_s
            taken = len(upcoming) if event.case < 0 else 1  # a program that cannot be loaded fails all
            runs = [_Run(test, interpret.case_result(problem, at, test, event), event) for at, test in upcoming[:taken]]
            failed = any(run.result.verdict is not Verdict.AC for run in runs)
            yield from runs[:1] if stop and failed else runs
            if left_s <= 0 or (stop and failed):
                events.close()  # type: ignore[attr-defined]
                return
            del upcoming[:taken]


def _response(run: _Run) -> RunCodeResponse:
    """Return a run in SandboxFusion's terms; its output is not compared."""
    result, event = run.result, run.event
    printed = event.printed.decode("utf-8", "replace")
    seconds = round(event.wall_s, 6)
    if result.verdict is Verdict.TLE:
        command = CommandResult(status="TimeLimitExceeded", execution_time=seconds, stdout=printed, stderr="")
        return RunCodeResponse(status="Failed", run_result=command)
    code = 0 if result.answered else _return_code(result)
    stderr = "" if result.answered else _told(result)
    command = CommandResult(status="Finished", execution_time=seconds, return_code=code, stdout=printed, stderr=stderr)
    return RunCodeResponse(status="Failed" if code else "Success", run_result=command)


def _return_code(result: CaseResult) -> int:
    error = result.error
    if error and error.type == "SystemExit" and error.message.startswith(_STATUS):
        number = error.message.removeprefix(_STATUS)
        return int(number) if number.isdigit() and len(number) < 4 else 1
    return 1


def _told(result: CaseResult) -> str:
    """Return Python's message for the exception, as far as it is known."""
    error = result.error
    if error is None:
        return f"{result.verdict.words}: {result.reason}\n"
    if error.type == "SystemExit":
        return ""
    frames = [f'  File "solution.py", line {line}, in {function}\n' for line, function in error.frames]
    head = "Traceback (most recent call last):\n" if frames else ""
    place = f'  File "solution.py", line {error.line}\n' if error.line and not frames else ""
    return f"{head}{''.join(frames)}{place}{error.type}{f': {error.message}' if error.message else ''}\n"
