"""Doctests as assertions: what an example shows is compared, after the statements before it. Nothing is executed."""

from __future__ import annotations

import ast
import doctest
import textwrap
from collections.abc import Mapping, Sequence

from coderefine.outside import parse_python
from coderefine.rendering import EXAMPLE
from coderefine.single.own_test import MOST_BEFORE, MOST_TESTS, OwnTest, bound_by, calls_of, may_change, parses


def doctests(text: str, printing: Mapping[str, bool]) -> tuple[list[OwnTest], int]:
    """Return the examples of a docstring, each with the statements before it, and how many cannot be judged."""
    try:
        examples = doctest.DocTestParser().get_examples(textwrap.dedent(text))
    except ValueError:
        return [], 0
    found: list[OwnTest] = []
    before: list[str] = []
    bound: set[str] = set()
    left_out = 0
    is_pending = False  # what shows nothing has to run all the same
    for example in examples:
        if len(found) >= MOST_TESTS:
            break
        code = example.source.strip()
        if not parses(code):
            left_out += 1
        elif example.exc_msg is not None:
            found.append(_test(code, before, _raising(code, example.exc_msg)))
        elif not example.want:
            if silent := _silent(code):
                found.append(OwnTest("\n".join([*before, silent]), "doctest"))
            before = [*before, code][-MOST_BEFORE:]
            bound |= bound_by(parse_python(code))
            is_pending = not silent and bool(calls_of(parse_python(code)))
            continue
        elif check := _checked(code, example, printing):
            found.append(_test(code, before, check))
            if may_change(parse_python(code), bound):
                before = [*before, code][-MOST_BEFORE:]
        else:
            left_out += 1
        is_pending = False
    if is_pending:
        found.append(OwnTest("\n".join(before), "doctest"))
    return found, left_out


def _silent(code: str) -> str:
    """Return the assertion that a call which shows nothing has no value; "" for any other statement."""
    node = _expression(code)
    return f"assert {_alone(node)} is None" if isinstance(node, ast.Call) else ""


def _checked(code: str, example: doctest.Example, printing: Mapping[str, bool]) -> str:
    """Return the assertion that an example shows what is wanted; "" where that cannot be read."""
    node, want = _expression(code), example.want.strip()
    if node is None or calls_of(parse_python(code)) & printing.keys():
        return _shown(code, node, example, printing)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
        if node.keywords or "\n" in want:
            return _shown(code, node, example, printing)
        return _printed([ast.unparse(argument) for argument in node.args], want)
    if _is_literal(want):
        wanted = _expression(want)
        return f"assert {_alone(node)} == {_alone(wanted)}" if wanted else ""
    if "\n" in want:
        return _shown(code, node, example, printing)
    return f"assert repr({_alone(node)}) == {want!r}" if "..." not in want else ""


def _shown(code: str, node: ast.expr | None, example: doctest.Example, printing: Mapping[str, bool]) -> str:
    """Return the assertion that all that is printed, and the value of an expression, is as doctest has it."""
    if example.options or "..." in example.want or '"""' in code or "'''" in code:
        return ""
    want = example.want.replace("<BLANKLINE>", "")
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    has_value = node is not None and printing.get(name, name != "print")
    lines = ["with contextlib.redirect_stdout(io.StringIO()) as shown:"]
    if not has_value:
        lines += [textwrap.indent(code, "    "), f"assert shown.getvalue() == {want!r}"]
    elif node:
        lines += [f"    answer = {_alone(node)}", f"assert shown.getvalue() + repr(answer) + '\\n' == {want!r}"]
    return "\n".join(["import contextlib, io", *lines])


def _test(code: str, before: Sequence[str], check: str) -> OwnTest:
    """Return the test of an example; one that does not read as the example is headed by it."""
    title = [] if check.startswith("assert ") else [EXAMPLE + line for line in "\n".join([*before, code]).split("\n")]
    return OwnTest("\n".join([*title, *before, check]), "doctest")


def _alone(node: ast.expr) -> str:
    """Return an expression that stays whole beside an operator, without a comment, which would hide what follows."""
    plain = ast.Call, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Attribute, ast.Subscript
    return ast.unparse(node) if isinstance(node, plain) else f"({ast.unparse(node)})"


def _printed(shown: Sequence[str], want: str) -> str:
    if len(shown) == 1:
        return f"assert str({shown[0]}) == {want!r}"
    return f"assert ' '.join(map(str, ({', '.join(shown)}))) == {want!r}" if shown else ""


def _raising(code: str, message: str) -> str:
    name = message.partition(":")[0].strip().rpartition(".")[2]
    lines = [
        "try:",
        textwrap.indent(code, "    "),
        "except BaseException as raised:",
        f"    assert type(raised).__name__ == {name!r}, {f'expected {name}, got '!r} + type(raised).__name__",
        "else:",
        f"    raise AssertionError({f'expected {name}'!r})",
    ]
    return "\n".join(lines)


def _expression(code: str) -> ast.expr | None:
    body = parse_python(code).body
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False
    return True
