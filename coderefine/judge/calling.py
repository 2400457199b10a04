"""Builds what a sandbox is sent to run a candidate: its program, how it is called, its limits, its cases."""

from __future__ import annotations

from typing import Any

from coderefine.judge.kind import CalledKind
from coderefine.judge.worker import SandboxProgram, plain_spec
from coderefine.problem import values
from coderefine.problem.problem import Limits, Problem, TestCase

ANSWER_BYTES = 16 << 20
KEPT_BYTES = 4096
"""Up to how many bytes are kept of what a candidate prints besides its answer."""


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
