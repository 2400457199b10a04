"""Finds programs in prose without a fence."""

from __future__ import annotations

import re

from coderefine.patch.lines.blocks import Block

_START = re.compile(
    r"([ \t]*)(?:from[ \t]+[\w.]+[ \t]+import\b"
    r"|import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*(?:,.*)?$"
    r"|@[\w.]+(?:\(.*)?[ \t]*$"
    r"|(?:async[ \t]+)?def[ \t]+\w+[ \t]*\("
    r"|class[ \t]+\w+[ \t]*(?:\(.*\))?[ \t]*:)"
)
_STATEMENT = re.compile(
    r"[)\]}][)\]},: \t]*(?:->.*|#.*)?$|#|@\w"
    r"|(?:if|for|while|with|try|except|finally|else|elif|return|raise|assert|del|global|print)\b.*[:)\w\]}'\"]$"
    r"|[A-Za-z_][\w.]*(?:\[[^\]]*\])?[ \t]*(?::[ \t]*[\w\[\], .]+)?[ \t]*(?:[-+*/%|&^]|//|\*\*|<<|>>)?=(?!=)"
    r"|[A-Za-z_][\w.]*\(.*\)$"
)


def bare_programs(lines: list[str]) -> list[Block]:
    """Return the programs in prose without a fence.

    A program begins with an import, a decorator, a function or a class, and continues while lines are indented, blank,
    close a bracket, or begin like a statement.
    """
    blocks: list[Block] = []
    body: list[str] = []
    before, indent = "", ""
    for line in lines:
        if body and (not line.strip() or _goes_on(line, indent)):
            body.append(line)
        else:
            if body:
                blocks.append(Block("", "".join(body).rstrip() + "\n", before))
                body = []
            if found := _START.match(line):
                indent = found[1]
                body = [line]
            before = line.strip() or before
    if body:
        blocks.append(Block("", "".join(body).rstrip() + "\n", before, closed=False))
    return blocks


def is_code(line: str) -> bool:
    """Whether a line may belong to a program: it begins like one, or is indented."""
    return bool(line.strip()) and (line[:1] in " \t" or _goes_on(line, ""))


def _goes_on(line: str, indent: str) -> bool:
    """Whether a line that is not blank may continue the program begun at `indent`."""
    if not line.startswith(indent):
        return False
    rest = line[len(indent) :]
    if rest.startswith((" ", "\t")) or _START.match(rest):
        return True
    return bool(_STATEMENT.match(rest.rstrip()[:400]))
