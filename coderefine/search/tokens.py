"""Small edits of a line that does not parse: what to try at which tokens, cheapest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(r"\s+|\w+|==|!=|<=|>=|\+=|-=|\*=|//=|//|->|\*\*|<<|>>|:=|.")
_HEADER = re.compile(
    r"\s*(?:(?:if|elif|while|for|def|class|with|except|match|case|async)\b|(?:else|try|finally)\b)", re.ASCII
)
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_OPENER = {closer: opener for opener, closer in _CLOSER.items()}
_QUOTES = "'\""
_KEYWORDS = ("if", "while", "for", "return", "elif")
_OPERATORS = ("<", ">", "<=", ">=", "!=", "+=", "+", "-", "%")
_JOINTS = (",", "+", "-", "*", "%", "==", " in ", "=", ":", ".", " else ")


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A new text for a line; a low `cost` means that it destroys and invents little."""

    text: str
    cost: float
    note: str


def edits(line: str, column: int | None, message: str, words: tuple[str, ...]) -> Iterator[LineEdit]:
    """Try single-token repairs of `line`; `column` (from 0) is where the parser stopped, if on this line.

    `words` are identifiers of the program, to put where an expression is missing.
    """
    yield from _colon(line)
    yield from _brackets(line)
    yield from _quotes(line)
    yield from _equals(line, message)
    yield from _marks(line)
    yield from _tokens(line, column)
    if column is not None:
        yield from _missing(line, column, words)


def code_end(line: str) -> int:
    """Where the code of `line` ends, before a comment and white space (a quoted `#` counts as code)."""
    match = re.match(r"(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[^#])*", line)
    return len((match[0] if match else line).rstrip())


def _insert(line: str, at: int, text: str) -> str:
    return line[:at] + text + line[at:]


def _colon(line: str) -> Iterator[LineEdit]:
    end = code_end(line)
    if _HEADER.match(line) and not line[:end].endswith(":"):
        yield LineEdit(_insert(line, end, ":"), 0.3, "add the missing `:`")
        for match in _TOKEN.finditer(line[:end]):
            yield LineEdit(_insert(line, match.start(), ":"), 0.9, "add the missing `:`")
    if line[:end].endswith(":"):
        yield LineEdit(line[: end - 1] + line[end:], 0.9, "remove the `:`")


def _brackets(line: str) -> Iterator[LineEdit]:
    end = code_end(line)
    stack: list[str] = []
    for at, char in enumerate(line[:end]):
        if char in _CLOSER:
            stack.append(char)
        elif char in _OPENER:
            if stack and stack[-1] == _OPENER[char]:
                stack.pop()
                continue
            if stack:
                right = _CLOSER[stack[-1]]
                yield LineEdit(line[:at] + right + line[at + 1 :], 0.5, f"`{right}` in place of `{char}`")
            yield LineEdit(line[:at] + line[at + 1 :], 0.6, f"remove the unmatched `{char}`")
            for match in _TOKEN.finditer(line[:at]):
                if not match[0].isspace():
                    yield LineEdit(_insert(line, match.start(), _OPENER[char]), 0.8, f"add `{_OPENER[char]}`")
    if not stack:
        return
    missing = "".join(_CLOSER[char] for char in reversed(stack))
    before_colon = end - 1 if line[:end].endswith(":") else end
    for text, cost in ((missing, 0.3), (missing[0], 0.5)):
        yield LineEdit(_insert(line, before_colon, text), cost, f"add the missing `{text}`")
        yield LineEdit(_insert(line, end, text), cost + 0.05, f"add the missing `{text}`")
        if _HEADER.match(line) and before_colon == end:
            yield LineEdit(_insert(line, end, text + ":"), cost + 0.2, f"add the missing `{text}:`")
        ends = [match.end() for match in _TOKEN.finditer(line[:end]) if not match[0].isspace()]
        for at in reversed(ends):
            yield LineEdit(_insert(line, at, text), cost + 0.4, f"add the missing `{text}`")
    at = line.rfind(stack[-1])
    yield LineEdit(line[:at] + line[at + 1 :], 0.9, f"remove the unclosed `{stack[-1]}`")


