"""What an operator is: a way to repair programs, written down in the table with how often it is the repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program

Propose = Callable[[Program, Evidence], Iterable[Change]]
"""Yields every change of a kind. That a result compiles, and is no other's twin, is left to whoever tries it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a prior comes from, and what was seen of the operator since."""

    source: str
    right: int = 0
    """In how many first patches that pass the hidden tests, too, it has a part, in the runs that the table names."""
    wrong: int = 0
    """The same for plausible first patches that fail hidden tests."""
    tried: int = 0
    """How many candidates of it were tried."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A kind of edit. Without a symptom it may be the repair at every place that it fits, more so where a line is
    suspicious; `prior` is then how often, per place and relative to the others, for a change of weight 1.

    With a symptom it sees by itself that something is wrong, wherever the tests point. The likeliest change of all
    operators for that symptom has `prior`, the others in proportion.
    """

    name: str
    """Stands in the notes of patches and in the account of what was tried."""
    prior: float
    basis: Basis
    propose: Propose
    symptom: str = ""
    cannot_be_meant: bool = False
    """Whether what it finds is wrong in any program, so that it is mended though no test asks for it."""

    @property
    def family(self) -> str:
        """The folder of its module: syntax, names, habits or templates. An edge of the pipeline switches it."""
        return self.propose.__module__.split(".")[-2]
