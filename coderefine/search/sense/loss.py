"""Code that a patch turned into a comment or a string, or removed."""

from __future__ import annotations

import ast
import re
from collections import Counter

from coderefine.search.facts.edits import one_line
from coderefine.search.facts.program import Program
from coderefine.search.syntax.lines import code_end
from coderefine.search.syntax.tokens import looks_like_prose

_CODE = re.compile(r"[=(\[]|^(?:return|break|continue|import|from|for|while|if|def|print|raise|yield)\b")
_SHORT = 3
"""Shorter texts than this, in characters, are not looked at."""


def hidden_code(before: Program, after: Program) -> str:
    """Return in words which line of code became a comment or a part of a string; "" where none did."""
    code = {line[: code_end(line)].strip() for line in before.lines}
    comments = {line[code_end(line) :].strip().lstrip("# ").strip() for line in before.lines}
    for number, line in enumerate(after.lines, 1):
        comment = line[code_end(line) :].strip().lstrip("# ").strip()
        if comment and comment not in comments and _is_code(comment) and any(comment in it for it in code):
            return f"`{one_line(comment)}` became a comment in line {number}"
    for node in after.code:
        match node:
            case ast.Constant(value=str(text)) if len(text) > _SHORT and "\n" in text:
                lines = [line.strip() for line in text.split("\n")]
                hidden = next((it for it in lines if it in code and _is_code(it)), "")
                if hidden and not _is_own(before, text):
                    return f"`{one_line(hidden)}` became a text in line {node.lineno}"
            case _:
                pass
    return ""


def fewer_statements(before: Program, after: Program) -> str:
    """Return in words that `after` has fewer statements than `before`, or uses a name less often.

    "" where it does not.
    """
    if before.error:
        return ""
    if _count(before) > _count(after):
        return "a statement was taken away"
    missing = Counter({name: times for name, times in _used(before).items() if name not in before.unbound})
    missing -= _used(after)
    return f"`{next(iter(missing))}` is not used any more" if missing else ""


def _count(program: Program) -> int:
    return sum(isinstance(node, ast.stmt) and not isinstance(node, ast.Pass) for node in ast.walk(program.tree))


def _used(program: Program) -> Counter[str]:
    """How often each name and attribute is read."""
    found: Counter[str] = Counter()
    for node in ast.walk(program.tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                found[name] += 1
            case ast.Attribute(attr=name, ctx=ast.Load()):
                found[f".{name}"] += 1
    return found


def _is_code(text: str) -> bool:
    return len(text) > _SHORT and bool(_CODE.search(text)) and not looks_like_prose(text)


def _is_own(before: Program, text: str) -> bool:
    """Whether the author had this text in quotes."""
    own = (node.value for node in ast.walk(before.tree) if isinstance(node, ast.Constant)) if before.tree else ()
    return text in own or any(f"{quotes}{text}{quotes}" in before.text for quotes in ("'''", '"""'))
