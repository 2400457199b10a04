"""The functions that hear how a refinement gets on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from coderefine.accidents import Accidents
from coderefine.progress import Progress
from coderefine.result import Candidate, Iteration

T = TypeVar("T")


def ignore(_: object) -> None:
    """Hear it and do nothing."""


@dataclass(frozen=True, slots=True)
class Observers:
    """Functions that are called as a refinement goes on; one that fails costs nothing but its own effect."""

    on_start: Callable[[Candidate], None] = ignore
    """Called with the tested program to begin with."""
    on_iteration: Callable[[Iteration], None] = ignore
    """Called with each step as it is done."""
    on_progress: Callable[[Progress], None] = ignore
    """Called with what goes on in between, also from other threads."""
    warn: Callable[[str], None] = ignore
    """Called with a line for people where recording, hardening, an observer or the like fails, and the run goes on."""

    def guarded(self, accidents: Accidents) -> Observers:
        """Return the same functions, whose errors are accidents and stay among them."""

        def guard(call: Callable[[T], None], part: str) -> Callable[[T], None]:
            def guarded(told: T) -> None:
                with accidents.survive(part):
                    call(told)

            return guarded

        return Observers(
            guard(self.on_start, "reporting the start"),
            guard(self.on_iteration, "reporting an iteration"),
            guard(self.on_progress, "reporting progress"),
            self.warn,
        )


SILENT = Observers()
