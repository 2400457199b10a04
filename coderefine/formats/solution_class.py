"""LeetCode's `class Solution`: which method is called, what it takes, and where its answer is."""

from __future__ import annotations

import ast
from dataclasses import replace

from coderefine.formats.literals import NotLiteral, parsed, source
from coderefine.formats.record import RowError
from coderefine.problem import typespec
from coderefine.problem.problem import Param, Problem

_NODES = ("ListNode", "TreeNode")


def entry_of(code: str) -> str:
    """Return the name of the method that is called: the first public one with types; "" where there is none."""
    found = _method(code)
    return found.name if found else ""


def answer_of(code: str, entry: str) -> str:
    """Return where the answer of a method is: its return value, or its first parameter, which it changes."""
    method = _method(code, entry)
    if method is None or len(method.args.args) < 2:
        return "return"
    returns_none = isinstance(method.returns, ast.Constant) and method.returns.value is None
    says_so = "do not return anything" in (ast.get_docstring(method) or "").lower()
    return method.args.args[1].arg if returns_none or says_so else "return"


def with_nodes(problem: Problem, code: str, entry: str) -> Problem:
    """Return the problem with the types of parameters that are linked lists or trees; raises RowError."""
    method = _method(code, entry)
    if method is None:
        raise RowError("expected a class Solution with a method in the program")
    declared = {it.arg: _node(it.annotation) for it in method.args.args}
    params = tuple(
        Param(it.name, typespec.parse(node)) if (node := declared.get(it.name, "")) else it for it in problem.params
    )
    returned = _node(method.returns)
    return replace(problem, params=params, returns=typespec.parse(returned) if returned else problem.returns)


def _method(code: str, name: str = "") -> ast.FunctionDef | None:
    try:
        body = parsed(code).body
    except NotLiteral:
        return None
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name == "Solution":
            methods = [it for it in node.body if isinstance(it, ast.FunctionDef) and not it.name.startswith("_")]
            typed = [it for it in methods if it.returns is not None] or methods
            return next((it for it in typed if it.name == name), typed[0] if typed else None)
    return None


def _node(annotation: ast.expr | None) -> str:
    text_of = source(annotation) if annotation else ""
    return next((name for name in _NODES if name in text_of and "[List" not in text_of.replace(f"[{name}", "")), "")
