"""Finds the third-party modules that code imports, and what it does that a sandbox allows only on demand."""

from __future__ import annotations

import ast
import re
import sys

from coderefine.formats.literals import NotLiteral, parsed

_STARTS = re.compile(r"\b(subprocess|multiprocessing|ProcessPoolExecutor|os\.(system|popen|fork|spawn\w*))\b")
_CONNECTS = re.compile(r"\b(socket|socketserver|http\.server|asyncio\.(start_server|open_connection))\b")


def asked(*codes: str) -> tuple[str, ...]:
    """Return what pieces of code seem to do, by the names in them: start processes, or connect over a network."""
    found = {"network-loopback": _CONNECTS, "processes": _STARTS}
    return tuple(name for name, pattern in found.items() if any(map(pattern.search, codes)))


def needed(*codes: str) -> tuple[str, ...]:
    """Return the modules that pieces of code import, at any level; none of text that is not Python."""
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
