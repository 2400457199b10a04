"""Reads problems and solutions from disk, and refuses what is malformed with one clear error.

`load_problem` reads the directory format of docs/problems.md and either returns a checked, frozen Problem or raises
a ProblemError that names the file, the field and what was expected. Loading executes nothing from the directory.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from coderefine import resources
from coderefine.errors import ProblemError, UnreadableError, UsageError
from coderefine.folder.files import Folder
from coderefine.folder.suite import SuiteFiles, read_suite
from coderefine.kinds.pytest import PYTEST
from coderefine.kinds.table import KINDS
from coderefine.outside import name_of, read_json, read_toml
from coderefine.problem import typespec
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.suite import Suite
from coderefine.problem.typespec import TypeSpec

MAX_SOURCE_BYTES = 1 << 20
"""The largest solution that is accepted; hundreds of times what people write."""
_MAX_DEEP = 2
"""How often a pattern may go through all folders below: each time, every folder is visited once more for each."""


def find_problem(name: str | Path) -> Path:
    """Return the directory of a problem given as a path, or as the slug of a bundled problem."""
    path = Path(name)
    if path.is_dir():
        return path
    bundled = resources.problems_dir() / str(name)
    if path.name == str(name) and bundled.is_dir():
        return bundled
    if path.exists():
        raise UsageError(f"{path} is a file; a problem is a directory with a problem.toml")
    raise UsageError(f"{path}: no such problem directory, and no bundled problem of that name")


def load_problem(path: str | Path, *, follow_links: bool = False) -> Problem:
    """Load a problem from its directory (or by the slug of a bundled one); raises ProblemError, UsageError.

    Links that lead out of the directory are followed with `follow_links` only.
    """
    directory = find_problem(path)
    folder = Folder(directory, follow_links)
    file = folder.inside("problem.toml")
    if not file.is_file():
        raise ProblemError(directory, "", "expected a problem directory, but it holds no problem.toml")
    fields = _Fields(file, _read_toml(folder, file.name))
    kind: str = fields.choice("kind", tuple(KINDS), "function")
    if kind == "pytest":
        return _load_suite(fields, folder)
    params = fields.params() if kind == "function" else ()
    returns = fields.type("returns", "Any")
    problem = Problem(
        slug=name_of(directory.resolve()),
        title=fields.text("title"),
        statement=folder.text("statement.md"),
        kind=KINDS[kind],
        entry="" if kind == "program" else fields.entry(kind),
        visible=_load_tests(folder, "tests/visible.json", kind, params, returns, required=True),
        hidden=_load_tests(folder, "tests/hidden.json", kind, params, returns, required=False),
        params=params,
        returns=returns,
        answer=fields.answer(params),
        compare=fields.compare(folder, kind),
        limits=fields.limits(),
        starter=folder.optional("starter.py"),
        prelude=folder.optional("prelude.py"),
        difficulty=fields.choice("difficulty", ("easy", "medium", "hard", ""), ""),
        tags=fields.tags(),
        path=directory,
    )
    fields.refuse_unknown()
    return problem


def _load_suite(fields: _Fields, folder: Folder) -> Problem:
    """Load a problem of kind "pytest", whose tests are files."""
    solution = fields.path("solution", "solution.py")
    found: SuiteFiles = read_suite(folder, solution, fields.patterns("files"))
    problem = Problem(
        slug=name_of(folder.path.resolve()),
        title=fields.text("title"),
        statement=folder.text("statement.md"),
        kind=PYTEST,
        entry="",
        visible=found.visible,
        hidden=found.hidden,
        limits=fields.limits(),
        starter=folder.optional("starter.py"),
        suite=Suite(solution, found.files, found.hidden_files),
        difficulty=fields.choice("difficulty", ("easy", "medium", "hard", ""), ""),
        tags=fields.tags(),
        path=folder.path,
    )
    fields.refuse_unknown()
    return problem


def read_source(path: Path) -> str:
    """Read a candidate's source text; raises UsageError where it cannot be one."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    return decode_source(data, str(path))


def decode_source(data: bytes, name: str) -> str:
    """Check and decode a candidate's source; `name` stands for it in messages."""
    if len(data) > MAX_SOURCE_BYTES:
        raise UsageError(f"{name} is too large: a solution may have at most {MAX_SOURCE_BYTES >> 20} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text; a solution is a Python source file") from None
    if "\0" in text:
        raise UsageError(f"{name} is a binary file (it contains NUL bytes); a solution is a Python source file")
    if not text.strip():
        raise UsageError(f"{name} is empty; write a solution, or leave it out to have a model draft one")
    return text


