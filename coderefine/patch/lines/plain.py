"""Undoes what word processors, web pages and line counters do to code."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from coderefine.patch.lines.bare import is_code
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import parses

_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "
)
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")
_SIGNS = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u2033"), '"'),
    ord("\u2264"): "<=",
    ord("\u2265"): ">=",
    ord("\u2260"): "!=",
    ord("\u2026"): "...",
    ord("\u00d7"): "*",
    ord("\u2217"): "*",
    ord("\u00f7"): "/",
}
_TYPED = {**_SPACES, **_NOTHING, **_SIGNS}
_FILES = re.compile(r"\s*--- .*\n\+\+\+ .*\n")
_NUMBER = re.compile(r"[ \t]*([0-9]{1,6})(?:[ \t]*[:|.)\u2502]|(?=[ \t])|$)")


def plain(text: str) -> str:
    """Return code as it is typed: ASCII quotes, signs and spaces for their typographic forms."""
    return text if text.isascii() else text.translate(_TYPED)


def unnumbered(text: str, least: int = 2) -> str:
    """Return lines without their line numbers, if all have one and these count up; else the text as it is.

    With fewer lines than `least`, the numbers may be something else, and the text stays.
    """
    lines = split_lines(text)
    found = [_NUMBER.match(line) for line in lines]
    if len(lines) < least or not all(found):
        return text
    numbers = [int(each[1]) for each in found if each]
    if numbers != list(range(numbers[0], numbers[0] + len(lines))):
        return text
    rests = [line[each.end() :] for line, each in zip(lines, found, strict=True) if each]
    for gap in (" ", "\t"):  # the character after the number
        if all(rest.startswith(gap) or not rest.strip() for rest in rests):
            rests = [rest.removeprefix(gap) for rest in rests]
            break
    return "".join(rest if rest.strip() else "\n" for rest in rests)


def _all_added(text: str) -> str:
    lines = split_lines(text)
    if not any(line.startswith("+") for line in lines) or not all(line[:1] in "+\n\r" for line in lines):
        return text
    return "".join(line.removeprefix("+") for line in lines)


def _dedented(text: str) -> str:
    """Return the text with the indent of its first line removed from all lines."""
    lines = split_lines(text)
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    if not indent or not all(line.startswith(indent) or not line.strip() for line in lines):
        return text
    return "".join(line.removeprefix(indent) if line.strip() else line for line in lines)


def _unescaped(text: str) -> str:
    """Return code on a single line, with its line ends escaped as in a string, as several lines."""
    line = text.strip().removeprefix('"').removesuffix('"')
    if "\n" in line or "\\n" not in line:
        return text
    return (
        re.sub(r"\\([nt\"'\\])", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), line).rstrip("\n") + "\n"
    )


def _without_prose(text: str) -> str:
    """Return code without other lines before and after it."""
    lines = split_lines(text)
    code = [at for at, line in enumerate(lines) if is_code(line)]
    if not code:
        return text
    begin, end = code[0], code[-1] + 1
    if any(line.strip() for line in lines[end:]):
        while end > begin and (lines[end - 1].startswith("#") or not lines[end - 1].strip()):  # a heading of the prose
            end -= 1
    return "".join(lines[begin:end])


def _unlabelled(text: str) -> str:
    """Return code without a language name on its first line, or file names, which are valid Python expressions."""
    if files := _FILES.match(text):
        text = text[files.end() :]
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if first.strip().lower() in ("python", "python3", "py") else text


_MENDS: tuple[Callable[[str], str], ...] = (
    plain,
    _unescaped,
    unnumbered,
    _all_added,
    _dedented,
    html.unescape,
    _without_prose,
)


def mended(text: str) -> str:
    """Return code with such damage undone where that makes it parse; else the text as it is."""
    for attempt in _attempts(_unlabelled(text)):
        if parses(attempt):
            return attempt
    return text


def _attempts(text: str) -> Iterator[str]:
    yield text
    changed = text
    for mend in _MENDS:
        before, changed = changed, mend(changed)
        if changed != before:
            yield changed
