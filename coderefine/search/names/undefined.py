"""Bugs that a glance at names and at the reported error makes nearly certain: a handful of patches each.

Covers names that nothing binds (here; in annotations: annotations.py), what is bound by a wrong name (bindings.py),
imports of what is not there (imports.py), attributes that nothing has (attributes.py) and statements that stand where
they cannot (placement.py). Yields patches that parse, likeliest first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.search.facts.blocks import DEFINITIONS, all_blocks, alone, indentation, inserted, prepended, shifted
from coderefine.search.facts.first_values import first_values
from coderefine.search.facts.kinds import demanded, kinds
from coderefine.search.facts.likeness import call_of, closest, everywhere, meant, near, similarity
from coderefine.search.facts.program import Change, Edit, Idea, Program, parse
from coderefine.search.facts.scope import BUILTINS, PREDEFINED, Use, uses
from coderefine.search.names.annotations import in_annotations
from coderefine.search.names.attributes import attributes, owner, self_attributes
from coderefine.search.names.bindings import definitions, rebound
from coderefine.search.names.imports import imports
from coderefine.search.names.placement import placement
from coderefine.search.templates.statements import removal

_CONSTRUCTORS = {
    "ArrayList": "list", "LinkedList": "deque", "HashMap": "dict", "HashSet": "set", "Math": "math",
    "Array": "list", "Map": "dict", "TreeMap": "dict", "Stack": "list", "Queue": "deque", "NULL": "None",
    "null": "None", "nil": "None", "undefined": "None", "true": "True", "false": "False", "this": "self",
    "Integer": "int", "String": "str", "length": "len", "size": "len", "parseInt": "int", "Infinity": "inf",
    "infinity": "inf", "sort": "sorted", "reverse": "reversed", "string": "str", "boolean": "bool", "array": "list",
    "maximum": "max", "minimum": "min", "MAX_INT": "inf", "INT_MAX": "inf", "INT_MIN": "-inf", "MIN_INT": "-inf",
}  # fmt: skip
_KEYWORDS = ("break", "continue", "pass", "return")
_PLAIN = (("0", 1.1), ("1", 1.05), ("None", 0.9), ("[]", 0.9))
_SIMILAR = 0.5
_KNOWN = sorted(PREDEFINED | BUILTINS)


def repairs(source: str, report: TestReport | None = None, *, alone: bool = True) -> Iterator[Idea]:
    """Yield patches of `source`; the messages in `report`, where given, say which attributes fail and on what type.

    A program that is `alone` has values of the usual types only, so that other attributes are odd as well.
    """
    program = Program.read(source)
    if program is None:
        return
    seen = {source}
    for change in changes(program, _messages(report), alone=alone):
        after = program.apply(change.edits)
        if after not in seen and not isinstance(parse(after), SyntaxError):
            seen.add(after)
            yield Idea(Patch(source, after, f"names: {change.note}"), change.weight)


def unresolved(program: Program) -> list[Change]:
    """Return the repairs of names and of attributes of `self` that nothing binds, likeliest first."""
    return sorted((*_undefined(program), *self_attributes(program)), key=lambda change: -change.weight)


def changes(program: Program, messages: tuple[str, ...] = (), *, alone: bool = True) -> list[Change]:
    """Return the repairs of `program` as changes, likeliest first; `messages` are those of its exceptions."""
    found = [
        *placement(program, messages),
        *definitions(program, messages),
        *imports(program),
        *_undefined(program),
        *self_attributes(program),
        *attributes(program, messages, alone=alone),
    ]
    return sorted(found, key=lambda change: -change.weight)


def _messages(report: TestReport | None) -> tuple[str, ...]:
    failures = report.failures if report is not None else ()
    return tuple(dict.fromkeys(case.error.message for case in failures if case.error is not None))


def _undefined(program: Program) -> Iterator[Change]:
    unknown: dict[str, list[Use]] = {}
    for use in uses(program.tree):
        if use.undefined:
            unknown.setdefault(use.node.id, []).append(use)
    code = set(program.code)
    for name, found in unknown.items():
        if not any(use.node in code for use in found):
            if name in _CONSTRUCTORS:
                yield everywhere(program, [use.node for use in found], _CONSTRUCTORS[name], 3.6)
            yield from in_annotations(program, found)
            continue
        found.sort(key=lambda use: (use.node.lineno, use.node.col_offset))
        yield from _renamed(program, name, found)
        yield from _dropped(program, found[0])
        yield from _declared(program, name, found)
        yield from rebound(program, found[0])
        if len(found) == 1:
            yield from _replaced(program, found[0])


def _renamed(program: Program, name: str, found: list[Use]) -> Iterator[Change]:
    nodes = [use.node for use in found]
    use = found[0]
    of_self = owner(program)
    known = kinds(program)
    if name in _CONSTRUCTORS:
        yield everywhere(program, nodes, _CONSTRUCTORS[name], 3.0)
    if name in of_self.methods or name in of_self.attributes:
        yield everywhere(program, nodes, f"self.{name}", 2.9)
    match program.parents[use.node]:
        case ast.Attribute(attr=attribute) if attribute in (*of_self.methods, *of_self.attributes):
            yield program.rewrite(use.node, "self", 2.4)
        case _:
            pass
    wanted = demanded(program, use.node)
    for number, (other, alike) in enumerate(closest(name, use.variables + use.definitions)):
        if alike > _SIMILAR and (other != "self" or isinstance(program.parents[use.node], ast.Attribute)):
            yield everywhere(program, nodes, other, 1.0 + alike)
        elif other != "self" and other in use.variables:  # nothing like it, so one of the right kind
            fits = 0.0 if wanted is None else 0.3 if known.get(other) == wanted else -0.3
            yield everywhere(program, nodes, other, 1.0 + 0.2 * alike + fits - 0.001 * number)
    for other, alike in near(name, _KNOWN, 5):
        yield everywhere(program, nodes, other, 0.8 + alike)
    for other, alike in closest(name, of_self.methods):
        if call_of(program, use.node) and alike > _SIMILAR:
            yield everywhere(program, nodes, f"self.{other}", 0.9 + alike)


def _dropped(program: Program, use: Use) -> Iterator[Change]:
    """The statement, the call or the argument without the name."""
    parent = program.parents.get(use.node)
    if isinstance(parent, ast.Expr):  # such as beak
        yield from (program.rewrite(parent, word, 2.0 + similarity(use.node.id, word)) for word in _KEYWORDS)
    statement = parent
    while statement is not None and not isinstance(statement, ast.stmt):
        statement = program.parents.get(statement)
    if isinstance(statement, ast.Expr):  # such as console.log(...)
        yield removal(program, statement, 1.7)
    if call := call_of(program, use.node):
        yield from meant(program, call, use.node.id)
        return
    match parent:
        case ast.Call(args=[*_, before, last]) if last is use.node:
            yield program.change(parent, Edit(program.span(before)[1], program.span(last)[1], ""), 1.4)
        case ast.Tuple(elts=[before, last]) if last is use.node:
            yield program.rewrite(parent, program.segment(before), 1.4)
        case ast.BinOp(left=left, right=right):
            yield program.rewrite(parent, program.segment(left if right is use.node else right), 1.2)
        case _:
            pass


def _replaced(program: Program, use: Use) -> Iterator[Change]:
    """What stands at the same place elsewhere: the argument of another such call, another index; a plain constant."""
    parent = program.parents.get(use.node)
    texts: dict[str, None] = {}
    for node in program.code:
        match parent, node:
            case ast.Call(func=function, args=items), ast.Call(func=other, args=others) if node is not parent:
                if program.segment(function) == program.segment(other) and use.node in items[: len(others)]:
                    texts[program.segment(others[items.index(use.node)])] = None
            case ast.Subscript(value=value), ast.Subscript(value=other) if node is not parent:
                if program.segment(value) == program.segment(other) and use.node is not value:
                    texts[program.segment(node.slice)] = None
            case _:
                pass
    yield from (program.rewrite(use.node, text, 1.25) for text in _neighbours(program, use.node, parent))
    sides = {"left": "right", "right": "left"}
    for text in texts:
        mirrored = re.sub(r"\b(left|right)\b", lambda match: sides[match[0]], text)
        if mirrored != text:
            yield program.rewrite(use.node, mirrored, 1.6)
        yield program.rewrite(use.node, text, 1.3)
    if isinstance(use.node.ctx, ast.Load) and not call_of(program, use.node):
        yield from (program.rewrite(use.node, text, weight) for text, weight in _PLAIN)


def _neighbours(program: Program, node: ast.Name, parent: ast.AST | None) -> Iterator[str]:
    """`a[i + 1]` and `a[i - 1]` beside the operand or argument `a[i]`, and the other way round."""
    match parent:
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            others = [left, right]
        case ast.Call(args=others):
            pass
        case _:
            return
    for other in others:
        match other:
            case ast.Subscript(value=value, slice=ast.Name(id=index)):
                yield from (f"{program.segment(value)}[{index} {sign} 1]" for sign in "+-")
            case ast.Subscript(value=value, slice=ast.BinOp(left=index, op=ast.Add() | ast.Sub())):
                yield f"{program.segment(value)}[{program.segment(index)}]"
            case _:
                pass


def _declared(program: Program, name: str, found: list[Use]) -> Iterator[Change]:
    """Initialise a name that was never assigned, as the most similar name is or as its use asks for."""
    use = found[0]
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=other) as target], value=value) if similarity(name, other) > _SIMILAR:
                if other in use.variables and alone(program, node):
                    text = f"{name}{program.text[program.span(target)[1] : program.span(value)[1]]}"
                    yield inserted(program, node, text, 1.2)
            case _:
                pass
    values = dict.fromkeys(value for one in found for value in first_values(program, one.node))
    stored = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in program.code)
    # Where a name is much like another, it is the other one misspelt.
    likeness = max((alike for _, alike in closest(name, use.variables)), default=0.0)
    weight = 1.9 if likeness < 0.6 else 1.3
    # A name that is only read, and once, or only counted up, was hardly meant to be a variable of its own.
    fleeting = len(found) == 1 and not isinstance(program.parents.get(use.node), ast.Attribute | ast.Subscript)
    if fleeting and not stored:
        weight = 0.9
    for value in (*values, *(("0",) if stored and not values else ())):
        for place in _before(program, use.node):
            yield prepended(program, place, f"{name} = {value}", weight)
    yield from _looped(program, name, found)


def _before(program: Program, node: ast.AST) -> Iterator[ast.stmt]:
    """Where a first value may stand: before the statement of the function's own block, and at its beginning."""
    inner = node
    while not isinstance(outer := program.parents.get(inner, program.tree), (*DEFINITIONS, ast.Module, ast.Lambda)):
        inner = outer
    if isinstance(outer, ast.FunctionDef) and isinstance(inner, ast.stmt):
        yield from (place for place in dict.fromkeys((inner, outer.body[0])) if alone(program, place))


def _looped(program: Program, name: str, found: list[Use]) -> Iterator[Change]:
    """Put the statements that use a name into a loop over the variable that it is an element of."""
    plural = [other for other in found[0].variables if other in (f"{name}s", f"{name}es", f"{name}_list")]
    for block in all_blocks(program) if plural else ():
        using = [number for number, node in enumerate(block) if any(one.node in ast.walk(node) for one in found)]
        if not using or not isinstance(block[0], ast.stmt) or isinstance(block[using[0]], DEFINITIONS):
            continue
        run = block[using[0] : using[-1] + 1]
        if all(alone(program, node) for node in run):
            indent = indentation(program, run[0])
            moved = shifted(program, run, indent + "    ")
            first = Edit(moved[0].start, moved[0].end, f"{indent}for {name} in {plural[0]}:\n{moved[0].text}")
            yield Change((first, *moved[1:]), run[0].lineno, f"loop over `{plural[0]}` in line {run[0].lineno}", 2.5)
