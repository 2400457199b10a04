"""Of a program too long to be searched as a whole, the functions around some of its lines.

All that the program defines stays known, by name; only the bodies of the other functions are empty. Nodes keep their
places in the text, so that edits of what is left are edits of the whole text.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Sequence

_COMMON = 5
"""How often a line's text may stand in a program for it to tell a place."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def focused(tree: ast.Module, lines: Sequence[str], wanted: Collection[str], most_chars: int) -> ast.Module:
    """Return the tree with the bodies of functions without a wanted line emptied, and of those beyond `most_chars`.

    `wanted` are lines without their indents. Without any that is found, the tree is empty.
    """
    counts = Counter(line.strip() for line in lines)
    texts = {text for text in wanted if 0 < counts[text] <= _COMMON}
    places = [number for number, line in enumerate(lines, 1) if line.strip() in texts]
    if not places:
        return ast.Module(body=[], type_ignores=[])
    pruner = _Pruner(lines, places, most_chars)
    return ast.Module(body=[pruner.pruned(node) for node in tree.body], type_ignores=[])


class _Pruner:
    def __init__(self, lines: Sequence[str], places: Sequence[int], left: int) -> None:
        self._lines, self._places, self._left = lines, places, left

    def pruned(self, node: ast.stmt) -> ast.stmt:
        """Return a statement as far as it is to be searched."""
        if isinstance(node, ast.ClassDef):
            node.body = [self.pruned(inner) for inner in node.body]
        elif isinstance(node, _FUNCTIONS) and not self._takes(node):
            kept = ast.Expr(ast.Constant(""))
            node.body = [ast.fix_missing_locations(ast.copy_location(kept, node.body[0]))]
            node.decorator_list = []
        return node

    def _takes(self, node: ast.stmt) -> bool:
        last = node.end_lineno or node.lineno
        if not any(node.lineno <= place <= last for place in self._places):
            return False
        is_taken = self._left > 0
        self._left -= sum(map(len, self._lines[node.lineno - 1 : last]))
        return is_taken
