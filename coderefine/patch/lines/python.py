"""What a Python text defines and uses; nothing is compiled or run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from coderefine.outside import parse_python

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_HEADS = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)[ \t]*[(:]", re.MULTILINE)


def parse(text: str) -> ast.Module | None:
    """Return the syntax tree of a text; None if it has none."""
    try:
        return parse_python(text)
    except SyntaxError:
        return None


def parses(text: str) -> bool:
    """Whether a text is valid Python."""
    return parse(text) is not None


def defined(tree: ast.Module) -> dict[str, Definition]:
    """Return the functions and classes at the top level by name, the last of each name."""
    return {node.name: node for node in tree.body if isinstance(node, Definition)}


def defined_names(text: str) -> set[str]:
    """Return the names of the functions and classes at the top level, even of a text with syntax errors."""
    tree = parse(text)
    return set(_HEADS.findall(text)) if tree is None else set(defined(tree))


def methods(node: ast.ClassDef) -> dict[str, Definition]:
    """Return the methods and classes in a class by name, the last of each name."""
    return {child.name: child for child in node.body if isinstance(child, Definition)}


def bound_names(tree: ast.Module) -> set[str]:
    """Return the names that the top-level statements bind: definitions, imports, assignments."""
    return {name for node in tree.body for name in _bound(node)}


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    else:
        for child in ast.walk(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                yield child.id
            elif isinstance(child, Definition):
                yield child.name
            elif isinstance(child, ast.alias):
                yield child.asname or child.name.partition(".")[0]


def used_names(tree: ast.AST) -> set[str]:
    """Return the names that are read, and the attributes that are accessed."""
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.Attribute):
            used.add(node.attr)
    return used


def is_stub(node: ast.stmt) -> bool:
    """Whether a function does nothing: its body is `pass`, `...`, a docstring, or raises NotImplementedError."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        or (isinstance(each, ast.Raise) and each.exc is not None and "NotImplementedError" in used_names(each.exc))
        for each in node.body
    )


def left_out(old: Mapping[str, Definition], new: Mapping[str, Definition]) -> set[str]:
    """Return the names that old definitions have and new ones lack; a stub stands for the old definition."""
    return {name for name, node in old.items() if name not in new or (is_stub(new[name]) and not is_stub(node))}


def first_line(node: ast.stmt) -> int:
    """Return the number of a statement's first line, its decorators included."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


def last_line(node: ast.stmt) -> int:
    """Return the number of a statement's last line."""
    return node.end_lineno or node.lineno
