"""Finds lines of a commit that may be to blame: those on the way to an error, then those that the commit changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from coderefine.hook.project import CheckOutcome, Project, is_failure
from coderefine.outside import parse_python

_SHOWN = 5
_MOST_PAIRS = 4_000_000
"""Pairs of lines to compare, at most: for texts that repeat one line, the time grows with their number."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that may be to blame, with the reason."""

    path: str
    line: int
    text: str
    why: str


def suspects(project: Project, outcome: CheckOutcome) -> list[Suspect]:
    """Return a few lines of the changed modules that the failing tests import, likeliest first."""
    found: dict[tuple[str, int], Suspect] = {}
    for problem, report in outcome.sessions:
        failed = {case.name for case in outcome.failed}
        for case in (it for it in report.cases if is_failure(it) and it.name in failed):
            for line, _ in reversed(case.error.frames if case.error else ()):
                _add(found, project, problem.suite.solution, line, "on the way to the error")
    failing = {case.name.partition("::")[0] for case in outcome.failed}
    reached = project.plan.chooser.graph.reached(failing)
    for path in project.modules:
        if path in reached:
            source = project.source(path)
            statements = _statements(source)
            for line in _changed(text_before(project, path).split("\n"), source.split("\n")):
                if statements is None or any(line in lines for lines in statements):
                    _add(found, project, path, line, "changed in this commit")
    return list(found.values())[:_SHOWN]


def changed_lines(project: Project, module: str) -> tuple[str, ...]:
    """Return the lines that a commit changes, without their indents; () where all of a module is new.

    Of a statement on several lines all lines are included, the changed ones first.
    """
    before, source = text_before(project, module), project.source(module)
    if not before:
        return ()
    lines = source.split("\n")
    changed = list(_changed(before.split("\n"), lines))
    statements = _statements(source) or []
    around = [it for number in changed for whole in statements if number in whole for it in whole]
    texts = [lines[number - 1].strip() for number in (*changed, *around)]
    return tuple(dict.fromkeys(text for text in texts if any(map(str.isalnum, text))))


def text_before(project: Project, module: str) -> str:
    """Return the text of a module in the last commit; its present text, where it was named but is not staged."""
    changes = {change.path: change for change in project.plan.snapshot.changes}
    if module not in changes:
        return project.source(module)
    return project.plan.snapshot.repository.text(changes[module].before)


def _add(found: dict[tuple[str, int], Suspect], project: Project, path: str, line: int, why: str) -> None:
    lines = project.source(path).split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    if text and not text.startswith("#"):
        found.setdefault((path, line), Suspect(path, line, text, why))


def active_lines(source: str) -> set[int] | None:
    """Return the lines on which statements begin that have an effect when they run.

    None for text that is not Python.
    """
    statements = _statements(source)
    return None if statements is None else {lines[0] for lines in statements}


def _statements(source: str) -> list[range] | None:
    """Return the lines of each statement that has an effect when it runs, without those of statements within it."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return None
    passive = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    found = []
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and not isinstance(node, passive) and not is_text:
            inner = getattr(node, "body", None) or getattr(node, "cases", None)
            end = _first_line(inner[0]) - 1 if inner else node.end_lineno or node.lineno
            found.append(range(node.lineno, max(end, node.lineno) + 1))
    return found


def _first_line(node: ast.AST) -> int:
    """Return the line on which a statement begins, its decorators included, or a case."""
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    lines: list[int] = [it.lineno for it in (node, *getattr(node, "decorator_list", ()))]
    return min(lines)


def _changed(before: list[str], after: list[str]) -> Iterator[int]:
    """Yield the numbers of new lines; of very many differing lines, all numbers between the first and the last."""
    same = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), None)
    start = min(len(before), len(after)) if same is None else same
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if len(old) * len(new) > _MOST_PAIRS:
        yield from range(start + 1, len(after) - end + 1)
        return
    for tag, _, _, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from range(start + first + 1, start + last + 1)
