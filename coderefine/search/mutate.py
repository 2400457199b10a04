"""Single edits of a program that parses, by template (as in PAR, Kim et al., ICSE 2013), likeliest first.

Every patch differs from the source and comes once; that it compiles is left to whoever tries it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from coderefine.patch import Patch
from coderefine.search import expressions, statements
from coderefine.search.localize import BASE
from coderefine.search.program import Change, Idea, Program

_EVERYWHERE = 0.6
"""The weight of the same edit at all places at once, relative to one place: bugs get copied."""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of edit; `prior` says how often it is the repair, relative to the others and per place it fits."""

    name: str
    prior: float
    changes: Callable[[Program], Iterator[Change]]


TEMPLATES = (
    Template("compare", 0.90, expressions.compare),
    Template("bound", 0.90, expressions.bound),
    Template("method", 0.80, expressions.method),
    Template("arithmetic", 0.80, expressions.arithmetic),
    Template("augmented", 0.80, statements.augmented),
    Template("sign", 0.75, expressions.sign),
    Template("return", 0.70, statements.returned),
    Template("constant", 0.65, expressions.constant),
    Template("logic", 0.65, expressions.logic),
    Template("arguments", 0.60, expressions.arguments),
    Template("negate", 0.60, expressions.negate),
    Template("indent", 0.60, statements.indent),
    Template("unwrap", 0.55, expressions.unwrap),
    Template("slice", 0.55, expressions.slices),
    Template("delete", 0.50, statements.delete),
    Template("jump", 0.50, statements.jump),
    Template("variable", 0.45, expressions.variable),
    Template("swap", 0.45, statements.swap),
    Template("exchange", 0.35, statements.exchange),
    Template("wrap", 0.40, expressions.wrap),
)


def mutations(source: str, weights: Mapping[int, float]) -> Iterator[Idea]:
    """Yield single edits of `source` by template prior times the weight of the edited line; deterministic."""
    program = Program.read(source)
    if program is None:
        return
    ranked = sorted(_changes(program, weights), key=lambda item: -item[0])
    seen = {source}
    for prior, note, change in ranked:
        after = program.apply(change.edits)
        if after not in seen:
            seen.add(after)
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
