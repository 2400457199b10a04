"""What hardening asks of a problem's kind: inputs beyond those of the visible tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from coderefine.harden.constraints import Args
from coderefine.problem.problem import Kind, Problem

Proposals = tuple[Iterator[Args], Callable[[Args], bool]]
"""Inputs, perhaps many bad ones, and whether one is certain to be valid."""


class HardenedKind(Kind):
    """A kind of problem for which inputs may be made."""

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals | None:
        """Return variations of the visible inputs, at least one; None where nothing is known to be valid.

        The same state of `rng` gives the same ones.
        """
        return None
