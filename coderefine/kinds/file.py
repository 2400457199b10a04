"""Files on their own: what they define is tested by what they assert of themselves, or by what a user adds."""

from __future__ import annotations

from typing import ClassVar

from coderefine.kinds.function import FunctionKind
from coderefine.problem.problem import Problem


class FileKind(FunctionKind):
    """Problems made of a file of Python; its own tests are the problem's, and are not run when it is loaded."""

    name = "file"
    template: ClassVar[dict[str, str]] = {}
    runs_own_tests = False
    leetcode_names = False
    may_equal = True

    def interface(self, problem: Problem) -> str:
        """Say what is called, and that all else stays."""
        return f"{super().interface(problem)} It is part of a file; keep all that the file defines, and its tests."


FILE = FileKind()
