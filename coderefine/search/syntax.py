"""Repairs of a program that does not parse: best-first token edits, led by where the parser stops.

Every patch yielded parses. Only parsing happens here, so wrong guesses cost microseconds, not a run of the judge.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from coderefine.patch import Patch
from coderefine.search.foreign import pythonic
from coderefine.search.program import MAX_CHARS, Idea, parse
from coderefine.search.tokens import LineEdit, code_end, edits

_DEFINITION = re.compile(r"\s*(?:async\s+)?(?:def|class)\b|\s*@")
_SPREAD = 1.0
"""How much dearer than the cheapest a patch may be."""
_MAX_LINE = 500
"""Characters of a line up to which its tokens are edited."""
_WORDS = 8
"""How many of the program's own identifiers to try where an expression is missing."""


@dataclass(order=True, slots=True)
class _Attempt:
    estimate: float
    serial: int
    text: str = field(compare=False)
    cost: float = field(compare=False)
    notes: tuple[str, ...] = field(compare=False)
    error: SyntaxError | None = field(compare=False)


def repairs(source: str, *, max_tries: int = 4000, max_patches: int = 60) -> Iterator[Idea]:
    """Yield patches of `source` whose results parse, least change first; none where it parses already."""
    if len(source) > MAX_CHARS or not isinstance(parse(source), SyntaxError):
        return
    queue: list[_Attempt] = []
    seen: set[str] = set()

    def consider(text: str, cost: float, notes: tuple[str, ...], parent: SyntaxError | None = None) -> None:
        if text in seen:
            return
        seen.add(text)
        tree = parse(text)
        error = tree if isinstance(tree, SyntaxError) else None
        # What is left to pay is unknown: more where the edit did not get the parser any further.
        left = 0.0 if error is None else 0.5 if parent is None or _place(error) > _place(parent) else 1.5
        heapq.heappush(queue, _Attempt(cost + left, len(seen), text, cost, notes, error))

    translated = pythonic(source)
    if translated != source:
        consider(translated, 0.0, ("tokens of another language",))
    consider(source, 0.1, ())
    found, bound = 0, float("inf")
    while queue and found < max_patches:
        attempt = heapq.heappop(queue)
        if attempt.estimate > bound:
            return
        if attempt.error is None:
            found += 1
            bound = min(bound, attempt.cost + _SPREAD)
            note = "syntax: " + "; ".join(attempt.notes)
            yield Idea(Patch(source, attempt.text, note), 1.0 / (1.0 + attempt.cost))
        else:
            for text, cost, note in _around(attempt.text, attempt.error):
                if len(seen) >= max_tries:
                    break
                consider(text, attempt.cost + cost, (*attempt.notes, note), attempt.error)


def _place(error: SyntaxError) -> tuple[int, int]:
    return error.lineno or 0, error.offset or 0


def _around(text: str, error: SyntaxError) -> Iterator[tuple[str, float, str]]:
    """Edits of the line where the parser stopped and of the code line before it: (text, cost, note)."""
    lines = text.split("\n")
    at = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    before = next((n for n in range(at - 1, -1, -1) if lines[n].strip() and code_end(lines[n])), None)
    words = _words(text)
    for number, extra in ((at, 0.0), (before, 0.1)):
        if number is None or len(lines[number]) > _MAX_LINE:
            continue
        column = (error.offset or 1) - 1 if number == at else None
        for edit in (*edits(lines[number], column, error.msg, words), *_moved(lines, number)):
            new = [*lines[:number], edit.text, *lines[number + 1 :]]
            yield "\n".join(new), edit.cost + extra, f"line {number + 1}: {edit.note}"
    yield from _blocks(lines, at, error)
    yield from _triple_quotes(lines, at, error)


def _moved(lines: list[str], number: int) -> Iterator[LineEdit]:
    """The line alone at the other indentations that its surroundings use."""
    line = lines[number]
    for indent in _indents(lines, number):
        if line.strip() and indent != _indent(line):
            yield LineEdit(indent + line.lstrip(), 0.6, "indentation")


def _blocks(lines: list[str], at: int, error: SyntaxError) -> Iterator[tuple[str, float, str]]:
    """The lines from the error on, re-indented: to the end of their block, function or text, or sooner."""
    if not lines[at].strip():
        return
    old = _indent(lines[at])
    block = _until(lines, at, lambda line: len(_indent(line)) < len(old))
    function = _until(lines, at, lambda line: len(_indent(line)) <= len(old) and bool(_DEFINITION.match(line)))
    costs = {block: 0.5, function: 0.55, len(lines): 0.8}
    sooner = {stop: 0.8 + 0.02 * (stop - at) for stop in range(at + 2, min(block, at + 10, len(lines)))}
    for indent in _indents(lines, at):
        for stop, cost in (sooner | costs).items():
            if indent != old and stop > at + 1:
                moved = [_reindent(line, old, indent) for line in lines[at:stop]]
                yield "\n".join(lines[:at] + moved + lines[stop:]), cost, f"line {at + 1}: indentation of the block"
    if "expected an indented block" in error.msg:
        inner = [*lines[:at], old + "    pass", *lines[at:]]
        yield "\n".join(inner), 1.5, f"line {at + 1}: add `pass`"


def _triple_quotes(lines: list[str], at: int, error: SyntaxError) -> Iterator[tuple[str, float, str]]:
    if "triple-quoted" not in error.msg:
        return
    for quotes in ("'''", '"""'):
        if quotes in lines[at]:
            rest = [line.replace(quotes, "") for line in lines[at : at + 1]]
            yield "\n".join(lines[:at] + rest + lines[at + 1 :]), 0.7, f"line {at + 1}: remove `{quotes}`"
            for stop in range(at + 1, len(lines) + 1):
                closed = [*lines[: stop - 1], lines[stop - 1] + quotes, *lines[stop:]]
                yield "\n".join(closed), 0.8 + 0.02 * (stop - at), f"line {stop}: close the string"


def _until(lines: list[str], at: int, ends: Callable[[str], bool]) -> int:
    """The first line after `at` for which `ends` holds; blank lines never do."""
    return next((n for n in range(at + 1, len(lines)) if lines[n].strip() and ends(lines[n])), len(lines))


def _indents(lines: list[str], number: int) -> list[str]:
    """Indentations to try for a line, those of its neighbours first."""
    above = [_indent(line) for line in reversed(lines[:number]) if line.strip()][:8]
    below = [_indent(line) for line in lines[number + 1 :] if line.strip()][:2]
    unit = next((indent for indent in map(_indent, lines) if indent), "    ")
    previous = above[:1] or [""]
    return list(dict.fromkeys([previous[0] + unit, *previous, *below, *above, previous[0] + 2 * unit, ""]))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _reindent(line: str, old: str, new: str) -> str:
    if not line.strip():
        return line
    return new + line[len(old) :] if line.startswith(old) else new + line.lstrip()


def _words(text: str) -> tuple[str, ...]:
    names = Counter(re.findall(r"\b[a-z_]\w*", text, re.ASCII))
    parameters = re.findall(r"(\w+)\s*[:,)=]", "".join(re.findall(r"def \w+\((.*)", text)))
    wanted = [name for name in parameters if name in names and name != "self"]
    return tuple(dict.fromkeys(wanted))[:_WORDS]
