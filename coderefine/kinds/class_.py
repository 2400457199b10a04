"""A class: each test constructs it and calls its methods in order, and all results are compared."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from coderefine.harden.constraints import Args
from coderefine.harden.kind import Proposals
from coderefine.judge.report import CaseResult
from coderefine.kinds.called import CalledProblemKind
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, literal, printable


class ClassKind(CalledProblemKind):
    """Problems whose solution is a class."""

    name = "class"
    called_as = "class"
    entry_is_class = True

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return all calls of a test, one after the other."""
        operations, arguments = args
        calls = (
            f"{printable(operation)}({', '.join(map(literal, given))})"
            for operation, given in zip(operations, arguments, strict=True)
        )
        return cut("; ".join(calls), 2 * limit)

    def interface(self, problem: Problem) -> str:
        """Say which class it is."""
        return f"a class `{problem.entry}`; each test constructs it and calls its methods in order."

    def answer(self, problem: Problem) -> str:
        """Say what is compared."""
        return "The answer is the list of all results."

    def test_lines(self, problem: Problem, case: CaseResult, chars: int) -> list[str]:
        """Show the calls in one line, where they can be read."""
        if len(case.args) == 2:
            return [f"calls: {self.call_text(problem, case.args, chars)}"]
        return super().test_lines(problem, case, chars)

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Return sequences of operations out of those seen, each with arguments that it was seen with."""
        return _sequences(visible, rng), lambda args: len(args[0]) > 1


def _sequences(visible: Sequence[Args], rng: random.Random) -> Iterator[Args]:
    while True:
        first, second = rng.choice(visible), rng.choice(visible)
        calls = list(zip(*first, strict=True))
        more = list(zip(*second, strict=True))[1:]
        body = calls[1:]
        match rng.randrange(4):
            case 0 if body:
                del body[rng.randrange(len(body))]
            case 1 if body:
                at = rng.randrange(len(body))
                body.insert(rng.randrange(len(body) + 1), body[at])
            case 2 if len(body) > 1:
                at = rng.randrange(len(body) - 1)
                body[at], body[at + 1] = body[at + 1], body[at]
            case _:
                body += more
        yield ([calls[0][0], *(name for name, _ in body)], [calls[0][1], *(args for _, args in body)])


CLASS = ClassKind()
