"""A whole program, which reads standard input; what it prints is compared."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from coderefine.descent.case_lines import argument_lines
from coderefine.harden.constraints import Args
from coderefine.harden.kind import Proposals
from coderefine.judge.report import CaseResult
from coderefine.kinds.called import CalledProblemKind
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, literal

_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?![\w.])")


class ProgramKind(CalledProblemKind):
    """Problems whose solution is a program."""

    name = "program"
    called_as = "program"
    prints_answer = True

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return the input."""
        return f"stdin {cut(literal(args[0]), limit)}"

    def interface(self, problem: Problem) -> str:
        """Say that it is all there is."""
        return "a whole program that reads standard input and prints its answer."

    def answer(self, problem: Problem) -> str:
        """Say what is compared."""
        return "The answer is what it prints to standard output."

    def test_lines(self, problem: Problem, case: CaseResult, chars: int) -> list[str]:
        """Show the input."""
        return argument_lines(case, ["stdin"], chars)

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Return the visible inputs with the numbers of a line in another order, or one of them in place of another.

        Nothing is known of what the numbers mean, but those of one line tend to mean the same where there are several;
        lines with fewer than three, such as counts, stay.
        """
        return _rearranged(visible, rng), lambda args: True


def _rearranged(visible: Sequence[Args], rng: random.Random) -> Iterator[Args]:
    texts = [text for (text,) in visible if any(len(_NUMBER.findall(line)) > 2 for line in text.split("\n"))]
    while texts:
        lines = rng.choice(texts).split("\n")
        at = rng.choice([index for index, line in enumerate(lines) if len(_NUMBER.findall(line)) > 2])
        numbers = _NUMBER.findall(lines[at])
        if rng.random() < 0.5:
            rng.shuffle(numbers)
        else:
            numbers[rng.randrange(len(numbers))] = rng.choice(numbers)
        rest = iter(numbers)
        lines[at] = _NUMBER.sub(lambda _, rest=rest: next(rest), lines[at])  # type: ignore[misc]
        yield ("\n".join(lines),)


PROGRAM = ProgramKind()
