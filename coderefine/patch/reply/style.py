"""Gives a whole program that a model wrote the layout of the one that it replaces."""

from __future__ import annotations

import ast
import re

from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import Definition, bound_names, defined, first_line, parse, used_names
from coderefine.patch.reply.sameness import canonical

_FILE_NAME = re.compile(r"\s*#[ \t]*(?:file(?:[ \t]*name)?[ \t]*:[ \t]*)?[\w./\\-]+\.py[ \t]*\r?\n", re.IGNORECASE)
_INDENT = re.compile(r"[ \t]*")


def in_style_of(source: str, text: str) -> str:
    """Return a program indented with spaces where the source is and the program has tabs, or the other way round."""
    ours, theirs = _indents(source), _indents(text)
    if not ours or not theirs:
        return text
    unit = min((indent for indent in ours if indent.strip(" ") == ""), key=len, default="")
    if unit and not any("\t" in indent for indent in ours) and all(indent.strip("\t") == "" for indent in theirs):
        return _reindented(text, "\t", unit)
    if all(indent.strip("\t") == "" for indent in ours) and all(indent.strip(" ") == "" for indent in theirs):
        return _reindented(text, min(theirs, key=len), "\t")
    return text


def _indents(text: str) -> set[str]:
    found = (_INDENT.match(line) for line in split_lines(text) if line.strip())
    return {each[0] for each in found if each and each[0]}


def _reindented(text: str, unit: str, other: str) -> str:
    """Return a text with another unit of indent, if it stays the same program."""
    lines = []
    for line in split_lines(text):
        rest = line.lstrip(" \t")
        indent = line[: len(line) - len(rest)]
        lines.append(indent.replace(unit, other) + rest if rest.strip() else line)
    changed = "".join(lines)
    return changed if canonical(changed) == canonical(text) else text


def without_file_name(source: str, text: str) -> str:
    """Return a program without a comment at its beginning that names its file, unless the source has such a comment."""
    found = _FILE_NAME.match(text)
    return text[found.end() :] if found and found[0].strip() not in source else text


def without_trials(source: str, text: str) -> str:
    """Return a program without calls at its end that try it out, where the source only defines things.

    Everything after the last definition is dropped, if all of it is a trial.
    """
    old, new = parse(source), parse(text)
    if old is None or new is None or not _only_defines(old):
        return text
    last = max((at for at, node in enumerate(new.body) if isinstance(node, Definition)), default=None)
    if last is None or last + 1 == len(new.body):
        return text
    tail = new.body[last + 1 :]
    tries = trials(new)
    if not tries or not all(node in tries for node in tail):
        return text
    return "".join(split_lines(text)[: first_line(tail[0]) - 1]).rstrip() + "\n"


def trials(tree: ast.Module) -> list[ast.stmt]:
    """Return the top-level statements that only try out definitions: calls, assertions, a script, a value.

    None of them binds a name that a definition uses; without a call, an assertion or a script there are none.
    """
    names = {"print", "unittest", "doctest", "pytest"} | set(defined(tree))
    used = {name for node in tree.body if isinstance(node, Definition) for name in used_names(node)}
    found: list[ast.stmt] = []
    seen = False
    for node in tree.body:
        seen = seen or isinstance(node, Definition)
        if not seen or isinstance(node, Definition):
            continue
        bound = bound_names(ast.Module([node], []))
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With | ast.Try):
            is_trial = not bound & used and bool(
                used_names(node) & names or isinstance(node, ast.Assign | ast.AnnAssign)
            )
        else:
            is_trial = _tries(node, names)
        if is_trial:
            found.append(node)
            names |= bound
    calls = [node for node in found if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)]
    return found if calls else []


def _tries(node: ast.stmt, names: set[str]) -> bool:
    if isinstance(node, ast.If):
        return "__name__" in used_names(node.test)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called: ast.expr = node.value.func
        while isinstance(called, ast.Attribute | ast.Call | ast.Subscript):
            called = called.func if isinstance(called, ast.Call) else called.value
        return isinstance(called, ast.Name) and called.id in names
    return isinstance(node, ast.Assert)


def _only_defines(tree: ast.Module) -> bool:
    return all(
        isinstance(node, Definition | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign) or _is_text(node)
        for node in tree.body
    ) and any(isinstance(node, Definition) for node in tree.body)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
