"""Runs a program on inputs and returns its whole answers, to make tests from a program that is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coderefine.errors import JudgeError
from coderefine.judge import calling, interpret
from coderefine.judge.judge import Judge
from coderefine.judge.worker import WorkerFault
from coderefine.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program did with one input."""

    answered: bool
    value: Any = None
    """The answer, of exact builtin types; only meaningful where `answered`."""
    reason: str = ""
    """Why there is no answer; "" where there is one."""
    cpu_s: float = 0.0


def answers(judge: Judge, problem: Problem, source: str) -> list[Answer]:
    """Run a program on the visible tests of a problem and return its answers; raises JudgeError.

    What the tests expect plays no part.
    """
    program = calling.candidate_program(problem, source)
    payloads = [calling.case_payload(problem, case) for case in problem.visible]
    for attempt in (1, 2):
        found: list[Answer] = []
        try:
            with judge.sandboxes.candidates.lease(problem.limits.memory_mib) as worker:
                for event in worker.run(program, payloads):
                    case = problem.visible[len(found)]
                    result = interpret.case_result(problem, len(found), case, event)
                    reason = result.reason or str(result.error or result.verdict.value)
                    found.append(
                        Answer(True, result.got, "", event.cpu_s) if result.answered else Answer(False, None, reason)
                    )
                    if event.case < 0:  # the program could not be loaded
                        break
            return found + found[-1:] * (len(payloads) - len(found))
        except WorkerFault as fault:
            if attempt == 2:
                raise JudgeError(f"the {judge.backend} sandbox failed twice: {fault}") from None
    raise AssertionError("unreachable")
