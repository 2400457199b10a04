"""DebugBench: programs of LeetCode with planted bugs; the examples of the statement are all tests that there are."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import replace

from coderefine.formats.assertions import Calls
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem, parameters
from coderefine.formats.generic import DIFFICULTIES
from coderefine.formats.leetcode import stated_examples
from coderefine.formats.literals import NotLiteral, parsed, source
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.problem import typespec
from coderefine.problem.problem import Param, Problem

_NODES = ("ListNode", "TreeNode")


FIELDS = "buggy_code"
"""What is looked for in a row."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "buggy_code" in row


def record(row: Row) -> Record:
    """Return what a row says. Raises RowError, also for a program that is not in Python."""
    language = str(row.get("language", "python3")).lower()
    if not language.startswith("python"):
        raise RowError(f"expected a program in Python, not in {language[:20]}")
    buggy = program(row, "buggy_code")
    right = program(row, "solution") or program(row, "oracle_code")
    slug, kind = (
        text(row, "slug", "") or text(row, "question_id", ""),
        text(row, "subtype", "") or text(row, "bug_type", ""),
    )
    name = f"{slug or 'bug'}/{kind or 'bug'}/{hashlib.sha256(buggy.encode('utf-8', 'replace')).hexdigest()[:8]}"
    entry = _entry(right) or _entry(buggy)
    calls = Calls(f"Solution().{entry}", parameters(right, f"Solution.{entry}"))
    statement = "\n\n".join(filter(None, [prose(row, "question", "") or prose(row, "description", ""), *_texts(row)]))
    shown = [
        call_of("candidate", given, answer)
        for given, answer in stated_examples(calls.params, "\n".join(_texts(row)) or statement)
    ]
    level = text(row, "level", "").lower()
    problem = function_problem(
        slug=slug_of(name),
        title=slug.replace("-", " ").title() or name,
        statement=statement,
        entry=f"Solution.{entry}",
        program=right,
        visible=shown,
        difficulty=level if level in DIFFICULTIES else "",
    )
    return Record(name, kind, _with_nodes(problem, right, entry), buggy, right)


def _texts(row: Row) -> list[str]:
    found = row.get("examples")
    texts = [found] if isinstance(found, str) else listed(row, "examples")
    return [it for it in texts if isinstance(it, str)]


def _method(code: str, name: str = "") -> ast.FunctionDef | None:
    """The method of `Solution` that is called: the last that is public, and the first of its helpers' callers."""
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


def _entry(code: str) -> str:
    found = _method(code)
    return found.name if found else ""


def _with_nodes(problem: Problem, code: str, entry: str) -> Problem:
    """The problem with the types of parameters that are linked lists or trees."""
    method = _method(code, entry)
    if method is None:
        raise RowError("expected a class Solution with a method in 'solution'")
    declared = {it.arg: _node(it.annotation) for it in method.args.args}
    params = tuple(
        Param(it.name, typespec.parse(node)) if (node := declared.get(it.name, "")) else it for it in problem.params
    )
    returned = _node(method.returns)
    return replace(problem, params=params, returns=typespec.parse(returned) if returned else problem.returns)


def _node(annotation: ast.expr | None) -> str:
    text_of = source(annotation) if annotation else ""
    return next((name for name in _NODES if name in text_of and "[List" not in text_of.replace(f"[{name}", "")), "")
