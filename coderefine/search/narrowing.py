"""The lines to search around in a program that is too long to be searched as a whole."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem
from coderefine.search.facts.tree import parse
from coderefine.search.localize import RAN, suspiciousness

_MOST = 400
"""The most lines: a failing test may run thousands, and the likelier ones come first."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_around(report: TestReport, source: str, problem: Problem) -> tuple[str, ...]:
    """Return lines without their indents, the most suspicious first (see `focused` in facts/focus.py).

    These are the lines of crashes, and those that failing tests ran. Where coverage was not recorded, they are the
    headers of the functions that the tests name, and of functions that these name, or else of all. () for a program
    that does not parse.
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
    """Return the lines that failing tests ran, most suspicious first; [] where they are not known."""
    ran = {line for case in report.failures for line in case.coverage}
    weights = suspiciousness(report, source)
    return sorted((line for line in ran if weights.get(line, 0.0) >= RAN), key=lambda line: (-weights[line], line))


def _names_of_tests(report: TestReport, problem: Problem) -> list[str]:
    """Return the names in the code of failing tests, in order, and the entry point's."""
    found: dict[str, None] = {}
    for case in report.failures:
        tree = parse(case.code)
        if not isinstance(tree, SyntaxError):
            found.update(dict.fromkeys(_names(tree)))
    return [*found, *problem.entry.split(".")[::-1]]


def _named(tree: ast.Module, names: Sequence[str]) -> Iterator[_Function]:
    """Yield the functions with these names, then those that they name, and so on; a class stands for its methods."""
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
