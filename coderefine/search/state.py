"""Programs derived from the one to repair."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from coderefine.judge.report import TestReport
from coderefine.search.facts.edits import Edits
from coderefine.search.facts.program import Program
from coderefine.search.proposals import Base


@dataclass(frozen=True)
class Idea:
    """A program to try: how it was made, and how likely it is the repair."""

    source: str
    notes: tuple[str, ...] = ()
    """A note for each edit of the program to repair; it begins with the operator's name."""
    prior: float = 1.0
    base: Base | None = None
    """The program that `parts` were applied to; None for a program that is read by itself."""
    parts: tuple[Edits, ...] = ()
    """The edits of `base`, an entry for each of the last notes."""

    focus: tuple[str, ...] = ()
    """Lines around which a long program is searched."""

    @property
    def edits(self) -> Edits:
        """All edits of `base`."""
        return tuple(edit for part in self.parts for edit in part)

    @cached_property
    def program(self) -> Program:
        """The source with its facts."""
        return Program(self.source, self.focus)


@dataclass(frozen=True)
class State(Idea):
    """A program that was tried."""

    report: TestReport = field(kw_only=True)
    """Its report on the tests."""

    @classmethod
    def of(cls, step: Idea, report: TestReport) -> State:
        """Return the state that a step leads to."""
        return cls(step.source, step.notes, step.prior, step.base, step.parts, step.focus, report=report)
