"""`break` or `continue` added at the end of an `if` in a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import LEAVES
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.For(body=body) | ast.While(body=body):
                for number, inner in enumerate(body):
                    last = inner.body[-1] if isinstance(inner, ast.If) else None
                    if last is not None and stands_alone(program, last) and not isinstance(last, LEAVES):
                        yield inserted(program, last, "break", 1.0)
                        if number < len(body) - 1:
                            yield inserted(program, last, "continue", 1.0)
            case _:
                pass
