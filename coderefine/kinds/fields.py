"""Reads problem.toml field by field, and the texts next to it; an error becomes a ProblemError with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

from coderefine.errors import ProblemError, UnreadableError
from coderefine.kinds.authors import check_checker
from coderefine.outside import name_of, read_toml
from coderefine.problem import typespec
from coderefine.problem.compare import Compare
from coderefine.problem.folder import Folder
from coderefine.problem.problem import MEMORY_MIB, OUTPUT_KIB, TIME_S, Limits, Param
from coderefine.problem.typespec import TypeSpec

FILE = "problem.toml"
_MAX_DEEP = 2
"""How often a pattern may descend into all folders: each time multiplies the number of folders that are visited."""


class Fields:
    """Typed access to the fields; each is taken once, so that unknown ones are left over."""

    def __init__(self, folder: Folder, data: dict[str, Any]) -> None:
        self.folder, self.data = folder, dict(data)

    @classmethod
    def read(cls, folder: Folder) -> Self:
        """Read the problem.toml of a folder; raises ProblemError."""
        if not folder.inside(FILE).is_file():
            raise ProblemError(folder.path, "", "expected a problem directory, but it holds no problem.toml")
        try:
            return cls(folder, read_toml(folder.text(FILE).encode()))
        except UnreadableError as error:
            raise ProblemError(folder.path / FILE, "", f"expected TOML: {error}") from None

    def fail(self, field: str, expected: str) -> ProblemError:
        """Return the error for the content of a field."""
        return ProblemError(self.folder.path / FILE, field, expected)

    def common(self) -> dict[str, Any]:
        """Return the fields that are read in the same way for each kind of problem, as fields of Problem."""
        return {
            "slug": name_of(self.folder.path.resolve()),
            "title": self.text("title"),
            "statement": self.folder.optional("statement.md"),
            "limits": self.limits(),
            "starter": self.folder.optional("starter.py"),
            "difficulty": self.choice("difficulty", ("easy", "medium", "hard", ""), ""),
            "tags": self.tags(),
            "path": self.folder.path,
        }

    def text(self, field: str) -> str:
        """Return a required text."""
        value = self.data.pop(field, None)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(field, "expected text")
        return value

    def path(self, field: str, default: str) -> str:
        """Return the relative path of a Python file."""
        value = self.data.pop(field, default)
        if not isinstance(value, str) or not value.endswith(".py") or not _inside(value):
            raise self.fail(field, f"expected the relative path of a Python file, such as shop/cart.py, not {value!r}")
        if value.split("/")[0] in ("tests", "submissions"):
            raise self.fail(field, "expected a path that is not in tests/ or submissions/")
        return value

    def patterns(self, field: str) -> tuple[str, ...]:
        """Return relative paths with wildcards."""
        value = self.data.pop(field, [])
        if not isinstance(value, list) or not all(isinstance(it, str) and _inside(it) for it in value):
            raise self.fail(field, 'expected a list of relative paths, such as ["shop/*.py"]')
        if any(pattern.split("/").count("**") > _MAX_DEEP for pattern in value):
            raise self.fail(field, f"expected ** at most {_MAX_DEEP} times in a pattern")
        return tuple(value)

    def choice(self, field: str, options: Iterable[str], default: str) -> str:
        """Return one of the texts `options`."""
        value = self.data.pop(field, default)
        if not isinstance(value, str) or value not in options:
            raise self.fail(field, f"expected one of {', '.join(filter(None, options))}, not {value!r}")
        return value

    def type(self, field: str, default: str) -> TypeSpec:
        """Return a type."""
        value = self.data.pop(field, default)
        if not isinstance(value, str):
            raise self.fail(field, 'expected a type in quotes, such as "list[int]"')
        try:
            return typespec.parse(value)
        except typespec.TypeSpecError as error:
            raise self.fail(field, str(error)) from None

    def params(self) -> tuple[Param, ...]:
        """Return the declared parameters, which are required."""
        value = self.data.pop("params", None)
        if not isinstance(value, dict):
            raise self.fail("params", 'expected a table of types, such as { nums = "list[int]" }')
        self.data.update({f"params.{name}": type_ for name, type_ in value.items()})
        return tuple(Param(name, self.type(f"params.{name}", "")) for name in value)

    def entry(self, example: str, *, parts: int = 1) -> str:
        """Return a dotted name of at most `parts` parts; `example` stands for one in messages."""
        value = self.text("entry")
        names = value.split(".")
        if not all(name.isidentifier() for name in names) or len(names) > parts:
            raise self.fail("entry", f"expected a name such as {example}, not {value!r}")
        return value

    def answer(self, params: tuple[Param, ...]) -> str:
        """Return what is compared (see `Problem.answer`)."""
        value = self.data.pop("answer", "return")
        names = [param.name for param in params]
        if value not in ["return", *names, *(f"{name}[:return]" for name in names)]:
            raise self.fail("answer", f'expected "return", a parameter, or "name[:return]", not {value!r}')
        return str(value)

    def compare(self, usual: str) -> Compare:
        """Return how answers are compared; `usual` is the default."""
        value = self.data.pop("compare", usual)
        if not isinstance(value, str):
            raise self.fail("compare", "expected text")
        try:
            compare = Compare.parse(value)
        except ValueError as error:
            raise self.fail("compare", str(error)) from None
        if compare.mode != "checker":
            return compare
        checker = self.folder.text(value)
        check_checker(self.folder.path / value, checker)
        return replace(compare, checker=checker)

    def limits(self) -> Limits:
        """Return the limits of time and memory."""
        defaults = Limits()
        time_s = self.data.pop("time_limit_s", defaults.time_s)
        if type(time_s) not in (int, float) or not TIME_S[0] <= time_s <= TIME_S[1]:
            raise self.fail("time_limit_s", f"expected seconds from {TIME_S[0]:g} to {TIME_S[1]:g}, not {time_s!r}")
        memory_mib = self._whole_number("memory_mib", defaults.memory_mib, *MEMORY_MIB)
        output_kib = self._whole_number("output_kib", defaults.output_kib, *OUTPUT_KIB)
        return Limits(time_s=float(time_s), memory_mib=memory_mib, output_kib=output_kib)

    def _whole_number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.data.pop(name, default)
        if type(value) is not int or not least <= value <= most:
            raise self.fail(name, f"expected a whole number from {least} to {most}, not {value!r}")
        return value

    def tags(self) -> tuple[str, ...]:
        """Return the tags."""
        value = self.data.pop("tags", [])
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise self.fail("tags", "expected a list of texts")
        return tuple(value)

    def refuse_unknown(self) -> None:
        """Raise ProblemError where a field was not taken."""
        if self.data:
            raise self.fail(next(iter(self.data)), "no such field; docs/problems.md lists them")


def _inside(path: str) -> bool:
    """Whether a path in problem.toml is relative and stays inside the folder."""
    return bool(path) and "\\" not in path and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))
