"""Which texts are the same program: those with the same syntax tree, whatever their layout and comments."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from coderefine.outside import parse_python


def canonical(source: str) -> Hashable:
    """Return a form that all texts of one program share; a text without a syntax tree is its own form."""
    try:
        return ast.dump(parse_python(source, is_bounded=False))
    except (SyntaxError, RecursionError):
        return source
