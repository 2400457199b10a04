"""A statement that was commented out but is needed, such as the only `print`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit, one_line
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import parse
from coderefine.search.given.evidence import Evidence

_COMMENT = re.compile(r"^([ \t]*)#[ \t]?(\S.*)$")
_MOST = 20


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    found = 0
    for number, line in enumerate(program.lines, 1):
        match = _COMMENT.match(line)
        if match is None or found == _MOST or not _is_statement(match[2].strip()):
            continue
        found += 1
        start = program.starts[number - 1]
        edit = Edit(start, start + len(line), match[1] + match[2].strip())
        yield Change((edit,), number, f"`{one_line(match[2])}` is no comment in line {number}", 1.0)


def _is_statement(text: str) -> bool:
    tree = parse(text)
    if isinstance(tree, SyntaxError) or len(tree.body) != 1:
        return False
    match tree.body[0]:
        case ast.Expr(value=value):
            return isinstance(value, ast.Call)
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Break() | ast.Continue():
            return True
        case _:
            return False
