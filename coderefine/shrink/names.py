"""Finds names that a rewrite has given to things with another name before, so that each may get its old name back.

Programs are read token by token, since the first one need not parse.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from coderefine.patch.lines.edit import split_lines
from coderefine.shrink.changes import TOKEN

_KNOWN = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "cls"}
_HEADER = re.compile(r"([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)")
_WORD = re.compile(r"[^\W\d]\w*")
_FSTRING = re.compile(r"""[rR]?[fF][rR]?["']""")


@dataclass(frozen=True, slots=True)
class Renaming:
    """One name that replaces another in a part of the rewrite."""

    old: str
    new: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int

    @property
    def is_name(self) -> bool:
        return _WORD.fullmatch(self.text) is not None and self.text not in _KNOWN


def renamings(before: str, after: str) -> list[Renaming]:
    """Return what seems to have been renamed between two programs: first everywhere, then within functions.

    A name counts only if it does not occur in the same part of the other program, so that its old name cannot clash
    when it is restored. Names in f-strings are left alone.
    """
    old, new = _tokens(before), _tokens(after)
    everywhere = _renamed(old, new)
    found = [Renaming(one, other, 0, len(after)) for one, other in everywhere]
    parts = _functions(before)
    for name, (start, end) in _functions(after).items():
        if name in parts:
            within = _renamed(_between(old, *parts[name]), _between(new, start, end))
            found += [Renaming(one, other, start, end) for one, other in within if (one, other) not in everywhere]
    return found


def undone(after: str, renamed: Sequence[Renaming]) -> str:
    """Return a rewrite with old names restored."""
    parts, at = [], 0
    for token in _tokens(after):
        back = (it.old for it in renamed if it.new == token.text and it.start <= token.start < it.end)
        parts += [after[at : token.start], next(back, token.text)]
        at = token.start + len(token.text)
    return "".join([*parts, after[at:]])


def _tokens(source: str) -> list[_Token]:
    """Return the tokens without white space and comments."""
    found = []
    for match in TOKEN.finditer(source):
        text = match[0].lstrip()
        if text and not text.startswith("#"):
            found.append(_Token(text, match.end() - len(text)))
    return found


def _between(tokens: Sequence[_Token], start: int, end: int) -> list[_Token]:
    return [it for it in tokens if start <= it.start < end]


def _functions(source: str) -> dict[str, tuple[int, int]]:
    """Return where functions begin and end, by their indentation; inner functions belong to the outer ones."""
    found: dict[str, tuple[int, int]] = {}
    at, begun = 0, ("", 0, 0)
    for line in split_lines(source):
        indent = len(line) - len(line.lstrip())
        if line.strip() and begun[0] and indent <= begun[2]:
            found.setdefault(begun[0], (begun[1], at))
            begun = ("", 0, 0)
        if not begun[0] and (header := _HEADER.match(line)):
            begun = (header[2], at, len(header[1]))
        at += len(line)
    if begun[0]:
        found.setdefault(begun[0], (begun[1], at))
    return found


def _renamed(old: Sequence[_Token], new: Sequence[_Token]) -> list[tuple[str, str]]:
    """Return the names that are at each other's positions, each with the one that it replaces most often."""
    names = {it.text for it in old if it.is_name}, {it.text for it in new if it.is_name}
    gone, come = names[0] - names[1], names[1] - names[0]
    shapes = _shapes(old, gone), _shapes(new, come)
    counts: Counter[tuple[str, str]] = Counter()
    for block in SequenceMatcher(None, shapes[0], shapes[1], autojunk=False).get_matching_blocks():
        for one, other in zip(old[block.a :][: block.size], new[block.b :][: block.size], strict=True):
            if one.text in gone and other.text in come:
                counts[one.text, other.text] += 1
    found: dict[str, str] = {}
    for (was, now), _ in counts.most_common():
        if was not in found.values() and now not in found and now not in _in_fstrings(new):
            found[now] = was
    return [(was, now) for now, was in found.items()]


def _shapes(tokens: Iterable[_Token], own: set[str]) -> list[str]:
    """Return the tokens with one placeholder for all names that the other program lacks."""
    return ["\0" if it.text in own else it.text for it in tokens]


def _in_fstrings(tokens: Iterable[_Token]) -> set[str]:
    return {word for it in tokens if _FSTRING.match(it.text) for word in _WORD.findall(it.text)}
