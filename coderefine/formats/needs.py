"""Which modules beyond Python's own code imports."""

from __future__ import annotations

import ast
import sys

from coderefine.formats.literals import NotLiteral, parsed


def needed(*codes: str) -> tuple[str, ...]:
    """Return the modules that pieces of code import wherever they stand; nothing of code that is no Python."""
    names: set[str] = set()
    for code in codes:
        try:
            nodes = list(ast.walk(parsed(code))) if "import" in code else []
        except NotLiteral:
            continue
        for it in nodes:
            if isinstance(it, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in it.names}
            elif isinstance(it, ast.ImportFrom) and it.module and not it.level:
                names.add(it.module.partition(".")[0])
    return tuple(sorted(names - sys.stdlib_module_names))
