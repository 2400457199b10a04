"""Indentation: chooses a reading and a depth for each line, so that the blocks of the program fit together.

The lines are laid out from the top by a beam search. A line keeps its indentation at no cost. Near a place where the
blocks do not fit it may move, and the lines below it move along at almost no cost.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coderefine.search.syntax.lines import CLAUSES, Shape

_BEAM = 40
"""Layouts of the lines so far that are kept; fewer for very many lines."""
_WORK = 6_000
"""The most lines times layouts."""
_DEEPEST = 99
"""The deepest nesting of blocks that Python allows."""
_NEAR = 2
"""How many lines above a place where the blocks do not fit may be to blame."""
_LEAVES = ("return", "raise", "break", "continue")
_AFTER: dict[str, tuple[str, ...]] = {
    "elif": ("if", "elif"),
    "else": ("if", "elif", "for", "while", "except"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
    "case": ("match", "case"),
}
_FUNCTIONS, _LOOPS = ("def", "method", "async"), ("for", "while")
_NEEDED = {"return": _FUNCTIONS, "yield": _FUNCTIONS, "break": _LOOPS, "continue": _LOOPS}
"""The blocks that must contain a statement, at any distance."""
_DEFINITIONS = ("def", "method", "class", "async", "@")
_MOVE, _STOP, _APART, _AGAIN, _ODD_PLACE = 0.5, 0.3, 0.1, 0.1, 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a line, at a cost; a comment has no shape."""

    text: str
    shape: Shape | None
    cost: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineReadings:
    """A line with its depth in columns and the ways to read it, cheapest first.

    If the first has no note, the line is right as it is, and the others count only where the blocks do not fit.
    """

    width: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line in a layout: how to read it and its depth."""

    reading: Reading
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to read and indent all lines."""

    cost: float
    lines: tuple[PlacedLine, ...]


class _Level(NamedTuple):
    """An open block: its depth, the first word of its header, and that of its last statement."""

    width: int
    owner: str
    last: str


class _State(NamedTuple):
    cost: float
    serial: int
    levels: tuple[_Level, ...]
    opens: bool
    shift: int
    """How far the previous line was moved."""
    earlier: int
    """How far the lines were moved before the first line with another shift."""
    floor: int
    """The original depth of the first line that was moved along."""
    placed: PlacedLine | None
    before: _State | None


