"""What hardening asks of a problem's kind: inputs beyond those of the visible tests."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from coderefine.harden.bounds import Args
from coderefine.problem.problem import Kind, Problem


@dataclass(frozen=True, slots=True)
class Proposals:
    """Proposed inputs, of which many may be invalid."""

    inputs: Iterator[Args]
    is_valid: Callable[[Args], bool]
    """Whether an input is certain to be valid."""
    corners: Iterable[Args] = ()
    """Inputs at the ends of what is allowed, where a program may take longest."""


class HardenedKind(Kind):
    """A kind of problem for which inputs can be made."""

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals | None:
        """Return variations of the visible inputs, at least one; None where nothing is known to be valid.

        The same state of `rng` gives the same inputs.
        """
        return None

    def guesses(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals | None:
        """Return inputs that are likely to be valid, to be shown to a person who sees where one is not."""
        return self.proposals(problem, visible, rng)

    mends_oversights: ClassVar[bool] = True
    """Whether a program that passes is changed where it crashes on an input that may be invalid."""

    def smallest(self, problem: Problem, sizes: Sequence[int]) -> Iterable[Args]:
        """Return inputs with so many items, or with these numbers; some of the inputs may be invalid."""
        return ()

    def read_answer(self, text: str, like: Any) -> Any:
        """Return the answer that a person has typed, where programs answer values `like` this; raises ValueError."""
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise ValueError(text) from None
        if text.isdigit() and not isinstance(like, int | float):
            raise ValueError(text)  # the number of a choice that does not exist
        return value
