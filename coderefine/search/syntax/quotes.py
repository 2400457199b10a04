"""Triple-quoted strings that never end: other places where they may begin or end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coderefine.search.syntax.lines import PIECE, balance
from coderefine.search.syntax.tokens import looks_like_prose

_MARKS = ("'''", '"""')
_CODE = re.compile(r"[=(\[\])]|:\s*$|^\s*(?:return|break|continue|import)\b")
_NEARLY_CLOSED = re.compile(r"[^'\"\n]*(?:'{1,2}|\"{1,2})[ \t]*$", re.MULTILINE)
_FAR = 12
"""The most lines after its beginning at which a string may end."""
_PAIRS = 4
"""The most strings before it that may be to blame."""


def closed(source: str) -> Iterator[tuple[str, float, str]]:
    """Yield texts in which every triple-quoted string of `source` ends, each with a cost and a note; cheapest first."""
    starts = _starts(source)
    if not starts or not balance(source)[1]:
        return
    blamed = {start: 0.3 * rank for rank, start in enumerate(reversed(starts[-_PAIRS:]))}
    blamed |= {start: 0.0 for start in starts if _NEARLY_CLOSED.match(source, start + 3)}
    found = [
        (text, cost + more, f"line {source.count(chr(10), 0, start) + 1}: {note}")
        for start, more in blamed.items()
        for text, cost, note in _endings(source, start)
        if not balance(text)[1]
    ]
    yield from sorted(found, key=lambda ending: ending[1])


def _starts(source: str) -> list[int]:
    """Return where the triple-quoted strings begin, the unclosed one last."""
    pieces = (match for match in PIECE.finditer(source) if match[0].startswith(_MARKS))
    starts = []
    for match in pieces:
        starts.append(match.start())
        if match["open"]:
            break
    return starts


def _endings(source: str, start: int) -> Iterator[tuple[str, float, str]]:
    mark = source[start : start + 3]
    head, body = source[:start], source[start + 3 :]
    first, *rest = body.split("\n")
    other = _MARKS[mark == _MARKS[0]]
    begins_line = not head.rpartition("\n")[2].strip()
    below = "".join(f"\n{line}" for line in rest)

    tail = re.search(r"['\"]{1,3}\s*$", first)
    if tail:
        yield f"{head}{mark}{first[: tail.start()]}{mark}{below}", 0.15, "close the string"
    elif not first.strip() and not begins_line:  # it ends a string whose beginning was misread
        above, newline, line = head.rpartition("\n")
        text = line.lstrip().lstrip("'\"")
        indent = line[: len(line) - len(line.lstrip())]
        yield f"{above}{newline}{indent}{mark}{text}{mark}{below}", 0.2, "begin the string"
    if other in body:
        at = body.index(other)
        yield f"{head}{mark}{body[:at]}{mark}{body[at + 3 :]}", 0.25, f"`{mark}` in place of `{other}`"
    if begins_line:
        yield f"{head}#{first}{below}", 0.45, f"`#` in place of `{mark}`"
    if first.strip():
        yield f"{head}{mark}{first.rstrip()}{mark}{below}", 0.4, "close the string"
    if first.count(mark[0]) % 2:
        yield f"{head}{mark[0]}{body}", 0.45, f"`{mark[0]}` in place of `{mark}`"
    yield f"{head}{body}", 0.55, f"remove `{mark}`"
    swallowed = 0
    for number, line in enumerate(rest[:_FAR]):
        above, after = "\n".join([first, *rest[:number]]), "".join(f"\n{line}" for line in rest[number + 1 :])
        swallowed += bool(_CODE.search(line)) and not looks_like_prose(line)
        cost = 0.45 + 0.02 * number + 0.4 * swallowed
        if re.fullmatch(r"\s*['\"]{1,2}\s*", line):
            yield f"{head}{mark}{above}\n{line[: len(line) - len(line.lstrip())]}{mark}{after}", 0.2, "close the string"
        else:
            yield f"{head}{mark}{above}\n{line}{mark}{after}", cost, "close the string"
