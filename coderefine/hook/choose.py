"""Chooses the tests that a change concerns, and says why: configured, named after a changed file, or importing it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from coderefine.hook.imports import Graph
from coderefine.hook.layout import Layout
from coderefine.hook.reach import ReachMap
from coderefine.hook.settings import Settings

PROBLEM_FILE = "problem.toml"
_TEST_FOLDERS = frozenset({"test", "tests"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tests for one changed file."""

    changed: str
    tests: dict[str, str]
    """The test files, and the reason why each was chosen."""
    left_out: tuple[str, ...] = ()
    """Test files that would be among them, but ran nothing that changed when they last passed."""
    problem: str | None = None
    """The folder of the problem that the file belongs to, which is then judged as a whole.

    "" is the root, None is none.
    """
    narrowed: frozenset[str] = frozenset()
    """Test files of which some tests concern the change, and the others are known not to."""
    distances: dict[str, int] = field(default_factory=dict)
    """How far each test file is from the change: 0 itself, 1 named or configured for it, else one more than the
    imports.
    """


class Chooser:
    """Chooses tests of a project for its changed files."""

    def __init__(
        self,
        settings: Settings,
        files: Collection[str],
        deleted: Collection[str],
        names_of: Callable[[Collection[str]], dict[str, list[str]]],
        *,
        scripts: Mapping[str, str] | None = None,
        reach: ReachMap | None = None,
        layout: Layout | None = None,
        doctests: Collection[str] = (),
    ) -> None:
        """`files` are the files of the next commit, `deleted` those that it deletes; see `Graph` for `names_of`,
        `scripts`.

        `reach` tells which tests are known not to run what changed. `layout` holds the project's own settings of tests,
        `doctests` are files with examples that are tests.
        """
        self._reach = reach
        self._settings = settings
        self.layout = layout or Layout()
        self._doctests = sorted(doctests)
        self._files = frozenset(files)
        self._problems = {path.rpartition("/")[0] for path in files if path.split("/")[-1] == PROBLEM_FILE}
        self._of_unittest = self._found_by_unittest(files, names_of)
        self._tests = [path for path in sorted(files) if self.is_test(path)]
        self.roots = tuple(dict.fromkeys((*source_roots(settings, files, self.layout), *self.layout.roots)))
        # A deleted module can still be imported by its name, and tests that do so have to run.
        self.graph = Graph(
            [*files, *deleted], self.roots, lambda paths: _names_of_all(paths, deleted, names_of), scripts
        )

    def is_test(self, path: str) -> bool:
        """Whether a file holds tests of the project, by its name and the settings."""
        if not path.endswith(".py") or self.problem_of(path) is not None or "[" in path or "::" in path:
            return False
        wanted = self._settings.tests
        if not wanted:
            return self.layout.is_test(path) or path in self._of_unittest
        is_named = self.layout.part_of(path).is_named_as_test(path) or path in self._of_unittest
        return any(_matches(path, it) if _is_pattern(it) else is_named and _is_in(path, it) for it in wanted)

    def _found_by_unittest(
        self, files: Collection[str], names_of: Callable[[Collection[str]], dict[str, list[str]]]
    ) -> frozenset[str]:
        """Return files that are not test files by their names, but hold test cases of unittest or Django."""
        paths = [it for it in files if self.layout.may_be_unittest(it) and not self.layout.is_test(it)]
        found = names_of(paths) if paths else {}
        return frozenset(path for path, names in found.items() if any(map(_is_of_unittest, names)))

    def problem_of(self, path: str) -> str | None:
        """Return the folder of the problem that a file belongs to; None where it belongs to none."""
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
            return _at(0, changed, {changed: "it is a test"})
        mapped = [test for pattern, tests in self._settings.map if fnmatchcase(changed, pattern) for test in tests]
        if mapped:
            tests = [path for path in self._tests if any(_matches(path, it) or _is_in(path, it) for it in mapped)]
            return _at(1, changed, dict.fromkeys(tests, "[tool.coderefine] map names it"))
        own = {changed: "its examples are tests"} if changed in self._doctests else {}
        if not changed.endswith(".py"):
            return _at(0, changed, own)
        if changed.rpartition("/")[2] == "conftest.py":
            folder = changed.rpartition("/")[0]
            return _at(2, changed, {path: "the conftest.py is its" for path in self._tests if _is_in(path, folder)})
        named = dict.fromkeys(self._named_after(changed), "it is named after the module")
        importing, lengths = self._importing(changed)  # modules that import a deleted one fail
        if not importing and not named:
            importing, lengths = self._loading(changed)
        distances = {**lengths, **dict.fromkeys(named, 1), **dict.fromkeys(own, 0)}
        why = {**importing, **named, **own}
        reach = self._reach
        narrowed = frozenset(it for it in why if reach is not None and it not in own and reach.knows(it, changed))
        left_out = tuple(test for test in why if test in narrowed and reach is not None and reach.spares(test))
        nearest = sorted(why.keys() - {*left_out}, key=lambda test: (distances[test], test))
        return Chosen(changed, {it: why[it] for it in nearest}, left_out, narrowed=narrowed, distances=distances)

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

    def _importing(self, changed: str) -> tuple[dict[str, str], dict[str, int]]:
        """Return the tests that import a module, with the reason, and how far they are from it."""
        tests = [*self._tests, *(path for path in self._doctests if path not in self._tests)]
        self.graph.prepare(tests)
        found, lengths = {}, {}
        for test in tests:
            if not test.endswith(".py"):  # a text; what its examples import is not known
                if self.layout.part_of(test) == self.layout.part_of(changed):
                    found[test], lengths[test] = "its examples are tests", _FAR
                continue
            chain = self.graph.chain(test, (changed,))
            if len(chain) > 1:
                through = ", ".join(chain[1:-1])
                found[test] = f"it imports the module by way of {through}" if through else "it imports the module"
                lengths[test] = len(chain)
        return found, lengths

    def _loading(self, changed: str) -> tuple[dict[str, str], dict[str, int]]:
        """Return the tests that import the package of a module which no text names: the package may load it when it
        runs.

        Plugins, tables and commands are loaded so. Of nested packages, the innermost that has tests counts.
        """
        folder = changed
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            package = f"{folder}/__init__.py"
            if package in self._files and package != changed:
                found, lengths = self._importing(package)
                if found:
                    told = f"it imports {package}, by which the module may be loaded"
                    return dict.fromkeys(found, told), dict.fromkeys(lengths, _FAR)
        return {}, {}


