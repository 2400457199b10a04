"""Attributes and methods that do not exist: of another language, of another type, misspelt."""

from __future__ import annotations

import ast
import datetime
import decimal
import fractions
import importlib
import io
import pathlib
import random
import re
import string
import sys
import threading
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.likeness import closest, near
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED
from coderefine.search.given.evidence import Evidence
from coderefine.search.names.owner import owner

_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "list": ("append", "extend", "insert", "pop", "remove", "index", "count", "sort", "reverse", "copy"),
    "str": ("join", "split", "strip", "find", "index", "lower", "upper", "replace", "count", "startswith", "endswith",
            "isdigit", "isalpha", "isalnum", "capitalize", "title", "format"),
    "dict": ("get", "keys", "values", "items", "pop", "setdefault", "update"),
    "set": ("add", "remove", "discard", "pop", "update", "union"),
    "collections.deque": ("append", "appendleft", "pop", "popleft", "extend"),
    "TreeNode": ("val", "left", "right"),
    "ListNode": ("val", "next"),
}  # fmt: skip
_FOREIGN: dict[str, tuple[str, ...]] = {
    "push": ("append", "add"),
    "push_back": ("append",),
    "add": ("append",),
    "append": ("add",),
    "appendleft": ("append",),
    "offer": ("append",),
    "enqueue": ("append",),
    "shift": ("popleft", "pop"),
    "poll": ("popleft", "pop"),
    "dequeue": ("popleft", "pop"),
    "popleft": ("pop",),
    "unshift": ("appendleft",),
    "delete": ("remove", "pop", "discard"),
    "remove": ("pop", "discard"),
    "indexOf": ("find", "index"),
    "toLowerCase": ("lower",),
    "toUpperCase": ("upper",),
    "trim": ("strip",),
    "concat": ("extend",),
    "addAll": ("extend", "update"),
    "entries": ("items",),
    "has_key": ("__contains__",),
    "containsKey": ("__contains__",),
    "contains": ("__contains__",),
    "includes": ("__contains__",),
    "value": ("val",),
    "data": ("val",),
}
_USUAL: dict[tuple[bool, int], tuple[str, ...]] = {
    (True, 0): ("sort", "pop", "reverse", "popleft"),
    (True, 1): ("append", "add", "remove", "extend", "pop", "appendleft"),
    (True, 2): ("insert",),
    (False, 0): ("pop", "values", "keys", "items", "popleft", "split", "lower", "copy"),
    (False, 1): ("index", "count", "get", "find", "join", "split", "pop", "startswith"),
    (False, 2): ("get", "replace", "setdefault", "find"),
}
"""The usual methods, by whether the call is a statement and by its number of arguments."""
_LIKE = 0.6
"""The least similarity of a method's name to one that may be meant."""
_MISSING_ATTRIBUTE = re.compile(r"(?:type object '([\w.]+)'|'([\w.]+)' object) has no attribute '(\w+)'")
_MISSING_IN_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_TYPES = (
    *(list, str, dict, set, deque, Counter, defaultdict, OrderedDict, int, float, complex, bytes, bytearray, range),
    *(decimal.Decimal, fractions.Fraction, datetime.datetime, datetime.timedelta, datetime.timezone),
    *(re.Match, re.Pattern, pathlib.Path, io.StringIO, io.TextIOWrapper, random.Random, string.Template),
    *(OSError, UnicodeError, StopIteration, SyntaxError, types.FunctionType, types.GeneratorType, type),
    *(property, threading.Thread, threading.Condition),
)
_EXISTING = frozenset(
    {name for kind in _TYPES for name in dir(kind)}
    | {name for kind in ("TreeNode", "ListNode") for name in _ATTRIBUTES[kind]}
    | {"children", "neighbors", "random", "parent", "cache_clear", "cache_info", "maxsize", "deepcopy", "choice"}
)
"""Attributes that a value in a solution may have."""
_PUBLIC = {
    name: [it for it in dir(kind) if it[0] != "_"]
    for kind in _TYPES
    for name in (kind.__qualname__, f"{kind.__module__}.{kind.__qualname__}")
}
"""The attributes of a type, by the type's names in error messages."""
_NOT_IMPORTED = frozenset({"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "test", "__main__"})
"""Modules of the standard library that do something when they are imported, or need a screen."""


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind.

    Attributes that an error message reports missing are changed; in a program that stands alone, also those that no
    usual type has. Attributes of imported modules are only changed where a message reports them.
    """
    misses = {match.groups() for match in map(_MISSING_IN_MODULE.search, evidence.messages) if match}
    found = [match for match in map(_MISSING_ATTRIBUTE.search, evidence.messages) if match]
    missing = [(match[1] or match[2], match[3]) for match in found]
    read = {node.attr for node in program.code if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    stored = {*owner(program).attributes} | {
        node.attr
        for node in program.code
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in read
    }
    imported = _imported(program)
    defined = {node.name for node in program.code if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in program.code:
        if not isinstance(node, ast.Attribute):
            continue
        types = [kind for kind, name in missing if name == node.attr]
        for kind in types:
            yield from _attribute(program, node, kind)
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name in imported:
            yield from _of_module(program, node, [module for module, attribute in misses if attribute == node.attr])
            continue
        of_self = name == "self"
        if evidence.is_alone and not types and not of_self and node.attr not in _EXISTING | stored | defined:
            yield from _attribute(program, node, "")


def _imported(program: Program) -> set[str]:
    """Return the names that stand for imported modules, or for names in them."""
    imports = [node for node in program.code if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {(it.asname or it.name).partition(".")[0] for node in imports for it in node.names}
    variables = {*program.stored, *(node.arg for node in program.code if isinstance(node, ast.arg))}
    return (names | PREDEFINED) - variables


def _of_module(program: Program, node: ast.Attribute, missing: list[str]) -> Iterator[Change]:
    """Yield names in a module that are spelt similarly."""
    for module in missing:
        public = [name for name in _names_in(module) if not name.startswith("_")]
        for other, alike in near(node.attr, public, 8):
            yield program.rewrite(node, f"{program.segment(node.value)}.{other}", 1.0 + 2 * alike)
        if node.attr in BUILTINS:  # math.abs(x)
            yield program.rewrite(node, node.attr, 2.6)


def _names_in(module: str) -> list[str]:
    """Return the names in a module of the standard library."""
    if module.partition(".")[0] not in sys.stdlib_module_names - _NOT_IMPORTED:
        return []
    try:
        return dir(importlib.import_module(module))
    except ImportError:
        return []


def _of_class(program: Program, name: str) -> Iterator[str]:
    """Yield the names that a class of the program defines, and those that its methods assign to `self`."""
    for node in program.code:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for inner in ast.walk(node):
                match inner:
                    case ast.FunctionDef(name=found):
                        yield found
                    case ast.Attribute(value=ast.Name(id="self"), attr=found, ctx=ast.Store()):
                        yield found
                    case _:
                        pass


def _attribute(program: Program, node: ast.Attribute, kind: str) -> Iterator[Change]:
    value = program.segment(node.value)
    call = program.call_of(node)
    if node.attr in ("length", "size", "len", "count"):
        yield program.rewrite(call or node, f"len({value})", 3.0)
    if node.attr in ("toString", "charAt", "get") and call is not None:
        arguments = ", ".join(program.segment(argument) for argument in call.args)
        yield program.rewrite(call, f"{value}[{arguments}]" if call.args else f"str({value})", 2.8)
    for other in _FOREIGN.get(node.attr, ()):
        if other == "__contains__" and call is not None and len(call.args) == 1:
            yield program.rewrite(call, f"({program.segment(call.args[0])} in {value})", 2.8)
        elif other in _ATTRIBUTES.get(kind, (other,)):
            yield program.rewrite(node, f"{value}.{other}", 2.7)
    # Attributes of such a value elsewhere in the program.
    others = Counter(
        other.attr
        for other in program.code
        if isinstance(other, ast.Attribute) and other.attr != node.attr and program.segment(other.value) == value
    )
    nodes = [
        kind
        for kind in ("TreeNode", "ListNode")
        if kind in program.text or {"left", "next"} & {*others} & {*_ATTRIBUTES[kind]}
    ]
    of_nodes = [name for kind in nodes for name in _ATTRIBUTES[kind]]
    for other in dict.fromkeys((*others, *of_nodes)):
        if other != node.attr:
            yield program.rewrite(node, f"{value}.{other}", 1.5)
    known = [*_ATTRIBUTES.get(kind, ()), *_PUBLIC.get(kind, ()), *_of_class(program, kind)]
    known = known or [*dict.fromkeys(name for names in _ATTRIBUTES.values() for name in names)]
    fields = {*_ATTRIBUTES["TreeNode"], *_ATTRIBUTES["ListNode"]}
    for other, alike in closest(node.attr, known)[:8]:
        yield program.rewrite(node, f"{value}.{other}", 1.0 + alike)
        if other in fields and call is not None and not call.args:  # root.getLeft()
            yield program.rewrite(call, f"{value}.{other}", 1.3 + alike)
    if call is not None and not kind:
        unlike = max(alike for _, alike in closest(node.attr, known)) < _LIKE
        usual = _USUAL.get((isinstance(program.parents.get(call), ast.Expr), len(call.args)), ())
        for number, other in enumerate(usual):
            yield program.rewrite(node, f"{value}.{other}", (1.6 if unlike else 1.3) - 0.05 * number)
    if call is not None and len(call.args) == 1:  # sequence.sum() for sum(sequence), or the other way round
        yield program.rewrite(call, program.segment(call.args[0]), 0.9)
    if call is not None and node.attr in BUILTINS | PREDEFINED:
        yield program.rewrite(call, f"{node.attr}({value})", 2.6)
    if call is None or not isinstance(program.parents.get(call), ast.Expr):
        yield program.rewrite(call or node, value, 1.1)