def _read_toml(folder: Folder, name: str) -> dict[str, Any]:
    try:
        return read_toml(folder.text(name).encode())
    except UnreadableError as error:
        raise ProblemError(folder.path / name, "", f"expected TOML: {error}") from None


def _load_tests(
    folder: Folder, name: str, kind: str, params: tuple[Param, ...], returns: TypeSpec, *, required: bool
) -> tuple[TestCase, ...]:
    path = folder.path / name
    if not required and not folder.has(name):
        return ()
    try:
        rows = read_json(folder.text(name))
    except UnreadableError as error:
        raise ProblemError(path, "", f"expected JSON: {error}") from None
    if not isinstance(rows, list) or (required and not rows):
        raise ProblemError(path, "", "expected a list of at least one test")
    return tuple(_load_test(path, i, row, kind, params, returns) for i, row in enumerate(rows))


def _load_test(path: Path, index: int, row: Any, kind: str, params: tuple[Param, ...], returns: TypeSpec) -> TestCase:
    where = f"test {index + 1}"
    if kind == "program":
        return _program_test(path, where, index, row)
    if isinstance(row, dict) and "code" in row:
        return _code_test(path, where, index, row)
    inputs = ("args",) if kind == "function" else ("operations", "arguments")
    wanted = {*inputs, "expected"}
    if not isinstance(row, dict) or not wanted <= row.keys() <= wanted | {"name"}:
        fields = ", ".join((*inputs, "expected"))
        raise ProblemError(path, where, f"expected an object with {fields} and perhaps name")
    name = row.get("name", f"test {index + 1}")
    if not isinstance(name, str):
        raise ProblemError(path, f"{where}, name", "expected text")
    if not all(isinstance(row[field], list) for field in inputs):
        raise ProblemError(path, where, f"expected a list in {' and in '.join(inputs)}")
    try:
        if kind == "class":
            return _class_test(path, where, name, row)
        if len(row["args"]) != len(params):
            names = ", ".join(param.name for param in params)
            raise ProblemError(path, f"{where}, args", f"expected {len(params)} arguments ({names})")
        args = tuple(
            typespec.from_json(param.type, value, param.name) for param, value in zip(params, row["args"], strict=True)
        )
        return TestCase(name, args, typespec.from_json(returns, row["expected"], "expected"))
    except typespec.TypeSpecError as error:
        raise ProblemError(path, where, str(error)) from None


def _code_test(path: Path, where: str, index: int, row: dict[str, Any]) -> TestCase:
    if not row.keys() <= {"code", "name"} or not all(isinstance(value, str) for value in row.values()):
        raise ProblemError(path, where, "expected an object with code and perhaps name, both text")
    return TestCase(row.get("name", f"test {index + 1}"), code=row["code"])


def _program_test(path: Path, where: str, index: int, row: Any) -> TestCase:
    known = isinstance(row, dict) and {"stdin", "expected"} <= row.keys() <= {"stdin", "expected", "name"}
    if not known or not all(isinstance(value, str) for value in row.values()):
        raise ProblemError(path, where, "expected an object with stdin, expected and perhaps name, all text")
    return TestCase(row.get("name", f"test {index + 1}"), (row["stdin"],), row["expected"])


def _class_test(path: Path, where: str, name: str, row: dict[str, Any]) -> TestCase:
    operations, arguments, expected = row["operations"], row["arguments"], row["expected"]
    if not operations or not all(isinstance(operation, str) for operation in operations):
        raise ProblemError(path, f"{where}, operations", "expected the class's name, then names of methods")
    if not all(isinstance(argument, list) for argument in arguments):
        raise ProblemError(path, f"{where}, arguments", "expected a list of arguments for each operation")
    if not isinstance(expected, list) or not len(operations) == len(arguments) == len(expected):
        raise ProblemError(path, where, "expected operations, arguments and expected to be lists of one length")
    return TestCase(name, (operations, arguments), expected)


def _inside(path: str) -> bool:
    """Whether a path as it stands in problem.toml is relative and leads to no other folder."""
    return bool(path) and "\\" not in path and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))


