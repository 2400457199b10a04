"""Bugs that a glance at names and at the reported error makes nearly certain: a handful of patches each.

Covers names that nothing binds, attributes that `self` never gets, a missing `self.`, methods of other languages or
types, and methods outside their class. Yields patches that parse, likeliest first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import cast

from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.search.program import Change, Edit, Idea, Program, parse
from coderefine.search.scope import BUILTINS, PREDEFINED, Use, bound, uses
from coderefine.search.statements import removal

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
_CONSTRUCTORS = {
    "ArrayList": "list", "LinkedList": "deque", "HashMap": "dict", "HashSet": "set", "Math": "math",
    "Array": "list", "Map": "dict", "TreeMap": "dict", "Stack": "list", "Queue": "deque", "NULL": "None",
    "null": "None", "nil": "None", "undefined": "None", "true": "True", "false": "False", "this": "self",
    "Integer": "int", "String": "str", "length": "len", "size": "len", "parseInt": "int", "Infinity": "inf",
}  # fmt: skip
_USUAL = ("len", "sum", "max", "min", "sorted", "list", "set", "abs")
_MISSING_ATTRIBUTE = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_SIMILAR = 0.5


@dataclass(frozen=True, slots=True)
class _Class:
    """What `self` has."""

    methods: tuple[str, ...]
    attributes: tuple[str, ...]


def repairs(source: str, report: TestReport | None = None) -> Iterator[Idea]:
    """Yield patches of `source`; the messages in `report`, where given, say which attributes fail and on what type."""
    program = Program.read(source)
    if program is None:
        return
    changes = [
        *_methods_into_class(program),
        *_undefined(program),
        *_self_attributes(program),
        *_attributes(program, _messages(report)),
        *_missing_self_parameter(program),
    ]
    seen = {source}
    for change in sorted(changes, key=lambda change: -change.weight):
        after = program.apply(change.edits)
        if after not in seen and not isinstance(parse(after), SyntaxError):
            seen.add(after)
            yield Idea(Patch(source, after, f"names: {change.note}"), change.weight)


def similarity(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1; a name within the other counts as alike."""
    ratio = SequenceMatcher(None, first.lower(), second.lower(), autojunk=False).ratio()
    short, long = sorted((first.lower(), second.lower()), key=len)
    return max(ratio, 0.7) if len(short) >= 2 and short in long else ratio


def _messages(report: TestReport | None) -> tuple[str, ...]:
    failures = report.failures if report is not None else ()
    return tuple(dict.fromkeys(case.error.message for case in failures if case.error is not None))


def _closest(name: str, candidates: Iterable[str]) -> list[tuple[str, float]]:
    """The candidates with a weight, most similar first."""
    weighted = [(other, similarity(name, other)) for other in dict.fromkeys(candidates) if other != name]
    return sorted(weighted, key=lambda pair: -pair[1])


def _self(program: Program) -> _Class:
    methods: dict[str, None] = {}
    attributes: dict[str, None] = {}
    for node in program.code:
        match node:
            case ast.ClassDef():
                variables, definitions = bound(node)
                methods.update(dict.fromkeys(definitions))
                attributes.update(dict.fromkeys(variables))
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                attributes[name] = None
            case _:
                pass
    return _Class(tuple(methods), tuple(attributes))


def _everywhere(program: Program, nodes: list[ast.Name] | list[ast.Attribute], text: str, weight: float) -> Change:
    first = nodes[0]
    edits = tuple(program.replace(node, text) for node in nodes)
    note = f"`{program.segment(first)}` to `{text}` in line {first.lineno}"
    return Change(edits, first.lineno, note, weight)


def _undefined(program: Program) -> Iterator[Change]:
    unknown: dict[str, list[Use]] = {}
    for use in uses(program.tree):
        if use.undefined:
            unknown.setdefault(use.node.id, []).append(use)
    owner = _self(program)
    for name, found in unknown.items():
        nodes = [use.node for use in found]
        use = found[0]
        if name in _CONSTRUCTORS:
            yield _everywhere(program, nodes, _CONSTRUCTORS[name], 3.0)
        if name in owner.methods or name in owner.attributes:
            yield _everywhere(program, nodes, f"self.{name}", 2.9)
        for other, alike in _closest(name, use.variables + use.definitions):
            if other != "self":
                yield _everywhere(program, nodes, other, 1.0 + alike)
        for other, alike in _closest(name, sorted(PREDEFINED | BUILTINS))[:5]:
            if alike > _SIMILAR:
                yield _everywhere(program, nodes, other, 0.8 + alike)
        for other, alike in _closest(name, owner.methods):
            if _call(program, use.node) and alike > _SIMILAR:
                yield _everywhere(program, nodes, f"self.{other}", 0.9 + alike)
        statement = program.parents.get(use.node)
        while statement is not None and not isinstance(statement, ast.stmt):
            statement = program.parents.get(statement)
        if isinstance(statement, ast.Expr):  # such as console.log(...)
            yield removal(program, statement, 1.7)
        yield from _declare(program, name, use)


