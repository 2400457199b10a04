"""Diagnostics for editors at lines of a file: failures, and the edits of a patch."""

from __future__ import annotations

import ast
import difflib
import re
from typing import TYPE_CHECKING, Any

from coderefine.outside import parse_python
from coderefine.rendering import cut, got_text, literal, printable

if TYPE_CHECKING:
    from coderefine.judge.report import CaseResult, TestReport
    from coderefine.problem.problem import Problem

_MAX_CHARS = 400


def of_report(problem: Problem, report: TestReport, source: str, file: str) -> list[dict[str, Any]]:
    """Return a diagnostic for each failing test, at the line that raised, or else at the definition under test."""
    lines = _definitions(source)
    owner, _, name = problem.entry.rpartition(".")
    entry = lines.get(name) or lines.get(owner) or 1
    return [_failure(problem, case, file, _called(case.code, lines) or entry) for case in report.failures]


def of_patch(before: str, after: str, file: str, message: str) -> list[dict[str, Any]]:
    """Return a diagnostic for each change of a patch, with its edit of whole lines; `end_line` is not included."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found = []
    for tag, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            edit = {"line": start + 1, "end_line": end + 1, "text": "".join(new[first:last])}
            where = {"file": file, "line": min(start + 1, max(1, len(old))), "column": 1}
            found.append({**where, "severity": "warning", "message": _line(message), "edits": [edit]})
    return found


def lines(found: list[dict[str, Any]]) -> str:
    """Return diagnostics in the format of compilers: `file:line:column: severity: message`."""
    return "".join("{file}:{line}:{column}: {severity}: {message}\n".format(**it) for it in found)


def _failure(problem: Problem, case: CaseResult, file: str, line: int) -> dict[str, Any]:
    column = 1
    parts = [problem.kind.case_text(problem, case) or case.name]
    if case.answered:
        parts.append(f"got {got_text(case)}, expected {cut(literal(case.expected))}")
    if case.error:
        line, column = case.error.line or line, (case.error.column or 1)
        parts.append(f"{case.error.type}: {case.error.message}" if case.error.message else case.error.type)
    parts += [case.reason] if case.reason else []
    text = _line(f"{case.verdict.words}: {': '.join(parts)}")
    return {"file": file, "line": line, "column": column, "severity": "error", "message": text, "test": case.name}


def _line(text: str) -> str:
    return cut(printable(" ".join(text.split())), _MAX_CHARS)


def _called(code: str, lines: dict[str, int]) -> int | None:
    """Return the line of the definition in the file that a test's code calls first; None where it calls none."""
    return next((lines[name] for name in re.findall(r"(\w+)\s*\(", code) if name in lines), None)


def _definitions(source: str) -> dict[str, int]:
    """Return the first lines of functions, methods and classes, by their names."""
    try:
        nodes = [*ast.walk(parse_python(source))]
    except SyntaxError:
        return {}
    named = [it for it in nodes if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    return {it.name: it.lineno for it in reversed(named)}
