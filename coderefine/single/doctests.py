"""Turns doctests into assertions, where they are an expression with its expected value.

What an assertion cannot express is left to doctest itself (`doctest_suite.py`): printed output, options, and anything
that differs in another process. Nothing is executed.
"""

from __future__ import annotations

import ast
import doctest
import textwrap
from collections.abc import Collection, Sequence
from typing import Any

from coderefine.outside import parse_python
from coderefine.rendering import EXAMPLE
from coderefine.single.own_test import MOST_BEFORE, MOST_TESTS, OwnTest, bound_by, calls_of, may_change, parses

SHOWING = frozenset({"print", "pprint", "pp", "write", "writelines", "help", "system"})
"""Functions that print."""
_RUNNING = frozenset({"exec", "eval", "main", "testmod", "run"})
"""Functions that run something that may print."""
_UNSAID = frozenset({
    "_", "__file__", "__name__", "__main__", "open", "tempfile", "gettempdir", "Path",
    "globals", "locals", "vars", "random", "seed", "os", "sys", "environ",
    "warnings", "logging", "locale", "gc", "weakref", "getcontext", "setcontext", "isinstance",
    "issubclass", "type", "id", "dir", "copy", "deepcopy", "pickle", "loads",
    "dumps", "timeit",
})  # fmt: skip
"""Names whose meaning differs where an assertion runs, in another process than the program."""
_OTHERWISE_SHOWN = "SyntaxError", "IndentationError", "TabError", "ExceptionGroup"
"""Errors whose text is not the end of their traceback."""


def doctests(text: str, printing: Collection[str], operators: Collection[str] = ()) -> list[OwnTest] | None:
    """Return the examples of a docstring, each with the statements before it; None where they need doctest itself.

    `printing` are the functions and methods of the file that print, `operators` the special methods that it defines.
    """
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return None
    found: list[OwnTest] = []
    before: list[str] = []
    bound: set[str] = set()
    is_pending = False  # a statement without output has to run all the same
    for example in examples:
        code = example.source.strip()
        if not parses(code) or example.options or len(found) >= MOST_TESTS or len(before) > MOST_BEFORE:
            return None
        tree = parse_python(code)
        prints = calls_of(tree) & {*printing, *SHOWING, *_RUNNING}
        if names_of(tree) & _UNSAID or (prints and not _is_print(code, printing)) or _asks_back(tree, operators):
            return None
        if example.exc_msg is not None:
            if example.exc_msg.startswith(_OTHERWISE_SHOWN):
                return None
            found.append(_test(code, before, _raising(code, example.exc_msg)))
        elif not example.want:
            if prints:
                return None
            if silent := _silent(code):
                found.append(OwnTest("\n".join([*before, silent]), "doctest"))
            before.append(code)
            bound |= bound_by(tree)
            is_pending = not silent and (is_pending or _may_fail(tree))
            continue
        elif check := _checked(code, example.want):
            found.append(_test(code, before, check))
            if may_change(tree, bound):
                before.append(code)
        else:
            return None
        is_pending = False
    if is_pending:
        found.append(OwnTest("\n".join(before), "doctest"))
    return found


def _may_fail(tree: ast.AST) -> bool:
    """Whether a statement without output does more than name what is there."""
    plain = ast.Module, ast.Assign, ast.Import, ast.ImportFrom, ast.Constant, ast.Name, ast.List, ast.Tuple, ast.Dict
    return any(not isinstance(node, (*plain, ast.expr_context, ast.alias)) for node in ast.walk(tree))


def _asks_back(tree: ast.AST, operators: Collection[str]) -> bool:
    """Whether an operator of a value in the example may call an object of the program, as in `{1} & found`."""
    reflected = {name for name in operators if name.startswith("__r") and name not in ("__repr__", "__reversed__")}
    for node in ast.walk(tree):
        match node:
            case ast.BinOp() | ast.AugAssign() if reflected:
                return True
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]) if "__eq__" in operators:
                if not (_is_literal(left) or _is_literal(right)):
                    return True
            case _:
                pass
    return False


def _is_literal(node: ast.expr) -> bool:
    return _literal(ast.unparse(node)) is not None


