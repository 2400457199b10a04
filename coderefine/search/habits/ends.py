"""Answers with surplus characters at their ends, as the failing tests show: `"two-words-"` for `"two-words"`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_MOST = 3
"""The most different surplus characters."""


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    wrong = [(case.got, case.expected) for case in evidence.report.failures if case.answered]
    wrong = [(got, expected) for got, expected in wrong if isinstance(got, str) and isinstance(expected, str)]
    found = [_surplus(got, expected) for got, expected in wrong]
    if not found or None in found:
        return
    left, right = (set("".join(side)) for side in zip(*(it for it in found if it), strict=True))
    extra = sorted(left | right)
    if len(extra) > _MOST:
        return
    method = "strip" if left and right else "lstrip" if left else "rstrip"
    characters = "" if not "".join(extra).strip() else repr("".join(extra))
    for node in program.code:
        if isinstance(node, ast.Return) and node.value is not None:
            text = program.segment(node.value)
            whole = text if isinstance(node.value, ast.Name | ast.Call | ast.Subscript) else f"({text})"
            yield program.rewrite(node.value, f"{whole}.{method}({characters})", 1.0)
            if method != "strip":
                yield program.rewrite(node.value, f"{whole}.strip({characters})", 0.7)


def _surplus(got: str, expected: str) -> tuple[str, str] | None:
    """Return the text before and after the expected answer; None where that is not a proper part of the answer."""
    before, middle, after = got.partition(expected) if expected else ("", "", got)
    return (before, after) if (middle or not expected) and got != expected else None
