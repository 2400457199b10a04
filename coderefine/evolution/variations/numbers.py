"""The numbers in a text, and steps of one or several of them."""

from __future__ import annotations

import ast
import math
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from coderefine.evolution.variations.entry import Entry, Move, Proposal
from coderefine.search.facts.edits import Edit, apply
from coderefine.search.facts.program import Program

_IN_DATA = re.compile(
    r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|(?<![\w.+-])[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.:-])'
)
_STEPS = (0.003, 0.03, 0.2, 1.0)
"""Sizes of a step, relative to the number."""
_SCALED = 0.25
"""How often a number is multiplied instead."""
_RESET = 0.2
"""How often numbers are set to common ones, or to those of other places."""
_USUAL = (-2.0, -1.0, 0.0, 0.5, 1.0, 2.0)
_LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text."""

    start: int
    end: int
    value: float
    is_whole: bool

    def edit(self, value: float) -> Edit:
        """Return the edit that replaces it by another value."""
        return Edit(self.start, self.end, shown(value, is_whole=self.is_whole))


def numbers_of(text: str, *, is_code: bool) -> list[Number]:
    """Return the numbers of a program or of a document in JSON or TOML, in order."""
    return _of_code(text) if is_code else _of_data(text)


def with_values(text: str, numbers: list[Number], values: Mapping[int, float]) -> str:
    """Return the text with other values for the numbers at some positions."""
    return apply(text, [numbers[place].edit(value) for place, value in values.items()])


def shown(value: float, *, is_whole: bool) -> str:
    """Return a number as text, with seven digits at most."""
    value = max(-_LARGEST, min(_LARGEST, value))
    if is_whole:
        return str(round(value))
    text = f"{value:.7g}"
    return text if set(text) & set(".en") else f"{text}.0"


def gaussian(parent: Entry, rng: random.Random, *, is_code: bool) -> Proposal | None:
    """Step one or several numbers by a normal deviate, whose size is drawn as well."""
    numbers = numbers_of(parent.source, is_code=is_code)
    if not numbers:
        return None
    count = min(len(numbers), rng.choice((1, 1, 1, 2, 3, (len(numbers) + 1) // 2, len(numbers))))
    places = sorted(rng.sample(range(len(numbers)), count))
    size = rng.choice(_STEPS)
    if rng.random() < _RESET:
        values = {place: _usual(numbers, place, rng) for place in places}
    else:
        values = {place: _stepped(numbers[place], size, rng) for place in places}
    first = places[0]
    change = f"{numbers[first].value:g} to {values[first]:.4g}" + (f" and {count - 1} more" if count > 1 else "")
    move = Move(first, numbers[first].value, values[first]) if count == 1 else None
    return Proposal(with_values(parent.source, numbers, values), f"numbers: {change}", (parent.number,), move)


def bisection(parent: Entry, rng: random.Random, *, is_code: bool) -> Proposal | None:
    """Continue the last step of one number: twice as far where it was a gain, half as far where it was none."""
    move = parent.proposal.move
    numbers = numbers_of(parent.source, is_code=is_code)
    if move is None or move.place >= len(numbers):
        return None
    number, width = numbers[move.place], move.after - move.before
    value = move.after + (width if parent.improves else -width / 2)
    if number.is_whole and round(value) == round(number.value):
        return None
    note = f"bisection: {number.value:g} to {value:.4g}"
    source = with_values(parent.source, numbers, {move.place: value})
    return Proposal(source, note, (parent.number,), Move(move.place, number.value, value))


def blend(parent: Entry, mate: Entry, rng: random.Random, *, is_code: bool) -> Proposal | None:
    """Take each number from one of two texts or from between them, where both have equally many."""
    mine = numbers_of(parent.source, is_code=is_code)
    theirs = numbers_of(mate.source, is_code=is_code)
    if len(mine) != len(theirs) or not mine:
        return None
    parts = [rng.choice((0.0, 0.0, 0.5, 1.0, 1.0, rng.uniform(-0.25, 1.25))) for _ in mine]
    values = {
        place: one.value + part * (other.value - one.value)
        for place, (one, other, part) in enumerate(zip(mine, theirs, parts, strict=True))
        if part
    }
    source = with_values(parent.source, mine, values)
    return Proposal(source, f"crossover: numbers of {mate.number}", (parent.number, mate.number))


def _usual(numbers: list[Number], place: int, rng: random.Random) -> float:
    """Return a common number, that of another place, or the negative of this one."""
    return rng.choice((*_USUAL, -numbers[place].value, rng.choice(numbers).value, rng.choice(numbers).value))


def _stepped(number: Number, size: float, rng: random.Random) -> float:
    if rng.random() < _SCALED and number.value:
        value = number.value * 2 ** rng.gauss(0.0, 1.0)
        return value if not number.is_whole or round(value) != number.value else number.value * 2
    scale = size * (abs(number.value) or 1.0)
    if number.is_whole:
        step = round(rng.gauss(0.0, max(1.0, scale)))
        return number.value + (step or rng.choice((-1, 1)))
    return number.value + rng.gauss(0.0, scale)


def _of_code(text: str) -> list[Number]:
    program = Program(text)
    found = []
    for node in program.code:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and _is_usual(value):
            assert isinstance(node, ast.Constant)
            start, end = program.span(node)
            found.append(Number(start, end, float(value), isinstance(value, int)))
    return sorted(found, key=lambda it: it.start)


def _of_data(text: str) -> list[Number]:
    found = []
    for match in _IN_DATA.finditer(text):
        word = match.group()
        if word[0] in "\"'#" or not _is_usual(float(word)):
            continue
        is_whole = not set(word) & set(".eE")
        found.append(Number(match.start(), match.end(), float(word), is_whole))
    return found


def _is_usual(value: float) -> bool:
    return abs(value) <= _LARGEST and math.isfinite(value)
