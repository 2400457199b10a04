"""Small edits of a line that does not parse: what to try at which tokens, cheapest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from keyword import kwlist

from coderefine.search.syntax.brackets import HEADER, OPENER, QUOTES, LineEdit, brackets, insert, quotes
from coderefine.search.syntax.foreign import translated
from coderefine.search.syntax.lines import CLOSER, code_end
from coderefine.search.syntax.vocabulary import KEYWORDS, Vocabulary

_TOKEN = re.compile(r"\s+|\w+|==|!=|<=|>=|\+=|-=|\*=|//=|//|->|\*\*|<<|>>|:=|.", re.DOTALL)
_FIRST = ("if", "while", "for", "return", "elif", "def", "class")
_OPERATORS = ("<", ">", "<=", ">=", "!=", ":", "%", "*", "+=", "-", "+")
_JOINTS = {
    "call": (",", "+", "-", "*", "%", " in ", "==", "=", ":", ".", " else ", " and ", " or ", " if ", " for "),
    "index": ("+", "-", ":", ",", "*", "%", ".", "==", " in ", " and ", " or ", " if ", " for ", " else ", "="),
    "condition": (" in ", "==", " and ", " or ", " not in ", "<", ">", "!=", ".", "+", "-", "*", "%", ",", ":", "="),
    "": ("=", "+", "-", "*", "%", ",", ".", "==", " in ", " and ", " or ", " if ", " for ", " else ", ":"),
}
"""What may be missing between two operands, likeliest first, by their context."""
_SWAPS = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"=\s*<", "<="), (r"=\s*>", ">="), (r"=\s*!", "!="), (r"<>", "!="), (r"!\s+=", "!="), (r"<\s+=", "<="),
        (r">\s+=", ">="), (r"=\s+=", "=="), (r"\+\s+=", "+="), (r"=\+", "+="), (r"===", "=="), (r":\s*=", "="),
        (r"\+\+", "+"), (r"=>", ":"), (r">>=", ">="), (r"<<=", "<="), (r"::", ":"), (r",\s*,", ","), (r"\.\.", "."),
        (r";", ","), (r"\?", ""), (r"\$", ""), (r"`", ""), (r"\\", ""),
    )
)  # fmt: skip
_PROSE = re.compile(r"[^\w\s]*\s*(?:[A-Za-z]+(?:'[a-z]+)?[,.:;!?-]?\s+){2,}[A-Za-z]+(?:'[a-z]+)?[.!?:)]*\s*$")


def looks_like_prose(text: str) -> bool:
    """Whether `text` consists of three or more words, of which the first is no keyword."""
    return bool(_PROSE.match(text)) and text.split(maxsplit=1)[0] not in KEYWORDS


def edits(line: str, column: int, words: Vocabulary) -> Iterator[LineEdit]:
    """Yield single-token repairs of `line`; `column` (from 0) is where the parser stopped."""
    end = code_end(line)
    tokens = [match for match in _TOKEN.finditer(line[:end]) if not match[0].isspace()]
    foreign = translated(line)
    if foreign != line:
        yield LineEdit(foreign, 0.15, "tokens of another language")
    yield from _spelling(line, tokens, words)
    yield from _colon(line, end)
    yield from brackets(line, end, tokens, words.names)
    yield from quotes(line, tokens, words.known)
    yield from _equals(line)
    yield from _marks(line)
    yield from _tokens(line, tokens, column)
    yield from _missing(line, tokens, column, words.missing)


def _spelling(line: str, tokens: list[re.Match[str]], words: Vocabulary) -> Iterator[LineEdit]:
    for token in tokens:
        word = token[0]
        rare = 0.0 if word not in words.known else 0.4
        for keyword in words.meant.get(word, ()):
            text = line[: token.start()] + keyword + line[token.end() :]
            cost = 0.3 if token is tokens[0] or keyword in ("in", "and", "or", "not", "else", "if") else 0.4
            yield LineEdit(text, cost + rare, f"`{keyword}` in place of `{word}`")
        if rare or not word.isidentifier() or word in KEYWORDS:
            continue
        for keyword in KEYWORDS:
            if word.startswith(keyword):
                rest = 0.0 if word[len(keyword) :] in words.known else 0.3
                yield LineEdit(insert(line, token.start() + len(keyword), " "), 0.5 + rest, "add a space")
            elif word.endswith(keyword) and word[: -len(keyword)] in words.known:
                yield LineEdit(insert(line, token.end() - len(keyword), " "), 0.6, "add a space")
    for first, second in pairwise(tokens):
        joined = first[0] + second[0]
        if first.end() < second.start() and joined.isidentifier() and (joined in KEYWORDS or joined in words.known):
            cost = 0.3 if joined in KEYWORDS else 0.5
            yield LineEdit(line[: first.end()] + line[second.start() :], cost, f"`{joined}` as one word")


def _colon(line: str, end: int) -> Iterator[LineEdit]:
    if HEADER.match(line) and not line[:end].endswith(":"):
        yield LineEdit(insert(line, end, ":"), 0.3, "add the missing `:`")
        if line[end - 1 : end] in (";", ",", "."):
            yield LineEdit(line[: end - 1] + ":" + line[end:], 0.35, f"`:` in place of `{line[end - 1]}`")
        for match in _TOKEN.finditer(line[:end]):
            yield LineEdit(insert(line, match.start(), ":"), 0.9, "add the missing `:`")
    if line[:end].endswith(":"):
        yield LineEdit(line[: end - 1] + line[end:], 0.7, "remove the `:`")
        for keyword in _FIRST:
            likely = keyword == "class" and line[0].isupper()
            yield LineEdit(f"{keyword} {line}", 0.6 if likely else 1.0, f"add `{keyword}`")


def _equals(line: str) -> Iterator[LineEdit]:
    decides = HEADER.match(line) or line.startswith(("return", "assert"))
    matches = list(re.finditer(r"(?<![=!<>+\-*/%&|^:])(==?)(?!=)", line))
    for number, match in enumerate(matches):
        condition = decides or re.search(r"\bif\b", line[: match.start()])
        other = "=" if match[0] == "==" else "=="
        cost = 0.7 if other == "=" else 0.25 if condition else 0.4
        operators = _OPERATORS if condition else _OPERATORS[::-1]
        more = 0.4 if condition or not number else 0.2
        for text, price in ((other, cost), *((op, cost + more + 0.02 * n) for n, op in enumerate(operators))):
            new = line[: match.start()] + text + line[match.end() :]
            yield LineEdit(new, price, f"`{text}` in place of `{match[0]}`")
    if len(matches) > 1:
        text = re.sub(r"(?<![=!<>+\-*/%&|^:])=(?!=)", "==", line)
        yield LineEdit(text, 0.45, "`==` in place of `=`")
    for pattern, new in _SWAPS:
        for match in pattern.finditer(line):
            text = line[: match.start()] + new + line[match.end() :]
            yield LineEdit(text, 0.3 if new else 0.5, f"`{new}` in place of `{match[0]}`")


def _marks(line: str) -> Iterator[LineEdit]:
    for match in re.finditer(r"//+|/\*|<!--|--+|%|;|'''|\"\"\"|\*|~|/|\\\\?|'|\"", line):
        head = line[: match.start()]
        usual = match[0] in ("/*", "<!--") or match[0].startswith(("//", "--"))
        prose = looks_like_prose(line[match.end() :])
        if match[0] in QUOTES and head.strip():
            continue
        cost = (0.25 if not head else 0.4) if usual else 0.9
        note = f"`#` in place of `{match[0]}`"
        yield LineEdit(f"{head}#{line[match.end() :]}", max(cost - 0.3 * prose, 0.15), note)
    yield LineEdit("# " + line, 0.4 if looks_like_prose(line) else 1.6, "comment the line out")


def _tokens(line: str, tokens: list[re.Match[str]], column: int) -> Iterator[LineEdit]:
    for number, token in enumerate(tokens):
        near = 0.0 if abs(token.start() - column) <= 2 else 0.2
        twice = number > 0 and tokens[number - 1][0] == token[0]
        cost = 0.45 if twice else (0.9 if token[0].isalnum() else 0.65) + near
        tail = line[token.end() :]
        gap = len(tail) - len(tail.lstrip()) if token[0].isalnum() else 0
        yield LineEdit(line[: token.start()] + tail[gap:], cost, f"remove `{token[0]}`")
        if number and token[0] in _FIRST:
            yield LineEdit(line[token.start() :], 0.9, f"remove what stands before `{token[0]}`")
    for first, second in pairwise(tokens):
        if second.start() - first.end() <= 1 and not (first[0] + second[0]).isalnum():
            yield LineEdit(line[: first.start()] + line[second.end() :], 1.3, f"remove `{first[0]}{second[0]}`")
    if tokens:
        for keyword in _FIRST:
            text = line[: tokens[0].start()] + keyword + line[tokens[0].end() :]
            yield LineEdit(text, 1.2, f"`{keyword}` in place of `{tokens[0][0]}`")


def _missing(line: str, tokens: list[re.Match[str]], column: int, missing: tuple[str, ...]) -> Iterator[LineEdit]:
    end = tokens[-1].end() if tokens else 0
    gaps = [one.end() for one, two in pairwise(tokens) if one.end() < two.start() and _apart(one[0], two[0])]
    near = [token.start() for token in tokens if column - 20 < token.start() < column]
    for at in dict.fromkeys((*gaps, column, end, *near)):
        cost = 0.8 if at in gaps else 0.95 if at == column else 1.1
        for number, text in enumerate((*_JOINTS[_where(line, at, tokens)], "(", "[", ")", "]")):
            yield LineEdit(insert(line, at, text), cost + 0.01 * number, f"add `{text.strip()}`")
    for at in dict.fromkeys((column, end)):
        for number, word in enumerate(missing):
            text = f" {word}" if line[:at][-1:].isalnum() else word
            yield LineEdit(insert(line, at, text), 1.3 + 0.01 * number, f"add `{word}`")
            if at == end and HEADER.match(line) and line[end - 1] != ":":
                yield LineEdit(insert(line, end, f"{text}:"), 1.1 + 0.01 * number, f"add `{word}:`")


def _where(line: str, at: int, tokens: list[re.Match[str]]) -> str:
    """Return whether `at` is among arguments, in an index or in a condition."""
    around = ["condition" if line.startswith(("if", "elif", "while")) else ""]
    for number, token in enumerate(tokens):
        if token.start() >= at:
            break
        if token[0] in CLOSER:
            before = tokens[number - 1][0] if number else "="
            operand = before in OPENER or (before.isidentifier() and before not in kwlist)
            kind = "index" if token[0] == "[" else "call"
            around.append(kind if operand else "call" if token[0] != "(" else around[-1])
        elif token[0] in OPENER and len(around) > 1:
            around.pop()
    return around[-1]


def _apart(left: str, right: str) -> bool:
    """Whether two tokens need something between them."""
    ends = left in (")", "]", "}", *QUOTES) or (left[-1].isalnum() and left not in kwlist)
    return ends and (right in QUOTES or (right[0].isalnum() and right not in kwlist))
