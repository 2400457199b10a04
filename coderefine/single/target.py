"""The function to repair: which one is meant, and which tests concern it. Nothing is executed."""

from __future__ import annotations

import ast
import doctest
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from coderefine.outside import parse_python
from coderefine.single.own_test import OwnTest, parses

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def defines(source: str, target: str) -> bool:
    """Whether a file defines a function, a method or a class of this name."""
    return re.search(rf"\b(def|class)\s+{re.escape(target.rpartition('.')[2])}\b", source) is not None


def target_of(source: str, tests: Sequence[str]) -> str:
    """Return the function, or the class and its method, that tests call most; "" where they call none."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return _target_in_lines(source, tests)
    functions = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _only_tests(node)
    ]
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    called: Counter[str] = Counter()
    for node in (it for test in tests for it in ast.walk(parse_python(test))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id=owner), args=[]), attr=method)) if (
                owner in classes
            ):
                called[f"{owner}.{method}"] += 1
            case ast.Name(id=name) if name in functions:
                called[name] += 1
            case ast.Name(id=name) if name in classes:
                called[name] += 0
    return max(called, key=lambda name: called[name], default="")


def _only_tests(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function only tests: it has no arguments, and asserts or is named like a test."""
    given = function.args
    takes_none = not (given.args or given.posonlyargs or given.kwonlyargs or given.vararg)
    asserts = any(isinstance(it, ast.Assert) for it in ast.walk(function))
    return function.name.startswith("test") or (takes_none and (asserts or function.name == "main"))


def _target_in_lines(source: str, tests: Sequence[str]) -> str:
    defined = [
        line.split("def ", 1)[1].split("(")[0].strip() for line in source.splitlines() if line.startswith("def ")
    ]
    return max(defined, key=lambda name: sum(f"{name}(" in test for test in tests), default="")


def calling(tests: Sequence[OwnTest], target: str) -> list[OwnTest]:
    """Return the tests that mention a target, and those that a user gave."""
    names = names_of(target)
    return [it for it in tests if it.origin == "test" or names & _mentioned(parse_python(it.code))]


def names_of(target: str) -> set[str]:
    """Return the names by which tests mention a target; for a method that Python calls, the name of its class."""
    owner, _, name = target.rpartition(".")
    return {owner} if owner and name.startswith("__") else {name}


def not_calling(text: str, target: str) -> tuple[list[str], int]:
    """Return the tests of a pytest file that do not use a target, as `test_f` or `TestF::test_g`, and how many do.

    A test uses what it mentions, and what these mention: functions, fixtures and methods of the file.
    """
    try:
        tree = parse_python(text)
    except SyntaxError:
        return [], 1
    named: dict[str, set[str]] = {}
    # those of test classes only
    of_classes = {it for node in tree.body if isinstance(node, ast.ClassDef) for it in node.body}
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            named[node.name] = named.get(node.name, set()) | _mentioned(node)
        elif isinstance(node, ast.Assign) and node not in of_classes:
            for it in node.targets:
                named.update({name: _mentioned(node.value) for name in _mentioned(it)})
    wanted, others, count = names_of(target), [], 0
    for owner, test in _pytest_tests(tree):
        around = [it for it in owner.body if it is not test and not _is_test(it)] if owner else []
        reached = _reached({name for it in (test, *around) for name in _mentioned(it)}, named)
        if wanted & reached:
            count += 1
        else:
            others.append(f"{owner.name}::{test.name}" if owner else test.name)
    return others, count


def _pytest_tests(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, _Function]]:
    for node in tree.body:
        if isinstance(node, _Function) and _is_test(node):
            yield None, node
        elif isinstance(node, ast.ClassDef):
            yield from ((node, it) for it in node.body if isinstance(it, _Function) and _is_test(it))


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, _Function) and node.name.startswith("test")


def _reached(names: set[str], named: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += named.get(name, ())
    return found


def _mentioned(node: ast.AST) -> set[str]:
    """Return the names, attributes and arguments in a tree, and in its doctests; an argument of a test is a fixture."""
    found: set[str] = set()
    for it in ast.walk(node):
        match it:
            case ast.Constant(value=str(text)) if ">>> " in text:
                found |= _mentioned_in_examples(text)
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.add(name)
    return found


def _mentioned_in_examples(text: str) -> set[str]:
    try:
        codes = [example.source for example in doctest.DocTestParser().get_examples(text)]
    except ValueError:
        return set()
    return {name for code in codes if parses(code) for name in _mentioned(parse_python(code))}
