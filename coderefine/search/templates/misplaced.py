"""Bound names that cannot be meant: a module or a function in place of a value, or a value that is called."""

from __future__ import annotations

import ast
import builtins
import functools
import typing
from collections.abc import Iterator
from types import ModuleType

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import MODULES, Use, bound
from coderefine.search.given.evidence import Evidence

_TRIED = 8
"""How many names to try in place of one."""
_FUNCTION = functools.cache(len)
"""A function with all attributes that decorated functions have."""
_LIKELY = 4.0
"""How much likelier a repair is where the name is certainly wrong."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    code = set(program.code)
    known = program.kinds
    arities = dict(_functions(program))
    own = {node.name: node for node in program.code if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for use in program.uses:
        node = use.node
        if node not in code or use.unbound or not isinstance(node.ctx, ast.Load):
            continue
        if call := program.call_of(node):
            yield from _called(program, use, call, arities)
        elif weight := _no_value(program, use, own.get(node.id)):
            wanted = program.demanded(node)
            owner = isinstance(program.parents[node], ast.Attribute)
            others = [name for name in use.variables if name != "self" or owner]
            for name in others[:_TRIED]:
                fits = 0.3 if wanted and name in known and known[name] != wanted else 1.0
                yield program.rewrite(node, name, fits * weight)


def _functions(program: Program) -> Iterator[tuple[str, int]]:
    """Yield the functions of the program outside its classes, with the number of their parameters."""
    for node in program.code:
        if isinstance(node, ast.FunctionDef) and not isinstance(program.parents[node], ast.ClassDef):
            yield node.name, len(node.args.args)


def _called(program: Program, use: Use, call: ast.Call, arities: dict[str, int]) -> Iterator[Change]:
    name = use.node.id
    if name in arities:
        return
    certain = name in use.variables or isinstance(_value(name), ModuleType)
    elsewhere = {
        other.func.id: len(other.args)
        for other in program.code
        if isinstance(other, ast.Call) and isinstance(other.func, ast.Name) and other is not call
    }
    read = {node.id for node in program.code if isinstance(node, ast.Name)}
    imported = [alias.asname or alias.name for alias in program.code if isinstance(alias, ast.alias)]
    for other in [other for other in imported if other not in read][:_TRIED]:
        yield program.rewrite(use.node, other, _LIKELY if certain else 1.0)
    for other, count in ({**elsewhere, **arities}).items():
        if other != name and count == len(call.args) and other not in use.variables:
            own = other in arities
            yield program.rewrite(use.node, other, _LIKELY if certain else 0.5 if own else 0.1)


def _no_value(program: Program, use: Use, own: ast.AST | None) -> float:
    """Return how certainly a name that is not called replaces a variable; 0 where it is one, or may be right."""
    name, node = use.node.id, use.node
    if name in use.variables:
        return 0.0
    value = _FUNCTION if isinstance(own, ast.FunctionDef) else None if own else _value(name)
    owned = {it for names in bound(own) for it in names} if isinstance(own, ast.ClassDef) else None
    if not (value is None or callable(value) or isinstance(value, ModuleType)):
        return 0.0  # such as inf
    match program.parents[node]:
        case ast.Attribute(attr=attribute, ctx=ast.Load()):
            # The attributes of a class of the program or of another module are not known here.
            if value is None:
                return 0.0 if owned is None or attribute in owned or attribute.startswith("__") else 1.0
            return 0.0 if hasattr(value, attribute) else _LIKELY
        case ast.Call() | ast.keyword() | ast.Assign() | ast.Starred() | ast.List() | ast.Tuple():
            return _LIKELY if isinstance(value, ModuleType) or name in typing.__all__ else 0.3
        case ast.Subscript(slice=inner) if inner is not node and name[:1].isupper():
            return 0.3
        case ast.ClassDef() | ast.FunctionDef() | ast.ExceptHandler() | ast.Raise():
            return 0.0
        case _:
            return _LIKELY


def _value(name: str) -> object:
    """Return the object of a predefined name; None where it is not known."""
    for module in MODULES:
        if module.__name__ == name:
            return module
    return next((vars(module)[name] for module in (builtins, *MODULES) if name in vars(module)), None)
