"""Statements in impossible places: methods after their class, a body outside its function, a missing `self`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from coderefine.search.facts.blocks import DEFINITIONS
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import similarity
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import bound
from coderefine.search.facts.statements import indentation, shifted, stands_alone
from coderefine.search.given.evidence import Evidence

_MISSPELT = 0.7
"""The least similarity to `self` of a name that may be meant as it."""
_UNDEFINED_CLASS = re.compile(r"does not define `([A-Z]\w*)`")


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind; the judge's messages tell whether the class of the entry point is missing."""
    for message in evidence.messages:
        if missing := _UNDEFINED_CLASS.search(message):
            yield from _class_around(program, missing[1])
    yield from _methods_into_class(program)
    yield from _body_into_function(program)
    yield from _header_too_many(program)
    yield from _missing_self(program)


def _class_around(program: Program, name: str) -> Iterator[Change]:
    """Yield the functions of a module as the methods of the missing class; they get their `self`."""
    functions = [node for node in program.tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        return
    first, last = functions[0], functions[-1]
    between = program.tree.body[program.tree.body.index(first) : program.tree.body.index(last) + 1]
    edits = [*shifted(program, between, " " * 4)]
    for function in functions:
        if [argument.arg for argument in function.args.args[:1]] != ["self"]:
            start = program.text.index("(", program.span(function)[0]) + 1
            edits.append(Edit(start, start, "self, " if function.args.args else "self"))
    at = program.starts[first.lineno - 1]
    head = f"class {name}:\n"
    edits = [Edit(at, at, head + edit.text) if edit.start == edit.end == at else edit for edit in edits]
    yield Change(tuple(edits), first.lineno, f"put the functions into the class `{name}`", 3.0)


def _methods_into_class(program: Program) -> Iterator[Change]:
    """Yield changes that move functions with a `self` after a class into the class."""
    body = program.tree.body
    for number, node in enumerate(body):
        before = [other for other in body[:number] if isinstance(other, ast.ClassDef)]
        if not isinstance(node, ast.FunctionDef) or not before or [a.arg for a in node.args.args[:1]] != ["self"]:
            continue
        column = before[-1].body[0].col_offset
        end = node.end_lineno or node.lineno
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        edits = tuple(
            Edit(program.starts[line - 1], program.starts[line - 1], " " * column)
            for line in range(start, end + 1)
            if program.lines[line - 1].strip()
        )
        yield Change(edits, node.lineno, f"move the function in line {node.lineno} into the class", 3.0)


def _body_into_function(program: Program) -> Iterator[Change]:
    """Yield changes that move the statements after a function into it, where a `return` or a class's statements show
    it.
    """
    for block in program.blocks:
        for at, node in enumerate(block[:-1]):
            if not isinstance(node, ast.FunctionDef) or program.around(node, ast.FunctionDef):
                continue
            run = list(takewhile(lambda after: not isinstance(after, DEFINITIONS), block[at + 1 :]))
            returns = any(isinstance(inner, ast.Return) for after in run for inner in ast.walk(after))
            if run and (returns or isinstance(program.parents[node], ast.ClassDef)):
                if not stands_alone(program, node.body[0]) or not all(stands_alone(program, after) for after in run):
                    continue
                note = f"move line {run[0].lineno} and the rest into the function in line {node.lineno}"
                edits = shifted(program, run, indentation(program, node.body[0]))
                yield Change(edits, run[0].lineno, note, 3.0 if returns else 1.8)


def _header_too_many(program: Program) -> Iterator[Change]:
    """Yield changes that join a method that is never called, and reads names of the method before it, to that
    method.
    """
    called = {node.attr for node in program.code if isinstance(node, ast.Attribute)}
    for block in program.blocks:
        for before, node in pairwise(block):
            if not isinstance(before, ast.FunctionDef) or not isinstance(node, ast.FunctionDef) or node.name in called:
                continue
            own = {inner for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            lost = {use.node.id for use in program.uses if use.unbound and use.node in own}
            variables, functions = bound(before)
            if (
                lost & {*variables, *functions}
                and stands_alone(program, node.body[0])
                and stands_alone(program, before.body[-1])
            ):
                header = Edit(program.starts[node.lineno - 1], program.starts[node.body[0].lineno - 1], "")
                edits = (header, *shifted(program, node.body, indentation(program, before.body[0])))
                yield Change(edits, node.lineno, f"no `def {node.name}` in line {node.lineno}", 2.6)


def _missing_self(program: Program) -> Iterator[Change]:
    for node in program.code:
        if not isinstance(node, ast.FunctionDef) or not isinstance(program.parents.get(node), ast.ClassDef):
            continue
        names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
        if names[:1] != ["self"] and not node.decorator_list:
            start = program.text.index("(", program.span(node)[0]) + 1
            text = "self, " if names else "self"
            if names and similarity(names[0], "self") > _MISSPELT:
                end = start + len(names[0])
                edit = Edit(start, end, "self")
                yield Change((edit,), node.lineno, f"`{names[0]}` to `self` in line {node.lineno}", 2.9)
            yield Change((Edit(start, start, text),), node.lineno, f"add `self` in line {node.lineno}", 2.4)