def names_of(tree: ast.AST) -> set[str]:
    """Return the names, attributes and imports in a piece of code."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


def value_shown(test: str) -> tuple[str, str] | None:
    """Return the expression and the literal of a test that compares an expression's output; None for any other test."""
    match _only(test):
        case ast.Assert(
            test=ast.Compare(
                left=ast.Call(func=ast.Name(id="repr"), args=[shown]),
                ops=[ast.Eq()],
                comparators=[ast.Constant(value=str(want))],
            )
        ) if _literal(want):
            return ast.unparse(shown), want
    return None


def _silent(code: str) -> str:
    """Return the assertion that an expression without output is None; "" for any other statement."""
    node = _expression(code)
    return f"assert {_alone(node)} is None" if node is not None else ""


def _is_print(code: str, printing: Collection[str]) -> bool:
    """Whether a statement is a call of `print`, with nothing else in it that prints."""
    node = _expression(code)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "print":
        return False
    inner = {name for it in [*node.args, *node.keywords] for name in calls_of(it)}
    return bool(node.args) and not node.keywords and not inner & {*printing, *SHOWING, *_RUNNING}


def _checked(code: str, wanted: str) -> str:
    """Return the assertion that an example has the wanted output; "" where the output cannot be read."""
    node, want = _expression(code), wanted.removesuffix("\n")
    if node is None or "\n" in want or "<BLANKLINE>" in want:
        return ""
    if _is_print(code, ()):
        assert isinstance(node, ast.Call)
        return _printed([ast.unparse(argument) for argument in node.args], want)
    literal = _literal(want)
    if literal and _is_told_by_equality(literal[0]):
        return f"assert {_alone(node)} == {want.strip()}"
    return f"assert repr({_alone(node)}) == {want!r}"


def _literal(text: str) -> tuple[Any] | None:
    """Return the value of a literal that Python shows in this form; None for any other text."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return (value,) if repr(value) == text or _has_set(value) else None


def _has_set(value: Any) -> bool:
    if isinstance(value, set | frozenset):
        return True
    if isinstance(value, dict):
        return any(map(_has_set, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_set, value))


def _is_told_by_equality(value: Any) -> bool:
    """Whether everything equal to a value has the same output: it contains no numbers, and no order that does not
    count.

    A set may be shown in any order.
    """
    if _has_set(value):
        return True
    if isinstance(value, list | tuple):
        return all(map(_is_told_by_equality, value))
    return value is None or isinstance(value, str | bytes)


def _test(code: str, before: Sequence[str], check: str) -> OwnTest:
    """Return the test of an example; where the test's code differs from the example, the example heads it."""
    title = [] if check.startswith("assert ") else [EXAMPLE + line for line in "\n".join([*before, code]).split("\n")]
    return OwnTest("\n".join([*title, *before, check]), "doctest")


def _alone(node: ast.expr) -> str:
    """Return an expression that can be an operand, without a comment, which would hide what follows."""
    plain = ast.Call, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Attribute, ast.Subscript
    return ast.unparse(node) if isinstance(node, plain) else f"({ast.unparse(node)})"


def _printed(shown: Sequence[str], want: str) -> str:
    if len(shown) == 1:
        return f"assert str({shown[0]}) == {want!r}"
    return f"assert ' '.join(map(str, ({', '.join(shown)}))) == {want!r}"


def _raising(code: str, message: str) -> str:
    """Return the test that an error is raised, with its message, from any module."""
    name, _, said = message.rstrip("\n").partition(":")
    name = name.strip().rpartition(".")[2]
    lines = [
        "try:",
        textwrap.indent(code, "    "),
        "except BaseException as raised:",
        f"    assert type(raised).__name__ == {name!r}, {f'expected {name}, got '!r} + type(raised).__name__",
        f"    assert str(raised) == {said.removeprefix(' ')!r}",
        "else:",
        f"    raise AssertionError({f'expected {name}'!r})",
    ]
    return "\n".join(lines)


def _expression(code: str) -> ast.expr | None:
    body = parse_python(code).body
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _only(code: str) -> ast.stmt | None:
    body = parse_python(code).body
    return body[0] if len(body) == 1 else None
