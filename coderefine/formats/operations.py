"""LeetCode's examples of a class: a list of methods, one of their arguments, and one of what each is to return.

Input
["LRUCache", "put", "get"]
[[2], [1, 1], [1]]
Output
[null, null, 1]
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coderefine.errors import UnreadableError
from coderefine.formats.brackets import arrays
from coderefine.formats.literals import NotLiteral, parsed, source
from coderefine.formats.record import RowError
from coderefine.kinds.class_ import CLASS
from coderefine.outside import read_json
from coderefine.problem import typespec
from coderefine.problem.problem import Problem, TestCase
from coderefine.rendering import literal

_LABEL = re.compile(
    r"\s*(?:\*\*)?(Input|Output|Explanation|Example\b.*?|Constraints|Note|Follow[- ]up)(?:\*\*)?\s*:?(?:\*\*)?"
)
_NODES = ("TreeNode", "ListNode")
MAX_NODES = 90
"""The most nodes in one example: Python does not nest the expression that builds them any deeper."""


@dataclass(frozen=True, slots=True)
class Operations:
    """An example: the first operation is the constructor, whose result is None."""

    names: list[str]
    arguments: list[list[Any]]
    results: list[Any]


def called(given: str) -> tuple[list[str], list[list[Any]]] | None:
    """Return the methods and their arguments; None where the text has another form."""
    found = arrays(given)
    if len(found) != 2 or "=" in given.partition("[")[0]:
        return None
    try:
        operations, arguments = listed(found[0]), listed(found[1])
    except UnreadableError:
        return None
    if not operations or not all(isinstance(it, str) and it.isidentifier() for it in operations):
        return None
    if len(operations) != len(arguments) or not all(isinstance(it, list) for it in arguments):
        return None
    return operations, arguments


def listed(text: str) -> list[Any]:
    """Return a list from JSON; raises UnreadableError."""
    data = read_json(text)
    if not isinstance(data, list):
        raise UnreadableError("expected a list")
    return data


def stated(statement: str) -> Iterator[Operations]:
    """Yield the complete examples of this form in a statement."""
    label = ""
    texts = {"Input": "", "Output": ""}
    for line in [*statement.splitlines(), "Constraints:"]:
        match = _LABEL.match(line)
        if match and label == "Output" and (found := _whole(texts["Input"], texts["Output"])):
            yield found
        if match:
            label = match[1]
            texts |= {label: ""} if label in texts else {}
        if label in texts:
            texts[label] += line[match.end() if match else 0 :].strip() + "\n"


def _whole(before: str, after: str) -> Operations | None:
    given, answer = called(before), arrays(after)
    try:
        results = listed(answer[0]) if answer else []
    except UnreadableError:
        return None
    return Operations(*given, results) if given and len(results) == len(given[0]) else None


def class_problem(program: str, examples: str, **fields: Any) -> Problem | None:
    """Return the problem of a class that a program defines; None where a text has no example of its operations.

    Raises RowError where its methods return nodes.
    """
    defined = _classes(program)
    found = [it for it in stated(examples) if it.names[0] in defined]
    if not found:
        return None
    entry = found[0].names[0]
    takes = _methods(defined[entry])
    cases = [_case(f"test {number}", it, takes) for number, it in enumerate(found, 1) if it.names[0] == entry]
    return Problem(kind=CLASS, entry=entry, visible=tuple(cases), **fields)


def _classes(program: str) -> dict[str, ast.ClassDef]:
    try:
        return {it.name: it for it in parsed(program).body if isinstance(it, ast.ClassDef)}
    except NotLiteral:  # a program to repair; what its methods take is not known
        names = re.findall(r"^class\s+(\w+)", program, re.MULTILINE)
        return {name: ast.ClassDef(name, [], [], [], []) for name in names}


def _methods(owner: ast.ClassDef) -> dict[str, list[str]]:
    """Return the kinds of the arguments of each method that takes nodes, "" for none.

    Raises RowError where one returns nodes.
    """
    found: dict[str, list[str]] = {}
    for method in (it for it in owner.body if isinstance(it, ast.FunctionDef)):
        if _node(method.returns):
            raise RowError(f"expected methods that return no nodes; {method.name} does")
        kinds = [_node(it.annotation) for it in method.args.args[1:]]
        if any(kinds):
            found[owner.name if method.name == "__init__" else method.name] = kinds
    return found


def _node(annotation: ast.expr | None) -> str:
    text = source(annotation) if annotation else ""
    return next((name for name in _NODES if name in text), "")


def _case(name: str, found: Operations, takes: dict[str, list[str]]) -> TestCase:
    """Return a test of values, or one of code where that has to build nodes."""
    if not any(it in takes for it in found.names):
        return TestCase(name, (found.names, found.arguments), found.results)
    lines: list[str] = []
    for operation, arguments, result in zip(found.names, found.arguments, found.results, strict=True):
        kinds = takes.get(operation, []) + [""] * len(arguments)
        given = ", ".join(_built(kind, it) for kind, it in zip(kinds, arguments, strict=False))
        lines.append(
            f"assert made.{operation}({given}) == {literal(result)}" if lines else f"made = candidate({given})"
        )
    return TestCase(name, code="\n".join(lines) + "\n")


def _built(kind: str, value: Any) -> str:
    """Return an expression for a value; nodes are given as the lists that LeetCode writes."""
    if not kind or not isinstance(value, list):
        return literal(value)
    if len(value) > MAX_NODES:
        raise RowError(f"expected at most {MAX_NODES} nodes in an example")
    try:
        typespec.from_json(typespec.parse(kind), value, "")
    except typespec.TypeSpecError as error:
        raise RowError(f"expected a {kind}: {error}") from None
    return _tree(value) if kind == "TreeNode" else _linked(value)


def _linked(values: list[Any]) -> str:
    return "".join(f"ListNode({literal(it)}, " for it in values) + "None" + ")" * len(values)


def _tree(values: list[Any]) -> str:
    """Return an expression for a tree in level order, with None for a missing child, whose own children are
    left out.
    """
    nodes: list[list[Any]] = [[it, None, None] for it in values[:1]]
    waiting = [(node, side) for node in nodes for side in (1, 2)]
    for value, (node, side) in zip(values[1:], waiting, strict=False):  # it grows on the way
        if value is not None:
            node[side] = [value, None, None]
            waiting += [(node[side], 1), (node[side], 2)]
    text: dict[int, str] = {}
    order = nodes + [node[side] for node, side in waiting if node[side]]
    for node in reversed(order):
        left, right = (text[id(it)] if it else "None" for it in node[1:])
        text[id(node)] = f"TreeNode({literal(node[0])}, {left}, {right})"
    return text[id(nodes[0])] if nodes else "None"
