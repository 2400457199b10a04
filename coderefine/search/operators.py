"""The operators: ways to repair programs, listed in the table with a prior for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

Propose = Callable[[Program, Evidence], Iterable[Change]]
"""Yields every change of a kind. Whether a result compiles, or equals another's, is left to the caller."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The source of a prior, and what was observed of the operator since."""

    source: str
    right: int = 0
    """In how many first patches that also pass the hidden tests it takes part, in the runs that the table names."""
    wrong: int = 0
    """The same for plausible first patches that fail hidden tests."""
    tried: int = 0
    """How many of its candidates were tried."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A kind of edit.

    Without a symptom it may be the repair at every place that it fits, more likely where a line is suspicious; `prior`
    is its frequency there, per place and relative to the other operators, for a change of weight 1. With a symptom it
    recognises by itself that something is wrong, wherever the tests point. The likeliest change of all operators for
    that symptom has `prior`, the others in proportion.
    """

    name: str
    """The name in the notes of patches and in the report of what was tried."""
    prior: float
    basis: Basis
    propose: Propose
    symptom: str = ""
    cannot_be_meant: bool = False
    """Whether what it finds is wrong in any program, so that it is repaired though no test asks for it."""

    @property
    def family(self) -> str:
        """The folder of its module: syntax, names, habits or templates. An edge of the pipeline switches the family."""
        return self.propose.__module__.split(".")[-2]
