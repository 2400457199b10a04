"""A function, or a method: called with arguments, and what it returns or changes is compared."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from coderefine.harden.constraints import Args
from coderefine.harden.inputs import Space
from coderefine.harden.kind import Proposals
from coderefine.kinds.called import CalledProblemKind
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, literal


class FunctionKind(CalledProblemKind):
    """Problems whose solution is a function."""

    name = "function"
    called_as = "function"
    entry_is_function = True

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return the call as Python would write it."""
        name = problem.entry.rpartition(".")[2]
        return f"{name}({', '.join(cut(literal(arg), limit) for arg in args)})"

    def interface(self, problem: Problem) -> str:
        """Say what is called, and with what."""
        owner, _, function = problem.entry.rpartition(".")
        params = ", ".join(f"{param.name}: {param.type}" for param in problem.params)
        what = f"the method `{function}` of a class `{owner}`" if owner else f"the function `{function}`"
        return f"{what}, called with `({params})`."

    def answer(self, problem: Problem) -> str:
        """Say what is compared: what is returned, or an argument."""
        if problem.answer == "return":
            return f"The answer is what it returns, of type `{problem.returns}`."
        name, _, bound = problem.answer.partition("[")
        extent = f"the first elements of the argument `{name}`, as many as the returned number says," if bound else ""
        return f"The answer is {extent or f'the argument `{name}`'} after the call: it is changed in place."

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Vary the arguments within what the statement and the visible inputs allow."""
        space = Space(problem)
        return space.proposals(rng), space.allows


FUNCTION = FunctionKind()
