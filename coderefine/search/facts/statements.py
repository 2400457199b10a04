"""Changes of whole statements: their lines and indentation, and inserting, moving and removing them."""

from __future__ import annotations

import ast

from coderefine.search.facts.blocks import Block, blocks_of
from coderefine.search.facts.edits import Change, Edit, one_line
from coderefine.search.facts.program import Program


def stands_alone(program: Program, node: ast.stmt) -> bool:
    """Return whether the lines of `node` contain nothing else but a comment."""
    start, end = program.span(node)
    before = program.text[program.starts[node.lineno - 1] : start]
    assert node.end_lineno is not None  # ast.parse sets it
    after = program.lines[node.end_lineno - 1][end - program.starts[node.end_lineno - 1] :].strip()
    return not before.strip() and (not after or after.startswith("#") or after == ";")


def indentation(program: Program, node: ast.stmt) -> str:
    """Return the white space in front of the line of `node`."""
    line = program.lines[node.lineno - 1]
    return line[: len(line) - len(line.lstrip())]


def line_span(program: Program, node: ast.stmt) -> tuple[int, int]:
    """Return where the lines of `node` begin and end, with the line break after them."""
    last = node.end_lineno or node.lineno
    end = program.starts[last] if last < len(program.starts) else len(program.text)
    return program.starts[node.lineno - 1], end


def shifted(program: Program, run: Block, to: str) -> tuple[Edit, ...]:
    """Return edits that change the indentation of the statements `run` to `to`."""
    old = indentation(program, run[0])
    lines = range(run[0].lineno, (run[-1].end_lineno or run[-1].lineno) + 1)
    starts = (program.starts[line - 1] for line in lines if program.lines[line - 1].strip())
    return tuple(Edit(start, start + len(old), to) for start in starts if program.text.startswith(old, start))


def inserted(program: Program, after: ast.stmt, text: str, weight: float, *, inside: str | None = None) -> Change:
    """Return a change that inserts a line with the statement `text` after another one, indented alike or as
    `inside`.
    """
    indent = indentation(program, after) if inside is None else inside
    at = program.span(after)[1]
    line = after.end_lineno or after.lineno
    end = program.starts[line - 1] + len(program.lines[line - 1])
    # After a comment on the same line, if there is one.
    at = end if program.text[at:end].lstrip().startswith("#") else at
    return Change((Edit(at, at, f"\n{indent}{text}"),), line, f"`{text}` after line {line}", weight)


def prepended(program: Program, before: ast.stmt, text: str, weight: float) -> Change:
    """Return a change that inserts a line with the statement `text` before another one, but after a docstring."""
    if is_docstring(program, before):
        return inserted(program, before, text, weight)
    at = program.starts[before.lineno - 1]
    edit = Edit(at, at, f"{indentation(program, before)}{text}\n")
    return Change((edit,), before.lineno, f"`{text}` before line {before.lineno}", weight)


def returns_value(function: ast.FunctionDef) -> bool:
    """Whether a function returns a value, or yields one."""
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom) or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(function)
    )


def is_docstring(program: Program, node: ast.stmt) -> bool:
    """Whether a statement is a string at the beginning of a function, class or module."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return program.parents.get(node) is not None and getattr(program.parents[node], "body", [None])[0] is node
    return False


def removal(program: Program, node: ast.stmt, weight: float) -> Change:
    """Return the removal of `node`; `pass` replaces it where its block would be empty."""
    note = f"delete `{one_line(program.segment(node))}` in line {node.lineno}"
    last = any(block == [node] for block in blocks_of(program.parents[node]))
    if last or not stands_alone(program, node):
        return Change((program.replace(node, "pass"),), node.lineno, note, 0.7 * weight)
    return Change((Edit(*line_span(program, node), ""),), node.lineno, note, weight)
