"""Scripts, which count as right when they run to their end. That says little, so a repair may remove nothing."""

from __future__ import annotations

import ast
from typing import ClassVar

from coderefine.judge.report import TestReport
from coderefine.kinds.program import ProgramKind
from coderefine.patch.lines.python import parse
from coderefine.problem.problem import Problem


class ScriptKind(ProgramKind):
    """Problems made of a script that crashes; no tests say what it must do."""

    name = "script"
    template: ClassVar[dict[str, str]] = {}
    success = "it runs to its end"
    keeps_statements = True
    can_be_drafted = False
    exit_status_counts = False

    def interface(self, problem: Problem) -> str:
        """Return that everything it does is wanted."""
        return f"{super().interface(problem)} It crashes; mend that, and take nothing away that it does."

    def not_searched(self, source: str, report: TestReport) -> str:
        """Return where the script itself raises the error, which any edit avoids that skips the check for it."""
        raised = {
            line: node
            for node in ast.walk(parse(source) or ast.Module([], []))
            if isinstance(node, ast.Raise) and node.exc is not None
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        error = next((it.error for it in report.failures if it.error and it.error.line in raised), None)
        if error is None:
            return ""
        return (
            f"the script itself raises {error.type} in line {error.line}, and nothing says what it is to do instead; "
            "say it by --test CODE, or by --stdin and --stdout"
        )


SCRIPT = ScriptKind()
