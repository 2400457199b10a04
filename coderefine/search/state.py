"""Programs on the way from the one to repair, and the steps between them."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.judge.report import TestReport
from coderefine.search.facts.edits import Edits
from coderefine.search.facts.program import Program
from coderefine.search.proposals import Base


@dataclass(frozen=True, slots=True)
class State:
    """A program: how it came about, and what became of it in the tests."""

    program: Program
    notes: tuple[str, ...]
    """What was done, an entry a step."""
    prior: float
    report: TestReport
    base: Base | None = None
    """What it was made from by `edits`; None for a program that is to be read for itself."""
    edits: Edits = ()

    @property
    def source(self) -> str:
        """The text of the program."""
        return self.program.text


@dataclass(frozen=True, slots=True)
class Step:
    """An idea for a state: the source to try, and how likely it is the repair."""

    origin: State
    source: str
    note: str
    prior: float
    base: Base | None = None
    edits: Edits = ()
