"""The tests that a file of Python brings along: assertions, functions of assertions, doctests and stated examples.

Nothing is executed, and a file that does not parse is read as far as its lines go: it is what is to be repaired.
"""

from __future__ import annotations

import ast
import copy
import doctest
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coderefine.formats.leetcode import stated_examples
from coderefine.outside import parse_python
from coderefine.rendering import count, literal

_PATTERN = "assert "
_QUOTES = re.compile(r"^[ \t]*(\"{3}|'{3})[ \t]*$", re.MULTILINE)
"""A line that ends a docstring, which else would be a part of what its last example shows."""
MOST_TESTS = 500
_MOST_BEFORE = 50
"""Statements that are repeated before a test."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINING = (*_IMPORTS, *_DEFINITIONS, ast.Assign, ast.AnnAssign)


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A test as code, which calls what the file defines by its name."""

    code: str
    origin: str
    """ "assertion", "doctest" or "example". """


@dataclass(frozen=True, slots=True)
class OwnTests:
    """All tests of a file."""

    tests: tuple[OwnTest, ...] = ()
    left_out: int = 0
    """Doctests that cannot be read: with options, or with `...` for what may be anything."""


def own_tests(source: str) -> OwnTests:
    """Return the tests that a file brings along, in the order in which they stand there, doctests first."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return _from_lines(source)
    printing = _printing(tree)
    found, left_out = [], 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            text := ast.get_docstring(node)
        ):
            tests, unseen = _doctests(text, printing)
            found += tests
            left_out += unseen
            if isinstance(node, ast.FunctionDef) and not tests:
                found += _stated(node, text, tree)
    return OwnTests((*found, *_assertions(tree))[:MOST_TESTS], left_out)


def is_script(source: str) -> bool:
    """Whether running the file does more than define things."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return True  # which crashes
    return any(not isinstance(node, _DEFINING) and not _is_docstring(node) for node in tree.body)


def _from_lines(source: str) -> OwnTests:
    """Return the doctests and the assertions of one line of a file that does not parse."""
    tests, left_out = _doctests(_QUOTES.sub("", source), {})
    for line in source.splitlines():
        if line.startswith(_PATTERN) and _parses(line):
            tests.append(OwnTest(line.strip(), "assertion"))
    return OwnTests(tuple(tests), left_out)


def _assertions(tree: ast.Module) -> Iterator[OwnTest]:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    ends = [place for place, node in enumerate(tree.body) if isinstance(node, _DEFINITIONS)]
    yield from _in_turn(tree.body[ends[-1] + 1 :] if ends else tree.body, functions)
    for place, node in enumerate(tree.body):
        if ends and place < ends[-1] and _is_test_statement(node):
            yield OwnTest(ast.unparse(node), "assertion")
        elif isinstance(node, ast.If) and _is_main_guard(node.test):
            yield from _in_turn(node.body, functions)
        elif isinstance(node, ast.FunctionDef) and _is_test(node):
            yield OwnTest(_body(node), "assertion")


def _in_turn(body: Sequence[ast.stmt], functions: Mapping[str, ast.FunctionDef]) -> Iterator[OwnTest]:
    """The statements that assert, or call a function that does, each with what is done before it."""
    before: list[str] = []
    bound: set[str] = set()
    for node in body:
        if _is_test_statement(node):
            yield OwnTest("\n".join([*before[-_MOST_BEFORE:], ast.unparse(node)]), "assertion")
            if _may_change(node, bound):
                before.append(ast.unparse(_without_asserts(node)))
        elif function := _called(node, functions):
            helpers = _asserting(function, functions)
            if any(not _is_test(it) for it in helpers if _asserts(it)):  # else they are read by themselves
                yield OwnTest("\n".join([*map(ast.unparse, helpers), f"{function.name}()"]), "assertion")
        elif not _only_shows(node) and not isinstance(node, (*_IMPORTS, *_DEFINITIONS, ast.If)):
            before.append(ast.unparse(node))
            bound |= _bound(node)


def _bound(node: ast.AST) -> set[str]:
    """The names that a statement binds."""
    return {it.id for it in ast.walk(node) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}


def _may_change(node: ast.AST, bound: set[str]) -> bool:
    """Whether a test may change what was bound before it: it calls something, and mentions that."""
    found = list(ast.walk(node))
    return any(isinstance(it, ast.Call) for it in found) and any(
        isinstance(it, ast.Name) and it.id in bound for it in found
    )


class _Asserted(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        return ast.Expr(node.test)


def _without_asserts(node: ast.stmt) -> ast.stmt:
    """Return a statement that does the same and asserts nothing."""
    found = _Asserted().visit(copy.deepcopy(node))
    assert isinstance(found, ast.stmt)
    return found


def _asserting(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> list[ast.FunctionDef]:
    """Return a function and those that it calls without arguments, as far as they assert in the end."""
    found: dict[str, ast.FunctionDef] = {}
    todo = [function]
    while todo:
        it = todo.pop()
        if it.name not in found:
            found[it.name] = it
            todo += [
                called for node in ast.walk(it) if isinstance(node, ast.stmt) if (called := _called(node, functions))
            ]
    return list(found.values()) if any(map(_asserts, found.values())) else []


def _is_test_statement(node: ast.stmt) -> bool:
    """Whether it asserts where it stands."""
    is_guard = isinstance(node, ast.If) and _is_main_guard(node.test)
    return _asserts(node) and not isinstance(node, _DEFINITIONS) and not is_guard


def _asserts(node: ast.AST) -> bool:
    return any(isinstance(it, ast.Assert) for it in ast.walk(node))


def _called(node: ast.stmt, functions: Mapping[str, ast.FunctionDef]) -> ast.FunctionDef | None:
    """The function of the file that a statement calls without arguments, or ends with: `sys.exit(main())`."""
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="SystemExit"), args=[call])):
            pass
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="exit") | ast.Name(id="exit" | "quit"), args=[call])):
            pass
        case ast.Expr(value=call):
            pass
        case _:
            return None
    match call:
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return functions.get(name)
    return None


