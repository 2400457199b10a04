"""The tests of a file under pytest: those of a test file, or the file's own where they need pytest.

The modules in its folder or package exist there as well; links are not followed.
"""

from __future__ import annotations

import ast
import os
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from coderefine.errors import UnreadableError, UsageError
from coderefine.kinds.pytest import PYTEST
from coderefine.outside import decode, parse_python, read_bytes
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite
from coderefine.single import doctest_suite
from coderefine.single.docstrings import Docstring
from coderefine.single.own_test import OwnTest
from coderefine.single.own_tests import options_of

LIMITS = Limits(time_s=20.0, memory_mib=512)
"""For all tests of a file together, which may be all tests of a project."""
MAX_FILE_BYTES = 16 << 20
_MOST_LEVELS = 3
"""The most levels of folders between a file and a package that it shares with its tests."""
MAX_BESIDE = 1000
"""The most modules next to a file that its tests may import."""


def of_file(path: Path, tests: Path) -> Problem:
    """Return the problem whose tests are a pytest file; raises UsageError."""
    text = _text(tests)
    if "def test" not in text:
        raise UsageError(f"{tests}: there is no test in it")
    return _problem(path, tests.resolve(), text)


def of_own_tests(
    path: Path, tree: ast.Module, tests: Sequence[OwnTest], documented: Sequence[Docstring] = ()
) -> Problem:
    """Return the problem whose tests are those in the file itself, as pytest and doctest run them."""
    file = path.resolve()
    package = _outermost(file.parent)
    place = file.relative_to(package.parent if package else file.parent).with_suffix("")
    parts = place.parts[:-1] if place.name == "__init__" else place.parts
    text = _module_of(".".join(parts), file.name, tree, tests)
    if documented:
        text += doctest_suite.classes(documented, options_of(tree))
    return _problem(path, file.with_name(f"test_in_{file.stem.replace('.', '_')}.py"), text)


def needs_pytest(tree: ast.Module) -> bool:
    """Whether a file has tests that need pytest: in classes, with fixtures or parameters, or with pytest's helpers."""
    tests = list(_pytest_tests(tree))
    imports_pytest = any("pytest" in _imported(node) for node in ast.walk(tree))
    return any(imports_pytest or isinstance(node, ast.ClassDef) or _takes_arguments(node) for node in tests)


def _takes_arguments(function: ast.FunctionDef) -> bool:
    given = function.args
    return bool(given.args or given.posonlyargs or given.kwonlyargs or function.decorator_list)


def needs_its_folder(path: Path, tree: ast.Module, tests: Sequence[OwnTest] = ()) -> bool:
    """Whether a file imports a module of its folder or package, or its tests do so or import the file itself."""
    of_tests = [node for test in tests for node in ast.walk(parse_python(test.code))]
    if any(path.stem in _imported(node) for node in of_tests):
        return True
    folder = path.resolve().parent
    package = _outermost(folder)
    for node in (*ast.walk(tree), *of_tests):
        if isinstance(node, ast.ImportFrom) and node.level:
            return package is not None
        for name in _imported(node):
            if package is not None and name == package.name:
                return True
            if name in sys.stdlib_module_names or name == path.stem:
                continue
            if _is_own_file(folder / f"{name}.py") or (folder / name / "__init__.py").is_file():
                return True
    return False


def _imported(node: ast.AST) -> list[str]:
    """Return the top-level names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]] if isinstance(node, ast.ImportFrom) and not node.level else []


def _pytest_tests(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    """Yield the definitions that pytest collects as tests."""
    for node in tree.body:
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test")
        if is_test or (isinstance(node, ast.ClassDef) and _is_test_class(node)):
            assert isinstance(node, ast.ClassDef | ast.FunctionDef)
            yield node


def _is_test_class(node: ast.ClassDef) -> bool:
    is_named_so = node.name.startswith("Test") or any("TestCase" in ast.unparse(base) for base in node.bases)
    return is_named_so and any(isinstance(it, ast.FunctionDef) and it.name.startswith("test") for it in node.body)


def without_tests(tree: ast.Module) -> ast.Module:
    """Return a file without the definitions that pytest collects as tests."""
    tests = list(_pytest_tests(tree))
    return ast.Module([node for node in tree.body if node not in tests], [])


def _module_of(name: str, file: str, tree: ast.Module, tests: Sequence[OwnTest]) -> str:
    """Return a test file that contains everything in the file, with its tests collected by pytest."""
    tests_of_file = list(_pytest_tests(tree))
    theirs = [ast.unparse(node) for node in tree.body if node in tests_of_file or _is_for_tests(node, tree)]
    ours = [
        f"def test_{test.origin}_{number}():\n{textwrap.indent(test.code, '    ')}"
        for number, test in enumerate(tests, 1)
    ]
    return "\n\n\n".join([_ALL_NAMES.format(name=name, file=file), *theirs, *ours]) + "\n"


def _is_for_tests(node: ast.stmt, tree: ast.Module) -> bool:
    """Whether a definition is a fixture, or data that only tests mention, which no repair may change."""
    if isinstance(node, ast.FunctionDef):
        return any("fixture" in ast.unparse(it) for it in node.decorator_list)
    if not isinstance(node, ast.Assign):
        return False
    names = {it.id for target in node.targets for it in ast.walk(target) if isinstance(it, ast.Name)}
    tests = list(_pytest_tests(tree))
    others = [it for it in tree.body if it not in tests and it is not node]
    return bool(names) and not any(
        isinstance(it, ast.Name) and it.id in names for other in others for it in ast.walk(other)
    )


_ALL_NAMES = """\
import importlib, importlib.util, os

