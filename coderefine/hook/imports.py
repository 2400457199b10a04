"""Finds which file of a project imports or starts which, from their texts; nothing is executed.

It finds somewhat more than is imported in the end (a name in a text counts too, as in `mock.patch("shop.cart.total")`),
and misses names that a program puts together when it runs.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from coderefine.outside import parse_python

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_OPTION_M = re.compile(r"(?:^|\s)-m\s+([A-Za-z_][\w.]*)")
_IMPORT = re.compile(r"(?:^|[;\n])[ \t]*(?:from[ \t]+(\.*\w[\w.]*)[ \t]+import[ \t(]+(\w*)|import[ \t]+(\w[\w.]*))")
_SCRIPT = re.compile(r"(?:\./)?([\w-]+/)+[\w-]+\.py")
_PART = re.compile(r"[\w-]+(?:/[\w-]+)*(?:\.py)?")
_COMMAND = re.compile(r"([A-Za-z_][\w-]*)(?:\s|$)")
_MAX_TEXT = 200
COMMAND = "$"
"""The prefix of a command's name."""


def names(source: bytes) -> list[str]:
    """Return the names of modules that a program mentions, such as `shop.cart`; relative names begin with dots.

    A name may continue with names within the module. Commands that the program may start are included, such as `$shop`.
    The result is [] for text that is not Python.
    """
    try:
        tree = parse_python(source, is_bounded=False)
    except SyntaxError:
        return []
    return list(dict.fromkeys(_mentioned(tree)))


