"""Which texts are one program: those with one syntax tree, whatever their layout and comments."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from coderefine.outside import parse_python


def canonical(source: str) -> Hashable:
    """Return the form that all texts of one program share; a text without a syntax tree is its own."""
    try:
        return ast.dump(parse_python(source, is_bounded=False))
    except (SyntaxError, RecursionError):
        return source
