"""`+=` to `-=`, `=` or the like; `=` to `+=`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import is_constant
from coderefine.search.given.evidence import Evidence

_AUGMENTED: dict[str, tuple[tuple[str, float], ...]] = {
    "+=": (("-=", 1.0), ("=", 0.6), ("*=", 0.3)),
    "-=": (("+=", 1.0), ("=", 0.6)),
    "*=": (("+=", 0.6), ("//=", 0.5), ("=", 0.4), ("-=", 0.4)),
    "/=": (("//=", 2.0), ("*=", 0.8)),
    "//=": (("*=", 0.6), ("/=", 0.5), ("%=", 0.6), ("-=", 0.4), ("=", 0.2), ("+=", 0.4)),
    "%=": (("//=", 1.0), ("+=", 0.2), ("-=", 0.2)),
    "|=": (("&=", 1.0), ("^=", 1.0), ("=", 0.5)),
    "&=": (("|=", 1.0), ("^=", 1.0), ("=", 0.5)),
    "^=": (("|=", 1.0), ("&=", 1.0), ("=", 0.5)),
    "<<=": ((">>=", 1.5), ("=", 0.3)),
    ">>=": (("<<=", 1.5), ("=", 0.3)),
    "=": (("+=", 1.0), ("-=", 0.3)),
}
_ASSIGNMENT = re.compile(r"(//|\*\*|<<|>>|[-+*/%&|^])?=")


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.AugAssign(target=target, value=value) | ast.Assign(targets=[target], value=value):
                start, end = program.span(target)[1], program.span(value)[0]
                operator = _ASSIGNMENT.search(program.text[start:end])
                if operator is None or isinstance(target, ast.Tuple):
                    continue
                # Where `=` initialises a name, nothing can be added to it.
                again = program.in_loop(node) and not (isinstance(target, ast.Name) and program.stored[target.id] == 1)
                factor = 1.0 if again or operator[0] != "=" else 0.1
                # Multiplying or dividing by one has no effect.
                idle = operator[0] in ("*=", "/=", "//=", "%=") and is_constant(value, 1)
                for text, weight in _AUGMENTED.get(operator[0], ()):
                    edit = Edit(start + operator.start(), start + operator.end(), text)
                    yield program.change(node, edit, 2.0 if idle and text in ("+=", "-=") else factor * weight)
            case _:
                pass
