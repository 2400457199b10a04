"""Templates that edit whole statements. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from coderefine.search.program import Change, Edit, Program, cut
from coderefine.search.scope import bound

_AUGMENTED: dict[str, tuple[tuple[str, float], ...]] = {
    "+=": (("-=", 1.0), ("=", 0.6), ("*=", 0.5)),
    "-=": (("+=", 1.0), ("=", 0.6)),
    "*=": (("+=", 0.8), ("//=", 0.7), ("=", 0.4)),
    "/=": (("//=", 1.0), ("*=", 0.8)),
    "//=": (("*=", 0.9), ("%=", 0.9), ("-=", 0.4)),
    "%=": (("//=", 1.0),),
    "|=": (("&=", 0.9), ("^=", 0.9)),
    "&=": (("|=", 0.9), ("^=", 0.9)),
    "^=": (("|=", 0.9), ("&=", 0.9)),
    "<<=": ((">>=", 1.0),),
    ">>=": (("<<=", 1.0),),
    "=": (("+=", 0.8), ("-=", 0.4)),
}
_ASSIGNMENT = re.compile(r"(//|\*\*|<<|>>|[-+*/%&|^])?=")
_EXCHANGED = 10
"""Among how many names of a statement to exchange pairs."""
_Block = list[ast.stmt]


def augmented(program: Program) -> Iterator[Change]:
    """`+=` to `-=`, `=` or the like; `=` to `+=`."""
    for node in program.code:
        match node:
            case ast.AugAssign(target=target, value=value) | ast.Assign(targets=[target], value=value):
                start, end = program.span(target)[1], program.span(value)[0]
                operator = _ASSIGNMENT.search(program.text[start:end])
                for text, weight in _AUGMENTED.get(operator[0], ()) if operator else ():
                    assert operator is not None
                    edit = Edit(start + operator.start(), start + operator.end(), text)
                    # Outside a loop `=` mostly gives a name its first value, to which nothing can be added.
                    first = operator[0] == "=" and not _in_loop(program, node)
                    yield program.change(node, edit, 0.3 * weight if first else weight)
            case _:
                pass


def returned(program: Program) -> Iterator[Change]:
    """The `return` that a function forgot: in front of its last expression, or of a variable at its end."""
    for node in program.code:
        if not isinstance(node, ast.FunctionDef):
            continue
        for block in _blocks(node):
            if isinstance(last := block[-1], ast.Expr) and not isinstance(last.value, ast.Constant):
                start, _ = program.span(last)
                yield program.change(last, Edit(start, start, "return "))
        end = node.body[-1]
        if not isinstance(end, ast.Return) and _alone(program, end) and node.name != "__init__":
            indent = _indent(program, end)
            at = program.span(end)[1]
            variables = [name for name in bound(node)[0] if name not in ("self", "_")]
            for value, weight in (*((name, 0.9) for name in variables), ("False", 0.6), ("True", 0.6), ("-1", 0.4)):
                note = f"`return {value}` after line {end.end_lineno}"
                yield Change((Edit(at, at, f"\n{indent}return {value}"),), end.end_lineno or 1, note, weight)


def delete(program: Program) -> Iterator[Change]:
    """A statement less; `pass` where the block would be empty."""
    for block in _all_blocks(program):
        for node in block:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass):
                continue
            yield removal(program, node, 0.4 if isinstance(node, ast.For | ast.While | ast.If) else 1.0)


def removal(program: Program, node: ast.stmt, weight: float) -> Change:
    """The deletion of `node`; `pass` takes its place where its block would be empty."""
    note = f"delete `{cut(program.segment(node))}` in line {node.lineno}"
    last = any(block == [node] for block in _blocks(program.parents[node]))
    if last or not _alone(program, node):
        return Change((program.replace(node, "pass"),), node.lineno, note, 0.7 * weight)
    return Change((Edit(*_line_span(program, node), ""),), node.lineno, note, weight)


def swap(program: Program) -> Iterator[Change]:
    """Two neighbouring statements in the other order."""
    for block in _all_blocks(program):
        for first, second in pairwise(block):
            simple = not isinstance(first, ast.FunctionDef) and not isinstance(second, ast.FunctionDef)
            if simple and _alone(program, first) and _alone(program, second):
                edits = (
                    program.replace(first, program.segment(second)),
                    program.replace(second, program.segment(first)),
                )
                yield Change(edits, first.lineno, f"swap the statements in lines {first.lineno} and {second.lineno}")


def exchange(program: Program) -> Iterator[Change]:
    """Two variables in each other's place all over a compound statement."""
    for node in program.code:
        if not isinstance(node, ast.For | ast.While | ast.If):
            continue
        places: dict[str, list[ast.Name]] = {}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                places.setdefault(inner.id, []).append(inner)
        names = [name for name in places if name != "self"][:_EXCHANGED]
        for first, second in combinations(names, 2):
            edits = [program.replace(place, second) for place in places[first]]
            edits += [program.replace(place, first) for place in places[second]]
            note = f"`{first}` and `{second}` exchanged in lines {node.lineno} to {node.end_lineno}"
            yield Change(tuple(edits), node.lineno, note)


