"""Templates that edit whole statements. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.blocks import (
    DEFINITIONS,
    Block,
    all_blocks,
    alone,
    blocks,
    in_loop,
    indentation,
    line_span,
    shifted,
)
from coderefine.search.facts.program import Change, Edit, Program, cut
from coderefine.search.templates.operators import is_one

_AUGMENTED: dict[str, tuple[tuple[str, float], ...]] = {
    "+=": (("-=", 1.0), ("=", 0.6), ("*=", 0.3)),
    "-=": (("+=", 1.0), ("=", 0.6)),
    "*=": (("+=", 0.6), ("//=", 0.5), ("=", 0.4), ("-=", 0.4)),
    "/=": (("//=", 2.0), ("*=", 0.8)),
    "//=": (("*=", 0.6), ("/=", 0.5), ("%=", 0.6), ("-=", 0.4), ("=", 0.2), ("+=", 0.4)),
    "%=": (("//=", 1.0), ("+=", 0.2), ("-=", 0.2)),
    "|=": (("&=", 1.0), ("^=", 1.0), ("=", 0.5)),
    "&=": (("|=", 1.0), ("^=", 1.0), ("=", 0.5)),
    "^=": (("|=", 1.0), ("&=", 1.0), ("=", 0.5)),
    "<<=": ((">>=", 1.5), ("=", 0.3)),
    ">>=": (("<<=", 1.5), ("=", 0.3)),
    "=": (("+=", 1.0), ("-=", 0.3)),
}
_ASSIGNMENT = re.compile(r"(//|\*\*|<<|>>|[-+*/%&|^])?=")
_WORD = re.compile(r"[A-Za-z_]\w*")
_JUMPS = frozenset({"return", "break", "continue"})
_IN_PLACE = frozenset({"sort", "reverse", "append", "extend", "add", "insert", "update", "heapify", "appendleft"})
_PURE = frozenset({"max", "min", "sorted", "abs", "len", "sum", "int", "str", "reversed", "list", "set"})
_RETURNING = frozenset({"replace", "strip", "lower", "upper", "lstrip", "rstrip", "union", "intersection", "join"})


def augmented(program: Program) -> Iterator[Change]:
    """`+=` to `-=`, `=` or the like; `=` to `+=`."""
    stored = Counter(node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    for node in program.code:
        match node:
            case ast.AugAssign(target=target, value=value) | ast.Assign(targets=[target], value=value):
                start, end = program.span(target)[1], program.span(value)[0]
                operator = _ASSIGNMENT.search(program.text[start:end])
                if operator is None or isinstance(target, ast.Tuple):
                    continue
                # Where `=` gives a name its first value, nothing can be added to it.
                again = in_loop(program, node) and not (isinstance(target, ast.Name) and stored[target.id] == 1)
                factor = 1.0 if again or operator[0] != "=" else 0.1
                # To multiply or divide by one is to do nothing.
                idle = operator[0] in ("*=", "/=", "//=", "%=") and is_one(value)
                for text, weight in _AUGMENTED.get(operator[0], ()):
                    edit = Edit(start + operator.start(), start + operator.end(), text)
                    yield program.change(node, edit, 2.0 if idle and text in ("+=", "-=") else factor * weight)
            case _:
                pass


def effect(program: Program) -> Iterator[Change]:
    """What a statement without any effect was meant to be: `x == 1`, `x + 1`, `x.pop`, `max(x, y)`, `x = x.sort()`."""
    for node in program.code:
        match node:
            case ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                if edit := program.between(left, right, "==", "="):
                    yield program.change(node, edit, 2.0)
            case ast.Expr(value=ast.BinOp(left=ast.Name() | ast.Subscript() | ast.Attribute() as left, right=right)):
                if edit := program.between(left, right, r"[-+*/%&|^<>]+", ""):
                    operator = program.text[edit.start : edit.end]
                    yield program.change(node, Edit(edit.start, edit.end, f"{operator}="), 2.0)
            case ast.Expr(value=ast.Name(id=name)):
                yield from (program.rewrite(node, text) for text in ("break", "continue", f"{name}()"))
            case ast.Expr(value=ast.Attribute() as value):
                yield program.rewrite(value, f"{program.segment(value)}()", 2.0)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[ast.Name(id=first), *_])) if name in _PURE:
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start, f"{first} = "), 2.0)
                if name == "sorted":
                    yield program.rewrite(node, f"{first}.sort()", 2.0)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=first), attr=name))):
                if name in _RETURNING:
                    start, _ = program.span(node)
                    yield program.change(node, Edit(start, start, f"{first} = "), 2.0)
            case ast.Assign(value=ast.Call(func=ast.Attribute(attr=name)) as value) if name in _IN_PLACE:
                yield program.rewrite(node, program.segment(value), 2.0)
                yield from _sorted(program, value, name)
            case ast.Return(value=ast.Call(func=ast.Attribute(attr=name)) as value) if name in _IN_PLACE:
                yield from _sorted(program, value, name)
            case ast.Assign(targets=[target], value=ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=value)):
                if edit := program.between(target, value, r"=[-+]", ""):
                    operator = program.text[edit.start + 1]
                    yield program.change(node, Edit(edit.start, edit.end, f"{operator}="), 2.0)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()]) if _is_value(program, node):
                yield program.rewrite(node, program.segment(left), 0.5)
            case ast.Call(args=[*_, ast.Compare(left=ast.Name(), ops=[ast.Eq()], comparators=[right]) as last]):
                if edit := program.between(last.left, right, "==", "="):
                    yield program.change(node, edit, 0.3)
            case _:
                pass


def _sorted(program: Program, call: ast.expr, name: str) -> Iterator[Change]:
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    owner = program.segment(call.func.value)
    if name == "sort":
        items = [program.text[program.offset(k.lineno, k.col_offset) : program.span(k.value)[1]] for k in call.keywords]
        yield program.rewrite(call, f"sorted({', '.join([owner, *items])})", 2.0)
    if name == "reverse":
        yield program.rewrite(call, f"{owner}[::-1]", 2.0)


def _is_value(program: Program, node: ast.expr) -> bool:
    match program.parents.get(node):
        case ast.Assign() | ast.AugAssign() | ast.Call() | ast.BinOp():
            return True
        case _:
            return False


def delete(program: Program) -> Iterator[Change]:
    """A statement less; `pass` where the block would be empty; a block without its `if`."""
    stored = Counter(node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    read = {node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for block in all_blocks(program):
        for node in block:
            match node:
                case ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom() | ast.Pass():
                    continue
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.For() | ast.While() | ast.If():
                    weight = 0.3
                case ast.Return() | ast.AugAssign():
                    weight = 0.7
                case ast.Assign(targets=[ast.Name(id=name)]) if stored[name] == 1 and name in read:
                    weight = 0.05  # would leave the name undefined
                case ast.Assign(targets=[ast.Tuple()]):
                    weight = 0.2
                case _:
                    weight = 1.0
            if isinstance(program.parents.get(node), ast.Module | ast.ClassDef) and isinstance(node, ast.Expr):
                weight = 10.0
            yield removal(program, node, weight)


def unguard(program: Program) -> Iterator[Change]:
    """A block without the `if` or loop in front of it; an `else` less."""
    for node in program.code:
        if not isinstance(node, ast.If | ast.For | ast.While) or not all(alone(program, inner) for inner in node.body):
            continue
        keyword = program.text[program.span(node)[0] :][:4]
        if not node.orelse and keyword != "elif":
            header = Edit(program.starts[node.lineno - 1], program.starts[node.body[0].lineno - 1], "")
            edits = (header, *shifted(program, node.body, indentation(program, node)))
            note = f"no `{cut(program.lines[node.lineno - 1])}` in line {node.lineno}"
            yield Change(edits, node.lineno, note, 1.0 if isinstance(node, ast.If) else 0.1)
        elif node.orelse and keyword != "elif" and all(alone(program, inner) for inner in node.orelse):
            yield from _no_else(program, node)


def _no_else(program: Program, node: ast.If | ast.For | ast.While) -> Iterator[Change]:
    """What stands under `else` moved out behind the statement."""
    first = node.orelse[0]
    between = range(node.body[-1].end_lineno or 1, first.lineno - 1)
    line = next((n for n in between if program.lines[n].lstrip().startswith("else")), None)
    if line is not None and len(node.orelse) >= 1:
        header = Edit(program.starts[line], program.starts[first.lineno - 1], "")
        edits = (header, *shifted(program, node.orelse, indentation(program, node)))
        yield Change(edits, line + 1, f"no `else` in line {line + 1}", 0.6)


def removal(program: Program, node: ast.stmt, weight: float) -> Change:
    """The deletion of `node`; `pass` takes its place where its block would be empty."""
    note = f"delete `{cut(program.segment(node))}` in line {node.lineno}"
    last = any(block == [node] for block in blocks(program.parents[node]))
    if last or not alone(program, node):
        return Change((program.replace(node, "pass"),), node.lineno, note, 0.7 * weight)
    return Change((Edit(*line_span(program, node), ""),), node.lineno, note, weight)


def swap(program: Program) -> Iterator[Change]:
    """Two neighbouring statements in the other order, where one touches what the other uses."""
    for block in all_blocks(program):
        names = [_names(program, node) for node in block]
        for (first, used), (second, used_after) in pairwise(zip(block, names, strict=True)):
            movable = not isinstance(first, DEFINITIONS) and not isinstance(second, DEFINITIONS)
            if movable and used & used_after and alone(program, first) and alone(program, second):
                edits = (
                    program.replace(first, program.segment(second)),
                    program.replace(second, program.segment(first)),
                )
                simple = not list(blocks(first)) and not list(blocks(second))
                note = f"swap the statements in lines {first.lineno} and {second.lineno}"
                yield Change(edits, first.lineno, note, 1.0 if simple else 0.5)
                yield from _values_swapped(program, first, second)


def _values_swapped(program: Program, first: ast.stmt, second: ast.stmt) -> Iterator[Change]:
    match first, second:
        case ast.Assign(value=value), ast.Assign(value=other):
            edits = program.replace(value, program.segment(other)), program.replace(other, program.segment(value))
            note = f"swap the values of lines {first.lineno} and {second.lineno}"
            yield Change(edits, first.lineno, note, 0.5)
        case _:
            pass


def _names(program: Program, node: ast.stmt) -> set[str]:
    found = set(_WORD.findall(program.segment(node)))
    # A jump has to do with everything.
    return found | _JUMPS if found & _JUMPS else found


def jump(program: Program) -> Iterator[Change]:
    """`break` to `continue` and back; one of them dropped for `pass`; `if` to `while` or `elif`."""
    for node in program.code:
        match node:
            case ast.Break():
                yield from (program.rewrite(node, text) for text in ("continue", "pass"))
            case ast.Continue():
                yield from (program.rewrite(node, text) for text in ("break", "pass"))
            case ast.Pass():
                yield from (program.rewrite(node, text, 0.3) for text in ("continue", "break"))
            case ast.If() if program.segment(node).startswith("elif"):
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start + 2, ""))
            case ast.If():
                start, _ = program.span(node)
                if not node.orelse:
                    yield program.change(node, Edit(start, start + 2, "while"), 0.6)
                if _follows_if(program, node):
                    yield program.change(node, Edit(start, start, "el"), 1.5)
            case ast.While():
                start, _ = program.span(node)
                yield program.change(node, Edit(start, start + 5, "if"), 0.3)
            case _:
                pass


def _follows_if(program: Program, node: ast.stmt) -> bool:
    block: Block = next((block for block in blocks(program.parents[node]) if node in block), [])
    at = block.index(node) if block else 0
    return at > 0 and isinstance(block[at - 1], ast.If) and alone(program, node)
