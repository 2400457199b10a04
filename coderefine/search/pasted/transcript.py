"""Removes what surrounds a copied program: fences, prompts, line numbers, a common indentation, tabs."""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[ \t]*([\w+-]*)[^`\n]*$")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|\.{3,}:)(?: |$)")
_FIRST_PROMPT = re.compile(r"^[ \t]*(?:>>>|In \[\d*\]:)(?: |$)")
_DEFINES = re.compile(r"(?:async[ \t]+)?(?:def|class|import|from)[ \t]+\w")
_NUMBER = re.compile(r"^[ \t]*(\d+)(?:[ \t]?[.:|)\u2502]|(?=[ \t]|$))")
_NUMBERED = 0.9
"""The least fraction of lines whose number has to follow from the line before."""


def unfenced(text: str) -> str:
    """Return the longest text between fences; the text itself without any."""
    blocks: list[list[str]] = []
    mark = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if match and not mark:
            mark = match[1]
            blocks.append([])
        elif match and match[1].startswith(mark) and not match[2]:
            mark = ""
        elif mark:
            blocks[-1].append(line)
    if not blocks:
        return text
    if len(blocks) == 1 and not "".join(blocks[0]).strip():  # a lone fence at the end
        return "\n".join(line for line in text.split("\n") if not _FENCE.match(line))
    return "\n".join(max(blocks, key=lambda lines: sum(map(len, lines)))) + "\n"


def unprompted(text: str) -> str:
    """Return what was typed at an interpreter's prompts, without its output.

    A program with prompts in its docstrings is no such transcript.
    """
    lines = text.split("\n")
    if not any(map(_FIRST_PROMPT.match, lines)) or any(map(_DEFINES.match, lines)):
        return text
    typed = [line[match.end() :] for line in lines if (match := _PROMPT.match(line))]
    return "\n".join(typed) + "\n"


def unnumbered(text: str) -> str:
    """Return a text without its line numbers."""
    lines = text.split("\n")
    matches = [(line, _NUMBER.match(line)) for line in lines if line.strip()]
    numbers = [int(match[1]) if match else None for _, match in matches]
    follow = sum(b is not None and a is not None and b == a + 1 for a, b in pairwise(numbers))
    if len(numbers) < 2 or follow < _NUMBERED * (len(numbers) - 1):
        return text
    bare = [line[match.end() :] if (match := _NUMBER.match(line)) else line for line in lines]
    return textwrap.dedent("\n".join(bare))


def dedented(text: str) -> str:
    """Return a text without the common indentation of its lines."""
    return textwrap.dedent(text)


def untabbed(text: str, size: int) -> str:
    """Return a text with blanks in place of leading tabs."""
    return "\n".join(_expanded(line, size) for line in text.split("\n"))


def _expanded(line: str, size: int) -> str:
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(size) + body
