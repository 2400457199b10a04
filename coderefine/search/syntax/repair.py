"""Repairs programs that do not parse.

The text is cut into logical lines. A line that cannot be a statement is repaired by itself, by best-first token edits
that the parser guides; then the lines are laid out so that their blocks fit together. The result is parsed as a whole,
so every patch yielded parses. Nothing else happens here: wrong guesses cost microseconds, and no run of the judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import MAX_CHARS, parse
from coderefine.search.given.evidence import Evidence
from coderefine.search.syntax.foreign import pythonic
from coderefine.search.syntax.layout import Layout, LineReadings, layouts
from coderefine.search.syntax.lines import Line, read
from coderefine.search.syntax.mender import Mender
from coderefine.search.syntax.quotes import closed
from coderefine.search.syntax.window import Window, window

_TRIES, _MOST = 8000, 60
"""The most edits of lines to try, and the most texts to yield."""
_SPREAD = 1.0
"""How much more a patch may cost than the cheapest."""
_CHARS = 60_000
"""The most characters of all texts that are repaired line by line."""
_WINDOWS = 5_000, MAX_CHARS
"""The most characters of definitions around an error that are repaired by themselves, in two attempts."""
_CHEAP = 1.0
"""The cost up to which a repair is good enough not to look further away."""
_READINGS = 24
"""The most readings of a line that are passed on; fewer where many lines have to be repaired."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to repair line by line, with the cost of its difference from the program."""

    source: str
    cost: float
    notes: tuple[str, ...]

    def next(self, source: str, cost: float, note: str) -> _Text:
        return _Text(source, self.cost + cost, (*self.notes, note))


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text that parses, with its cost and how it was made."""

    text: str
    cost: float
    note: str

    @property
    def weight(self) -> float:
        """How likely it is, from 0 to 1; 1 is for no cost."""
        return 1.0 / (1.0 + self.cost)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield texts that parse, the smallest change first; none where the program already parses."""
    if program.error is not None:
        line = program.error.lineno or 1
        for it in repaired(program.text):
            yield program.rewrite_text(it.text, line, it.note, it.weight)


def repaired(source: str) -> Iterator[Repaired]:
    """Yield what a text that does not parse may have been meant to be, the smallest change first.

    In a long text, only definitions around the error are repaired: first few, then as many as may be read.
    """
    found: dict[str, Repaired] = {}
    for repairs in _from_near_to_far(source):
        for it in repairs:
            found.setdefault(it.text, it)
        if any(it.cost <= _CHEAP for it in found.values()):
            break
    yield from sorted(found.values(), key=lambda it: it.cost)


def _from_near_to_far(source: str) -> Iterator[Iterator[Repaired]]:
    error = parse(source)
    line = (isinstance(error, SyntaxError) and error.lineno) or 1
    for most_chars in _WINDOWS:
        if len(source) > most_chars and (part := window(source, line, most_chars)):
            yield _repaired_within(part)
    if len(source) <= MAX_CHARS:
        yield _repaired(source)


def _repaired_within(part: Window) -> Iterator[Repaired]:
    for it in _repaired(part.text):
        whole = part.whole(it.text)
        if whole is not None and not isinstance(parse(whole), SyntaxError):
            yield replace(it, text=whole)


def _repaired(source: str) -> Iterator[Repaired]:
    mender = Mender(source, _TRIES)
    found: list[tuple[float, str, tuple[str, ...]]] = []
    chars = 0
    for text in _texts(source.replace("\r\n", "\n")):
        chars += len(text.source)
        if found and chars > _CHARS:
            break
        for cost, new, notes in _programs(mender, text.source):
            found.append((text.cost + cost, new, (*text.notes, *notes)))
    seen = {source}
    yielded, bound = 0, float("inf")
    for cost, new, notes in sorted(found):
        after = new.replace("\n", "\r\n") if "\r\n" in source else new
        if cost > bound or yielded == _MOST:
            return
        if after in seen:
            continue
        seen.add(after)
        if not isinstance(parse(after), SyntaxError):
            bound = min(bound, cost + _SPREAD)
            yielded += 1
            yield Repaired(after, cost, "; ".join(notes))


def _texts(source: str) -> Iterator[_Text]:
    """Yield the texts to repair line by line: `source`, and variants for errors that affect many lines."""
    translated = pythonic(source)
    plain = [_Text(source, 0.1, ())]
    if translated != source:
        plain.append(_Text(translated, 0.0, ("tokens of another language",)))
    for text in plain:
        ended = [text.next(new, cost, note) for new, cost, note in closed(text.source)] or [text]
        for one in ended:
            yield one
            if _mixed(one.source):
                for size in (4, 8):
                    spaces = "\n".join(_expanded(line, size) for line in one.source.split("\n"))
                    yield one.next(spaces, size / 40, "tabs to spaces")


def _mixed(source: str) -> bool:
    """Whether some lines are indented with tabs and some with spaces."""
    return all(re.search(pattern, source, re.MULTILINE) for pattern in (r"^ *\t", r"^\t* "))


def _expanded(line: str, size: int) -> str:
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(size) + body


def _programs(mender: Mender, text: str) -> Iterator[tuple[float, str, tuple[str, ...]]]:
    """Yield the repaired programs, with costs and notes."""
    lines = read(text)
    tabs = bool(re.search(r"^\t", text, re.MULTILINE))
    bad = sum(isinstance(line.shape, SyntaxError) for line in lines)
    keep = max(3, min(_READINGS, 240 // (bad or 1)))
    rows = [LineReadings(_width(line.indent), mender.readings(line)[:keep]) for line in lines]
    unit = _unit([row.width for row in rows if row.readings[0].shape is not None])
    for layout in layouts(rows, unit):
        yield layout.cost, _text(layout, lines, tabs), _notes(layout, lines)


def _text(layout: Layout, lines: list[Line], tabs: bool) -> str:
    return "\n".join(
        _indented(placed.reading.text, line.indent, placed.width, tabs) + line.tail
        for placed, line in zip(layout.lines, lines, strict=True)
    )


def _indented(text: str, old: str, width: int, tabs: bool) -> str:
    if not text:
        return ""
    shift = width - _width(old)
    if not shift:
        return old + text
    new = "\t" * (width // 4) + " " * (width % 4) if tabs else " " * width
    first, *rest = text.split("\n")
    if "'''" in text or '"""' in text:  # the lines below are part of a string
        return new + text
    return "\n".join([new + first, *(_moved(line, shift) for line in rest)])


def _moved(line: str, shift: int) -> str:
    body = line.lstrip(" ")
    return " " * max(len(line) - len(body) + shift, 0) + body


def _notes(layout: Layout, lines: list[Line]) -> tuple[str, ...]:
    notes: list[str] = []
    shift = 0
    for placed, line in zip(layout.lines, lines, strict=True):
        if placed.reading.note:
            notes.append(f"line {line.number + 1}: {placed.reading.note}")
        moved = placed.width - _width(line.indent)
        if placed.reading.shape is not None:
            if moved and moved != shift:
                notes.append(f"line {line.number + 1}: indentation")
            shift = moved
    return tuple(notes)


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def _unit(widths: list[int]) -> int:
    """Return the usual step of the indentation."""
    steps = Counter(right - left for left, right in pairwise(widths) if right > left)
    return min(steps, key=lambda step: (-steps[step], abs(step - 4)), default=4)
