"""The functions that hear what a check of the next commit finds, as it finds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coderefine.hook.check import CheckOutcome, Project
    from coderefine.hook.commit import Note
    from coderefine.hook.environment import Environment
    from coderefine.hook.problems import Judged
    from coderefine.hook.repair import Repair
    from coderefine.hook.revert import Revert
    from coderefine.problem.problem import Problem
    from coderefine.result import Iteration


class Listener:
    """One that says nothing; a method for everything there is to tell."""

    def note(self, notes: Sequence[Note]) -> None:
        """There are lines to tell."""

    def warn(self, text: str) -> None:
        """Something went wrong that does not stop the check."""

    def progress(self, line: str) -> None:
        """A sandbox is being prepared."""

    def tested(self, project: Project, outcome: CheckOutcome, environment: Environment | None) -> None:
        """The tests were run."""

    def judged(self, judged: Judged) -> None:
        """A problem's solution was judged."""

    def repairing(self, module: str, problem: Problem) -> None:
        """A patch of a module is looked for."""

    def iterated(self, iteration: Iteration) -> None:
        """A step of that is done."""

    def refused(self, module: str, reason: str) -> None:
        """A patch is not taken."""

    def no_patch(self, undone: Revert | None) -> None:
        """No patch was found; `undone` is a part of the change without which all tests pass, where there is one."""

    def patched(self, repair: Repair, applied: bool) -> None:
        """A patch was found, and was put into the working tree or, where that has other edits, was not."""