def layouts(rows: Sequence[LineReadings], unit: int) -> list[Layout]:
    """Return the cheapest layouts of `rows`, best first; `unit` is the usual step of the indentation."""
    near = _near(rows)
    size = max(4, min(_BEAM, _WORK // (len(rows) or 1)))
    beam = [_State(0.0, 0, (_Level(0, "", ""),), False, 0, 0, 0, None, None)]
    for number, row in enumerate(rows):
        beam = _advance(beam, row, number in near, unit, size)
    ends = [state for state in beam if not state.opens and not any(_waits(level.last) for level in state.levels)]
    return [Layout(state.cost, _lines(state)) for state in ends]


def _lines(state: _State) -> tuple[PlacedLine, ...]:
    placed = []
    at: _State | None = state
    while at is not None and at.placed is not None:
        placed.append(at.placed)
        at = at.before
    return tuple(reversed(placed))


def _advance(beam: list[_State], row: LineReadings, near: bool, unit: int, size: int) -> list[_State]:
    new: list[_State] = []
    serial = 0
    readings = row.readings if near or row.readings[0].note else row.readings[:1]
    for state in beam:
        for reading in readings:
            if reading.shape is None:
                width = max(row.width + state.shift, 0)
                new.append(state._replace(placed=PlacedLine(reading, width), before=state, serial=serial,
                                          cost=state.cost + reading.cost))  # fmt: skip
                serial += 1
                continue
            for width, cost in _widths(state, row.width, reading.shape, near, unit):
                levels = _entered(state, width, reading.shape)
                if levels is None:
                    continue
                shift = width - row.width
                floor = state.floor if shift == state.shift and row.width >= state.floor else row.width
                total = state.cost + reading.cost + cost + _misplaced(state, levels, reading.shape)
                earlier = state.earlier if shift == state.shift else state.shift
                new.append(_State(total, serial, levels, reading.shape.opens, shift, earlier, floor,
                                  PlacedLine(reading, width), state))  # fmt: skip
                serial += 1
    return heapq.nsmallest(size, new)


def _widths(state: _State, width: int, shape: Shape, near: bool, unit: int) -> Iterator[tuple[int, float]]:
    """Yield depths to try for a line at `width`, with their costs."""
    along = max(width + state.shift, 0)
    within = width >= state.floor
    yield along, 0.0 if not state.shift else 0.01 if within else 0.05
    again = max(width + state.earlier, 0)
    if again not in (along, width):
        yield again, _AGAIN
    if state.shift:
        # from the line that it was aligned with
        apart = state.placed is not None and state.placed.width - state.shift == width
        yield width, 0.0 if not within else 0.1 if state.floor % unit else _STOP + (_APART if apart else 0.0)
    if near or _entered(state, along, shape) is None:
        cost = _MOVE - (0.15 if width % unit else 0.0)
        for target in _depths(state, unit):
            if target not in (along, width):
                yield target, cost + 0.01 * abs(target - width)


def _depths(state: _State, unit: int) -> list[int]:
    if state.opens:
        return [state.levels[-1].width + unit]
    return [level.width for level in reversed(state.levels)]


def _entered(state: _State, width: int, shape: Shape) -> tuple[_Level, ...] | None:
    """Return the open blocks after a line at `width`; None where it cannot be there."""
    levels, word = state.levels, shape.word
    if state.opens:
        if width <= levels[-1].width or len(levels) >= _DEEPEST or (word in CLAUSES and word != "case"):
            return None
        return (*levels, _Level(width, levels[-1].last, word))
    last = len(levels) - 1
    while levels[last].width > width:
        if _waits(levels[last].last):
            return None
        last -= 1
        if last < 0:
            return None
    level = levels[last]
    if level.width != width:
        return None
    if word in _AFTER:
        if level.last not in _AFTER[word]:
            return None
    elif _waits(level.last) and not (level.last == "@" and word in _DEFINITIONS):
        return None
    return (*levels[:last], _Level(width, level.owner, word))


def _waits(word: str) -> bool:
    """Whether a statement of that word cannot be the last of its block."""
    return word in ("try", "@")


def _misplaced(state: _State, levels: tuple[_Level, ...], shape: Shape) -> float:
    """Return the cost of a statement that makes no sense at its place, although it parses there."""
    word = shape.word
    owners = [level.owner for level in levels]
    needed = _NEEDED.get(word)
    cost = 0.0
    if needed and not any(owner in needed for owner in owners):
        cost += _ODD_PLACE
    elif word in ("return", "break") and owners[-1] in ("for", "while"):  # the loop runs once
        cost += 0.25
    elif word == "else" and state.levels[len(levels) - 1].last in _LOOPS:  # of the loop
        cost += 0.3
    elif word == "method" and owners[-1] != "class":
        cost += 0.4
    if len(levels) <= len(state.levels) and not state.opens and word not in CLAUSES:
        before = state.levels[len(levels) - 1].last
        if before in _LEAVES:  # never reached
            cost += 0.4
    return cost


def _near(rows: Sequence[LineReadings]) -> set[int]:
    """Return the lines that may be to blame where blocks do not fit: the doubtful ones and a few above each."""
    near: set[int] = set()
    for number in _doubtful(rows):
        left = _NEAR
        for above in range(number, -1, -1):
            if above < len(rows):
                near.add(above)
                left -= above < number and rows[above].readings[0].shape is not None
            if not left:
                break
    return near


def _doubtful(rows: Sequence[LineReadings]) -> set[int]:
    """Return the lines whose indentation, in their cheapest reading, does not fit the lines above."""
    found: set[int] = set()
    state = _State(0.0, 0, (_Level(0, "", ""),), False, 0, 0, 0, None, None)
    for number, row in enumerate(rows):
        shape = row.readings[0].shape
        if shape is None:
            continue
        levels = _entered(state, row.width, shape)
        if levels is None or _misplaced(state, levels, shape) >= 0.4:
            found.add(number)
        if levels is None:  # go on as if it fitted
            outer = tuple(level for level in state.levels if level.width < row.width)
            levels = (*outer, _Level(row.width, outer[-1].last if outer else "", shape.word))
        state = _State(0.0, 0, levels, shape.opens, 0, 0, 0, None, None)
    if state.opens:
        found.add(len(rows))
    return found
