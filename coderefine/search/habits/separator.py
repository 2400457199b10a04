"""The separator between the parts of an answer, where the tests expect another: `", "` for `" "`."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_BETWEEN = re.compile(r"(?<=\w)[^\w]{1,3}(?=\w)")
_MOST, _LONGEST = 3, 4000
"""The most separators that are tried, and the most characters of an answer that are compared."""


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    found = Counter[str]()
    for case in evidence.report.failures:
        if isinstance(case.expected, str):
            missing = Counter(_BETWEEN.findall(case.expected[:_LONGEST]))
            if isinstance(case.got, str):
                missing -= Counter(_BETWEEN.findall(case.got[:_LONGEST]))
            found += missing
    wanted = [text for text, _ in found.most_common(_MOST)]
    if not wanted:
        return
    for node in program.code:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as own) as text, attr="join")):
                yield from _instead(program, text, own, wanted)
            case ast.keyword(arg="sep" | "end", value=ast.Constant(value=str() as own) as text):
                yield from _instead(program, text, own, wanted)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                for side in (left, right):
                    match side:
                        case ast.Constant(value=str() as own) if own and not any(map(str.isalnum, own)):
                            yield from _instead(program, side, own, wanted)
                        case _:
                            pass
            case ast.Call(func=ast.Name(id="print"), args=[ast.Starred()] | [_, _, *_], keywords=[]):
                inside = program.segment(node)[:-1]
                yield from (program.rewrite(node, f"{inside}, sep={text!r})", 0.7) for text in wanted if text != " ")
            case _:
                pass


def _instead(program: Program, node: ast.expr, own: str, wanted: list[str]) -> Iterator[Change]:
    yield from (program.rewrite(node, _quoted(text), 1.0) for text in wanted if text != own)


def _quoted(text: str) -> str:
    return f'"{text}"' if text.isprintable() and '"' not in text and "\\" not in text else repr(text)
