"""The part of a long text that does not parse that is repaired by itself: the definitions around the error."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from coderefine.search.syntax.lines import balance

_HEADER = re.compile(r"(?P<indent>[ \t]*)(?:@\w|(?:async\s+)?def\s+\w+\s*[(\[]|class\s+\w+\s*[(:\[])")

_GOES_ON = re.compile(r"\s*(?:[)\]}'\"#]|(?:else|elif|except|finally|case)\b)")


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines of a text; the lines above are empty in `text`, except enclosing class headers, so that
    numbers stay.
    """

    text: str
    _head: str
    _above: str
    _below: str

    def whole(self, repaired: str) -> str | None:
        """Return the whole text with this part repaired; None where something above it was changed."""
        if not repaired.startswith(self._head):
            return None
        return self._above + repaired.removeprefix(self._head) + self._below


def window(text: str, line: int, most_chars: int) -> Window | None:
    """Return the largest definition around a line (from 1) that is short enough, with as many before it as fit.

    An error is often found below the line that is wrong, as where a string does not end. None where no definition is
    short enough.
    """
    lines = text.split("\n")
    headers = {number: match["indent"] for number, it in enumerate(lines) if (match := _HEADER.match(it))}
    for width in sorted({0, *map(len, headers.values())}):
        starts = _starts(lines, width)
        at = max(bisect_right(starts, min(line, len(lines)) - 1) - 1, 0)
        stop = starts[at + 1]
        if _chars(lines[starts[at] : stop]) > most_chars:
            continue
        while at and _width(lines[starts[at]]) == width and _chars(lines[starts[at - 1] : stop]) <= most_chars:
            at -= 1
        return _window(lines, starts[at], stop, headers)
    return None


def _starts(lines: list[str], width: int) -> list[int]:
    """Return where statements begin that are indented by at most `width`, and the end of the text."""
    starts = [0]
    is_decorated, mark = False, ""
    for number, line in enumerate(lines):
        is_in_string, mark = mark, balance(line, mark)[1]
        if line.strip() and not is_in_string and _width(line) <= width and not _GOES_ON.match(line):
            if not is_decorated and number:
                starts.append(number)
            is_decorated = line.lstrip().startswith("@")
    return [*starts, len(lines)]


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _window(lines: list[str], first: int, stop: int, headers: dict[int, str]) -> Window:
    width = _width(lines[first])
    around = sorted({it for number, it in headers.items() if number < first and len(it) < width}, key=len)
    above = [""] * (first - len(around)) + [f"{it}class _:" for it in around]
    head = "".join(f"{it}\n" for it in above)
    below = lines[stop:]
    return Window(
        head + "\n".join(lines[first:stop]),
        head,
        "".join(f"{it}\n" for it in lines[:first]),
        "\n" + "\n".join(below) if below else "",
    )


def _chars(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)
