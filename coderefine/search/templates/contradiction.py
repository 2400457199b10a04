"""Conditions at odds with what they decide about: no visible test may show it, but nobody writes that on purpose.

Two conditions that leave nothing for the statements below them, `if a <= b: return ...` before
`if a > b: return ...`; an `elif` that repeats the negation of the `if`; a condition about the neighbour of the element
that its block goes on to use, `if x < a[i + 1]: f(a[i])`; a loop that counts up something else than it tests, or
sets to a number what it should count up; a binary search that halves one element for ever; and two pointers that begin
together and never part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from coderefine.search.evidence import Evidence
from coderefine.search.facts.blocks import LEAVES, changed, tested
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program

_TEXTS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_SWAPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for number, statement in enumerate(block):
            if isinstance(statement, ast.If):
                yield from _nothing_left(program, block[number:])
                yield from _negation_repeated(program, statement)
    for node in program.code:
        if isinstance(node, ast.If | ast.While):
            yield from _of_the_neighbour(program, node)
        if isinstance(node, ast.While):
            yield from _in_step(program, node)
            yield from _without_end(program, node)
            yield from _set_and_not_counted(program, node)
            yield from _halved_for_ever(program, node)


def _inside(node: ast.If | ast.While) -> list[ast.AST]:
    """All nodes of the first block of a statement."""
    return [inner for statement in node.body for inner in ast.walk(statement)]


class _Order(NamedTuple):
    """The comparison of two values by size."""

    node: ast.Compare
    left: str
    right: str
    operator: str


def _order(program: Program, test: ast.expr) -> _Order | None:
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _TEXTS:
            return _Order(test, program.segment(left), program.segment(right), _TEXTS[type(operator)])
    return None


def _exhaust(first: _Order, second: _Order) -> bool:
    """Whether one of two comparisons is always true."""
    turned = second.operator
    if (second.left, second.right) == (first.right, first.left):
        turned = _SWAPPED[turned]
    elif (second.left, second.right) != (first.left, first.right):
        return False
    return first.operator[0] != turned[0] and "=" in first.operator + turned


def _strict(program: Program, *orders: _Order) -> Change:
    """The comparisons without the case that both sides are equal."""
    edits = []
    for order in orders:
        pattern = order.operator
        edit = program.between(order.node.left, order.node.comparators[0], pattern, pattern[0])
        if edit is not None and len(pattern) == 2:
            edits.append(edit)
    line = orders[0].node.lineno
    return Change(tuple(edits), line, f"leave out that both sides are equal in line {line}")


def _nothing_left(program: Program, block: list[ast.stmt]) -> Iterator[Change]:
    """`if a <= b: return x`, `if a > b: return y` and more: the two conditions without the case `a == b`."""
    first, below = block[0], block[1:]
    assert isinstance(first, ast.If)
    second = first.orelse[0] if first.orelse else below.pop(0) if below else None
    rest = second.orelse or below if isinstance(second, ast.If) else []
    if not isinstance(second, ast.If) or not rest or (first.orelse and len(first.orelse) > 1):
        return
    if not second.orelse and not (isinstance(first.body[-1], LEAVES) and isinstance(second.body[-1], LEAVES)):
        return
    one, other = _order(program, first.test), _order(program, second.test)
    if one and other and _exhaust(one, other):
        yield _strict(program, one, other)


def _negation_repeated(program: Program, node: ast.If) -> Iterator[Change]:
    """`if a < b: ... elif a >= b and c: ...`, where `a == b` is hardly meant: who means it leaves `a >= b` out."""
    match node.orelse:
        case [ast.If(test=ast.BoolOp(op=ast.And(), values=[*parts]))]:
            one = _order(program, node.test)
            for other in (_order(program, part) for part in parts):
                if one and other and "=" in other.operator and _exhaust(one, other):
                    yield _strict(program, other)


def _of_the_neighbour(program: Program, node: ast.If | ast.While) -> Iterator[Change]:
    """`a[i + 1]` in a condition to `a[i]`, which is what its block uses; the neighbour is nowhere else."""
    read = [part for part in ast.walk(node.test) if isinstance(part, ast.Subscript)]
    for part in read:
        match part.slice:
            case ast.BinOp(left=ast.Name(id=index), op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
                value, text = program.segment(part.value), program.segment(part)
            case _:
                continue
        of_the_same = [other for other in read if program.segment(other.value) == value]
        twins = [other for other in program.code if isinstance(other, ast.Subscript) and program.segment(other) == text]
        used = (program.segment(other) for other in _inside(node) if isinstance(other, ast.Subscript))
        if len(of_the_same) == len(twins) == 1 and f"{value}[{index}]" in used:
            start, end = program.span(part.slice)
            yield program.change(part, Edit(start, end, index))


def _in_step(program: Program, loop: ast.While) -> Iterator[Change]:
    """`a = b = head` and a loop with `a = a.next` and `b = b.next`: that takes two steps where the loop tests two."""
    steps: dict[tuple[str, str], ast.Attribute] = {}
    for statement in loop.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(value=ast.Name(id=same)) as step):
                if name == same:
                    steps[name, step.attr] = step
    if len(steps) < 2:
        return
    starts: dict[str, set[str]] = {}
    for node in program.code:
        match node:
            case ast.Assign(targets=targets, value=value) if node not in loop.body:
                for target in targets:
                    starts.setdefault(program.segment(target), set()).add(program.segment(value))
    looked_at = {program.segment(node) for node in ast.walk(loop.test) if isinstance(node, ast.Attribute)}
    for (name, field), step in steps.items():
        together = [other for other in starts if other != name and starts[other] == starts.get(name)]
        if program.segment(step) in looked_at and any((other, field) in steps for other in together):
            yield program.rewrite(step, f"{program.segment(step)}.{field}")


def _without_end(program: Program, loop: ast.While) -> Iterator[Change]:
    """`while i < n: ...; j += 1`, where nothing changes `i` and nothing leaves the loop, counts `i`."""
    inside = _inside(loop)
    if tested(loop) & changed(loop) or any(isinstance(node, (*LEAVES, ast.Yield)) for node in inside):
        return
    match loop.test, [node for node in inside if isinstance(node, ast.AugAssign)]:
        case ast.Compare(left=ast.Name(id=name), ops=[_]), [ast.AugAssign(target=ast.Name() as counted)]:
            yield program.rewrite(counted, name)


def _set_and_not_counted(program: Program, loop: ast.While) -> Iterator[Change]:
    """`while i < n: ...; i = 1`, where the loop does nothing else to `i`, to `i += 1`."""
    stores: dict[str, list[ast.AST]] = {}
    for node in _inside(loop):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stores.setdefault(node.id, []).append(program.parents[node])
    for test in (node for node in ast.walk(loop.test) if isinstance(node, ast.Compare)):
        match test.left, test.ops, test.comparators:
            case ast.Name(id=name), [ast.Lt() | ast.LtE()], [ast.Name() | ast.Call()]:
                match stores.get(name):
                    case [ast.Assign(targets=[ast.Name()], value=ast.Constant(value=int())) as only]:
                        yield program.rewrite(only, f"{name} += {program.segment(only.value)}")


def _halved_for_ever(program: Program, loop: ast.While) -> Iterator[Change]:
    """`while low <= high: ...; high = mid` to `<`, where nothing leaves the loop: half of one element is one."""
    inside = _inside(loop)
    found = _order(program, loop.test)
    if found is None or found.operator != "<=" or any(isinstance(node, LEAVES) for node in inside):
        return
    for node in inside:
        match node:
            case ast.Assign(targets=[ast.Name(id=high)], value=ast.Name(id=middle)) if high == found.right:
                if any(_is_middle(program, other, middle, found) for other in inside):
                    yield _strict(program, found)
                    return


def _is_middle(program: Program, node: ast.AST, name: str, bounds: _Order) -> bool:
    """Whether `node` assigns to `name` what is halfway between two bounds, rounded down."""
    match node:
        case ast.Assign(targets=[ast.Name(id=same)], value=value) if same == name:
            read = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
            halves = any(isinstance(part, ast.FloorDiv | ast.RShift) for part in ast.walk(value))
            return halves and {bounds.left, bounds.right} <= read
    return False