def _mentioned(tree: ast.Module) -> Iterator[str]:
    todo: deque[ast.AST] = deque([tree])
    while todo:
        node = todo.popleft()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (module if alias.name == "*" else _joined(module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, str) and len(value) < _MAX_TEXT:
                yield from _in_text(value)
            if isinstance(value, str) and "import" in value:
                yield from _in_source(value)
        elif isinstance(node, ast.If) and _is_for_types(node.test):
            todo.extend(node.orelse)
        else:
            if isinstance(node, ast.List | ast.Tuple):
                yield from _started(node.elts)
            elif isinstance(node, ast.Call):
                yield from _started(node.args)
                yield from _on_path([*node.args])
            elif isinstance(node, ast.BinOp):
                yield from _on_path(_parts(node))
            todo.extend(ast.iter_child_nodes(node))


def _is_for_types(test: ast.expr) -> bool:
    return any("TYPE_CHECKING" in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(test))


def _in_text(value: str) -> Iterator[str]:
    """Yield what a text names: a module, a Python file, or what it would have Python run."""
    if _DOTTED.fullmatch(value):
        yield value
    elif _SCRIPT.fullmatch(value):
        yield value.removeprefix("./").removesuffix(".py").replace("/", ".")
    for name in _OPTION_M.findall(value):
        yield from (name, f"{name}.__main__")


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the parts of a path, as in `ROOT / "tools" / "run.py"`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [*_parts(node.left), node.right]
    return [node]


def _on_path(parts: Sequence[ast.expr]) -> Iterator[str]:
    """Yield the Python file at the end of a joined path, such as a script that a test loads."""
    found: list[str] = []
    for part in reversed(parts):
        if not (isinstance(part, ast.Constant) and isinstance(part.value, str) and _PART.fullmatch(part.value)):
            break
        found.insert(0, part.value)
    if found and found[-1].endswith(".py"):
        yield "/".join(found).removesuffix(".py").replace("/", ".")


def _in_source(text: str) -> Iterator[str]:
    """Yield what a text would import if it were run: it may be a program that a test contains, or a part of one."""
    for module, name, plain in _IMPORT.findall(text):
        yield plain or (_joined(module, name) if name else module)


def _started(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield what the words of a command start: a command of the project, or the module after Python's -m."""
    words = [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "" for node in nodes]
    if words and len(words[0]) < _MAX_TEXT and (command := _COMMAND.match(words[0])):
        yield COMMAND + command[1]
    for option, value in pairwise(words):
        if option == "-m":
            yield from _in_text(f"-m {value}")


def _joined(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"


class Graph:
    """The imports between the files of a project."""

    def __init__(
        self,
        files: Collection[str],
        roots: Iterable[str],
        names_of: Callable[[Collection[str]], dict[str, list[str]]],
        scripts: Mapping[str, str] | None = None,
    ) -> None:
        """`roots` are the folders from which modules are imported; `names_of` returns the `names` of some files.

        `scripts` are the commands that the project installs, with the modules that they run.
        """
        self._scripts = scripts or {}
        self._files = frozenset(path for path in files if path.endswith(".py"))
        self._folders = {folder for path in self._files for folder in _folders(path)}
        self._roots = tuple(dict.fromkeys(("" if root == "." else root) for root in (*roots, "")))
        self._names_of = names_of
        self._names: dict[str, list[str]] = {}

    def prepare(self, paths: Iterable[str]) -> None:
        """Read many files at once, with the files that they import."""
        todo = [path for path in paths if path in self._files]
        while todo:
            unknown = [path for path in todo if path not in self._names]
            if unknown:
                self._names.update(self._names_of(unknown))
            todo = sorted({found for path in unknown for found in self.imports(path)} - self._names.keys())

    def imports(self, path: str) -> list[str]:
        """Return the files that a file itself imports, and those that Python or pytest loads before it."""
        if path not in self._names:
            self._names.update(self._names_of([path]))
        found = dict.fromkeys(self._loaded_before(path))
        for name in self._names[path]:
            found.update(dict.fromkeys(self._found(path, name)))
        found.pop(path, None)
        return list(found)

    def chain(self, start: str, targets: Collection[str]) -> list[str]:
        """Return the shortest chain of imports from a file to one of `targets`; [] where there is none."""
        came_from: dict[str, str] = {start: ""}
        todo = deque([start])
        while todo:
            path = todo.popleft()
            if path in targets:
                found = [path]
                while came_from[found[-1]]:
                    found.append(came_from[found[-1]])
                return found[::-1]
            for next_ in self.imports(path):
                if next_ not in came_from:
                    came_from[next_] = path
                    todo.append(next_)
        return []

    def reached(self, starts: Iterable[str]) -> set[str]:
        """Return some files with all that they import, directly or indirectly."""
        self.prepare(starts := list(starts))
        found = {path for path in starts if path in self._files}
        todo = list(found)
        while todo:
            for next_ in self.imports(todo.pop()):
                if next_ not in found:
                    found.add(next_)
                    todo.append(next_)
        return found

    def _loaded_before(self, path: str) -> Iterator[str]:
        """Yield the packages that contain a module, and each conftest.py above a file that pytest loads."""
        name = path.rpartition("/")[2]
        is_test = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
        for folder in _folders(path):
            for other in ("__init__.py", "conftest.py")[: 1 + is_test]:
                if (found := _below(folder, other)) in self._files:
                    yield found

    def _found(self, path: str, name: str) -> Iterator[str]:
        if name.startswith(COMMAND):
            name = self._scripts.get(name.removeprefix(COMMAND), COMMAND)
        parts = name.split(".")
        if parts[0] == "":  # relative: each dot but the first leads one folder up
            folders = list(_folders(path))
            up = len(name) - len(name.lstrip(".")) - 1
            if up < len(folders):
                yield from self._walk(folders[up], [part for part in parts if part])
            return
        folders = [folder for folder in _folders(path) if _below(folder, "__init__.py") not in self._files]
        # pytest and scripts put the first folder that is not a package before all others.
        for root in dict.fromkeys((*folders[:1], *self._roots)):
            yield from self._walk(root, parts)

    def _walk(self, folder: str, parts: list[str]) -> Iterator[str]:
        package = _below(folder, "__init__.py")
        if not parts and package in self._files:
            yield package
        for part in parts:
            here = _below(folder, part)
            module, package = f"{here}.py", f"{here}/__init__.py"
            if package in self._files:
                yield package
            elif module in self._files:
                yield module
                return
            elif here not in self._folders:
                return
            folder = here


def _folders(path: str) -> Iterator[str]:
    """Yield the folders that contain a file, innermost first; the last is the root, ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
