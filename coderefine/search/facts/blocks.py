"""Where statements stand in a program: blocks, their lines and their indentation, and edits that move them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.program import Change, Edit, Program

Block = list[ast.stmt]

COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def blocks(node: ast.AST) -> Iterator[Block]:
    """The statement lists of `node` itself."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def all_blocks(program: Program) -> Iterator[Block]:
    """The statement lists of a program."""
    for node in program.code:
        if not isinstance(node, ast.expr | ast.expr_context):
            yield from blocks(node)


def last_blocks(node: ast.stmt) -> Iterator[Block]:
    """The last block of a compound statement, and that block's last block, and so on inwards."""
    current: ast.AST = node
    while not isinstance(current, DEFINITIONS) and (inner := list(blocks(current))):
        yield inner[-1]
        current = inner[-1][-1]


def function_of(program: Program, node: ast.AST) -> ast.AST:
    """The function, class or module that `node` belongs to."""
    parent = program.parents.get(node, program.tree)
    while not isinstance(parent, (*DEFINITIONS, ast.Module)):
        parent = program.parents.get(parent, program.tree)
    return parent


def in_loop(program: Program, node: ast.AST) -> bool:
    """Whether a loop runs `node` again and again."""
    parent = program.parents.get(node)
    while parent is not None and not isinstance(parent, (ast.For, ast.While, *DEFINITIONS)):
        parent = program.parents.get(parent)
    return isinstance(parent, ast.For | ast.While)


def tested(loop: ast.While) -> set[str]:
    """The names in the condition of a loop."""
    return {node.id for node in ast.walk(loop.test) if isinstance(node, ast.Name)}


def changed(loop: ast.While) -> set[str]:
    """The names that a loop assigns to, or whose methods it calls or elements it assigns."""
    names: set[str] = set()
    for node in ast.walk(loop):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                names.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                names.add(name)
            case _:
                pass
    return names


def alone(program: Program, node: ast.stmt) -> bool:
    """Whether the lines of `node` hold nothing else but a comment."""
    start, end = program.span(node)
    before = program.text[program.starts[node.lineno - 1] : start]
    assert node.end_lineno is not None  # ast.parse sets it
    after = program.lines[node.end_lineno - 1][end - program.starts[node.end_lineno - 1] :].strip()
    return not before.strip() and (not after or after.startswith("#") or after == ";")


def indentation(program: Program, node: ast.stmt) -> str:
    """The white space in front of the line of `node`."""
    line = program.lines[node.lineno - 1]
    return line[: len(line) - len(line.lstrip())]


def line_span(program: Program, node: ast.stmt) -> tuple[int, int]:
    """Where the lines of `node` begin and end, with the line break after them."""
    last = node.end_lineno or node.lineno
    end = program.starts[last] if last < len(program.starts) else len(program.text)
    return program.starts[node.lineno - 1], end


def shifted(program: Program, run: Block, to: str) -> tuple[Edit, ...]:
    """Edits that give the lines of the statements `run` the indentation `to` in place of their own."""
    old = indentation(program, run[0])
    lines = range(run[0].lineno, (run[-1].end_lineno or run[-1].lineno) + 1)
    starts = (program.starts[line - 1] for line in lines if program.lines[line - 1].strip())
    return tuple(Edit(start, start + len(old), to) for start in starts if program.text.startswith(old, start))


def inserted(program: Program, after: ast.stmt, text: str, weight: float, *, inside: str | None = None) -> Change:
    """A change that puts a new line with the statement `text` after one, indented alike or as `inside`."""
    indent = indentation(program, after) if inside is None else inside
    at = program.span(after)[1]
    line = after.end_lineno or after.lineno
    end = program.starts[line - 1] + len(program.lines[line - 1])
    # Behind a comment of the same line, if there is one.
    at = end if program.text[at:end].lstrip().startswith("#") else at
    return Change((Edit(at, at, f"\n{indent}{text}"),), line, f"`{text}` after line {line}", weight)


def prepended(program: Program, before: ast.stmt, text: str, weight: float) -> Change:
    """A change that puts a new line with the statement `text` in front of one, indented alike."""
    at = program.starts[before.lineno - 1]
    edit = Edit(at, at, f"{indentation(program, before)}{text}\n")
    return Change((edit,), before.lineno, f"`{text}` before line {before.lineno}", weight)
