"""Single files: their functions are tested by the file's own assertions, or by tests that a user adds."""

from __future__ import annotations

from typing import ClassVar

from coderefine.kinds.function import FunctionKind
from coderefine.problem.problem import Problem


class FileKind(FunctionKind):
    """Problems made of a single Python file; its own tests become the problem's, and are not run when it is loaded."""

    name = "file"
    template: ClassVar[dict[str, str]] = {}
    can_be_drafted = False
    runs_own_tests = False
    leetcode_names = False
    may_equal = True
    mends_oversights = False  # the file says what its author expects of it; no more is guessed

    def interface(self, problem: Problem) -> str:
        """Return what is called, and that everything else stays."""
        return f"{super().interface(problem)} It is part of a file; keep all that the file defines, and its tests."


FILE = FileKind()
