"""Values and texts as short text, for people and for prompts. Anything that comes from a candidate is made inert."""

from __future__ import annotations

import io
import itertools
import tokenize
from typing import Any, Protocol

MAX_VALUE_CHARS = 120
_PLAIN_INT_BITS = 8192  # str() of a longer int may raise


class Answered(Protocol):
    """A case of a report (see `judge/report.py`)."""

    @property
    def got(self) -> Any:
        """The answer."""

    @property
    def got_cut(self) -> str:
        """A description of the whole answer, where `got` is only its beginning; else ""."""


def literal(value: Any) -> str:
    """Return the literal of a builtin value: like `repr`, but with sets in order and without overlong ints."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, set | frozenset) and value:
        text = f"{{{', '.join(sorted(map(literal, value), key=lambda item: (len(item), item)))}}}"
        return text if isinstance(value, set) else f"frozenset({text})"
    if isinstance(value, int) and value.bit_length() > _PLAIN_INT_BITS:
        return hex(value)
    return repr(value)


def cut(text: str, limit: int = MAX_VALUE_CHARS) -> str:
    """Return `text`, or its first `limit` characters and a mark that says how many are missing.

    A text that the mark would not make shorter stays whole.
    """
    mark = f" ...[{len(text) - limit} more characters]"
    return text if len(text) <= limit + len(mark) else text[:limit] + mark


def got_text(case: Answered, limit: int = MAX_VALUE_CHARS) -> str:
    """Return the answer of a case, with a description of the whole where only its beginning was kept."""
    return cut(literal(case.got), limit) + (f" ({case.got_cut})" if case.got_cut else "")


def printable(text: str, keep: str = "") -> str:
    """Return `text` with line ends, control characters and lone surrogates escaped, except those in `keep`."""
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode() for char in text
    )


def code_line(code: str) -> str:
    """Return code without comments in one line: a semicolon ends a statement, a block follows its header.

    Of a text that is no Python, the lines are joined as they are.
    """
    lines = code.split("\n")
    text, row, column, is_new = "", 0, 0, False
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NEWLINE:
                is_new = True
            elif token.string.strip() and token.type != tokenize.COMMENT:
                if is_new:
                    text += " " if text.endswith(":") else "; "
                elif token.start[0] == row:
                    text += lines[row - 1][column : token.start[1]]
                elif text and not text.endswith(("(", "[", "{")) and token.string not in (")", "]", "}"):
                    text += " "
                text += token.string
                (row, column), is_new = token.end, False
    except (tokenize.TokenError, SyntaxError):
        return "; ".join(lines)
    return text


def count(number: int, noun: str) -> str:
    """Return `1 call`, `2 calls`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


EXAMPLE = "# >>> "
"""Begins a test that is code and was an example: its lines at the prompt follow, each with this prefix."""


def example_of(code: str) -> str:
    """Return the example that a test was made from, as it was typed; "" where there was none."""
    lines = code.split("\n")
    first = 1 if lines[0].startswith("def ") else 0
    found = itertools.takewhile(lambda line: line.startswith(EXAMPLE), map(str.lstrip, lines[first:]))
    return "\n".join(line.removeprefix(EXAMPLE) for line in found)
