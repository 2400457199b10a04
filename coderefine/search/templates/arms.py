"""The order of conditions: the first that holds decides, so a special one has to come before a general one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import LEAVES
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import stands_alone
from coderefine.search.given.evidence import Evidence

_MOST = 6
"""The most conditions in a row: the number of orders grows with the square."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for at, node in enumerate(block):
            if not isinstance(node, ast.If) or not stands_alone(program, node.body[-1]):
                continue
            arms = list(_elifs(node))
            if len(arms) > 1:
                yield from _earlier(program, arms, [arm.body for arm in arms])
            elif at == 0 or not _leaves(block[at - 1]):
                run = [node]
                for other in block[at + 1 :]:
                    if not (_leaves(run[-1]) and isinstance(other, ast.If)):
                        break
                    run.append(other)
                if len(run) > 1 and all(_leaves(it) for it in run):
                    yield from _earlier(program, run, [it.body for it in run])


def _elifs(node: ast.If) -> Iterator[ast.If]:
    """Yield an `if` and the conditions after its `elif`s."""
    yield node
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        yield node


def _leaves(node: ast.stmt) -> bool:
    """Whether nothing after a condition runs where it holds."""
    return isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], LEAVES)


def _earlier(program: Program, arms: list[ast.If], bodies: list[list[ast.stmt]]) -> Iterator[Change]:
    """Yield changes that move a condition, with its block, before earlier ones."""
    arms, bodies = arms[:_MOST], bodies[:_MOST]
    spans = [(program.span(arm.test)[0], program.span(body[-1])[1]) for arm, body in zip(arms, bodies, strict=True)]
    texts = [program.text[start:end] for start, end in spans]
    for last in range(1, len(arms)):
        for first in range(last):
            order = [*texts[:first], texts[last], *texts[first:last], *texts[last + 1 :]]
            start, end = spans[first][0], spans[last][1]
            text = program.text[start:end]
            for (begin, stop), new in reversed(list(zip(spans, order, strict=True))[first : last + 1]):
                text = text[: begin - start] + new + text[stop - start :]
            note = f"the condition of line {arms[last].lineno} before that of line {arms[first].lineno}"
            # One edit, since the pieces of the text change their order.
            yield Change((Edit(start, end, text),), arms[first].lineno, note)
