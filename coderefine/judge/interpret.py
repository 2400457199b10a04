"""Turns what the runner saw into verdicts. Everything a candidate wrote is checked here before it is believed.

Comparison happens here, on the host, on values that were rebuilt as exact builtin types; only a problem's own checker
runs elsewhere (in a sandbox, by `judge.py`), so `case_result` leaves its cases without a verdict of WA.
"""

from __future__ import annotations

import signal
from typing import Any

from coderefine.judge import authors
from coderefine.judge.keeping import Keeper
from coderefine.judge.kind import CalledKind
from coderefine.judge.report import CandidateError, CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, SandboxProgram, plain_spec
from coderefine.problem import values
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.rendering import example_of

MAX_TEXT = 2000
MAX_FRAMES = 20
ANSWER_BYTES = 16 << 20
KEPT_BYTES = 4096
"""Up to how many bytes are kept of what a candidate prints besides its answer."""
MAX_EVIDENCE = 1000
MAX_NAMES, MAX_NAME = 20, 200
"""How many variables are kept for a line, and how many characters of a name or of a value."""
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
_DONE = b'["done"]'  # see sandbox/stdio.py
_ERRORS = (b'["error"', b'["unreadable"')
_NOISE_S = 1e-6
"""The rounding error of a sum of times, in seconds."""
_NONSENSE = {"verdict": Verdict.RE, "reason": "wrote into the judge's channel"}


def candidate_program(problem: Problem, source: str, *, evidence: bool = False) -> SandboxProgram:
    """Return what a sandbox loads to run a candidate of this problem."""
    limits = runner_limits(problem.limits)
    if CalledKind.of(problem).prints_answer:
        limits["kept_bytes"] = limits["output_bytes"]
    return SandboxProgram({**runner_spec(problem), "evidence": evidence}, limits, source, problem.prelude)


def runner_spec(problem: Problem) -> dict[str, Any]:
    """Return how the runner calls a candidate of this problem (see `sandbox/candidate.py`)."""
    kind = CalledKind.of(problem)
    name, _, prefix = problem.answer.partition("[")
    names = [param.name for param in problem.params]
    return {
        **plain_spec(problem.entry, len(names)),
        "kind": kind.called_as,
        "nodes": [param.type.nodes for param in problem.params],
        "returns": problem.returns.nodes,
        "answer": None if problem.answer == "return" else names.index(name),
        "prefix": bool(prefix),
        "fresh": kind.prints_answer,
        "own_tests": kind.runs_own_tests,
        "leetcode_names": kind.leetcode_names,
    }


def runner_limits(limits: Limits) -> dict[str, Any]:
    """Return the limits as the runner takes them."""
    return {
        "wall_s": limits.wall_s,
        "cpu_s": limits.time_s,
        "memory_mib": limits.memory_mib,
        "output_bytes": limits.output_kib << 10,
        "kept_bytes": KEPT_BYTES,
        "answer_bytes": ANSWER_BYTES,
    }


def case_payload(problem: Problem, case: TestCase) -> bytes:
    """Return what a sandbox is sent for a case: the input of a program that prints its answer, else the arguments."""
    if CalledKind.of(problem).prints_answer:
        (text,) = case.args
        return str(text).encode("utf-8", "surrogatepass")
    return values.encode(list(case.args)).encode()


def case_result(problem: Problem, index: int, case: TestCase, event: Event) -> CaseResult:
    """Return the result of a case from its event; raises WorkerFault where the failure is the sandbox's."""
    inner, found = _without_evidence(event)
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
            case ["screened", _, *_] as messages:
                return [_screened_outcome(message) for message in messages[1:]]
    except values.Malformed:
        pass
    return [_NONSENSE]


def _screened_outcome(message: Any) -> dict[str, Any]:
    match message:
        case ["timeout", line, frames]:
            outcome = _outcome(["error", "TimeoutError", "still running", line, frames])
            return {**outcome, "verdict": Verdict.TLE}
    return _outcome(message)


def _coded(index: int, case: TestCase, outcome: dict[str, Any]) -> CaseResult:
    """Return the result of a test that is code: an exception of the test itself is WA."""
    error: CandidateError | None = outcome.get("error")
    if outcome.get("got") is True:
        outcome = {"verdict": Verdict.AC}
    elif outcome["verdict"] is Verdict.RE and error is not None and not error.frames:  # it comes from the test itself
        outcome = {"verdict": Verdict.WA, "reason": str(error)}
    return CaseResult(index=index, name=case.name, code=case.code, **outcome)


def event_outcome(event: Event, limits: Limits, inner: Any = None) -> dict[str, Any]:
    """Return verdict and reason of an event; raises WorkerFault where the failure is the sandbox's.

    `inner` is the event's message, where that was read already.
    """
    match event.status:
        case "answer":
            return _message(event.message) if inner is None else _outcome(inner)
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
    return _NONSENSE


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


