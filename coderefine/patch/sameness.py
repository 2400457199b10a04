"""Which texts are one program: those with one syntax tree, whatever their layout and comments."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Hashable


def canonical(source: str) -> Hashable:
    """Return the form that all texts of one program share; a text without a syntax tree is its own."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about a candidate's escapes
            return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
