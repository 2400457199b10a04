"""Logical lines of a program that may not parse, each judged by itself.

Whether the tokens of a line can be a statement does not depend on other lines; only its indentation does. So errors in
different lines are found, and repaired, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coderefine.search.facts.tree import parse
from coderefine.search.syntax.oddness import oddness

CLAUSES = ("elif", "else", "except", "finally", "case")
"""Words that continue a compound statement."""
_BEFORE = {"elif": "if 1: pass\n", "else": "if 1: pass\n", "except": "try: pass\n", "finally": "try: pass\n"}
_AFTER = {"try": "\nfinally: pass", "@": "\ndef f(): pass"}
_WORD = re.compile(r"@|[a-z]+\b")
_METHOD = re.compile(r"def\s+\w+\s*\(\s*self\b")
_STRING = (
    r"'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|(?!''')'(?:\\.|[^'\\\n])*'|(?!\"\"\")\"(?:\\.|[^\"\\\n])*\""
)
PIECE = re.compile(rf"{_STRING}|(?P<open>'''|\"\"\")|#[^\n]*|[^\s\w]", re.DOTALL)
CLOSER = {"(": ")", "[": "]", "{": "}"}
_LEADING_ON = re.compile(r"(?:[,(\[{+\-*/%|&=\\<>]|\b(?:and|or|not|in|if|else))$")
_LED_ON = re.compile(r"[,.+*/%|&]|(?:and|or|for|if|else|in)\b")
_MAX_LINES = 400
"""The most physical lines of one logical line, except those of strings."""
_MAX_JOINED = 800
"""The most characters of several physical lines that are repaired together as one logical line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a line: its first word ("" where that is no keyword), and whether a block has to follow."""

    word: str
    opens: bool
    oddness: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: `code` without the white space around it; a comment or an empty line has no shape."""

    number: int
    indent: str
    code: str
    tail: str
    shape: Shape | SyntaxError | None


def shape(code: str) -> Shape | SyntaxError:
    """Return the form of `code` as a line of its own, or why it is none; the error's position is relative to `code`."""
    match = _WORD.match(code)
    word = match[0] if match else ""
    before, after = _BEFORE.get(word, ""), _AFTER.get(word, "")
    if word == "case":
        before, after = "match 1:\n ", ""
    body = "\n  pass" if word != "match" else "\n case _: pass"
    opened = code.rstrip().endswith(":") or ("#" in code and code[: code_end(code)].endswith(":"))
    tree = parse(before + code + body + after) if opened else parse(before + code + after)
    if isinstance(tree, SyntaxError):
        if tree.lineno is not None:
            tree.lineno = max(tree.lineno - before.count("\n"), 1)
            if word == "case" and tree.offset:
                tree.offset -= 1
        return tree
    node = tree.body[0] if tree.body else None
    return Shape("method" if _METHOD.match(code) else word, opened, oddness(node))


def code_end(line: str) -> int:
    """Return where the code of `line` ends, before a comment and white space (a quoted `#` counts as code)."""
    match = re.match(rf"(?:{_STRING}|[^#])*", line, re.DOTALL)
    return len((match[0] if match else line).rstrip())


def read(text: str) -> list[Line]:
    """Return the logical lines of `text`; several lines are joined where that makes them parse, or seems meant."""
    physical = text.split("\n")
    lines: list[Line] = []
    at = 0
    while at < len(physical):
        line, count = _logical(physical, at)
        lines.append(line)
        at += count
    return lines


def _logical(physical: list[str], at: int) -> tuple[Line, int]:
    code = physical[at].strip()
    if not code or code.startswith("#"):
        return _line(physical, at, at + 1, None), 1
    alone = shape(code)
    if isinstance(alone, SyntaxError):
        for stop, together in _ends(physical, at):
            whole = shape("\n".join(physical[at:stop]).strip())
            if together or not isinstance(whole, SyntaxError):
                return _line(physical, at, stop, whole), stop - at
    return _line(physical, at, at + 1, alone), 1


def _line(physical: list[str], at: int, stop: int, found: Shape | SyntaxError | None) -> Line:
    text = "\n".join(physical[at:stop])
    code = text.strip()
    indent = text[: len(text) - len(text.lstrip())]
    return Line(at, indent, code, text[len(indent) + len(code) :], found)


def _ends(physical: list[str], at: int) -> Iterator[tuple[int, bool]]:
    """Yield where a logical line that begins at `at` may end, and whether that seems meant."""
    depth, mark, together = 0, "", True
    chars = outside = 0
    for stop in range(at + 1, len(physical) + 1):
        more, mark = balance(physical[stop - 1], mark)
        outside += not mark
        if outside > _MAX_LINES:
            return
        depth += more
        chars += len(physical[stop - 1])
        together = together and chars <= _MAX_JOINED
        if not mark and depth <= 0 and not physical[stop - 1].rstrip().endswith("\\"):
            if stop > at + 1:
                yield stop, together
            return
        if together and not mark and not _more(physical, at, stop):
            if stop > at + 1:
                yield stop, True  # brackets are open, but the next line looks like another statement
            together = False


def _more(physical: list[str], at: int, number: int) -> bool:
    """Whether the line `number`, or the next one with text, seems to continue the lines from `at` on."""
    line = next((physical[n] for n in range(number, len(physical)) if physical[n].strip()), None)
    if line is None:
        return False
    before = next((physical[n] for n in range(number - 1, at - 1, -1) if physical[n].strip()), "")
    if line.lstrip()[0] in CLOSER.values():
        return True
    if len(line) - len(line.lstrip()) <= len(physical[at]) - len(physical[at].lstrip()):
        return False
    if _LED_ON.match(line.strip()) and isinstance(shape(line.strip()), SyntaxError):
        return True
    return bool(_LEADING_ON.search(before[: code_end(before)]))


def balance(text: str, mark: str = "") -> tuple[int, str]:
    """Return how many brackets are open at the end of `text`, and the quotes of an open triple-quoted string, if any.

    Where `mark` is given, `text` begins in a string with these quotes.
    """
    depth, start = 0, 0
    if mark:
        start = text.find(mark) + 3
        if start < 3:
            return 0, mark
    for match in PIECE.finditer(text, start):
        if match["open"]:
            return depth, match["open"]
        depth += (match[0] in CLOSER) - (match[0] in CLOSER.values())
    return depth, ""
