"""Which texts are one program: those with one syntax tree, whatever their layout and comments."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Hashable


def essence(source: str) -> Hashable:
    """Return what all texts of one program share, and no other has; that of a text without a syntax tree is itself."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about a candidate's escapes
            return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