def _body(function: ast.FunctionDef) -> str:
    """Return what a function of tests does, as statements; as a call, where it ends before its last one."""
    if any(isinstance(it, ast.Return | ast.Yield | ast.YieldFrom | ast.Global) for it in ast.walk(function)):
        return f"{ast.unparse(function)}\n{function.name}()"
    return "\n".join(ast.unparse(node) for node in function.body if not _is_docstring(node))


def _doctests(text: str, printing: Mapping[str, bool]) -> tuple[list[OwnTest], int]:
    """Return the examples of a docstring, each with the statements before it, and how many cannot be judged."""
    try:
        examples = doctest.DocTestParser().get_examples(textwrap.dedent(text))
    except ValueError:
        return [], 0
    found: list[OwnTest] = []
    before: list[str] = []
    bound: set[str] = set()
    left_out = 0
    for example in examples:
        code = example.source.strip()
        if not _parses(code):
            left_out += 1
        elif example.exc_msg is not None:
            found.append(OwnTest("\n".join([*before, *_raising(code, example.exc_msg)]), "doctest"))
        elif not example.want:
            before = [*before, code][-_MOST_BEFORE:]
            bound |= _bound(parse_python(code))
        elif check := _checked(code, example, printing):
            found.append(OwnTest("\n".join([*before, check]), "doctest"))
            if _may_change(parse_python(code), bound):
                before = [*before, code][-_MOST_BEFORE:]
        else:
            left_out += 1
    return found, left_out


def _checked(code: str, example: doctest.Example, printing: Mapping[str, bool]) -> str:
    """Return the assertion that an example shows what is wanted; "" where that cannot be read."""
    node, want = _expression(code), example.want.strip()
    if node is None or _calls(parse_python(code)) & printing.keys():
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


def _alone(node: ast.expr) -> str:
    """Return an expression that stays whole beside an operator, without a comment, which would hide what follows."""
    plain = ast.Call, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Attribute, ast.Subscript
    return ast.unparse(node) if isinstance(node, plain) else f"({ast.unparse(node)})"


def _printed(shown: Sequence[str], want: str) -> str:
    if len(shown) == 1:
        return f"assert str({shown[0]}) == {want!r}"
    return f"assert ' '.join(map(str, ({', '.join(shown)}))) == {want!r}" if shown else ""


def _raising(code: str, message: str) -> list[str]:
    name = message.partition(":")[0].strip().rpartition(".")[2]
    return [
        "try:",
        textwrap.indent(code, "    "),
        "except BaseException as raised:",
        f"    assert type(raised).__name__ == {name!r}, raised",
        "else:",
        f"    raise AssertionError({f'expected {name}'!r})",
    ]


def _stated(function: ast.FunctionDef, text: str, tree: ast.Module) -> Iterator[OwnTest]:
    """The examples of a docstring in LeetCode's form: `Input: nums = [2, 7]` and `Output: 9`."""
    names = [argument.arg for argument in function.args.args]
    owner = next((it for it in tree.body if isinstance(it, ast.ClassDef) and function in it.body), None)
    called = f"{owner.name}().{function.name}" if owner else function.name
    for args, answer in stated_examples(names[1:] if owner else names, text):
        yield OwnTest(f"assert {called}({', '.join(map(literal, args))}) == {literal(answer)}", "example")


def _printing(tree: ast.Module) -> dict[str, bool]:
    """Return the functions and methods that print, or call one that does, and whether they return a value."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    calls = {name: _calls(node) for name, node in functions.items()}
    found: set[str] = {name for name, called in calls.items() if called & {"print", "pprint", "write"}}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return {name: any(isinstance(it, ast.Return) and it.value for it in ast.walk(functions[name])) for name in found}


def _calls(tree: ast.AST) -> set[str]:
    """Return the names of what is called, methods among them."""
    functions = (it.func for it in ast.walk(tree) if isinstance(it, ast.Call))
    return {
        it.id if isinstance(it, ast.Name) else it.attr for it in functions if isinstance(it, ast.Name | ast.Attribute)
    }


def _is_test(function: ast.FunctionDef) -> bool:
    """Whether it is a function such as pytest runs, without fixtures."""
    arguments = function.args
    alone = not (arguments.args or arguments.posonlyargs or arguments.kwonlyargs or function.decorator_list)
    asserts = any(isinstance(it, ast.Assert) for it in ast.walk(function))
    return alone and asserts and function.name.startswith("test")


def _is_main_guard(node: ast.expr) -> bool:
    match node:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return True
    return False


def _only_shows(node: ast.stmt) -> bool:
    """Whether it prints, runs tests, or is a comment in the form of a text."""
    if not isinstance(node, ast.Expr):
        return False
    called = node.value.func if isinstance(node.value, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("print", "testmod", "main", "exit", "quit") or isinstance(node.value, ast.Constant)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parses(code: str) -> bool:
    try:
        parse_python(code)
    except SyntaxError:
        return False
    return True


def _expression(code: str) -> ast.expr | None:
    body = parse_python(code).body
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False
    return True


def summary(tests: Iterable[OwnTest]) -> str:
    """Return how many tests of which origin there are, such as "2 doctests and 1 assertion"."""
    kinds: dict[str, int] = {}
    for test in tests:
        kinds[test.origin] = kinds.get(test.origin, 0) + 1
    return " and ".join(count(number, origin) for origin, number in kinds.items())
