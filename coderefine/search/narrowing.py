"""Of a program too long to be searched as a whole, the lines to search around."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem
from coderefine.search.facts.tree import parse
from coderefine.search.localize import RAN, suspiciousness

_MOST = 400
"""Lines. A failing test may run thousands, and the likelier come first."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_around(report: TestReport, source: str, problem: Problem) -> tuple[str, ...]:
    """Return lines without their indents, the most suspicious first: see `focused` of facts/focus.py.

    Those of crashes, and those that failing tests ran; where nobody recorded which they ran, the headers of the
    functions that the tests name, and of those that these name, or else of all. Empty for a program that does not
    parse.
    """
    tree = parse(source)
    if isinstance(tree, SyntaxError):
        return ()
    lines = source.split("\n")
    numbers = [case.error.line for case in report.failures if case.error and case.error.line]
    ran = _ran(report, source)
    numbers += ran or [node.lineno for node in _named(tree, _names_of_tests(report, problem))]
    numbers = numbers or [node.lineno for node in ast.walk(tree) if isinstance(node, _Function)]
    return tuple(dict.fromkeys(lines[number - 1].strip() for number in numbers if number <= len(lines)))[:_MOST]


def _ran(report: TestReport, source: str) -> list[int]:
    """The lines that failing tests ran, most suspicious first; none where it is not known."""
    ran = {line for case in report.failures for line in case.coverage}
    weights = suspiciousness(report, source)
    return sorted((line for line in ran if weights.get(line, 0.0) >= RAN), key=lambda line: (-weights[line], line))


def _names_of_tests(report: TestReport, problem: Problem) -> list[str]:
    """The names in the code of failing tests, in order, and that of the entry point."""
    found: dict[str, None] = {}
    for case in report.failures:
        tree = parse(case.code)
        if not isinstance(tree, SyntaxError):
            found.update(dict.fromkeys(_names(tree)))
    return [*found, *problem.entry.split(".")[::-1]]


def _named(tree: ast.Module, names: Sequence[str]) -> Iterator[_Function]:
    """Yield the functions of these names, then those that they name, and so on. A class stands for its methods."""
    functions = defaultdict[str, list[_Function]](list)
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            functions[node.name].append(node)
        elif isinstance(node, ast.ClassDef):
            functions[node.name] += [it for it in node.body if isinstance(it, _Function)]
    seen: set[ast.AST] = set()
    waiting = [node for name in names for node in functions.get(name, ())]
    while waiting:
        reached: list[_Function] = []
        for node in waiting:
            if node not in seen:
                seen.add(node)
                yield node
                reached += [it for name in _names(node) for it in functions.get(name, ())]
        waiting = reached


def _names(node: ast.AST) -> Iterable[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
