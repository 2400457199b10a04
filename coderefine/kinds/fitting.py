"""Fits a problem to the names that a program uses for the function or class that the problem asks for.

`twoSum` stands for `two_sum`, a plain function for `Solution.two_sum`, another class for `Solution`; only where one
reading is possible. The problem is fitted to the program and never the other way round.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coderefine.judge.kind import CalledKind
from coderefine.kinds.base import ProblemKind
from coderefine.outside import parse_python
from coderefine.problem.problem import Problem, TestCase

_LINE = re.compile(
    r"^([ \t]*)(?:(class)[ \t]+(\w+)|(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(([^()]*(?:\([^()]*\)[^()]*)*))", re.MULTILINE
)
_NODES = ("ListNode", "TreeNode", "Node")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A problem with the names of a program."""

    problem: Problem
    told: str = ""
    """A line on which name is taken for which, or may be meant; "" where the program has the problem's own names."""


@dataclass(frozen=True, slots=True)
class _Function:
    """A function or a method of a program."""

    owner: str
    name: str
    least: int
    most: float
    """The most arguments that it takes, without `self`; `least` is the number that it needs."""

    @property
    def entry(self) -> str:
        return f"{self.owner}.{self.name}" if self.owner else self.name


def fitted(problem: Problem, source: str) -> Fitted:
    """Return the problem with the names of a program; unchanged where the program has its names, or has more than one
    reading.
    """
    found = list(_functions(source))
    if isinstance(problem.kind, CalledKind) and problem.kind.entry_is_class:
        return _class(problem, source, found)
    if (
        not ProblemKind.of(problem).entry_is_function
        or any(it.entry == problem.entry for it in found)
        or _named_in_tests(problem)
    ):
        return Fitted(problem)
    arity = len(problem.params)
    public = [it for it in found if not it.name.startswith("_") and it.least <= arity <= it.most]
    wanted = _plain(problem.entry.rpartition(".")[2])
    same = [it for it in public if _plain(it.name) == wanted]
    matching = same or [it for it in public if not it.name.startswith("test")]
    if len(matching) > 1:
        matching = [it for it in matching if not is_called(it.name, source)]
    if not matching or (not same and re.search(r"\binput\(|\bsys\.stdin\b", source)):
        return Fitted(problem)
    if len(matching) > 1:
        names = " or ".join(it.entry for it in matching[:3])
        return Fitted(problem, f"there is no {problem.entry}; {names} may be meant: give that name to the one that is")
    entry = matching[0].entry
    return Fitted(replace(problem, entry=entry), f"{entry} is taken for {problem.entry}")


def is_called(name: str, source: str) -> bool:
    """Whether a program calls a function elsewhere than in the function itself: then it is a helper."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return len(re.findall(rf"\b{re.escape(name)}\s*\(", source)) > 1
    own = [it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef) and it.name == name]
    inside = {id(it) for definition in own for it in ast.walk(definition)}
    return any(_named(it.func) == name for it in ast.walk(tree) if isinstance(it, ast.Call) and id(it) not in inside)


def _named(node: ast.expr) -> str:
    """Return the name that is called, a function's or a method's."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _class(problem: Problem, source: str, found: Sequence[_Function]) -> Fitted:
    """Fit a class of another name, or with methods in another style."""
    owners: dict[str, dict[str, str]] = {name: {} for name in _classes(source)}
    for it in found:
        if it.owner in owners:
            owners[it.owner].setdefault(_plain(it.name), it.name)
    cases = problem.visible + problem.hidden
    if any(case.code for case in cases):
        return Fitted(problem)
    asked = {name for case in cases for name in case.args[0][1:]}
    if problem.entry in owners and asked <= {it.name for it in found if it.owner == problem.entry}:
        return Fitted(problem)
    able = [owner for owner, methods in owners.items() if {_plain(name) for name in asked} <= methods.keys()]
    if problem.entry in able:
        able = [problem.entry]
    if len(able) != 1:
        return Fitted(problem)
    names = {name: owners[able[0]][_plain(name)] for name in asked}
    others = [f"{new} for {old}" for old, new in sorted(names.items()) if old != new]
    told = [f"{able[0]} for {problem.entry}"] if able[0] != problem.entry else []
    return Fitted(
        replace(
            problem,
            entry=able[0],
            visible=tuple(_renamed(case, able[0], names) for case in problem.visible),
            hidden=tuple(_renamed(case, able[0], names) for case in problem.hidden),
        ),
        f"taken: {', '.join([*told, *others])}",
    )


def _renamed(case: TestCase, owner: str, names: dict[str, str]) -> TestCase:
    operations, arguments = case.args
    return replace(case, args=([owner, *(names[name] for name in operations[1:])], arguments))


def _named_in_tests(problem: Problem) -> bool:
    """Whether tests of code call the entry by its own name, so that no other name can replace it."""
    names = "|".join(map(re.escape, filter(None, problem.entry.split("."))))
    codes = (case.code for case in problem.visible + problem.hidden if case.code)
    return any(re.search(rf"\b(?:{names})\b", code) for code in codes)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _classes(source: str) -> list[str]:
    return [match[3] for match in _LINE.finditer(source) if match[2] and not match[1] and match[3] not in _NODES]


def _functions(source: str) -> Iterator[_Function]:
    """Yield the functions of a program and the methods of its classes, even of one that does not parse."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        yield from _in_lines(source)
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield _function("", node)
        elif isinstance(node, ast.ClassDef) and node.name not in _NODES:
            yield from (_function(node.name, it) for it in node.body if isinstance(it, ast.FunctionDef))


def _function(owner: str, node: ast.FunctionDef) -> _Function:
    given = node.args
    static = any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in node.decorator_list)
    count = len(given.posonlyargs) + len(given.args) - (1 if owner and not static else 0)
    return _Function(owner, node.name, count - len(given.defaults), float("inf") if given.vararg else count)


def _in_lines(source: str) -> Iterator[_Function]:
    owner = ""
    for match in _LINE.finditer(source):
        if match[2]:
            owner = match[3] if not match[1] else owner
        elif not match[1] or owner:
            given = [it for it in match[5].split(",") if it.strip()]
            count = len(given) - (1 if match[1] else 0)
            yield _Function(owner if match[1] else "", match[4], count - match[5].count("="), count)
