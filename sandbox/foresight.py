"""Finds the calls that a test is going to make, as far as its text shows them, so that they can be asked all at once.

`assert candidate(3) == 4` after `assert candidate(2) == 3` needs no answer to know what it asks. Found are the calls
with literal arguments at the beginning of a test, in the order in which Python makes them, up to the first statement
that might do anything else. They are also found in a function that the test calls with the entry point, as HumanEval's
`check(candidate)`. The result is an expectation: the caller compares it with what the test then asks.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ast
from typing import Any, Dict, FrozenSet, Iterator, List, Sequence, Tuple

MAX_CALLS = 100
Call = Tuple[List[Any], Dict[str, Any]]


class _Unclear(Exception):
    """From here on, the test may ask anything."""


def calls(code: bytes, entries: Sequence[str]) -> List[Call]:
    """Return the arguments of the calls that a test begins with, of a function known by one of the names `entries`."""
    found: List[Call] = []
    try:
        scan = _Scan(frozenset(entries))
        for call in scan.module(ast.parse(code)):
            found.append(call)
            if len(found) == MAX_CALLS:
                break
    except (_Unclear, SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return found


class _Scan:
    def __init__(self, entries: FrozenSet[str]) -> None:
        self._entries = entries
        self._functions: Dict[str, ast.FunctionDef] = {}

    def module(self, tree: ast.Module) -> Iterator[Call]:
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef):
                if statement.name in self._entries or statement.decorator_list:
                    raise _Unclear
                self._functions[statement.name] = statement
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                yield from self._check(statement.value)
            else:
                yield from self._statement(statement)

    def _check(self, call: ast.Call) -> Iterator[Call]:
        """Yield the calls that a call such as `check(candidate)` makes."""
        function = self._functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is None or len(call.args) != 1 or call.keywords or not self._is_entry(call.args[0]):
            raise _Unclear
        inner = _Scan(self._entries | {function.args.args[0].arg} if len(function.args.args) == 1 else frozenset())
        for statement in function.body:
            yield from inner._statement(statement)

    def _statement(self, statement: ast.stmt) -> Iterator[Call]:
        if isinstance(statement, ast.Assert):
            yield from self._expression(statement.test)
        elif isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if len(names) != len(statement.targets) or self._entries & set(names):
                raise _Unclear
            ast.literal_eval(statement.value)  # raises ValueError where it is not a literal
        elif isinstance(statement, ast.Expr):
            ast.literal_eval(statement.value)  # such as a docstring
        elif not isinstance(statement, (ast.Pass, ast.Import, ast.ImportFrom)):
            raise _Unclear

    def _expression(self, node: ast.AST) -> Iterator[Call]:
        """Yield the calls within an expression, in the order of their evaluation."""
        if isinstance(node, ast.Call) and self._is_entry(node.func):
            keywords = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in node.keywords}
            if "" in keywords:
                raise _Unclear
            yield [ast.literal_eval(argument) for argument in node.args], keywords
        elif isinstance(node, ast.Compare) and len(node.ops) > 1:
            raise _Unclear  # operands after the first pair may not be evaluated
        elif isinstance(node, (ast.Call, ast.Compare, ast.BinOp, ast.UnaryOp, ast.Tuple, ast.List, ast.Set)):
            for child in ast.iter_child_nodes(node):
                yield from self._expression(child)
        elif isinstance(node, (ast.Attribute, ast.Subscript, ast.keyword)):
            yield from self._expression(node.value)
            if isinstance(node, ast.Subscript):
                yield from self._expression(node.slice)
        elif any(isinstance(inner, (ast.Call, ast.Await, ast.NamedExpr)) for inner in ast.walk(node)):
            raise _Unclear

    def _is_entry(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self._entries
