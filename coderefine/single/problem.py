"""Makes a problem of a single file, with the tests that are in it, next to it, or given with it."""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coderefine.errors import ProblemError, UsageError
from coderefine.formats.assertions import Assertion, Calls, from_call, from_code
from coderefine.formats.functions import function_problem, parameters
from coderefine.kinds.authors import check_python
from coderefine.kinds.file import FILE
from coderefine.kinds.program import PROGRAM
from coderefine.kinds.script import SCRIPT
from coderefine.outside import parse_python
from coderefine.page.code import is_editors_file
from coderefine.page.reading import NO_STATEMENT, Page, read_program
from coderefine.patch.lines.python import bound_names, parse
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.rendering import count
from coderefine.single import suite
from coderefine.single.docstrings import docstrings
from coderefine.single.doctests import value_shown
from coderefine.single.language import not_python
from coderefine.single.own_test import OwnTest
from coderefine.single.own_tests import OwnTests, imports_in, is_script, own_tests, summary
from coderefine.single.target import calling, defines, not_calling, target_of

_TESTED_ELSEHOW = re.compile(
    r"\bassert\b|\bunittest\b|\binput\(|\b(stdin|argv)\b|"
    r"^[ \t]*(import|from)[ \t]+(argparse|optparse|getopt|click|typer|docopt|fire)\b",
    re.MULTILINE,
)
"""Signs that a script is not right just because it runs."""
_NONE_CALLS = (
    "{path}: none of its {number} calls {target}; leave {target} out to use all of them, or give a "
    "--test such as '{target}(1) == 2'"
)
_BUILTINS = {name for name in dir(builtins) if not name.startswith("__")}
_SCRIPT_LIMITS = Limits(time_s=10.0, memory_mib=512, output_kib=8192)
"""Generous, since its output is not compared, and its speed is not the task."""
RUNS = Compare("checker", checker="def check(args, expected, got):\n    return True\n")
"""Accepts any output."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a user adds to a file."""

    target: str | None = None
    """The function to repair; None takes the one that the tests call most."""
    tests: tuple[str, ...] = ()
    """Tests such as "f([1, 2]) == 3": expressions that must be true, or statements that assert."""
    test_file: Path | None = None
    """A pytest file."""
    runs: tuple[tuple[str, str], ...] = ()
    """Standard inputs of a program, with the expected outputs."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file as a problem."""

    problem: Problem
    told: str
    """A line on where its tests come from."""
    notes: tuple[str, ...] = ()
    """What was not understood."""


def problem_of(path: Path, source: str, given: Given) -> FileProblem:
    """Return the problem of repairing a file; raises UsageError where there is nothing to test it with."""
    if why := not_python(path, source):
        raise UsageError(why)
    if given.target and not defines(source, given.target):
        raise UsageError(f"{path}: it defines no {given.target}{_near(source, given.target)}")
    if given.runs:
        return _program(path, given.runs)
    own = own_tests(source)
    if given.tests:
        tests = [OwnTest(_statement(test), "test") for test in given.tests]
        return _by_own(path, source, replace(own, tests=(*tests, *own.tests)), given.target)
    if test_file := given.test_file or suite.beside(path):
        found = FileProblem(suite.of_file(path, test_file), f"tests: {test_file.name}, run by pytest")
        return _narrowed(found, given.target) if given.target else found
    if own.docstrings or any(test.origin != "example" for test in own.tests) or _needs_pytest(source):
        return _by_own(path, source, own, given.target)
    page, why = _page_in(source, given.target or "", path.name)
    if page:
        problem = replace(page.problem, path=path, slug=suite.slug(path))
        told = f"tests: {count(len(problem.visible), 'example')} in the comments of {path.name}, for {problem.entry}"
        return FileProblem(problem, told, tuple(map(str, page.notes)))
    if own.tests:
        return _function(path, source, list(own.tests), given.target)
    if is_script(source) and not _TESTED_ELSEHOW.search(source) and not _ends_in_raise(source):
        return _runs(path)
    if is_editors_file(source):
        raise UsageError(f"{path}: {NO_STATEMENT}")
    raise UsageError(
        f"{path}: there is nothing to test it by: no doctest, no assertion, no test_{path.stem}.py{why}; "
        "give a --test such as 'f([1, 2]) == 3', or --tests FILE, or --stdin and --stdout for a whole program"
    )


def _page_in(source: str, target: str, name: str) -> tuple[Page | None, str]:
    """Return the page in a file's comments; or None and the reason why it cannot be read."""
    try:
        return read_program(source, target, name), ""
    except UsageError as error:
        return None, f", and {error}"


def _needs_pytest(source: str) -> bool:
    tree = parse(source)
    return tree is not None and suite.needs_pytest(tree)


def _by_own(path: Path, source: str, own: OwnTests, target: str | None) -> FileProblem:
    """Return the problem of a file with tests in it or given with it; they run under pytest where they need it."""
    tree = parse(source) or imports_in(source)
    is_module = path.is_file() and path.stem.isidentifier()
    needs = is_module and (suite.needs_pytest(tree) or suite.needs_its_folder(path, tree, own.tests))
    needs |= not target and any(it.origin == "doctest" for it in own.tests) and not _called(source, own.tests)
    if not needs and not own.docstrings:
        return _function(path, source, own.tests, target)
    rest = own_tests(ast.unparse(suite.without_tests(tree))).tests
    kept = [test for test in own.tests if test.origin == "test" or (test in rest and test.origin != "doctest")]
    documented = docstrings(source)
    told = f"tests: those in {path.name}, run by {'pytest' if kept or suite.needs_pytest(tree) else 'doctest'}"
    if kept and documented:
        told += " and doctest"
    found = FileProblem(suite.of_own_tests(path, tree, kept, documented), told)
    return _narrowed(found, target) if target else found