_path = os.path.join(os.path.dirname(os.path.abspath(__file__)), {file!r})
_file = importlib.import_module({name!r})
if os.path.abspath(getattr(_file, "__file__", None) or "") != _path:  # another module has its name
    _spec = importlib.util.spec_from_file_location({name!r}, _path)
    _file = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_file)
globals().update({{name: value for name, value in vars(_file).items() if not name.startswith("__")}})"""


def _problem(path: Path, test_file: Path, text: str) -> Problem:
    """Return the problem of a test file, with the modules that it and the file may import."""
    file = path.resolve()
    package = _outermost(file.parent)
    root = roots = package.parent if package else file.parent
    if not test_file.is_relative_to(root):
        shared = Path(os.path.commonpath([root, test_file]))
        root = shared if len(root.relative_to(shared).parts) <= _MOST_LEVELS else root
    inside = test_file.relative_to(root).as_posix() if test_file.is_relative_to(root) else test_file.name
    solution = file.relative_to(root).as_posix()
    found = [*sorted(file.parent.glob("*.py")), *sorted(test_file.parent.glob("*.py")), *_modules(package)]
    places = {it.relative_to(root).as_posix() if it.is_relative_to(root) else it.name: it for it in found}
    beside = _read({place: it for place, it in places.items() if place not in (solution, inside)})
    return Problem(
        slug(path), path.name, f"`{path.name}` has to pass its tests.", PYTEST, "", (TestCase(inside, code=text),),
        limits=LIMITS,
        suite=Suite(
            solution,
            beside,
            import_paths=(roots.relative_to(root).as_posix(),) if roots != root else (),
        ),
        path=path,
    )  # fmt: skip


def _outermost(folder: Path) -> Path | None:
    """Return the outermost package that contains a folder; None where the folder is not in a package."""
    found = None
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        found, folder = folder, folder.parent
    return found


def _modules(package: Path | None) -> list[Path]:
    return sorted(package.rglob("*.py")) if package else []


def _read(paths: Mapping[str, Path]) -> tuple[ProjectFile, ...]:
    """Return files of a project, each once; raises UsageError where there are too many, since tests may need all."""
    found: list[ProjectFile] = []
    left = MAX_FILE_BYTES
    for place, path in paths.items():
        if not _is_own_file(path):
            continue
        left -= path.stat().st_size
        if left < 0 or len(found) >= MAX_BESIDE:
            most = f"{MAX_BESIDE:,} modules, or {MAX_FILE_BYTES >> 20} MiB"
            raise UsageError(f"{path.parent}: there are more than {most}, beside the file; use the hook for projects")
        found.append(ProjectFile(place, path.read_bytes()))
    return tuple(found)


def _is_own_file(path: Path) -> bool:
    """Whether a path is a file that is neither hidden nor a link, which may lead anywhere."""
    return not path.name.startswith(".") and not path.is_symlink() and path.is_file()


def _text(path: Path) -> str:
    if not path.is_file():
        raise UsageError(f"{path}: is no file")
    try:
        return decode(read_bytes(path, MAX_FILE_BYTES))
    except UnreadableError as error:
        raise UsageError(f"{path}: {error}") from None


def beside(path: Path) -> Path | None:
    """Return the test file named after a file: next to it, or in `tests/` next to it or its package."""
    folder = path.resolve().parent
    package = _outermost(folder)
    root = package.parent if package else folder
    names = (f"test_{path.name}", f"{path.stem}_test.py")
    folders = (folder, folder / "tests", root / "tests", root.parent / "tests" if root.name == "src" else root / "test")
    return next((found for place in folders for name in names if _is_own_file(found := place / name)), None)


def slug(path: Path) -> str:
    """Return the name of a file in records."""
    return path.stem.replace("_", "-").lower() or "file"