def indent(program: Program) -> Iterator[Change]:
    """The last statement of a block moved out of it, or the statement after a block moved in."""
    for block in _all_blocks(program):
        last = block[-1]
        if len(block) > 1 and _alone(program, last):
            for outer in _enclosing(program, last):
                note = f"move line {last.lineno} out of the block of line {outer.lineno}"
                yield _reindent(program, last, _indent(program, outer), note)
        for first, second in pairwise(block):
            if not _alone(program, second):
                continue
            for inner in _last_blocks(first):
                if _alone(program, inner[-1]):
                    note = f"move line {second.lineno} into the block of line {inner[0].lineno}"
                    yield _reindent(program, second, _indent(program, inner[-1]), note)


def jump(program: Program) -> Iterator[Change]:
    """`break` to `continue` and back; one of them dropped for `pass`."""
    for node in program.code:
        match node:
            case ast.Break():
                yield from (program.rewrite(node, text) for text in ("continue", "pass"))
            case ast.Continue():
                yield from (program.rewrite(node, text) for text in ("break", "pass"))
            case ast.If(orelse=[]) if program.segment(node).startswith("if"):
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start + 2, "while"), 0.6)
                before = program.text[program.starts[node.lineno - 1] : start]
                if not before.strip():
                    yield program.change(node, Edit(start, start, "el"), 0.4)
            case ast.If() if program.segment(node).startswith("elif"):
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start + 2, ""), 0.4)
            case ast.While():
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start + 5, "if"), 0.6)
            case _:
                pass


def _blocks(node: ast.AST) -> Iterator[_Block]:
    """The statement lists of `node` itself."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def _all_blocks(program: Program) -> Iterator[_Block]:
    for node in program.code:
        yield from _blocks(node)


def _last_blocks(node: ast.stmt) -> Iterator[_Block]:
    """The last block of a compound statement, and that block's last block, and so on inwards."""
    current: ast.AST = node
    while not isinstance(current, ast.FunctionDef | ast.ClassDef) and (blocks := list(_blocks(current))):
        yield blocks[-1]
        current = blocks[-1][-1]


def _enclosing(program: Program, node: ast.stmt) -> Iterator[ast.stmt]:
    """The compound statements around `node`, up to its function, as long as it is the last thing in each."""
    parent = program.parents.get(node)
    while isinstance(parent, ast.For | ast.While | ast.If | ast.With | ast.Try):
        yield parent
        parent = program.parents.get(parent)


def _in_loop(program: Program, node: ast.AST) -> bool:
    parent = program.parents.get(node)
    while parent is not None and not isinstance(parent, ast.For | ast.While | ast.FunctionDef):
        parent = program.parents.get(parent)
    return isinstance(parent, ast.For | ast.While)


def _alone(program: Program, node: ast.stmt) -> bool:
    """Whether the lines of `node` hold nothing else but a comment."""
    start, end = program.span(node)
    before = program.text[program.starts[node.lineno - 1] : start]
    after = program.text[end:].split("\n", 1)[0].strip()
    return not before.strip() and (not after or after.startswith("#"))


def _indent(program: Program, node: ast.stmt) -> str:
    line = program.lines[node.lineno - 1]
    return line[: len(line) - len(line.lstrip())]


def _line_span(program: Program, node: ast.stmt) -> tuple[int, int]:
    """Where the lines of `node` begin and end, with the line break after them."""
    last = node.end_lineno or node.lineno
    end = program.starts[last] if last < len(program.starts) else len(program.text)
    return program.starts[node.lineno - 1], end


def _reindent(program: Program, node: ast.stmt, to: str, note: str) -> Change:
    old = _indent(program, node)
    starts = (program.starts[line - 1] for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))
    edits = tuple(
        Edit(start, start + len(old), to) for start in starts if program.text[start : start + len(old)] == old
    )
    return Change(edits, node.lineno, note)