def _declare(program: Program, name: str, use: Use) -> Iterator[Change]:
    """Initialise a name that was never assigned, as the most similar name is."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=other) as target]) if similarity(name, other) > _SIMILAR:
                start, end = program.span(node)
                indent = program.text[program.starts[node.lineno - 1] : start]
                if other in use.variables and not indent.strip():
                    copy = f"\n{indent}{name}{program.text[program.span(target)[1] : end]}"
                    note = f"initialise `{name}` as `{other}` after line {node.end_lineno}"
                    yield Change((Edit(end, end, copy),), node.lineno, note, 1.2)
            case _:
                pass


def _self_attributes(program: Program) -> Iterator[Change]:
    owner = _self(program)
    known = {*owner.methods, *owner.attributes}
    if any(node.bases for node in program.code if isinstance(node, ast.ClassDef)):
        return  # the base class may have it
    visible = {use.node: use for use in uses(program.tree)}
    unknown: dict[str, list[ast.Attribute]] = {}
    for node in program.code:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()) if name not in known:
                unknown.setdefault(name, []).append(node)
            case _:
                pass
    for name, nodes in unknown.items():
        call = _call(program, nodes[0])
        use = visible.get(cast(ast.Name, nodes[0].value))
        names = use.variables + use.definitions if use else ()
        if name in names or name in PREDEFINED or name in BUILTINS:
            yield _everywhere(program, nodes, name, 2.5)
        for other, alike in _closest(name, owner.methods if call else owner.attributes + owner.methods):
            yield _everywhere(program, nodes, f"self.{other}", 1.0 + alike)
        if call is not None and isinstance(statement := program.parents.get(call), ast.Expr):
            yield removal(program, statement, 1.6)
        elif call is not None:
            yield from (_everywhere(program, nodes, function, 0.9) for function in _USUAL)
            yield from (program.rewrite(call, program.segment(argument), 0.95) for argument in call.args)


def _call(program: Program, node: ast.expr) -> ast.Call | None:
    """The call of `node`, if it is called."""
    parent = program.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def _attributes(program: Program, messages: tuple[str, ...]) -> Iterator[Change]:
    for message in messages:
        match = _MISSING_ATTRIBUTE.search(message)
        if match is None:
            continue
        kind, name = match.groups()
        for node in program.code:
            if isinstance(node, ast.Attribute) and node.attr == name:
                yield from _attribute(program, node, kind)


def _attribute(program: Program, node: ast.Attribute, kind: str) -> Iterator[Change]:
    owner = program.segment(node.value)
    call = _call(program, node)
    if node.attr in ("length", "size", "len", "count"):
        yield program.rewrite(call or node, f"len({owner})", 3.0)
    if node.attr in ("toString", "charAt", "get") and call is not None:
        arguments = ", ".join(program.segment(argument) for argument in call.args)
        yield program.rewrite(call, f"{owner}[{arguments}]" if call.args else f"str({owner})", 2.8)
    for other in _FOREIGN.get(node.attr, ()):
        if other == "__contains__" and call is not None and len(call.args) == 1:
            yield program.rewrite(call, f"({program.segment(call.args[0])} in {owner})", 2.8)
        elif other in _ATTRIBUTES.get(kind, (other,)):
            yield program.rewrite(node, f"{owner}.{other}", 2.7)
    for other, alike in _closest(node.attr, _ATTRIBUTES.get(kind, ())):
        yield program.rewrite(node, f"{owner}.{other}", 1.0 + alike)
    if call is not None and len(call.args) == 1:  # sequence.sum() for sum(sequence), or the other way round
        yield program.rewrite(call, program.segment(call.args[0]), 0.9)
    if call is not None and node.attr in BUILTINS | PREDEFINED:
        yield program.rewrite(call, f"{node.attr}({owner})", 2.6)
    yield program.rewrite(call or node, owner, 1.1)


def _methods_into_class(program: Program) -> Iterator[Change]:
    """Functions of a `self` that stand after a class instead of in it."""
    body = program.tree.body
    for number, node in enumerate(body):
        before = [other for other in body[:number] if isinstance(other, ast.ClassDef)]
        if not isinstance(node, ast.FunctionDef) or not before or [a.arg for a in node.args.args[:1]] != ["self"]:
            continue
        column = before[-1].body[0].col_offset
        end = node.end_lineno or node.lineno
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        edits = tuple(
            Edit(program.starts[line - 1], program.starts[line - 1], " " * column)
            for line in range(start, end + 1)
            if program.lines[line - 1].strip()
        )
        yield Change(edits, node.lineno, f"move the function in line {node.lineno} into the class", 3.0)


def _missing_self_parameter(program: Program) -> Iterator[Change]:
    for node in program.code:
        if not isinstance(node, ast.FunctionDef) or not isinstance(program.parents.get(node), ast.ClassDef):
            continue
        names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
        if names[:1] != ["self"] and not node.decorator_list:
            start = program.text.index("(", program.span(node)[0]) + 1
            text = "self, " if names else "self"
            yield Change((Edit(start, start, text),), node.lineno, f"add `self` in line {node.lineno}", 2.4)