class Replies:
    """What is kept of all answers of a candidate to one test: there may be thousands of them, of any length."""

    def __init__(self) -> None:
        self._printed = b""
        self.wall_s = self.cpu_s = 0.0
        """Seconds of all answers together."""
        self._coverage: set[int] = set()
        self.raised: dict[str, Any] = _NONSENSE
        """How the case ends if the test does not catch what the candidate raised last."""

    def add(self, reply: Event) -> bool:
        """Take note of an answer; return whether it says that the candidate raised."""
        self.wall_s += reply.wall_s
        self.cpu_s += reply.cpu_s
        self._printed += reply.printed[: KEPT_BYTES - len(self._printed)]
        inner, found = _without_evidence(reply)
        self._coverage |= set(found.get("coverage", ()))
        if reply.message.startswith(_ERRORS) or inner:
            outcome = _message(reply.message) if inner is None else _outcome(inner)
            self.raised = outcome if outcome is not _NONSENSE or inner is None else self.raised
        return reply.message.startswith(_ERRORS)

    def result(self, problem: Problem, index: int, case: TestCase, end: Event) -> CaseResult:
        """Return the result of a test that is code, from the event that ended it."""
        return CaseResult(
            index=index,
            name=case.name,
            code=case.code,
            output=self._printed.decode("utf-8", "replace"),
            wall_s=round(self.wall_s, 6),
            cpu_s=round(self.cpu_s, 6),
            coverage=tuple(sorted(self._coverage)),
            **_ended(problem, case.code, end, self.raised),
        )


def _without_evidence(event: Event) -> tuple[Any, dict[str, Any]]:
    """Return the message that is wrapped in one with evidence, and the evidence; None and {} for any other message.

    Malformed evidence is dropped: it decides nothing.
    """
    if not event.message.startswith(b'["evidence"'):
        return None, {}
    try:
        _, inner, lines, variables = values.decode_answer(event.message)
        coverage = tuple(sorted({line for line in lines[:MAX_EVIDENCE] if _int(line)}))
        trace = tuple(
            (_int(line) or 0, tuple(_shortened(name, value) for name, value in pairs[:MAX_NAMES]))
            for line, pairs in variables[:MAX_EVIDENCE]
        )
    except (values.Malformed, LookupError, TypeError, ValueError):
        return [], {}
    return inner or [], {"coverage": coverage, "trace": trace}


def _ended(problem: Problem, code: str, end: Event, raised: dict[str, Any]) -> dict[str, Any]:
    try:
        match values.decode_answer(end.message) if end.message else None:
            case ["passed"]:
                return {"verdict": Verdict.AC}
            case ["raised"]:
                return raised
            case ["unjudged", str(what)]:  # nobody's mistake, or the author's
                return {"verdict": Verdict.JE, "reason": f"cannot be judged: {_text(what)}"}
            case ["prelude", *failure]:
                raise authors.fault(problem, failure)
            case ["failed", "AssertionError", str(text), _] if text and example_of(code):
                return {"verdict": Verdict.WA, "reason": _text(text)}
            case ["failed", name, text, line]:
                where = f" in line {line} of the test" if line else " in the test"
                return {"verdict": Verdict.WA, "reason": f"{name}{where}" + (f": {text}" if text else "")}
            case ["failed", _, _, line, got, wanted]:
                return {"verdict": Verdict.WA, "reason": _difference(got, wanted, line, code)}
    except values.Malformed:
        pass
    # The test depends on what the candidate answered, so a test that hangs or crashes is the candidate's failure.
    return {"verdict": Verdict.WA, "reason": f"the test itself did not end ({end.status})"}


def _difference(got: Any, wanted: Any, line: Any, code: str) -> str:
    """Return in words what a test compared, and its line where the test has several and no title."""
    where = f"line {line} of the test: " if line and "\n" in code and not example_of(code) else ""
    return f"{where}got {_text(got)}, expected {_text(wanted)}"


def _message(message: bytes) -> dict[str, Any]:
    try:
        return _outcome(values.decode_answer(message))
    except values.TooLarge as error:
        return {"verdict": Verdict.OLE, "reason": f"answered {error}"}
    except values.Malformed:
        return _NONSENSE


def _outcome(message: Any) -> dict[str, Any]:
    """Return the outcome that a candidate's message stands for; RE for any message that candidate.py does not write."""
    try:
        kind, *rest = message
        match kind, rest:
            case "value", [got]:
                return {"verdict": Verdict.WA, "answered": True, "got": got}
            case "unreadable", [reason]:
                return {"verdict": Verdict.WA, "reason": f"answered {_text(reason)}"}
            case "compile", [name, text, line, column]:
                return {"verdict": Verdict.CE, "error": CandidateError(*_texts(name, text), _int(line), _int(column))}
            case "error", [name, text, line, [*frames], *_]:  # a tester is sent the exception itself as well
                trace = tuple((_int(at) or 0, _text(function)[:MAX_NAME]) for at, function in frames[:MAX_FRAMES])
                error = CandidateError(*_texts(name, text), _int(line), frames=trace)
                return {"verdict": Verdict.MLE if _is_of_memory(error) else Verdict.RE, "error": error}
    except (TypeError, ValueError):
        pass
    return _NONSENSE


def _is_of_memory(error: CandidateError) -> bool:
    """Whether memory was refused: by Python, or by the kernel (ENOMEM), as it happens to `mmap`."""
    return error.type == "MemoryError" or (error.type == "OSError" and error.message.startswith("[Errno 12]"))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _texts(name: Any, message: Any) -> tuple[str, str]:
    return _text(name), _text(message)


def _shortened(name: Any, value: Any) -> tuple[str, str]:
    return _text(name)[:MAX_NAME], _text(value)[:MAX_NAME]


def _int(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise TypeError
    return value