class _Fields:
    """Typed access to problem.toml, with one clear error for whatever is wrong."""

    def __init__(self, file: Path, data: dict[str, Any]) -> None:
        self.file, self.data = file, dict(data)

    def fail(self, field: str, expected: str) -> ProblemError:
        return ProblemError(self.file, field, expected)

    def text(self, field: str) -> str:
        value = self.data.pop(field, None)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(field, "expected text")
        return value

    def path(self, field: str, default: str) -> str:
        """The relative path of a Python file."""
        value = self.data.pop(field, default)
        if not isinstance(value, str) or not value.endswith(".py") or not _inside(value):
            raise self.fail(field, f"expected the relative path of a Python file, such as shop/cart.py, not {value!r}")
        if value.split("/")[0] in ("tests", "submissions"):
            raise self.fail(field, "expected a path that is not in tests/ or submissions/")
        return value

    def patterns(self, field: str) -> tuple[str, ...]:
        """A list of relative paths with wildcards."""
        value = self.data.pop(field, [])
        if not isinstance(value, list) or not all(isinstance(it, str) and _inside(it) for it in value):
            raise self.fail(field, 'expected a list of relative paths, such as ["shop/*.py"]')
        if any(pattern.split("/").count("**") > _MAX_DEEP for pattern in value):
            raise self.fail(field, f"expected ** at most {_MAX_DEEP} times in a pattern")
        return tuple(value)

    def choice(self, field: str, options: tuple[str, ...], default: str) -> Any:
        value = self.data.pop(field, default)
        if value not in options:
            raise self.fail(field, f"expected one of {', '.join(filter(None, options))}, not {value!r}")
        return value

    def type(self, field: str, default: str) -> TypeSpec:
        value = self.data.pop(field, default)
        if not isinstance(value, str):
            raise self.fail(field, 'expected a type in quotes, such as "list[int]"')
        try:
            return typespec.parse(value)
        except typespec.TypeSpecError as error:
            raise self.fail(field, str(error)) from None

    def params(self) -> tuple[Param, ...]:
        value = self.data.pop("params", None)
        if not isinstance(value, dict):
            raise self.fail("params", 'expected a table of types, such as { nums = "list[int]" }')
        self.data.update({f"params.{name}": type_ for name, type_ in value.items()})
        return tuple(Param(name, self.type(f"params.{name}", "")) for name in value)

    def entry(self, kind: str) -> str:
        value = self.text("entry")
        names = value.split(".")
        if not all(name.isidentifier() for name in names) or len(names) > (2 if kind == "function" else 1):
            example = "Solution.two_sum or two_sum" if kind == "function" else "LRUCache"
            raise self.fail("entry", f"expected a name such as {example}, not {value!r}")
        return value

    def answer(self, params: tuple[Param, ...]) -> str:
        value = self.data.pop("answer", "return")
        names = [param.name for param in params]
        if value not in ["return", *names, *(f"{name}[:return]" for name in names)]:
            raise self.fail("answer", f'expected "return", a parameter, or "name[:return]", not {value!r}')
        return str(value)

    def compare(self, folder: Folder, kind: str) -> Compare:
        value = self.data.pop("compare", "tokens" if kind == "program" else "exact")
        if not isinstance(value, str):
            raise self.fail("compare", "expected text")
        try:
            compare = Compare.parse(value)
        except ValueError as error:
            raise self.fail("compare", str(error)) from None
        if compare.mode == ("unordered" if kind == "program" else "tokens"):
            raise self.fail("compare", f"{value!r} is not for kind {kind!r}")
        if compare.mode != "checker":
            return compare
        return replace(compare, checker=folder.text(value))

    def limits(self) -> Limits:
        defaults = Limits()
        time_s = self.data.pop("time_limit_s", defaults.time_s)
        memory_mib = self.data.pop("memory_mib", defaults.memory_mib)
        if type(time_s) not in (int, float) or not 0.01 <= time_s <= 60:
            raise self.fail("time_limit_s", f"expected seconds from 0.01 to 60, not {time_s!r}")
        if type(memory_mib) is not int or not 16 <= memory_mib <= 4096:
            raise self.fail("memory_mib", f"expected a whole number from 16 to 4096, not {memory_mib!r}")
        return Limits(time_s=float(time_s), memory_mib=memory_mib)

    def tags(self) -> tuple[str, ...]:
        value = self.data.pop("tags", [])
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise self.fail("tags", "expected a list of texts")
        return tuple(value)

    def refuse_unknown(self) -> None:
        if self.data:
            raise self.fail(next(iter(self.data)), "no such field; docs/problems.md lists them")
