"""Diagnostics for editors at lines of a file: failures, and the edits of a patch."""

from __future__ import annotations

import ast
import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coderefine.outside import parse_python
from coderefine.rendering import cut, got_text, literal, printable

if TYPE_CHECKING:
    from coderefine.judge.report import CaseResult, TestReport
    from coderefine.problem.problem import Problem

_MAX_CHARS = 400


def of_report(problem: Problem, report: TestReport, source: str, file: str) -> list[dict[str, Any]]:
    """Return a diagnostic for each failing test.

    It is at the line that raised, or else at the definition under test, or else at the test.
    """
    lines = _definitions(source)
    owner, _, name = problem.entry.rpartition(".")
    entry = lines.get(name) or lines.get(owner)
    found = []
    for case in report.failures:
        tested = _tested(case.code, lines) or entry
        place = (file, tested) if tested else _of_test(problem, case, lines, file)
        found.append(_failure(problem, case, *((file, case.error.line) if case.error and case.error.line else place)))
    return found


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
        column = case.error.column or 1
        parts.append(f"{case.error.type}: {case.error.message}" if case.error.message else case.error.type)
    parts += [case.reason] if case.reason else []
    text = _line(f"{case.verdict.words}: {': '.join(parts)}")
    return {"file": file, "line": line, "column": column, "severity": "error", "message": text, "test": case.name}


def _line(text: str) -> str:
    return cut(printable(" ".join(text.split())), _MAX_CHARS)


def _tested(code: str, lines: dict[str, int]) -> int | None:
    """Return the line of the definition in the file that a test's code calls first, or else mentions; None without."""
    for pattern in (r"(\w+)\s*\(", r"(\w+)"):
        for name in re.findall(pattern, code):
            if name in lines and not name.lower().startswith("test"):
                return lines[name]
    return None


def _of_test(problem: Problem, case: CaseResult, lines: dict[str, int], file: str) -> tuple[str, int]:
    """Return the file and the line of a test of pytest, which may be in the file itself; its first line without."""
    inside, *names = case.name.partition("[")[0].split("::")
    if names and names[-1] in lines:
        return file, lines[names[-1]]
    said = re.match(rf"{re.escape(inside)}:(\d+): ", case.reason)
    path = _root(problem) / inside
    return (os.path.relpath(path), int(said[1])) if said and path.is_file() else (file, 1)


def _root(problem: Problem) -> Path:
    """Return the folder from which the tests of pytest are named: the problem's own, or that of a file on its own."""
    path = (problem.path or Path()).resolve()
    parts = Path(problem.suite.solution).parts
    return path.parents[len(parts) - 1] if path.parts[-len(parts) :] == parts else path


def _definitions(source: str) -> dict[str, int]:
    """Return the first lines of functions, methods and classes, by their names; without fixtures of tests."""
    try:
        nodes = [*ast.walk(parse_python(source))]
    except SyntaxError:
        return {}
    named = [it for it in nodes if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    fixtures = [it for it in named if any("fixture" in ast.unparse(its) for its in it.decorator_list)]
    return {it.name: it.lineno for it in reversed(named) if it not in fixtures}
