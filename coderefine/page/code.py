"""Finds the code in a page: a class or functions to fill in, or a program; it is parsed and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coderefine.outside import parse_python
from coderefine.page.text import Line, joined

FENCE = re.compile(r"\s*(?:```|~~~)\s*([\w+-]*)\s*$")
_START = re.compile(
    r"class\s+\w+\s*(?:\([\w., ]*\))?\s*:|(?:async\s+)?def\s+\w+\s*\(|from\s+[\w.]+\s+import\s|"
    r"import\s+\w+(?:[.,]|\s+as\s|\s*$)|@\w[\w.]*(?:\(.*\))?\s*$|#\s*Definition\s+for\b|if\s+__name__\b"
)
"""How code begins, at the beginning of a line."""
_GOES_ON = re.compile(r"[ \t]|#|[)\]}]|'''|\"\"\"|\w+\s*(?::\s*[\w\[\], .]+)?=[^=]|assert\b|(?:print|\w+\.\w+)\(")
_HEADER = re.compile(r"\s*(?:(?:async\s+)?def\b|class\b|\)).*:\s*(?:#.*)?$")
_LC_START, _LC_END = re.compile(r"\s*#\s*@lc\s+code=start"), re.compile(r"\s*#\s*@lc\s+code=end")
_LC_APP = re.compile(r"@lc\s+app=leetcode")
_MAX_HEADER = 400
"""Characters of a line that are looked at to tell whether it is code."""
_TRIPLE = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Parts:
    """A page divided into prose and code."""

    prose: tuple[Line, ...]
    code: str
    """The code of all places, with bodies for bare headers so that it parses; "" where there is none."""


def is_editors_file(text: str) -> bool:
    """Whether a text is a file of LeetCode's extension for VS Code."""
    return bool(_LC_APP.search(text))


def parts(lines: Sequence[Line]) -> Parts:
    """Return a page divided into its prose and its code."""
    if any(map(_LC_START.match, (line.text for line in lines))):
        return _of_editor(lines)
    prose: list[Line] = []
    code: list[str] = []
    for is_code, block in _blocks(lines):
        if is_code:
            code.append(joined(block))
        else:
            prose += block
    return Parts(tuple(prose), completed("\n\n\n".join(code)))


def _of_editor(lines: Sequence[Line]) -> Parts:
    """Divide a file whose statement is a comment above the code, which is between two marks."""
    start = next(at for at, line in enumerate(lines) if _LC_START.match(line.text))
    end = next((at for at in range(start, len(lines)) if _LC_END.match(lines[at].text)), len(lines))
    prose = [Line(line.number, re.sub(r"^#[ ]?", "", line.text)) for line in lines[:start] if line.text.startswith("#")]
    prose = [line for line in prose if not line.text.lstrip().startswith("@lc")]
    return Parts(tuple(prose), completed(joined(lines[start + 1 : end])))


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line]]]:
    """Yield parts of the page, each with whether it is code; code comes without its fences."""
    at = 0
    while at < len(lines):
        if fence := FENCE.match(lines[at].text):
            end = next((i for i in range(at + 1, len(lines)) if FENCE.match(lines[i].text)), len(lines))
            inside = list(lines[at + 1 : end])
            is_code = fence[1].lower().startswith("py") or any(_START.match(it.text) for it in inside)
            yield is_code, inside if is_code else list(lines[at : end + 1])
            at = end + 1
        elif _begins_code(lines, at):
            end = _end_of_code(lines, at)
            yield True, list(lines[at:end])
            at = end
        else:
            yield False, [lines[at]]
            at += 1


def _begins_code(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    if text.strip() in _TRIPLE:  # LeetCode's definition of a node
        return at + 1 < len(lines) and "# Definition" in lines[at + 1].text
    return bool(_START.match(text[:_MAX_HEADER]))


def _end_of_code(lines: Sequence[Line], at: int) -> int:
    quoted = False
    while at < len(lines):
        text = lines[at].text[:_MAX_HEADER]
        if not quoted and text and not _GOES_ON.match(text) and not _START.match(text):
            break
        if sum(map(lines[at].text.count, _TRIPLE)) % 2:
            quoted = not quoted
        at += 1
    return at


def completed(code: str) -> str:
    """Return code with `pass` added to headers that have no body, as on a page."""
    lines = code.split("\n")
    made: list[str] = []
    for at, line in enumerate(lines):
        made.append(line)
        if _HEADER.match(line):
            following = next((it for it in lines[at + 1 :] if it.strip() and not it.lstrip().startswith("#")), "")
            if _indent(following) <= _indent(line):
                made.append(" " * (_indent(line) + 4) + "pass")
    return "\n".join(made).strip("\n") + "\n" if code.strip() else ""


def _indent(line: str) -> int:
    text = line.expandtabs(4)
    return len(text) - len(text.lstrip()) if text.strip() else 0


def tree_of(code: str) -> ast.Module | None:
    """Return the tree of code; None where it does not parse."""
    try:
        return parse_python(code)
    except SyntaxError:
        return None


def is_stub(code: str) -> bool:
    """Whether no function in the code does anything yet."""
    tree = tree_of(code)
    if tree is None:
        return False
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    owners = {id(f) for it in ast.walk(tree) if isinstance(it, ast.ClassDef) and it.name in _NODES for f in it.body}
    return all(_does_nothing(it) for it in functions if id(it) not in owners)


_NODES = ("ListNode", "TreeNode", "Node")


def _does_nothing(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(
        isinstance(node, ast.Pass | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )
