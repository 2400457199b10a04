"""Edits of a line whose brackets or quotes do not match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from coderefine.search.syntax.lines import CLOSER

HEADER = re.compile(
    r"\s*(?:(?:if|elif|while|for|def|class|with|except|match|case|async)\b|(?:else|try|finally)\b)", re.ASCII
)
OPENER = {closer: opener for opener, closer in CLOSER.items()}
QUOTES = "'\""
_BREAK = re.compile(r"\s*(?:[=!<>]=|[<>]|(?:and|or|if|else|for|in|is|not)\b)")


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A new text for a line; a low `cost` means that little is destroyed or invented."""

    text: str
    cost: float
    note: str


def insert(line: str, at: int, text: str) -> str:
    """Return `line` with `text` inserted before the character `at`."""
    return line[:at] + text + line[at:]


def brackets(line: str, end: int, tokens: list[re.Match[str]], names: frozenset[str]) -> Iterator[LineEdit]:
    """Yield edits that match the brackets of `line`, whose code ends at `end`; `names` are the words of the program."""
    stack: list[int] = []
    for number, match in enumerate(tokens):
        at, char = match.start(), match[0]
        if char in CLOSER:
            stack.append(at)
        elif char in OPENER:
            if stack and line[stack[-1]] == OPENER[char]:
                stack.pop()
                continue
            if stack:
                right = CLOSER[line[stack[-1]]]
                outer = len(stack) > 1 and line[stack[-2]] == OPENER[char]
                yield LineEdit(line[:at] + right + line[at + 1 :], 0.5, f"`{right}` in place of `{char}`")
                yield LineEdit(line[: stack[-1]] + OPENER[char] + line[stack[-1] + 1 :], 0.6, "the other bracket")
                yield LineEdit(insert(line, at, right), 0.35 if outer else 0.6, f"add the missing `{right}`")
                for token in tokens[:number]:
                    if token.end() > stack[-1] + 1:
                        cost = 0.45 if _BREAK.match(line, token.end()) else 0.6
                        yield LineEdit(insert(line, token.end(), right), cost, f"add the missing `{right}`")
            yield LineEdit(line[:at] + line[at + 1 :], 0.5, f"remove the unmatched `{char}`")
            for token in tokens[:number]:
                starts = line[: token.start()].rstrip()[-1:] in ("", "=", "(", "[", ",")
                indexed = token[0][0].isalnum() and char == "]"
                opener = OPENER[char]
                yield LineEdit(insert(line, token.start(), opener), 0.6 if starts else 0.7, f"add `{opener}`")
                if indexed or char == ")":
                    yield LineEdit(insert(line, token.end(), opener), 0.65, f"add `{opener}`")
                for split, cost in _splits(token[0], names):
                    yield LineEdit(insert(line, token.start() + split, opener), cost, f"add `{opener}`")
    if stack:
        yield from _unclosed(line, end, tokens, stack)


def _splits(word: str, names: frozenset[str]) -> Iterator[tuple[int, float]]:
    """Yield the places where `word` divides into two words, the second known to the program, with costs."""
    for at in range(1, len(word)):
        if word[at:] in names or word[at:] == "self" or word[at:].isdigit():
            yield at, 0.4 if word[:at] in names or word[at:] == "self" else 0.55


def _unclosed(line: str, end: int, tokens: list[re.Match[str]], stack: list[int]) -> Iterator[LineEdit]:
    missing = "".join(CLOSER[line[at]] for at in reversed(stack))
    before_colon = end - 1 if line[:end].endswith(":") else end
    for length in range(len(missing), 0, -1):
        text, cost = missing[:length], 0.3 + 0.02 * (length - 1)
        yield LineEdit(insert(line, before_colon, text), cost, f"add the missing `{text}`")
        if before_colon != end:
            yield LineEdit(insert(line, end, text), cost + 0.25, f"add the missing `{text}`")
        elif HEADER.match(line):
            yield LineEdit(insert(line, end, text + ":"), cost + 0.2, f"add the missing `{text}:`")
        places = [match.end() for match in tokens if stack[-1] < match.start() < before_colon]
        for at in places[:-1]:
            here = 0.1 if _BREAK.match(line, at) else 0.3 if line[at : at + 1] not in ("(", "[") else 0.5
            yield LineEdit(insert(line, at, text), cost + here, f"add the missing `{text}`")
    for at in stack[::-1]:
        yield LineEdit(line[:at] + line[at + 1 :], 0.6 if line[at] == "(" else 0.8, f"remove the unclosed `{line[at]}`")


def quotes(line: str, tokens: list[re.Match[str]], known: frozenset[str]) -> Iterator[LineEdit]:
    """Yield edits that end, begin or remove the strings of `line`; `known` are words that the program uses often."""
    places = [at for at, char in enumerate(line) if char in QUOTES]
    for at in places:
        other = QUOTES[line[at] == "'"]
        following = re.match(r"\w+", line[at + 1 :])
        code = line[at + 1 :].strip() in ("", ")", ":") or (following is not None and following[0] in known)
        yield LineEdit(line[:at] + other + line[at + 1 :], 0.45, f"`{other}` in place of `{line[at]}`")
        yield LineEdit(line[:at] + line[at + 1 :], 0.5 if code else 0.7, f"remove a stray `{line[at]}`")
    for quote in dict.fromkeys(line[at] for at in places):
        for match in tokens:
            if match.end() > places[0]:
                after = line[match.end() : match.end() + 1]
                cost = 0.5 if after in (")", "]", "}", ",", "", ":") else 0.6 if match[0].isalnum() else 0.8
                yield LineEdit(insert(line, match.end(), quote), cost, f"close the string with `{quote}`")
            if line[match.end() : match.end() + 1] == quote or match.start() < places[-1]:
                cost = 0.45 if line[match.end() : match.end() + 1] == quote else 0.8
                yield LineEdit(insert(line, match.start(), quote), cost, f"open the string with `{quote}`")
    for first, second in pairwise(places):  # "text" where an expression is meant
        bare = line[:first] + line[first + 1 : second] + line[second + 1 :]
        yield LineEdit(bare, 1.2, "remove the quotes")