def _narrowed(found: FileProblem, target: str) -> FileProblem:
    """Return the problem with only the tests that use the target; raises UsageError where none does."""
    problem = found.problem
    (file,) = problem.visible
    others, count_ = not_calling(file.code, target)
    if not count_:
        raise UsageError(_NONE_CALLS.format(path=problem.path, number=count(len(others), "test"), target=target))
    deselected = tuple(f"{file.name}::{name}" for name in others)
    narrowed = replace(problem, suite=replace(problem.suite, deselected=deselected))
    return FileProblem(narrowed, f"{found.told}, for {target}{_left_out(len(others), 'test', target)}")


def _left_out(number: int, noun: str, target: str) -> str:
    verb = "does" if number == 1 else "do"
    return f"; {count(number, noun)} that {verb} not call {target} left out" if number else ""


def _near(source: str, target: str) -> str:
    """Return in words which name may have been meant by one that a file does not define."""
    defined = re.findall(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", source, re.MULTILINE)
    near = difflib.get_close_matches(target.rpartition(".")[2], dict.fromkeys(defined), n=2, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _called(source: str, tests: Sequence[OwnTest]) -> str:
    return target_of(source, [test.code for test in tests])


def _function(path: Path, source: str, tests: Sequence[OwnTest], target: str | None) -> FileProblem:
    entry = target or _called(source, tests)
    if not entry:
        raise UsageError(f"{path}: its tests call nothing that it defines; name a function after the file")
    all_tests, tests = tests, calling(tests, target) if target else tests
    if not tests:
        number = count(len(all_tests), "test")
        raise UsageError(_NONE_CALLS.format(path=path, number=number, target=target))
    owner, _, name = entry.rpartition(".")
    calls = Calls(f"{owner}().{name}" if owner else name, parameters(source, entry))
    are_shown = all(test.origin == "doctest" for test in tests)
    read = _shown if are_shown else from_code
    assertions = {test.code: read(calls, test.code) for test in tests}
    problem = function_problem(
        slug=suite.slug(path),
        title=path.name,
        statement=_statement_of(source, entry),
        entry=entry,
        program="",  # its classes would make it another kind
        visible=list(assertions.values()),
        compare=Compare("shown" if are_shown else "python"),
    )
    told = f"tests: {summary(tests)} of {path.name}, for {entry}"
    told += _left_out(len(all_tests) - len(tests), "test", entry)
    return FileProblem(replace(problem, kind=FILE, path=path, redefined=_redefined(source)), told)


def _shown(calls: Calls, code: str) -> Assertion:
    """Return the test of a doctest, which compares the output of an expression."""
    pair = value_shown(code)
    return from_call(calls, *pair) if pair else from_code(calls, code)


def _redefined(source: str) -> tuple[str, ...]:
    """Return the builtins that a file redefines, so that its tests use its own."""
    tree = parse(source)
    return tuple(sorted(bound_names(tree) & _BUILTINS)) if tree else ()


def _program(path: Path, runs: Sequence[tuple[str, str]]) -> FileProblem:
    cases = tuple(TestCase(f"run {number}", (given,), shown) for number, (given, shown) in enumerate(runs, 1))
    problem = Problem(
        suite.slug(path), path.name, "The program has to print what is shown.", PROGRAM, "", cases,
        compare=Compare("tokens"), path=path,
    )  # fmt: skip
    return FileProblem(problem, f"tests: {count(len(runs), 'run')} of the program")


def _runs(path: Path) -> FileProblem:
    problem = Problem(
        suite.slug(path), path.name, "The program has to run to its end.", SCRIPT, "",
        (TestCase("it runs", ("",), ""),),
        limits=_SCRIPT_LIMITS, compare=RUNS, path=path,
    )  # fmt: skip
    told = f"tests: none are to be found, so {path.name} is repaired until it runs"
    return FileProblem(problem, f"{told}; --test CODE, or --stdin and --stdout, say what else it is to do")


def _ends_in_raise(source: str) -> bool:
    """Whether a script raises unconditionally, on purpose."""
    tree = parse(source)
    bodies = [] if tree is None else [tree.body, *(it.body for it in tree.body if isinstance(it, ast.If))]
    return any(isinstance(node, ast.Raise) and not _is_exit(node) for body in bodies for node in body)


def _is_exit(node: ast.Raise) -> bool:
    return node.exc is not None and "SystemExit" in ast.unparse(node.exc)


def _statement(test: str) -> str:
    """Return a test as statements that assert; an expression must be true. Raises UsageError."""
    try:
        body = check_python(Path("--test"), test).body
    except ProblemError as error:
        raise UsageError(f"--test {test!r}: expected Python such as 'f([1, 2]) == 3': {error.expected}") from None
    if body and all(isinstance(node, ast.Expr) and not isinstance(node.value, ast.Tuple) for node in body):
        test = "\n".join(f"assert ({ast.unparse(node)})" for node in body)
    try:
        tree = check_python(Path("--test"), test)
    except ProblemError as error:  # such as `yield`, which is an expression
        raise UsageError(f"--test {test!r}: {error.expected}") from None
    if not any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(tree)):
        raise UsageError(f"--test {test!r}: it asserts nothing; write an expression such as 'f([1, 2]) == 3'")
    return test


def _statement_of(source: str, entry: str) -> str:
    """Return the docstring of the entry as the statement; without one, a sentence on what has to pass."""
    try:
        nodes = ast.walk(parse_python(source))
    except SyntaxError:
        nodes = iter(())
    name = entry.rpartition(".")[2]
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.name == name and (text := ast.get_docstring(node)):
            return text
    return f"`{name}` has to pass its tests."
