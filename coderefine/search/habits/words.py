"""An answer in words that the tests spell otherwise: `YES` for `Yes`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_MOST = 1000


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    expected = list(dict.fromkeys(word for case in evidence.problem.visible for word in _words(case.expected)))[:_MOST]
    known = {_plain(word): word for word in reversed(expected)}
    for node in program.code:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            text = node.value
            word = known.get(_plain(text), text.strip())
            if word != text.strip() and text.strip() not in expected:
                quote = program.segment(node)[:1]
                if quote in "'\"":
                    yield program.rewrite(node, f"{quote}{text.replace(text.strip(), word)}{quote}")


def _words(value: Any) -> Iterator[str]:
    match value:
        case str(text):
            yield from (text.strip(), *text.split()[:_MOST])
        case list() | tuple():
            for item in value[:_MOST]:
                yield from _words(item)
        case _:
            pass


def _plain(text: str) -> str:
    """Return a text without the differences of spelling that are common."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
