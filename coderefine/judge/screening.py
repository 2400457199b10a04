"""Runs many sources in one process, on the same few tests, to find those that deserve to be judged.

The judge gives every candidate a process of its own. A search that tries thousands, and needs a handful, first screens
them (`sandbox/screening.py`). The programs share a process, and the code of tests runs in it as well. So a screening is
confined like any run, but its reports say "screened" and hold no verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.judge import calling, interpret
from coderefine.judge.kind import JudgedKind
from coderefine.judge.report import CaseResult
from coderefine.judge.worker import SandboxProgram, Worker
from coderefine.outside import encode_python
from coderefine.problem import values
from coderefine.problem.problem import Problem

Known = dict[bytes, tuple[CaseResult, ...]]
"""Results by message: most programs fail in the same way as another one."""

_KNOWN_BYTES, _MAX_KNOWN = 4096, 10_000
"""How long a message may be to be remembered, and how many are remembered."""
_GRACE_S = 0.05
"""Seconds of CPU after which a process is killed whose program cannot be interrupted."""


def can_screen(problem: Problem) -> bool:
    """Whether this problem can be screened: its tests are calls or inputs of a program, and it has no checker."""
    return JudgedKind.of(problem).is_called and problem.compare.mode != "checker"


def program(problem: Problem, slice_s: float) -> SandboxProgram:
    """Return what a sandbox loads to screen sources on the visible tests, for `slice_s` seconds of CPU each."""
    tests = [(case.code, "" if case.code else values.encode(list(case.args))) for case in problem.visible]
    spec = calling.runner_spec(problem)
    spec |= {"kind": "screening", "calls": spec["kind"], "fresh": False, "tests": tests, "slice_s": slice_s}
    limits = calling.runner_limits(problem.limits)
    spec["output_bytes"] = limits["output_bytes"]
    limits["cpu_s"] = slice_s + _GRACE_S
    return SandboxProgram(spec, limits, "", problem.prelude)


@dataclass(frozen=True, slots=True)
class Screened:
    """The outcome of a batch of sources."""

    results: tuple[tuple[CaseResult, ...], ...]
    """The results of each source, in order."""
    cpu_s: float
    """CPU seconds that the batch took in the sandbox."""


def run(worker: Worker, problem: Problem, screening: SandboxProgram, sources: list[str], known: Known) -> Screened:
    """Screen a batch of sources; raises WorkerFault."""
    results, cpu_s = [], 0.0
    for event in worker.run(screening, list(map(encode_python, sources))):
        cpu_s += event.cpu_s
        if event.status != "answer":
            results.append(interpret.screened_results(problem, event))
            continue
        found = known.get(event.message) or interpret.screened_results(problem, event)
        if len(event.message) <= _KNOWN_BYTES and len(known) < _MAX_KNOWN:
            known[event.message] = found
        results.append(found)
    return Screened(tuple(results), cpu_s)