def _quotes(line: str) -> Iterator[LineEdit]:
    end = code_end(line)
    places = [at for at, char in enumerate(line) if char in _QUOTES]
    for at in places:
        other = _QUOTES[line[at] == "'"]
        yield LineEdit(line[:at] + other + line[at + 1 :], 0.5, f"`{other}` in place of `{line[at]}`")
        yield LineEdit(line[:at] + line[at + 1 :], 0.7, f"remove a stray `{line[at]}`")
    for quote in dict.fromkeys(line[at] for at in places):
        for match in _TOKEN.finditer(line[:end]):
            if match.end() > places[0] and not match[0].isspace():
                cost = 0.6 if match[0].isalnum() else 0.8
                yield LineEdit(_insert(line, match.end(), quote), cost, f"close the string with `{quote}`")
    for first, second in pairwise(places):  # "text" where an expression is meant
        bare = line[:first] + line[first + 1 : second] + line[second + 1 :]
        yield LineEdit(bare, 1.2, "remove the quotes")


def _equals(line: str, message: str) -> Iterator[LineEdit]:
    confused = "'=='" in message or "assign to" in message
    for match in re.finditer(r"(?<![=!<>+\-*/%&|^:])(==?)(?!=)", line):
        other = "=" if match[0] == "==" else "=="
        cost = 0.2 if confused and other == "==" else 0.7
        others = [(other, cost), *((operator, cost + 0.6) for operator in _OPERATORS if confused)]
        for text, price in others:
            new = line[: match.start()] + text + line[match.end() :]
            yield LineEdit(new, price, f"`{text}` in place of `{match[0]}`")


def _marks(line: str) -> Iterator[LineEdit]:
    for match in re.finditer(r"//|/\*|<!--|--|%|;|'''|\"\"\"|\*|~", line):
        head = line[: match.start()]
        cost = 0.5 if match[0] in ("//", "/*", "<!--", "--") else 0.9
        yield LineEdit(f"{head}#{line[match.end() :]}", cost, f"`#` in place of `{match[0]}`")
    body = line.lstrip()
    yield LineEdit(line[: len(line) - len(body)] + "# " + body, 1.6, "comment the line out")


def _tokens(line: str, column: int | None) -> Iterator[LineEdit]:
    tokens = [match for match in _TOKEN.finditer(line[: code_end(line)]) if not match[0].isspace()]
    for token in tokens:
        near = 0.0 if column is not None and abs(token.start() - column) <= 2 else 0.2
        cost = (1.0 if token[0].isalnum() else 0.7) + near
        tail = line[token.end() :]
        gap = len(tail) - len(tail.lstrip()) if token[0].isalnum() else 0
        yield LineEdit(line[: token.start()] + tail[gap:], cost, f"remove `{token[0]}`")
    for first, second in pairwise(tokens):
        if second.start() - first.end() <= 1 and not (first[0] + second[0]).isalnum():
            yield LineEdit(line[: first.start()] + line[second.end() :], 1.4, f"remove `{first[0]}{second[0]}`")
    if tokens:
        for keyword in _KEYWORDS:
            text = line[: tokens[0].start()] + keyword + line[tokens[0].end() :]
            yield LineEdit(text, 1.3, f"`{keyword}` in place of `{tokens[0][0]}`")


def _missing(line: str, column: int, words: tuple[str, ...]) -> Iterator[LineEdit]:
    near = [at for at in (column, code_end(line)) if 0 <= at <= len(line)]
    starts = [match.start() for match in _TOKEN.finditer(line)]
    near += [at for at in starts if column - 20 < at < column]
    for at in dict.fromkeys(near):
        for text in (*_JOINTS, "(", "[", ")", "]"):
            yield LineEdit(_insert(line, at, text), 1.1, f"add `{text.strip()}`")
    for at in dict.fromkeys(near[:2]):
        for word in words:
            yield LineEdit(_insert(line, at, f" {word}" if line[:at][-1:].isalnum() else word), 1.5, f"add `{word}`")
