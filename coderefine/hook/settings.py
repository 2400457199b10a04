"""The settings of a project: `[tool.coderefine]` of its staged `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from coderefine.errors import UnreadableError, UsageError
from coderefine.models.names import check_name
from coderefine.outside import read_toml
from coderefine.problem.suite import ALLOWED

FILE = "pyproject.toml"
MIN_MEMORY_MIB = 64

Choice = Literal["fail", "pass"]
Reader = Callable[[str, Any], Any]
Mapping = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a project; each field is the key of that name."""

    tests: tuple[str, ...] = ()
    """Folders of tests, or patterns of test files; by default test_*.py and *_test.py anywhere."""
    source: tuple[str, ...] = ()
    """Folders from which modules are imported, besides the root; by default `src`, where that exists."""
    map: Mapping = ()
    """Patterns of files, and the tests of these files."""
    include: tuple[str, ...] = ()
    """Patterns of files that tests read, in a project that is too large to be copied as a whole."""
    generated: tuple[str, ...] = ()
    """Patterns of generated files that git does not have: they are taken from the working tree."""
    python: str = ""
    """The interpreter of the project's environment, relative to the root; by default it is searched for."""
    image: str = ""
    """A Docker image with the project's environment, instead of an interpreter of this machine."""
    plugins: tuple[str, ...] = ()
    """Modules that pytest loads as plugins."""
    allow: tuple[str, ...] = ()
    """What tests may do, of `ALLOWED`."""
    timeout: float = 20.0
    """Seconds for all tests of a commit."""
    soft_timeout: float = 5.0
    """Seconds after which only the nearest tests are still begun."""
    memory_mib: int = 2048
    on_timeout: Choice = "fail"
    on_error: Choice = "fail"
    on_nothing: Choice = "pass"
    """The outcome where tests were chosen, and none of them was run."""
    models: tuple[str, ...] = ("search",)
    """The models that look for a patch, one after another, where the user allows them (`permission.py`)."""
    max_seconds: float = 60.0
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None

    @classmethod
    def of(cls, described: dict[str, Any]) -> Self:
        """Read the settings from a parsed `pyproject.toml`; raises UsageError."""
        tools = described.get("tool", {})
        table = tools.get("coderefine", {}) if isinstance(tools, dict) else None
        if not isinstance(table, dict):
            raise UsageError(f"{FILE}: [tool.coderefine] must be a table")
        own = {key: value for key, value in table.items() if key != "refine"}  # that table is for other commands
        return cls(**read_table(own, _READERS, f"{FILE}: [tool.coderefine]"))


def read_table(table: dict[str, Any], readers: dict[str, Reader], where: str) -> dict[str, Any]:
    """Return the values of a table, each checked by the reader of its key; raises UsageError, which names `where`."""
    for key in table:
        if key not in readers:
            raise UsageError(f"{where} has no {key!r}; it takes {', '.join(sorted(readers))}")
    try:
        return {key: readers[key](key, value) for key, value in table.items()}
    except (ValueError, UsageError) as error:
        raise UsageError(f"{where} {error}") from None


def read(data: bytes) -> dict[str, Any]:
    """Return the parsed text of a `pyproject.toml`; raises UsageError."""
    try:
        return read_toml(data)
    except UnreadableError as error:
        raise UsageError(f"{FILE} (as it is staged) cannot be read: {error}") from None


def scripts(described: dict[str, Any]) -> dict[str, str]:
    """Return the commands that a project installs, with the modules that they run, from its `pyproject.toml`."""
    found = {}
    for where in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        table: Any = described
        for name in where:
            table = table.get(name) if isinstance(table, dict) else None
        for command, target in table.items() if isinstance(table, dict) else ():
            found[command] = str(target).partition(":")[0].strip()
    return found


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _wrong(key, "a list of texts")
    return tuple(item.removeprefix("./").rstrip("/") or "." for item in value)


def limits() -> dict[str, Reader]:
    """Return the readers of the limits of a search for a patch, by their keys."""
    return {
        "max_seconds": _above(1, float),
        "max_calls": _above(0, int),
        "max_tokens": _above(0, int),
        "max_cost": _above(0, float),
    }


def model_names(key: str, value: Any) -> tuple[str, ...]:
    """Return the names of one or more models; raises ValueError or UsageError."""
    return tuple(check_name(name) for name in _plain_texts(key, value))


def _plain_texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise _wrong(key, "a list of texts")
    return tuple(value)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise _wrong(key, "a text")
    return value


def _mapping(key: str, value: Any) -> Mapping:
    if not isinstance(value, dict):
        raise _wrong(key, 'a table such as {"src/a.py" = ["tests/test_a.py"]}')
    return tuple((pattern.removeprefix("./"), _texts(key, tests)) for pattern, tests in value.items())


def _allowed(key: str, value: Any) -> tuple[str, ...]:
    names = _texts(key, value)
    if not set(names) <= set(ALLOWED):
        raise _wrong(key, f"a list of any of {', '.join(ALLOWED)}")
    return names


def _choice(key: str, value: Any) -> str:
    if value not in ("fail", "pass"):
        raise _wrong(key, '"fail" or "pass"')
    return str(value)


def _above(least: float, kind: type[int] | type[float]) -> Callable[[str, Any], Any]:
    def read(key: str, value: Any) -> Any:
        is_number = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= 1e9:
            raise _wrong(key, f"a {'whole ' if kind is int else ''}number of at least {least:g}")
        return kind(value)

    return read


def _wrong(key: str, expected: str) -> ValueError:
    return ValueError(f"{key}: expected {expected}")


_READERS: dict[str, Reader] = {
    "tests": _texts,
    "source": _texts,
    "include": _texts,
    "generated": _texts,
    "map": _mapping,
    "python": _text,
    "image": _text,
    "plugins": _plain_texts,
    "allow": _allowed,
    "timeout": _above(1, float),
    "soft_timeout": _above(0, float),
    "memory_mib": _above(MIN_MEMORY_MIB, int),
    "on_timeout": _choice,
    "on_error": _choice,
    "on_nothing": _choice,
    "models": model_names,
    **limits(),
}
