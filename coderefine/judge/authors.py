"""Tells an author's mistakes from a candidate's: a prelude that fails without any candidate is the author's mistake.

A candidate could claim that the prelude failed, so the prelude is run again without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from coderefine.errors import ProblemError
from coderefine.judge.worker import SandboxProgram, Worker
from coderefine.problem import values
from coderefine.problem.problem import Problem

_FAILED = b'["prelude",'
_MAX_CHARS = 300


def check_prelude(worker: Worker, problem: Problem, program: SandboxProgram, message: bytes) -> None:
    """Raise ProblemError if `message` says that the prelude failed, and it also fails without a candidate."""
    if not message.startswith(_FAILED):
        return
    with worker.session(replace(program, source="")) as alone:
        if alone.loaded.message.startswith(_FAILED):
            raise fault(problem, values.decode_answer(alone.loaded.message)[1:])


def fault(problem: Problem, failure: Sequence[Any]) -> ProblemError:
    """Return the error for a prelude that failed with [type, text, line]."""
    type_, text, line = (str(part) if part is not None else "" for part in failure)
    file = problem.path / "prelude.py" if problem.path else f"{problem.slug}/prelude.py"
    said = f"{type_}: {text}" if text else type_
    return ProblemError(
        file, f"line {line}" if line else "", f"expected to run by itself, but it raised {said[:_MAX_CHARS]}"
    )
