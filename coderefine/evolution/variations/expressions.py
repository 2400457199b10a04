"""Replaces expressions, as in genetic programming (Koza 1992): by larger, smaller, or another program's ones."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable

from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.evolution.variations.numbers import shown
from coderefine.search.facts.edits import apply, one_line
from coderefine.search.facts.program import Program

_MOST_CHARS = 6000
"""Characters of a program up to which it may grow."""
_EXPRESSIONS = ast.BinOp | ast.Name | ast.Constant | ast.Call | ast.UnaryOp | ast.Subscript | ast.IfExp
_CONSTANTS = (0.1, 0.5, 1.0, 2.0, 3.0, 10.0)
_GROW: tuple[Callable[[str, str, str], str], ...] = (
    lambda it, name, number: f"({it} + {number} * {name})",
    lambda it, name, number: f"({it} - {number} * {name})",
    lambda it, name, number: f"({it} * {name})",
    lambda it, name, number: f"({it} + {number})",
    lambda it, name, number: f"({it} * {number})",
    lambda it, name, number: f"({it} / ({name} + {number}))",
    lambda it, name, number: f"(abs({it}) ** {number})",
    lambda it, name, number: f"({it} if {name} > {number} else -({it}))",
    lambda it, name, number: f"({it} if {name} < {it} else {number})",
    lambda it, name, number: f"max({it}, {name})",
    lambda it, name, number: f"min({it}, {name})",
    lambda it, name, number: f"({it} % ({name} or 1))",
    lambda it, name, number: f"-({it})",
)
_REPLACE: tuple[Callable[[str, str, str], str], ...] = (
    lambda it, name, number: name,
    lambda it, name, number: number,
)


def grow(parent: Entry, rng: random.Random) -> Proposal | None:
    """Put an expression into a larger one, or replace it by a variable or a number."""
    program = Program(parent.source)
    places = _places(program)
    if not places or len(parent.source) > _MOST_CHARS:
        return None
    node = rng.choice(places)
    names = _names(program, node)
    if not names:
        return None
    form = rng.choice(_GROW) if rng.random() < 0.75 else rng.choice(_REPLACE)
    old = program.segment(node)
    new = form(old, rng.choice(names), shown(rng.choice(_CONSTANTS), is_whole=False))
    return _replaced(program, node, new, (parent.number,), "expressions")


def shrink(parent: Entry, rng: random.Random) -> Proposal | None:
    """Replace an expression by a part of it."""
    program = Program(parent.source)
    places = [(node, inner) for node in _places(program) for inner in _inner(node)]
    if not places:
        return None
    node, inner = rng.choice(places)
    return _replaced(program, node, f"({program.segment(inner)})", (parent.number,), "expressions")


def graft(parent: Entry, mate: Entry, rng: random.Random) -> Proposal | None:
    """Put a function or an expression of another program into this one; its names must be known here."""
    mine, theirs = Program(parent.source), Program(mate.source)
    if rng.random() < 0.3:
        functions = {it.name: it for it in theirs.tree.body if isinstance(it, ast.FunctionDef)}
        shared = [it for it in mine.tree.body if isinstance(it, ast.FunctionDef) and it.name in functions]
        different = [it for it in shared if mine.segment(it) != theirs.segment(functions[it.name])]
        if different and len(shared) > 1:
            function = rng.choice(different)
            edit = mine.replace(function, theirs.segment(functions[function.name]))
            note = f"crossover: {function.name} of {mate.number}"
            return Proposal(apply(parent.source, (edit,)), note, (parent.number, mate.number))
    places, gifts = _places(mine), _places(theirs)
    if not places or not gifts:
        return None
    node, gift = rng.choice(places), rng.choice(gifts)
    text = theirs.segment(gift)
    known = set(_names(mine, node))
    if len(text) > _MOST_CHARS // 10 or not {it.id for it in ast.walk(gift) if isinstance(it, ast.Name)} <= known:
        return None
    return _replaced(mine, node, f"({text})", (parent.number, mate.number), "crossover")


def _places(program: Program) -> list[ast.expr]:
    """Return the expressions of a program that may be numbers."""
    found: list[ast.expr] = []
    for node in program.code:
        parent = program.parents.get(node)
        if not isinstance(node, _EXPRESSIONS) or (isinstance(parent, ast.Call) and parent.func is node):
            continue
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            continue
        is_target = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
        if is_target or isinstance(parent, ast.JoinedStr | ast.FormattedValue):
            continue
        found.append(node)
    return found


def _inner(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Call(args=args):
            return [it for it in args if not isinstance(it, ast.Starred)]
    return []


def _names(program: Program, node: ast.expr) -> list[str]:
    """Return the variables that exist before a place in its function, arguments first."""
    owner = program.definition_around(node)
    names: dict[str, None] = {}
    if isinstance(owner, ast.FunctionDef):
        names |= dict.fromkeys(it.arg for it in owner.args.args if it.arg != "self")
    for it in ast.walk(owner):
        if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store) and it.lineno <= node.lineno:
            names[it.id] = None
    return list(names)


def _replaced(program: Program, node: ast.expr, new: str, parents: tuple[int, ...], name: str) -> Proposal | None:
    if new == program.segment(node) or len(program.text) + len(new) > 2 * _MOST_CHARS:
        return None
    note = f"{name}: `{one_line(program.segment(node))}` to `{one_line(new)}` in line {node.lineno}"
    return Proposal(apply(program.text, (program.replace(node, new),)), note, parents)
