"""Repairs a single logical line by best-first token edits, guided by where the parser stops."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from coderefine.search.syntax.layout import Reading
from coderefine.search.syntax.lines import Line, Shape, shape
from coderefine.search.syntax.tokens import edits
from coderefine.search.syntax.vocabulary import WORD, Vocabulary

_SPREAD = 1.0
"""How much more a reading may cost than the cheapest."""
_MAX_LINE = 800
"""The longest line whose tokens are edited, in characters."""
_LINE_TRIES = 1000
"""The most parses for one line."""
_LEFT_OUT = 1.6
"""The cost of turning a line into a comment."""


@dataclass(order=True, slots=True)
class _Attempt:
    estimate: float
    serial: int
    text: str = field(compare=False)
    cost: float = field(compare=False)
    notes: tuple[str, ...] = field(compare=False)
    shape: Shape | SyntaxError = field(compare=False)


class Mender:
    """Repairs the lines of one program, each once, within a number of tries."""

    def __init__(self, source: str, max_tries: int) -> None:
        self.words = Vocabulary.of(source)
        self.tries = max_tries
        self.repaired: dict[str, tuple[Reading, ...]] = {}

    def readings(self, line: Line) -> tuple[Reading, ...]:
        """Return the ways to read `line`, cheapest first; a line that is right comes first, unchanged."""
        if isinstance(line.shape, SyntaxError):
            if line.code not in self.repaired:
                repairs = sorted(self._repairs(line.code), key=lambda reading: reading.cost)
                self.repaired[line.code] = tuple(repairs)
            return self.repaired[line.code]
        return (Reading(line.code, line.shape), *_others(line))

    def _repairs(self, code: str) -> Iterator[Reading]:
        """Yield edits of `code` that make it a line, best first; to leave it out is the last resort."""
        commented = "\n".join("# " + line for line in code.split("\n"))
        yield Reading(commented, None, _LEFT_OUT, "comment the line out")
        yield Reading(
            "pass  " + commented.replace("\n", " "), Shape("", False), _LEFT_OUT + 0.2, "comment the line out"
        )
        if len(code) > _MAX_LINE:
            return
        queue: list[_Attempt] = []
        seen: set[str] = set()

        def consider(text: str, cost: float, notes: tuple[str, ...], parent: int) -> None:
            if text in seen:
                return
            seen.add(text)
            self.tries -= 1
            new = Shape("#", False) if text.startswith("#") else shape(text)
            if isinstance(new, SyntaxError):
                # The remaining cost is unknown: it is estimated higher where the edit did not move the parser on.
                left = len(text) - _column(text, new)
                estimate = cost + (0.4 if left < parent else 0.8 if left == parent else 1.5)
            else:
                estimate = cost = cost + new.oddness + 0.5 * len(set(WORD.findall(text)) - self.words.names)
            heapq.heappush(queue, _Attempt(estimate, len(seen), text, cost, notes, new))

        consider(code, 0.0, (), len(code) + 1)
        bound = float("inf")
        while queue:
            attempt = heapq.heappop(queue)
            if attempt.estimate > bound:
                return
            if isinstance(attempt.shape, Shape):
                bound = min(bound, attempt.cost + _SPREAD)
                form = None if attempt.text.startswith("#") else attempt.shape
                yield Reading(attempt.text, form, attempt.cost, ", ".join(attempt.notes))
            elif len(seen) < _LINE_TRIES and self.tries > 0:
                column = _column(attempt.text, attempt.shape)
                for edit in sorted(edits(attempt.text, column, self.words), key=lambda edit: edit.cost):
                    if len(seen) >= _LINE_TRIES or self.tries <= 0:
                        break
                    notes = (*attempt.notes, edit.note)
                    consider(edit.text, attempt.cost + edit.cost, notes, len(attempt.text) - column)


def _others(line: Line) -> Iterator[Reading]:
    """Yield what a line that is right may have been, where the blocks around it do not fit."""
    if line.shape is None:
        code = line.code.lstrip("# ")
        found = shape(code) if code else None
        if isinstance(found, Shape):
            yield Reading(code, found, 0.8 + found.oddness, "code in place of a comment")
    elif isinstance(line.shape, Shape) and line.shape.opens:
        empty = shape(line.code + " pass")
        if isinstance(empty, Shape):
            yield Reading(line.code + " pass", empty, 1.3, "add `pass`")


def _column(text: str, error: SyntaxError) -> int:
    """Return where in `text` the parser stopped: at the end, if a bracket should have been closed there."""
    if "never closed" in error.msg:
        return len(text)
    lines = text.split("\n")
    number = min((error.lineno or 1) - 1, len(lines))
    return min(sum(len(line) + 1 for line in lines[:number]) + max((error.offset or 1) - 1, 0), len(text))
