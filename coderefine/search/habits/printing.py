"""Other ways to print: the items of a list, on one line or several; without blanks; once more, or one more item."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    shows_list = any(
        isinstance(case.got, str) and case.got.lstrip().startswith(("[", "(")) for case in evidence.report.cases
    )
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="print"), args=[value], keywords=[]) if not isinstance(value, ast.Starred):
                text = program.segment(value)
                many = 2.0 if shows_list else 0.3
                is_known = isinstance(value, ast.Constant | ast.JoinedStr)
                if not is_known:
                    yield program.rewrite(node, f"print(*{text})", many)
                    yield program.rewrite(node, f'print(*{text}, sep="")', 0.5 * many)
                    yield program.rewrite(node, f'print(*{text}, sep="\\n")', 0.4 * many)
                    yield program.rewrite(value, f"len({text})", 0.4)
                    yield program.rewrite(value, f"int({text})", 0.3)
                if program.in_loop(node):
                    yield program.rewrite(node, f'print({text}, end="")', 0.5)
                    yield program.rewrite(node, f'print({text}, end=" ")', 0.5)
                yield from _instead(program, node, value)
            case ast.Call(func=ast.Name(id="print"), args=args, keywords=[]) if len(args) > 1:
                inside = ", ".join(program.segment(it) for it in args)
                yield program.rewrite(node, f'print({inside}, sep="")', 0.6)
                yield program.rewrite(node, f'print({inside}, sep="\\n")', 0.4)
            case ast.keyword(arg="end" | "sep"):
                yield from (program.rewrite(node.value, text, 0.4) for text in ('""', '" "', '"\\n"'))
            case _:
                pass


def _instead(program: Program, call: ast.Call, value: ast.expr) -> Iterator[Change]:
    """Yield changes that print an item's number in place of the item, or the reverse."""
    match value:
        case ast.Subscript(slice=ast.Name() | ast.Call() as index):
            text = program.segment(index)
            yield program.rewrite(value, f"{text} + 1", 1.0)
            yield program.rewrite(value, text, 0.7)
        case _:
            pass
