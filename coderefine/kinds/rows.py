"""Reads files of tests, which are lists of JSON objects; an error becomes a ProblemError with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from coderefine.errors import ProblemError, UnreadableError
from coderefine.kinds.authors import check_python
from coderefine.outside import read_json
from coderefine.problem.folder import Folder
from coderefine.problem.problem import TestCase, TestPart

_OPTIONAL = ("name", "part")


@dataclass(frozen=True, slots=True)
class Row:
    """One of the objects in the file."""

    file: Path
    number: int
    """From 1."""
    data: Any

    @property
    def name(self) -> str:
        """The test's name; raises ProblemError where it is not text."""
        name = self.data.get("name", f"test {self.number}")
        if not isinstance(name, str):
            raise self.fail("expected text", "name")
        return name

    @property
    def part(self) -> TestPart:
        """The part of the test set that the test belongs to; raises ProblemError for an unknown one."""
        part = self.data.get("part", "")
        if part not in get_args(TestPart):
            raise self.fail('expected "example" or "plus"', "part")
        found: TestPart = part
        return found

    def has(self, *fields: str) -> bool:
        """Whether the object has these fields, optionally a name and a part, and no others."""
        return isinstance(self.data, dict) and {*fields} <= self.data.keys() <= {*fields, *_OPTIONAL}

    @property
    def is_text(self) -> bool:
        """Whether all its values are texts."""
        return all(isinstance(value, str) for value in self.data.values())

    def fail(self, expected: str, field: str = "") -> ProblemError:
        """Return the error for the content of a row."""
        where = f"test {self.number}"
        return ProblemError(self.file, f"{where}, {field}" if field else where, expected)


def read_tests(folder: Folder, name: str, read: Callable[[Row], TestCase], *, required: bool) -> tuple[TestCase, ...]:
    """Return the tests of a file, each made from a row by `read`; () for a missing file that is not `required`."""
    if not required and not folder.has(name):
        return ()
    file = folder.path / name
    try:
        data = read_json(folder.text(name))
    except UnreadableError as error:
        raise ProblemError(file, "", f"expected JSON: {error}") from None
    if not isinstance(data, list) or (required and not data):
        raise ProblemError(file, "", "expected a list of at least one test")
    return tuple(read(Row(file, number, row)) for number, row in enumerate(data, 1))


def code_test(row: Row) -> TestCase:
    """Return a test that is code."""
    if not row.has("code") or not row.is_text:
        raise row.fail("expected an object with code and perhaps name, both text")
    check_python(row.file, row.data["code"], f"test {row.number}, code")
    return TestCase(row.name, code=row.data["code"], part=row.part)
