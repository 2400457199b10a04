"""Reduces a program too long to be searched as a whole to the functions around some of its lines.

All definitions of the program stay known by name; only the bodies of the other functions are emptied. Nodes keep their
positions in the text, so that edits of what is left are edits of the whole text.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

_COMMON = 5
"""Up to how many occurrences in a program a line's text still identifies a place."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def focused(tree: ast.Module, lines: Sequence[str], wanted: Sequence[str], most_chars: int) -> ast.Module:
    """Return the tree with the bodies of functions emptied that contain no wanted line, or exceed `most_chars`.

    `wanted` are lines without their indents, the most wanted first. If none of them is found, the tree is empty.
    """
    counts = Counter(line.strip() for line in lines)
    ranks = {text: rank for rank, text in reversed([*enumerate(wanted)]) if 0 < counts[text] <= _COMMON}
    places = {number: ranks[text] for number, line in enumerate(lines, 1) if (text := line.strip()) in ranks}
    if not places:
        return ast.Module(body=[], type_ignores=[])
    unranked = len(wanted)
    left = most_chars
    ranked = [(min(places.get(it, unranked) for it in _span(node)), node) for node in _functions(tree.body)]
    for rank, node in sorted(ranked, key=lambda pair: pair[0]):
        if rank == unranked or left <= 0:
            _empty(node)
        else:
            left -= sum(len(lines[number - 1]) for number in _span(node))
    return tree


def _functions(body: Sequence[ast.stmt]) -> Iterator[_Function]:
    """Yield the functions of a module and of its classes, but none within another function."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body)
        elif isinstance(node, _Function):
            yield node


def _span(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _empty(node: _Function) -> None:
    kept = ast.Expr(ast.Constant(""))
    node.body = [ast.fix_missing_locations(ast.copy_location(kept, node.body[0]))]
    node.decorator_list = []
