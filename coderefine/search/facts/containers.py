"""What a program puts into its containers."""

from __future__ import annotations

import ast

from coderefine.search.facts.program import Program


def filled(program: Program) -> set[str]:
    """Return the names that are used as containers: by an attribute such as `append`, or where an item is stored."""
    return {
        node.value.id
        for node in program.code
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.value, ast.Name)
        and (isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Store))
    }
