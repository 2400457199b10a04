"""Callbacks that are called with what a check of the next commit finds, as soon as it is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coderefine.hook.commit import Note
    from coderefine.hook.environment import Environment
    from coderefine.hook.problems import Judged
    from coderefine.hook.project import CheckOutcome, Project
    from coderefine.hook.repair import Repair
    from coderefine.hook.revert import Revert
    from coderefine.problem.problem import Problem
    from coderefine.result import Iteration


class Listener:
    """Ignores everything; subclasses override the methods they need."""

    def note(self, notes: Sequence[Note]) -> None:
        """Called with lines for the user."""

    def warn(self, text: str) -> None:
        """Called with an error that does not stop the check."""

    def progress(self, line: str) -> None:
        """Called while a sandbox is being prepared."""

    def tested(self, project: Project, outcome: CheckOutcome, environment: Environment | None) -> None:
        """Called when the tests were run."""

    def judged(self, judged: Judged) -> None:
        """Called when the solution of a problem was judged."""

    def repairing(self, module: str, problem: Problem) -> None:
        """Called before a patch of a module is looked for."""

    def iterated(self, iteration: Iteration) -> None:
        """Called after each iteration of that."""

    def refused(self, module: str, reason: str) -> None:
        """Called when a patch of a module is refused."""

    def no_patch(self, undone: Revert | None) -> None:
        """Called when no patch was found; `undone` is a part of the change without which all tests pass, if there is
        one.
        """

    def patched(self, repair: Repair, applied: bool) -> None:
        """Called when a patch was found; `applied` says whether it was put into the working tree, which may have other
        edits.
        """