_FAR = 99


def _at(distance: int, changed: str, tests: dict[str, str]) -> Chosen:
    return Chosen(changed, tests, distances=dict.fromkeys(tests, distance))


def _is_of_unittest(name: str) -> bool:
    return name.partition(".")[0] == "unittest" or name.startswith("django.test") or name.endswith("TestCase")


def source_roots(settings: Settings, files: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """Return the folders from which modules are imported, without the root and those in pytest's settings."""
    if settings.source:
        return settings.source
    wanted = [f"{part.folder}/src".removeprefix("/") for part in layout.parts]
    return tuple(root for root in wanted if any(path.startswith(f"{root}/") for path in files))


def _names_of_all(
    paths: Collection[str],
    deleted: Collection[str],
    names_of: Callable[[Collection[str]], dict[str, list[str]]],
) -> dict[str, list[str]]:
    """Return the names that files mention; deleted files mention none."""
    gone = {path: list[str]() for path in paths if path in deleted}
    return {**names_of([path for path in paths if path not in gone]), **gone}


def _is_pattern(text: str) -> bool:
    return text.endswith(".py") or any(char in text for char in "*?[")


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) and path.endswith(".py")


def _is_in(path: str, folder: str) -> bool:
    return folder in ("", ".") or path.startswith(f"{folder}/")
