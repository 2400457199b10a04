"""Functions that are called with the progress of a refinement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from coderefine.accidents import Accidents
from coderefine.progress import Progress
from coderefine.result import Candidate, Iteration

T = TypeVar("T")


def ignore(_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Observers:
    """Functions that are called as a refinement proceeds; one that fails has no other consequence."""

    on_start: Callable[[Candidate], None] = ignore
    """Called with the tested first program."""
    on_iteration: Callable[[Iteration], None] = ignore
    """Called with each finished step."""
    on_progress: Callable[[Progress], None] = ignore
    """Called with the progress in between, also from other threads."""
    warn: Callable[[str], None] = ignore
    """Called with a line for the user where recording, hardening, an observer or the like fails, and the run
    goes on.
    """

    def guarded(self, accidents: Accidents) -> Observers:
        """Return the same functions, with their errors treated as accidents."""

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
