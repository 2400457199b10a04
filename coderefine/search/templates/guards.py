"""Templates that add what a program forgot to check or to record."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import alone, inserted, prepended
from coderefine.search.facts.program import Change, Edit, Program


def guard(program: Program) -> Iterator[Change]:
    """What a condition takes for granted: that a list has elements, an index is within it, a node is there."""
    for node in program.code:
        match node:
            case ast.While(test=test):
                weight = 1.0
            case ast.If(test=test) | ast.IfExp(test=test):
                weight = 0.6
            case _:
                continue
        text = program.segment(test)
        whole = f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text
        joined = text if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else whole
        present = {program.segment(part) for part in (test.values if isinstance(test, ast.BoolOp) else [test])}
        for condition in dict.fromkeys(_assumed(program, test)):
            if condition not in present:
                start, end = program.span(test)
                yield program.change(test, Edit(start, end, f"{condition} and {joined}"), weight)


def _assumed(program: Program, test: ast.expr) -> Iterator[str]:
    for node in ast.walk(test):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant() | ast.UnaryOp(operand=ast.Constant())):
                yield name
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=index)):
                yield f"{index} < len({name})"
                yield f"{index} >= 0"
            case ast.Attribute(value=value, attr="next" | "val" | "left" | "right"):
                yield program.segment(value)
            case _:
                pass


def record(program: Program) -> Iterator[Change]:
    """`seen.add(x)` where a set or list that starts empty is searched for `x` and never filled."""
    empty = dict(_started_empty(program))
    filled = {
        node.value.id
        for node in program.code
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.value, ast.Name)
        and (isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Store))
    }
    for node in program.code:
        match node:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=name)]):
                if name not in empty or name in filled:
                    continue
            case _:
                continue
        statement = program.parents[node]
        while not isinstance(statement, ast.stmt):
            statement = program.parents[statement]
        if isinstance(statement, ast.If) and alone(program, statement.body[0]):
            text = empty[name].format(program.segment(left))
            yield inserted(program, statement, text, 1.0)
            yield inserted(program, statement.body[-1], text, 0.7)
            yield prepended(program, statement.body[0], text, 0.7)


def _started_empty(program: Program) -> Iterator[tuple[str, str]]:
    """Names that start as an empty container, with how to put something into it."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="set"), args=[])):
                yield name, f"{name}.add({{}})"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                yield name, f"{name}.append({{}})"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=[])):
                yield name, f"{name}[{{}}] = True"
            case _:
                pass
