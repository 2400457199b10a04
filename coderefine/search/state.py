"""Programs on the way from the one to repair."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from coderefine.judge.report import TestReport
from coderefine.search.facts.edits import Edits
from coderefine.search.facts.program import Program
from coderefine.search.proposals import Base


@dataclass(frozen=True)
class Idea:
    """A program to try: how it came about, and how likely it is the repair."""

    source: str
    notes: tuple[str, ...] = ()
    """What was done to the program to repair, an entry an edit; each begins with the operator's name."""
    prior: float = 1.0
    base: Base | None = None
    """What it was made from by `parts`; None for a program that is to be read for itself."""
    parts: tuple[Edits, ...] = ()
    """The edits of `base`, an entry for each of the last notes."""

    focus: tuple[str, ...] = ()
    """Lines that a long program is searched around."""

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
    """What became of it in the tests."""

    @classmethod
    def of(cls, step: Idea, report: TestReport) -> State:
        """Return the state after a step."""
        return cls(step.source, step.notes, step.prior, step.base, step.parts, step.focus, report=report)
