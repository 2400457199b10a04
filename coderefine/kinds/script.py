"""Scripts, which count as right when they run to their end. That says little, so a repair may remove nothing."""

from __future__ import annotations

from typing import ClassVar

from coderefine.kinds.program import ProgramKind
from coderefine.problem.problem import Problem


class ScriptKind(ProgramKind):
    """Problems made of a script that crashes; no tests say what it must do."""

    name = "script"
    template: ClassVar[dict[str, str]] = {}
    keeps_statements = True
    can_be_drafted = False
    exit_status_counts = False

    def interface(self, problem: Problem) -> str:
        """Return that everything it does is wanted."""
        return f"{super().interface(problem)} It crashes; mend that, and take nothing away that it does."


SCRIPT = ScriptKind()
