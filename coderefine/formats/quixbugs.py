"""The layout of QuixBugs: python_programs/, correct_python_programs/, json_testcases/ and python_testcases/.

A program with cases in JSON becomes a function problem. A program whose test file needs more of pytest than an
assertion on `input_data` and `expected` becomes a pytest problem with that file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.folder.loading import read_source
from coderefine.formats.assertions import Assertion
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem, split
from coderefine.formats.literals import NotLiteral, parsed, source
from coderefine.formats.record import Fault, Record, RowError, slug_of
from coderefine.formats.rows import MAX_ITEMS
from coderefine.kinds.pytest import PYTEST
from coderefine.outside import read_json
from coderefine.problem import declared
from coderefine.problem.folder import Folder
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite
from coderefine.rendering import literal as text_of

PROGRAMS = "python_programs"
MAX_CASES_BYTES = 16 << 20
SUITE_LIMITS = Limits(time_s=10.0)
_PRINTS = "its test prints and asserts nothing; newer versions of the set have one that asserts"
_HELPERS = ("node.py", "load_testdata.py")


LAYOUT = f"quixbugs: {PROGRAMS}/ with json_testcases/ or python_testcases/"


def fits(path: Path) -> bool:
    """Whether a folder has this layout."""
    return (path / PROGRAMS).is_dir() and ((path / "json_testcases").is_dir() or (path / "python_testcases").is_dir())


def count(path: Path) -> int:
    """Return how many programs there are."""
    return len(list((path / PROGRAMS).glob("*.py")))


def records(folder: Folder) -> Iterator[Record | Fault]:
    """Yield the programs in the order of their names, or the reason why one cannot be read."""
    path = folder.path
    for file in sorted((path / PROGRAMS).glob("*.py")):
        if file.stem.startswith("_") or not (cases := _cases_file(path, file.stem)):
            if file.with_name(f"{file.stem}_test.py").is_file():
                yield Fault(str(file), 0, _PRINTS)
            continue  # a helper of other programs
        try:
            yield _record(folder, file, cases)
        except UsageError as error:
            yield Fault(str(file), 0, str(error))


def _cases_file(path: Path, name: str) -> Path | None:
    files = path / "json_testcases" / f"{name}.json", path / "python_testcases" / f"test_{name}.py"
    return next((file for file in files if file.is_file()), None)


def _record(folder: Folder, file: Path, cases: Path) -> Record:
    path, name = folder.path, file.stem
    correct = path / "correct_python_programs" / file.name
    suite = path / "python_testcases" / f"test_{name}.py"
    for read in (file, cases, correct, suite, *_beside(path, name).values()):
        folder.inside(read.relative_to(path))
    buggy = read_source(file)
    test = _assertion(name, read_source(suite)) if suite.is_file() else f"assert {name}(*input_data) == expected"
    if cases.suffix == ".json" and test:
        tests = list(_tests(cases, name, test))
        visible, hidden = split(tests)
        problem = function_problem(
            slug=slug_of(name),
            title=name,
            statement=_description(buggy) or name,
            entry=name,
            program=buggy,
            visible=visible,
            hidden=hidden,
        )
    else:
        problem = _suite(path, name, suite, buggy)
    return Record(name, "", problem, buggy, read_source(correct) if correct.is_file() else "")


def _description(program: str) -> str:
    """Return the text at the end of a program."""
    try:
        body = parsed(program).body
    except NotLiteral:
        return ""
    texts = [it.value.value for it in body if isinstance(it, ast.Expr) and isinstance(it.value, ast.Constant)]
    return next((text.strip() for text in reversed(texts) if isinstance(text, str)), "")


def _assertion(name: str, suite: str) -> str:
    """Return the assertion by which a test file checks each case; "" where the check needs more than the case."""
    try:
        functions = [it for it in parsed(suite).body if isinstance(it, ast.FunctionDef) and it.name == f"test_{name}"]
        if len(functions) != 1 or not isinstance(functions[0].body[-1], ast.Assert):
            return ""
        used = {node.id for node in ast.walk(functions[0].body[-1]) if isinstance(node, ast.Name)}
        return "" if "pytest" in used or "expected" not in used else source(functions[0].body[-1])
    except NotLiteral:
        return ""


def _tests(file: Path, name: str, assertion: str) -> Iterator[Assertion]:
    """Yield the cases of a file, each line a list of arguments and a result."""
    plain = assertion == f"assert {name}(*input_data) == expected"
    for number, line in enumerate(_read(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            given, expected = read_json(line)
        except (ValueError, TypeError):
            raise RowError(f"{file.name}, line {number}: expected [arguments, result] in JSON") from None
        if number > MAX_ITEMS:
            raise RowError(f"{file.name}: expected at most {MAX_ITEMS:,} cases")
        args = given if isinstance(given, list) else [given]
        code = f"input_data = {text_of(args)}\nexpected = {text_of(expected)}\n{assertion}"
        yield replace(call_of(name, args, expected), code=code) if plain else Assertion(code)


def _suite(path: Path, name: str, suite: Path, buggy: str) -> Problem:
    code = read_source(suite)
    try:
        declared.read(f"tests/{suite.name}", code)
    except SyntaxError as error:
        raise RowError(f"{suite.name}: expected Python: {error}") from None
    beside = sorted(_beside(path, name).items())
    files = tuple(ProjectFile(to, _read(file).encode()) for to, file in beside if file.is_file())
    return Problem(
        slug=slug_of(name),
        title=name,
        statement=_description(buggy) or name,
        kind=PYTEST,
        entry="",
        visible=(TestCase(f"tests/{suite.name}", code=code),),
        limits=SUITE_LIMITS,
        suite=Suite(f"{PROGRAMS}/{name}.py", files),
    )


def _beside(path: Path, name: str) -> dict[str, Path]:
    """Return the files that a suite may read, by the paths at which it finds them."""
    cases = f"json_testcases/{name}.json"
    helpers = {f"tests/{helper}": path / "python_testcases" / helper for helper in _HELPERS}
    return {"conftest.py": path / "conftest.py", cases: path / cases, **helpers}


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_CASES_BYTES + 1)
        if len(data) > MAX_CASES_BYTES:
            raise RowError(f"{file.name} is longer than {MAX_CASES_BYTES >> 20} MiB")
        return data.decode("utf-8")
    except OSError as error:
        raise RowError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RowError(f"{file.name}: expected UTF-8 text") from None
