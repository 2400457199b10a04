"""Templates that move statements into a block or out of it, or put one there that is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.blocks import (
    COMPOUND,
    DEFINITIONS,
    Block,
    all_blocks,
    alone,
    blocks,
    changed,
    indentation,
    inserted,
    last_blocks,
    line_span,
    prepended,
    shifted,
    tested,
)
from coderefine.search.facts.kinds import kinds
from coderefine.search.facts.program import Change, Edit, Program
from coderefine.search.facts.scope import bound

_RUN = 4
"""How many statements to move at once at most."""


def indent(program: Program) -> Iterator[Change]:
    """The last statements of a block moved out of it, or the statements after a block moved in."""
    for block in all_blocks(program):
        for size in range(1, min(_RUN, len(block) - 1) + 1):
            run = block[-size:]
            if not all(alone(program, node) for node in run):
                break
            for outer in _enclosing(program, run[-1]):
                note = f"move {_lines(run)} out of the block of line {outer.lineno}"
                weight = (1.5 if isinstance(run[-1], ast.Return) else 1.0) * 0.5 ** (size - 1)
                yield Change(shifted(program, run, indentation(program, outer)), run[0].lineno, note, weight)
        for at, first in enumerate(block[:-1]):
            for size in range(1, min(_RUN, len(block) - at - 1) + 1):
                run = block[at + 1 : at + 1 + size]
                if isinstance(run[-1], DEFINITIONS) or not all(alone(program, node) for node in run):
                    break
                for inner in last_blocks(first):
                    if alone(program, inner[-1]) and _follows(inner[-1], run[0]):
                        note = f"move {_lines(run)} into the block of line {inner[0].lineno}"
                        edits = shifted(program, run, indentation(program, inner[-1]))
                        yield Change(edits, run[0].lineno, note, 0.8 * 0.5 ** (size - 1))


def hoist(program: Program) -> Iterator[Change]:
    """The first statement of a loop moved in front of it, or the statement in front of a loop moved in."""
    for block in all_blocks(program):
        for node in block:
            if isinstance(node, ast.For | ast.While) and len(node.body) > 1 and alone(program, node.body[0]):
                first = node.body[0]
                start, end = line_span(program, first)
                at = program.starts[node.lineno - 1]
                text = f"{indentation(program, node)}{program.text[start:end].lstrip()}"
                note = f"move line {first.lineno} in front of the loop of line {node.lineno}"
                if isinstance(first, ast.Assign):
                    yield Change((Edit(at, at, text), Edit(start, end, "")), first.lineno, note)
        for before, node in pairwise(block):
            if not isinstance(node, ast.For | ast.While) or not isinstance(before, ast.Assign):
                continue
            if alone(program, before) and alone(program, node.body[0]):
                start, end = line_span(program, before)
                at = program.starts[node.body[0].lineno - 1]
                text = f"{indentation(program, node.body[0])}{program.text[start:end].lstrip()}"
                note = f"move line {before.lineno} into the loop of line {node.lineno}"
                yield Change((Edit(start, end, ""), Edit(at, at, text)), before.lineno, note)


def otherwise(program: Program) -> Iterator[Change]:
    """The `else` that was forgotten: within the block of an `if`, or in front of what stands after it."""
    for block in all_blocks(program):
        for at, node in enumerate(block):
            if not isinstance(node, ast.If) or node.orelse or not all(alone(program, inner) for inner in node.body):
                continue
            indent_ = indentation(program, node)
            for inner in node.body[1:]:
                start = program.starts[inner.lineno - 1]
                note = f"`else` before line {inner.lineno}"
                yield Change((Edit(start, start, f"{indent_}else:\n"),), inner.lineno, note)
            step = indentation(program, node.body[0])
            for size in range(1, min(_RUN, len(block) - at - 1) + 1):
                run = block[at + 1 : at + 1 + size]
                if isinstance(run[-1], DEFINITIONS) or not all(alone(program, inner) for inner in run):
                    break
                start = program.starts[run[0].lineno - 1]
                moved = shifted(program, run, step)
                first = Edit(moved[0].start, moved[0].end, f"{indent_}else:\n{step}")
                rest = len(block) - at - 1 - size
                note = f"`else` before line {run[0].lineno}"
                yield Change((first, *moved[1:]), run[0].lineno, note, 1.0 if not rest or size == 1 else 0.4)


def returned(program: Program) -> Iterator[Change]:
    """The `return` that a function forgot: in front of its last expression, or of a variable at its end."""
    for node in program.code:
        if not isinstance(node, ast.FunctionDef):
            continue
        for inner in ast.walk(node):
            for block in blocks(inner):
                last = block[-1]
                if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant | ast.Await | ast.Yield):
                    start, _ = program.span(last)
                    yield program.change(last, Edit(start, start, "return "), _lost(last.value, node.name))
        end = node.body[-1]
        if not isinstance(end, ast.Return) and alone(program, end) and node.name != "__init__":
            variables = [name for name in bound(node)[0] if name not in ("self", "_")]
            likely = [name for name in variables if name in ("res", "ans", "result", "answer", "count", "ret")]
            values = dict.fromkeys([*likely, *variables], 2.0) | {"False": 1.0, "True": 1.0, "-1": 0.8, "0": 0.5}
            for number, (value, weight) in enumerate(values.items()):
                yield inserted(program, end, f"return {value}", weight * 0.9**number)


def _lost(value: ast.expr, function: str) -> float:
    """How likely the value of an expression that stands alone was to be returned."""
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return 2.0 if name == function else 0.5
        case ast.Call():
            return 0.2
        case _:
            return 5.0


def update(program: Program) -> Iterator[Change]:
    """What a `while` forgot to change: `i += 1`, `i -= 1` or `node = node.next` at the end of it."""
    known = kinds(program)
    for node in program.code:
        if not isinstance(node, ast.While) or not alone(program, node.body[-1]):
            continue
        touched = changed(node)
        factor = 1.0 if not tested(node) & touched else 0.3
        for name in sorted(tested(node) - touched):
            if known.get(name) == "node":
                yield inserted(program, node.body[-1], f"{name} = {name}.next", factor)
            elif known.get(name) == "number":
                yield inserted(program, node.body[-1], f"{name} += 1", factor)
                yield inserted(program, node.body[-1], f"{name} -= 1", factor)


def leave(program: Program) -> Iterator[Change]:
    """`break` or `continue` at the end of an `if` in a loop."""
    for node in program.code:
        match node:
            case ast.For(body=body) | ast.While(body=body):
                for number, inner in enumerate(body):
                    if isinstance(inner, ast.If) and alone(program, inner.body[-1]) and not _jumps(inner.body[-1]):
                        yield inserted(program, inner.body[-1], "break", 1.0)
                        if number < len(body) - 1:
                            yield inserted(program, inner.body[-1], "continue", 1.0)
            case _:
                pass


def sort(program: Program) -> Iterator[Change]:
    """A list sorted before its use: `nums.sort()`."""
    known = kinds(program)
    for node in program.code:
        match node:
            case ast.FunctionDef(args=arguments, body=[first, *_]) if alone(program, first):
                for argument in arguments.args:
                    if known.get(argument.arg) == "sequence":
                        yield prepended(program, first, f"{argument.arg}.sort()", 1.0)
            case ast.Assign(targets=[ast.Name(id=name)]) if known.get(name) == "sequence" and alone(program, node):
                yield inserted(program, node, f"{name}.sort()", 0.5)
            case _:
                pass


def _jumps(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise)


def _follows(last: ast.stmt, node: ast.stmt) -> bool:
    return not isinstance(last, DEFINITIONS) and (last.end_lineno or 0) < node.lineno


def _enclosing(program: Program, node: ast.stmt) -> Iterator[ast.stmt]:
    """The compound statements that end with `node`, up to its function."""
    child, parent = node, program.parents.get(node)
    while isinstance(parent, COMPOUND) and list(blocks(parent))[-1][-1] is child:
        yield parent
        child, parent = parent, program.parents.get(parent)


def _lines(run: Block) -> str:
    first, last = run[0].lineno, run[-1].end_lineno
    return f"line {first}" if first == last else f"lines {first} to {last}"
