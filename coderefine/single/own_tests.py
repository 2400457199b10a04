"""The tests in a Python file: assertions, functions of assertions, doctests and stated examples.

Nothing is executed. A file that does not parse, because it is to be repaired, is read line by line as far as possible.
"""

from __future__ import annotations

import ast
import copy
import doctest
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coderefine.formats.leetcode import stated_examples
from coderefine.outside import parse_python
from coderefine.rendering import count, literal
from coderefine.single.docstrings import Docstring, docstrings
from coderefine.single.doctests import SHOWING, doctests, names_of
from coderefine.single.own_test import MOST_BEFORE, MOST_TESTS, OwnTest, bound_by, calls_of, may_change, parses

_PATTERN = "assert "
_OF_A_PLACE = frozenset({"__file__", "tempfile", "getcwd", "chdir"})
"""Names in files that need folders of their own."""
_STATE = re.compile(r"^[ \t]*global[ \t]|\boptionflags\s*=", re.MULTILINE)
"""In a file that does not parse: signs that it keeps state in global names, or gives options to doctest."""
_WORD = re.compile(r"\w+")
_SPECIAL = re.compile(r"\bdef\s+(__\w+__)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINING = (*_IMPORTS, *_DEFINITIONS, ast.Assign, ast.AnnAssign)


@dataclass(frozen=True, slots=True)
class OwnTests:
    """All tests of a file."""

    tests: tuple[OwnTest, ...] = ()
    docstrings: tuple[Docstring, ...] = ()
    """The docstrings whose examples doctest has to run itself; `tests` then has none of these."""


def own_tests(source: str) -> OwnTests:
    """Return the tests in a file, in the order of the file, doctests first."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return _from_lines(source)
    documented = docstrings(source)
    found = _translated(documented, _printing(tree), _operators(source)) if not _wants_doctest(tree) else None
    own = [*(found or ()), *_stated_in(tree), *_assertions(tree)]
    return OwnTests(tuple(own[:MOST_TESTS]), () if found is not None else tuple(documented))


def imports_in(source: str) -> ast.Module:
    """Return the one-line imports in a file that does not parse."""
    lines = [line for line in source.splitlines() if line.startswith(("import ", "from ")) and parses(line)]
    return parse_python("\n".join(lines))


def _translated(
    documented: Sequence[Docstring], printing: Collection[str], operators: Collection[str]
) -> list[OwnTest] | None:
    """Return the examples of docstrings as assertions; None where one of them needs doctest itself."""
    found: list[OwnTest] = []
    for it in documented:
        tests = doctests(it.text, printing, operators)
        if tests is None or len(found) + len(tests) > MOST_TESTS:
            return None
        found += tests
    return found


def _wants_doctest(tree: ast.Module) -> bool:
    """Whether a file needs a folder of its own, gives options to doctest, or keeps state in global names."""
    is_changed = any(isinstance(node, ast.Global) for node in ast.walk(tree))
    return is_changed or bool(names_of(tree) & _OF_A_PLACE) or bool(options_of(tree))


def options_of(tree: ast.AST) -> list[str]:
    """Return the options that a file gives to doctest, as in `doctest.testmod(optionflags=doctest.ELLIPSIS)`."""
    given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "optionflags"]
    return [name for name in doctest.OPTIONFLAGS_BY_NAME if any(name in names_of(value) for value in given)]


def _stated_in(tree: ast.Module) -> Iterator[OwnTest]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (text := ast.get_docstring(node)) and ">>>" not in text:
            yield from _stated(node, text, tree)


def is_script(source: str) -> bool:
    """Whether running the file does more than define things."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return True  # it crashes
    return any(not isinstance(node, _DEFINING) and not _is_docstring(node) for node in tree.body)


def _from_lines(source: str) -> OwnTests:
    """Return the doctests and the one-line assertions of a file that does not parse."""
    documented = docstrings(source)
    wants_doctest = _STATE.search(source) or _OF_A_PLACE & {*_WORD.findall(source)}
    tests = None if wants_doctest else _translated(documented, (), _operators(source))
    left = () if tests is not None else tuple(documented)
    tests = tests or []
    for line in source.splitlines():
        if line.startswith(_PATTERN) and parses(line):
            tests.append(OwnTest(line.strip(), "assertion"))
    return OwnTests(tuple(tests), left)


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
    """Yield the statements that assert, or call a function that does, each with the statements before it."""
    before: list[str] = []
    bound: set[str] = set()
    for node in body:
        if _is_test_statement(node):
            yield OwnTest("\n".join([*before[-MOST_BEFORE:], ast.unparse(node)]), "assertion")
            if may_change(node, bound):
                before.append(ast.unparse(_without_asserts(node)))
        elif function := _called(node, functions):
            helpers = _asserting(function, functions)
            if any(not _is_test(it) for it in helpers if _asserts(it)):  # else these are read by themselves
                yield OwnTest("\n".join([*map(ast.unparse, helpers), f"{function.name}()"]), "assertion")
        elif not _only_shows(node) and not isinstance(node, (*_IMPORTS, *_DEFINITIONS, ast.If)):
            before.append(ast.unparse(node))
            bound |= bound_by(node)


class _Asserted(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        return ast.Expr(node.test)


def _without_asserts(node: ast.stmt) -> ast.stmt:
    """Return a statement that does the same without its assertions."""
    found = _Asserted().visit(copy.deepcopy(node))
    assert isinstance(found, ast.stmt)
    return found


def _asserting(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> list[ast.FunctionDef]:
    """Return a function and those that it calls without arguments, where they contain assertions."""
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
    """Whether a statement itself asserts."""
    is_guard = isinstance(node, ast.If) and _is_main_guard(node.test)
    return _asserts(node) and not isinstance(node, _DEFINITIONS) and not is_guard


def _asserts(node: ast.AST) -> bool:
    return any(isinstance(it, ast.Assert) for it in ast.walk(node))


def _called(node: ast.stmt, functions: Mapping[str, ast.FunctionDef]) -> ast.FunctionDef | None:
    """Return the function of the file that a statement calls without arguments, also as `sys.exit(main())`."""
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
    """Return the body of a test function as statements; as a call, where it may return early."""
    if any(isinstance(it, ast.Return | ast.Yield | ast.YieldFrom | ast.Global) for it in ast.walk(function)):
        return f"{ast.unparse(function)}\n{function.name}()"
    return "\n".join(ast.unparse(node) for node in function.body if not _is_docstring(node))


def _stated(function: ast.FunctionDef, text: str, tree: ast.Module) -> Iterator[OwnTest]:
    """Yield the examples of a docstring in LeetCode's form: `Input: nums = [2, 7]` and `Output: 9`."""
    names = [argument.arg for argument in function.args.args]
    owner = next((it for it in tree.body if isinstance(it, ast.ClassDef) and function in it.body), None)
    called = f"{owner.name}().{function.name}" if owner else function.name
    for args, answer in stated_examples(names[1:] if owner else names, text):
        yield OwnTest(f"assert {called}({', '.join(map(literal, args))}) == {literal(answer)}", "example")


def _operators(source: str) -> set[str]:
    """Return the special methods that a file defines, whether or not it parses."""
    return set(_SPECIAL.findall(source))


def _printing(tree: ast.Module) -> set[str]:
    """Return the functions and methods that print, or call one that does; and classes whose constructor does."""
    calls: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls[node.name] = calls.get(node.name, set()) | calls_of(node)
        elif isinstance(node, ast.ClassDef):
            made = [it for it in node.body if isinstance(it, ast.FunctionDef) and it.name in ("__init__", "__new__")]
            calls[node.name] = {name for it in made for name in calls_of(it)}
    found = {name for name, called in calls.items() if called & (SHOWING - calls.keys())}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return found


def _is_test(function: ast.FunctionDef) -> bool:
    """Whether pytest would run a function as a test without fixtures."""
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
    """Whether a statement only prints, runs tests, or is a comment in the form of a string."""
    if not isinstance(node, ast.Expr):
        return False
    called = node.value.func if isinstance(node.value, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("print", "testmod", "main", "exit", "quit") or isinstance(node.value, ast.Constant)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def summary(tests: Iterable[OwnTest]) -> str:
    """Return the numbers of tests by origin, such as "2 doctests and 1 assertion"."""
    kinds: dict[str, int] = {}
    for test in tests:
        kinds[test.origin] = kinds.get(test.origin, 0) + 1
    return " and ".join(count(number, origin) for origin, number in kinds.items())
