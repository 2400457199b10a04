"""Turns the events of the runner into verdicts.

Answers are compared here, on the host, as values that were rebuilt as exact builtin types (`messages.py`). Only a
problem's own checker runs elsewhere, in a sandbox (`checking.py`); until it has decided, its cases are WA.
"""

from __future__ import annotations

import signal
from typing import Any

from coderefine.judge import messages
from coderefine.judge.calling import ANSWER_BYTES, KEPT_BYTES
from coderefine.judge.keeping import Keeper
from coderefine.judge.kind import CalledKind
from coderefine.judge.report import CandidateError, CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event
from coderefine.problem import values
from coderefine.problem.problem import Limits, Problem, TestCase

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
_DONE = b'["done"]'  # see sandbox/stdio.py
_NOISE_S = 1e-6
"""The rounding error of a sum of times, in seconds."""


def case_result(problem: Problem, index: int, case: TestCase, event: Event) -> CaseResult:
    """Return the result of a case from its event."""
    inner, found = messages.without_evidence(event)
    ended = event.message == _DONE or inner == ["done"] or (event.status == "exit" and event.exit == 0)
    kind = CalledKind.of(problem)
    outcome = {} if ended and kind.prints_answer else event_outcome(event, problem.limits, inner)
    if not outcome or (not kind.exit_status_counts and _is_exit(outcome)):
        outcome = {"verdict": Verdict.WA, "answered": True, "got": event.printed.decode("utf-8", "replace")}
    found["output"] = event.printed[:KEPT_BYTES].decode("utf-8", "replace")
    return _compared(problem, index, case, outcome, wall_s=round(event.wall_s, 6), cpu_s=round(event.cpu_s, 6), **found)


def _is_exit(outcome: dict[str, Any]) -> bool:
    error: CandidateError | None = outcome.get("error")
    return error is not None and error.type == "SystemExit"


def _compared(problem: Problem, index: int, case: TestCase, outcome: dict[str, Any], **measured: Any) -> CaseResult:
    if outcome.get("answered") and problem.compare.mode != "checker":
        right = problem.compare.equal(outcome["got"], case.expected)
        outcome = {**outcome, "verdict": Verdict.AC if right else Verdict.WA}
    return CaseResult(
        index=index, name=case.name, args=case.args, expected=case.expected, code=case.code, **outcome, **measured
    )


def screened_results(problem: Problem, event: Event) -> tuple[CaseResult, ...]:
    """Return a result for each visible test from what a screening reports of a program (see `sandbox/screening.py`).

    Where a program could not be loaded, or the last tests were left out, the last outcome stands for the rest.
    """
    cases = problem.visible
    outcomes = [event_outcome(event, problem.limits)] if event.status != "answer" else _screened(event.message)
    outcomes += outcomes[-1:] * (len(cases) - len(outcomes))
    keeper = Keeper()
    return tuple(
        _coded(index, case, outcome)
        if case.code
        else keeper.keep(_compared(problem, index, case, outcome), event.message)
        for index, (case, outcome) in enumerate(zip(cases, outcomes, strict=False))
    )


def _screened(message: bytes) -> list[dict[str, Any]]:
    try:
        match values.decode_answer(message):
            case ["screened", first, *others]:
                return [_screened_outcome(outcome) for outcome in (first, *others)]
    except values.Malformed:
        pass
    return [messages.NONSENSE]


def _screened_outcome(message: Any) -> dict[str, Any]:
    match message:
        case ["timeout", line, frames]:
            outcome = messages.outcome(["error", "TimeoutError", "still running", line, frames])
            return {**outcome, "verdict": Verdict.TLE}
    return messages.outcome(message)


def _coded(index: int, case: TestCase, outcome: dict[str, Any]) -> CaseResult:
    """Return the result of a test that is code: an exception of the test itself is WA."""
    error: CandidateError | None = outcome.get("error")
    if outcome.get("got") is True:
        outcome = {"verdict": Verdict.AC}
    elif outcome["verdict"] is Verdict.RE and error is not None and not error.frames:  # it comes from the test itself
        outcome = {"verdict": Verdict.WA, "reason": str(error)}
    return CaseResult(index=index, name=case.name, code=case.code, **outcome)


def event_outcome(event: Event, limits: Limits, inner: Any = None) -> dict[str, Any]:
    """Return verdict and reason of an event; `inner` is its message, where that was read already."""
    match event.status:
        case "answer":
            return messages.read(event.message) if inner is None else messages.outcome(inner)
        case "timeout" if event.cpu_s >= limits.time_s - _NOISE_S:
            return {"verdict": Verdict.TLE, "reason": f"stopped after {limits.time_s:g} s of CPU time"}
        case "timeout":
            return {"verdict": Verdict.TLE, "reason": f"stopped after {limits.wall_s:g} s of waiting"}
        case "output":
            reason = f"printed more than {limits.output_kib} KiB or answered more than {ANSWER_BYTES >> 20} MiB"
            return {"verdict": Verdict.OLE, "reason": reason}
        case "memory":
            return _too_much_memory(limits)
        case "processes":
            return {"verdict": Verdict.RE, "reason": "started too many processes"}
        case "exit":
            return _exit(event.exit, limits)
    return messages.NONSENSE


def _exit(status: int | None, limits: Limits) -> dict[str, Any]:
    if status is None:
        return {"verdict": Verdict.RE, "reason": "closed the judge's channel before answering"}
    if status >= 0:
        return {"verdict": Verdict.RE, "reason": f"ended the process with status {status} before answering"}
    if -status == signal.SIGKILL:  # not by us: the kernel's out-of-memory killer
        return _too_much_memory(limits)
    if -status == signal.SIGXCPU:
        return {"verdict": Verdict.TLE, "reason": f"stopped after {limits.time_s:g} s of CPU time"}
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    crash = " (a crash of the interpreter)" if name in _CRASHES else ""
    return {"verdict": Verdict.RE, "reason": f"killed by {name}{crash}"}


def _too_much_memory(limits: Limits) -> dict[str, Any]:
    return {"verdict": Verdict.MLE, "reason": f"used more than {limits.memory_mib} MiB"}
