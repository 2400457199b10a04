"""Single edits of a program that parses, by template (as in PAR, Kim et al., ICSE 2013), likeliest first.

Every patch parses, differs from the source in more than layout, and comes once.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from coderefine.patch import Patch
from coderefine.search import calls, guards, indexing, mirror, moves, operators, statements, values, variables
from coderefine.search.localize import BASE
from coderefine.search.program import Change, Idea, Program, parse

_EVERYWHERE = 0.6
"""The weight of the same edit at all places at once, relative to one place: bugs get copied."""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of edit; `prior` says how often it is the repair, relative to the others and per place it fits."""

    name: str
    prior: float
    changes: Callable[[Program], Iterator[Change]]


TEMPLATES = (
    Template("effect", 1.00, statements.effect),
    Template("compare", 1.00, operators.compare),
    Template("mirror", 0.50, mirror.mirror),
    Template("text", 0.40, values.text),
    Template("arguments", 0.40, calls.arguments),
    Template("slice", 0.35, indexing.slices),
    Template("augmented", 0.30, statements.augmented),
    Template("operand", 0.30, operators.operand),
    Template("arithmetic", 0.25, operators.arithmetic),
    Template("sign", 0.25, operators.sign),
    Template("unwrap", 0.25, calls.unwrap),
    Template("logic", 0.25, operators.logic),
    Template("bound", 0.25, values.bound),
    Template("method", 0.25, calls.method),
    Template("constant", 0.25, values.constant),
    Template("negate", 0.20, operators.negate),
    Template("indent", 0.20, moves.indent),
    Template("drop", 0.20, calls.drop),
    Template("variable", 0.20, variables.variable),
    Template("target", 0.20, variables.target),
    Template("field", 0.20, variables.field),
    Template("index", 0.20, indexing.index),
    Template("record", 0.20, guards.record),
    Template("update", 0.20, moves.update),
    Template("return", 0.20, moves.returned),
    Template("order", 0.10, calls.order),
    Template("guard", 0.10, guards.guard),
    Template("delete", 0.10, statements.delete),
    Template("else", 0.08, moves.otherwise),
    Template("jump", 0.06, statements.jump),
    Template("initial", 0.06, values.initial),
    Template("sort", 0.06, moves.sort),
    Template("unguard", 0.05, statements.unguard),
    Template("swap", 0.05, statements.swap),
    Template("leave", 0.05, moves.leave),
    Template("hoist", 0.04, moves.hoist),
    Template("wrap", 0.04, calls.wrap),
    Template("exchange", 0.04, variables.exchange),
)


def mutations(source: str, weights: Mapping[int, float]) -> Iterator[Idea]:
    """Yield single edits of `source` by template prior times the weight of the edited line; deterministic."""
    program = Program.read(source)
    if program is None:
        return
    ranked = sorted(_changes(program, weights), key=lambda item: -item[0])
    seen = {ast.dump(program.tree)}
    for prior, note, change in ranked:
        after = program.apply(change.edits)
        tree = parse(after)
        if isinstance(tree, SyntaxError):
            continue
        shape = ast.dump(tree)
        if shape not in seen:
            seen.add(shape)
            yield Idea(Patch(source, after, note), prior)


def _changes(program: Program, weights: Mapping[int, float]) -> Iterator[tuple[float, str, Change]]:
    for template in TEMPLATES:
        alike: dict[tuple[str, str], list[Change]] = {}
        for change in template.changes(program):
            prior = template.prior * change.weight * weights.get(change.line, BASE)
            yield prior, f"{template.name}: {change.note}", change
            if len(change.edits) == 1:
                edit = change.edits[0]
                alike.setdefault((program.text[edit.start : edit.end], edit.text), []).append(change)
        for (old, _), same in alike.items():
            # Small tokens mean something else at every place; whole expressions tend to be copies.
            if len(same) > 1 and len(old) > 2 and not _overlap(same):
                edits = tuple(change.edits[0] for change in same)
                weight = max(weights.get(change.line, BASE) * change.weight for change in same)
                note = f"{template.name}: {same[0].note} and at {len(same) - 1} more"
                yield template.prior * weight * _EVERYWHERE, note, Change(edits, same[0].line, note)


def _overlap(changes: list[Change]) -> bool:
    spans = sorted((change.edits[0].start, change.edits[0].end) for change in changes)
    return any(start < end for (_, end), (start, _) in pairwise(spans))
