"""Attributes and methods that nothing has: of `self`, of another language, of another type, misspelt."""

from __future__ import annotations

import ast
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from coderefine.search.facts.blocks import alone, inserted
from coderefine.search.facts.first_values import first_values
from coderefine.search.facts.likeness import call_of, closest, everywhere, meant, words
from coderefine.search.facts.program import Change, Program
from coderefine.search.facts.scope import BUILTINS, MODULES, PREDEFINED, bound, uses
from coderefine.search.templates.statements import removal

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
"""The usual methods, by whether the call is a statement and how many arguments it has."""
_LIKE = 0.6
"""How alike a method's name is at least to one that was meant."""
_MISSING_ATTRIBUTE = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_TYPES = (list, str, dict, set, deque, Counter, defaultdict, OrderedDict, int, float, bytes, type(lambda: None))
_EXISTING = frozenset(
    {name for kind in _TYPES for name in dir(kind)}
    | {name for kind in ("TreeNode", "ListNode") for name in _ATTRIBUTES[kind]}
    | {"children", "neighbors", "random", "parent", "cache_clear", "cache_info", "maxsize", "deepcopy", "choice"}
)
"""Attributes that a value of a solution may have."""
_OF_MODULES = frozenset(name for module in MODULES for name in vars(module))


@dataclass(frozen=True, slots=True)
class Owner:
    """What `self` has."""

    methods: tuple[str, ...]
    attributes: tuple[str, ...]


def owner(program: Program) -> Owner:
    """What the classes of a program define and what they assign to `self`."""
    methods: dict[str, None] = {}
    fields: dict[str, None] = {}
    for node in program.code:
        match node:
            case ast.ClassDef():
                variables, definitions = bound(node)
                methods.update(dict.fromkeys(definitions))
                fields.update(dict.fromkeys(variables))
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                fields[name] = None
            case _:
                pass
    return Owner(tuple(methods), tuple(fields))


def self_attributes(program: Program) -> Iterator[Change]:
    """Repairs of `self.name` where no class of the program has it."""
    of_self = owner(program)
    known = {*of_self.methods, *of_self.attributes}
    if any(node.bases for node in program.code if isinstance(node, ast.ClassDef)):
        return  # the base class may have it
    unknown: dict[str, list[ast.Attribute]] = {}
    for node in program.code:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()) if name not in known:
                unknown.setdefault(name, []).append(node)
            case _:
                pass
    visible = {use.node: use for use in uses(program.tree)} if unknown else {}
    plain: list[ast.Attribute] = []
    for name, nodes in unknown.items():
        call = call_of(program, nodes[0])
        use = next((visible[inner] for inner in ast.walk(nodes[0]) if inner in visible), None)
        names = use.variables + use.definitions if use else ()
        if name in names or name in PREDEFINED or name in BUILTINS:
            plain += nodes
            yield everywhere(program, nodes, name, 2.5)
        for other, alike in closest(name, of_self.methods if call else of_self.attributes + of_self.methods):
            yield everywhere(program, nodes, f"self.{other}", 1.0 + alike)
        if call is None:
            yield from _declared(program, name, nodes)
            yield from (everywhere(program, nodes, other, 0.8 + alike) for other, alike in closest(name, names)[:3])
        elif isinstance(statement := program.parents.get(call), ast.Expr):
            yield removal(program, statement, 1.6)
        else:
            yield from meant(program, call, name)
    if len({node.attr for node in plain}) > 1:
        edits = tuple(program.replace(node, node.attr) for node in plain)
        yield Change(edits, plain[0].lineno, f"no `self.` from line {plain[0].lineno} on", 2.6)


def _declared(program: Program, name: str, nodes: list[ast.Attribute]) -> Iterator[Change]:
    """A first value at the end of the constructor, or in the place of its `pass`."""
    values = dict.fromkeys(value for node in nodes for value in first_values(program, node))
    for method in program.code:
        if (
            isinstance(method, ast.FunctionDef)
            and method.name == "__init__"
            and alone(program, last := method.body[-1])
        ):
            for value in values or ("0", "[]", "{}"):
                if isinstance(last, ast.Pass):
                    yield program.rewrite(last, f"self.{name} = {value}", 2.2)
                else:
                    yield inserted(program, last, f"self.{name} = {value}", 1.5)


def attributes(program: Program, messages: tuple[str, ...], *, alone: bool = True) -> Iterator[Change]:
    """Repairs of the attributes that a message says are missing; and, in a program that is `alone`, of those that no
    usual type has.
    """
    missing = [match.groups() for match in map(_MISSING_ATTRIBUTE.search, messages) if match]
    read = {node.attr for node in program.code if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    stored = {*owner(program).attributes} | {
        node.attr
        for node in program.code
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in read
    }
    of_modules = {*PREDEFINED, *(name for use in uses(program.tree) for name in use.definitions)}
    defined = {node.name for node in program.code if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in program.code:
        if not isinstance(node, ast.Attribute):
            continue
        types = [kind for kind, name in missing if name == node.attr]
        for kind in types:
            yield from _attribute(program, node, kind)
        of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
        if isinstance(node.value, ast.Name) and node.value.id in of_modules and node.attr in _OF_MODULES:
            continue
        if alone and not types and not of_self and node.attr not in _EXISTING | stored | defined:
            yield from _attribute(program, node, "")


def _attribute(program: Program, node: ast.Attribute, kind: str) -> Iterator[Change]:
    value = program.segment(node.value)
    call = call_of(program, node)
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
    # What the program has of such a value at other places.
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
    known = _ATTRIBUTES.get(kind) or tuple(dict.fromkeys(name for names in _ATTRIBUTES.values() for name in names))
    fields = {*_ATTRIBUTES["TreeNode"], *_ATTRIBUTES["ListNode"]}
    for other, alike in closest(node.attr, known)[:8]:
        yield program.rewrite(node, f"{value}.{other}", 1.0 + alike)
        if other in fields and call is not None and not call.args:  # root.getLeft()
            yield program.rewrite(call, f"{value}.{other}", 1.3 + alike)
            if {"two", "twice", "double"} & set(words(node.attr)):
                yield program.rewrite(call, f"{value}.{other}.{other}", 1.6 + alike)
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
