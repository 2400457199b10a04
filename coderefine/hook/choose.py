"""Which tests a change calls for, and why: configured, else named after what changed, else importing it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from coderefine.hook.imports import Graph
from coderefine.hook.settings import Settings

PROBLEM_FILE = "problem.toml"
_TEST_FOLDERS = frozenset({"test", "tests"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tests for one changed file."""

    changed: str
    tests: dict[str, str]
    """Test files, and for each why it was chosen."""
    left_out: tuple[str, ...] = ()
    """Test files that import it, as their texts have it, but did not reach it when they last passed."""
    problem: str | None = None
    """The folder of the problem that the file belongs to, which is then judged as a whole; "" is the root."""


class Chooser:
    """Chooses among the tests of a project."""

    def __init__(
        self,
        settings: Settings,
        files: Collection[str],
        deleted: Collection[str],
        names_of: Callable[[Collection[str]], dict[str, list[str]]],
        *,
        scripts: Mapping[str, str] | None = None,
        wide: bool = False,
        misses: Callable[[str, str], bool] = lambda test, changed: False,
    ) -> None:
        """`files` are those of the next commit, `deleted` those that it deletes; see Graph for `names_of`, `scripts`.

        `wide` adds the tests that import a module to those that are named after it. `misses` says
        of a test file whether it is known not to reach a changed one.
        """
        self._misses = misses
        self._wide = wide
        self._settings = settings
        self._files = frozenset(files)
        self._problems = {path.rpartition("/")[0] for path in files if path.split("/")[-1] == PROBLEM_FILE}
        self._tests = [path for path in sorted(files) if self.is_test(path)]
        self.roots = source_roots(settings, files)
        # What was deleted can still be imported by name, and whoever does so is to be tested.
        self.graph = Graph(
            [*files, *deleted], self.roots, lambda paths: _names_of_all(paths, deleted, names_of), scripts
        )

    def is_test(self, path: str) -> bool:
        """Whether a file holds tests of the project, by its name and the settings."""
        name = path.rpartition("/")[2]
        if not path.endswith(".py") or self.problem_of(path) is not None or "[" in path or "::" in path:
            return False
        is_named = name.startswith("test_") or name.endswith("_test.py")
        wanted = self._settings.tests
        return any(_matches(path, it) if _is_pattern(it) else is_named and _is_in(path, it) for it in wanted or (".",))

    def problem_of(self, path: str) -> str | None:
        """Return the folder of the problem that a file is in, if it is in one."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._problems:
                return folder
        return None

    def choose(self, changed: str) -> Chosen:
        """Return the tests for one file that is added, modified or deleted."""
        problem = self.problem_of(changed)
        if problem is not None:
            return Chosen(changed, {}, problem=problem)
        if self.is_test(changed) and changed in self._files:
            return Chosen(changed, {changed: "it is a test"})
        mapped = [test for pattern, tests in self._settings.map if fnmatchcase(changed, pattern) for test in tests]
        if mapped:
            tests = [path for path in self._tests if any(_matches(path, it) or _is_in(path, it) for it in mapped)]
            return Chosen(changed, dict.fromkeys(tests, "[tool.coderefine] map names it"))
        if not changed.endswith(".py"):
            return Chosen(changed, {})
        if changed.rpartition("/")[2] == "conftest.py":
            folder = changed.rpartition("/")[0]
            return Chosen(changed, {path: "the conftest.py is its" for path in self._tests if _is_in(path, folder)})
        named = dict.fromkeys(self._named_after(changed), "it is named after the module")
        if named and changed in self._files and not self._wide:
            return Chosen(changed, named)
        importing = self._importing(changed)  # what is gone is missed by whoever imports it
        left_out = tuple(test for test in importing if test not in named and self._misses(test, changed))
        kept = {test: why for test, why in importing.items() if test not in left_out}
        return Chosen(changed, {**kept, **named}, left_out)

    def _named_after(self, changed: str) -> list[str]:
        folder, _, name = changed.rpartition("/")
        module = name.removesuffix(".py")
        if module == "__init__":
            folder, _, module = folder.rpartition("/")
        bare = module.lstrip("_")
        wanted = {f"{form}.py" for it in (module, bare) if it for form in (f"test_{it}", f"{it}_test")}
        parts = set(folder.split("/"))
        return [
            path
            for path in self._tests
            if path.rpartition("/")[2] in wanted and set(path.split("/")[:-1]) <= parts | _TEST_FOLDERS | {""}
        ]

    def _importing(self, changed: str) -> dict[str, str]:
        self.graph.prepare(self._tests)
        found = {}
        for test in self._tests:
            chain = self.graph.chain(test, (changed,))
            if len(chain) > 1:
                through = ", ".join(chain[1:-1])
                found[test] = f"it imports the module by way of {through}" if through else "it imports the module"
        return found


def source_roots(settings: Settings, files: Iterable[str]) -> tuple[str, ...]:
    """Return the folders from which modules are imported, but for the root."""
    if settings.source:
        return settings.source
    return ("src",) if any(path.startswith("src/") for path in files) else ()


def _names_of_all(
    paths: Collection[str],
    deleted: Collection[str],
    names_of: Callable[[Collection[str]], dict[str, list[str]]],
) -> dict[str, list[str]]:
    """Return what some files mention; those that are deleted mention nothing."""
    gone = {path: list[str]() for path in paths if path in deleted}
    return {**names_of([path for path in paths if path not in gone]), **gone}


def _is_pattern(text: str) -> bool:
    return text.endswith(".py") or any(char in text for char in "*?[")


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) and path.endswith(".py")


def _is_in(path: str, folder: str) -> bool:
    return folder in ("", ".") or path.startswith(f"{folder}/")
