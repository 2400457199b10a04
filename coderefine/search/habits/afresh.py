"""Counters and collections that must begin anew within a loop: after a group, where a run ends, or for each case."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import LEAVES, Block, blocks_of
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, inserted, prepended, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        first: dict[str, str] = {}
        for node in block:
            if isinstance(node, ast.For | ast.While):
                for name, text in first.items():
                    yield from _begun_anew(program, node, name, text)
            first |= _first_values(program, node)


def _first_values(program: Program, node: ast.stmt) -> dict[str, str]:
    """Return the statements that initialise variables with a constant or an empty container, by variable."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_plain(value):
            return {name: program.segment(node)}
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=parts)) if len(names) == len(parts):
            pairs = zip(names, parts, strict=True)
            return {
                name.id: f"{name.id} = {program.segment(part)}"
                for name, part in pairs
                if isinstance(name, ast.Name) and _is_plain(part)
            }
    return {}


def _is_plain(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[], keywords=[]):
            return True
    return False


def _begun_anew(program: Program, loop: ast.For | ast.While, name: str, text: str) -> Iterator[Change]:
    """Yield changes that set `name` to its first value again within a loop that updates it."""
    inside = [node for statement in loop.body for node in ast.walk(statement)]
    if not any(_goes_on(node, name) for node in inside):
        return
    if any(isinstance(node, ast.stmt) and program.segment(node) == text for node in inside):
        return
    if any(_goes_on(node, name) and program.around(node, ast.For, ast.While) is not loop for node in inside):
        yield prepended(program, loop.body[0], text, 1.0)
    for node in inside:
        if not isinstance(node, ast.If) or not stands_alone(program, node.body[-1]):
            continue
        for branch in blocks_of(node):
            if (
                stands_alone(program, branch[-1])
                and not _goes_on_in(branch, name)
                and not isinstance(branch[-1], LEAVES)
            ):
                yield inserted(program, branch[-1], text, 1.0 if _mentions(branch, name) else 0.6)
        if not node.orelse and _goes_on_in(node.body, name):
            outer, inner = indentation(program, node), indentation(program, node.body[0])
            change = inserted(program, node.body[-1], f"else:\n{inner}{text}", 1.0, inside=outer)
            yield Change(change.edits, change.line, f"`else: {text}` after line {change.line}", change.weight)


def _goes_on(node: ast.AST, name: str) -> bool:
    """Whether a statement computes the next value of a variable from its last one."""
    match node:
        case ast.AugAssign(target=ast.Name(id=target)):
            return target == name
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return any(isinstance(it, ast.Name) and it.id == name for it in ast.walk(value))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=target), attr="append" | "add" | "extend")):
            return target == name
        case ast.Subscript(value=ast.Name(id=target), ctx=ast.Store()):
            return target == name
    return False


def _goes_on_in(block: Block, name: str) -> bool:
    return any(_goes_on(node, name) for statement in block for node in ast.walk(statement))


def _mentions(block: Block, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for statement in block for node in ast.walk(statement))
