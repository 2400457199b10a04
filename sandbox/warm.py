"""Imports pytest in the nursery, so that a run of tests costs no import: from the interpreter's packages, or from those
that the host sent.

A project may itself be the source of a package that pytest needs: then pytest keeps the copy that was sent, and the
tests get the project's.

Site folders are added here because the interpreter was started without them. No `.pth` file is read: its lines may be
code, and a confined process could not read the paths that it adds anyway. The user's own site folder is left out.

Standard library only (but for pytest), Python 3.8 or newer.
"""

from __future__ import annotations

import base64
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import platform
import sys
import zlib
from typing import Any, Dict, List, Optional, Sequence

from sandbox import configured

SENT = "<sent by coderefine>"
# Modules that a run of tests imports, and that usual tests import.
_MODULES = (
    "readline", "_pytest._argcomplete",
    "_pytest.assertion.rewrite", "_pytest.assertion.truncate", "_pytest.assertion.util", "_pytest.python_api",
    "_pytest.raises", "_pytest.unittest", "_pytest.subtests", "asyncio", "contextlib", "dataclasses",
    "difflib", "doctest", "enum", "inspect", "io", "json", "logging", "pathlib", "pprint", "shutil",
    "tempfile", "textwrap", "threading", "unittest", "unittest.mock", "uuid",
)  # fmt: skip


_PYTEST = ("_pytest", "pytest", "py")


class WarmError(Exception):
    """This interpreter has no pytest and cannot take the one that was sent."""


def import_pytest(sent: str) -> List[str]:
    """Import pytest with all that a session needs; return the folders that must stay readable for it.

    `sent` holds the packages to fall back on (see `pack` in the host's `judge/packages.py`), or is empty.
    """
    folders = site_folders()
    sys.path += folders
    sys.dont_write_bytecode = True
    if sent:
        sources = json.loads(zlib.decompress(base64.b64decode(sent)))
        if importlib.util.find_spec("pytest") is not None:
            sources = {path: text for path, text in sources.items() if _top(path) not in ("_pytest", "pytest")}
        sys.meta_path.append(_Sent(sources))
    try:
        config = importlib.import_module("_pytest.config")
        for name in config.default_plugins:
            importlib.import_module("_pytest." + name)
        importlib.import_module("pytest")
    except (ImportError, SyntaxError, AttributeError) as error:
        raise WarmError("Python %s cannot import pytest (%s)" % (platform.python_version(), error)) from None
    for name in _MODULES:
        try:
            importlib.import_module(name)
        except ImportError:  # another version of pytest has no such module
            pass
    return folders


def give_way(folders: Sequence[str], site: Sequence[str]) -> None:
    """Forget imported packages that came from the folders `site`, or were sent, where `folders` have them as well: the
    packages in `folders` are then under test.
    """
    installed = tuple(os.path.join(folder, "") for folder in (*site, os.path.join("/", SENT)))
    for name, module in list(sys.modules.items()):
        if name in _PYTEST or "." in name or not (getattr(module, "__file__", None) or "").startswith(installed):
            continue
        found = importlib.machinery.PathFinder.find_spec(name, list(folders))
        if found and found.has_location:
            for loaded in [it for it in sys.modules if _top(it, ".") == name]:
                del sys.modules[loaded]


def import_plugins(folders: Sequence[str]) -> None:
    """Import the plugins of pytest that are installed in some folders, as pytest itself does in a session.

    What they print must not reach the host. A plugin that cannot be imported here is left for pytest to try.
    """
    import importlib.metadata

    # Their assertions are then not rewritten, which is no reason to warn.
    rewrite = importlib.import_module("_pytest.assertion.rewrite").AssertionRewritingHook
    rewrite._warn_already_imported = lambda self, name: None
    saved = [os.dup(handle) for handle in (0, 1)]
    null = os.open(os.devnull, os.O_RDWR)
    try:
        for handle in (0, 1):
            os.dup2(null, handle)
        for found in importlib.metadata.distributions(path=list(folders)):
            for entry in found.entry_points:
                if entry.group == "pytest11" and entry.name not in configured.BLOCKED:
                    _try_to_import(entry.value.partition(":")[0].strip())
    except Exception:  # a broken installation; pytest will say how
        pass
    finally:
        for handle, copy in enumerate(saved):
            os.dup2(copy, handle)
        for handle in (null, *saved):
            os.close(handle)


def _top(path: str, separator: str = "/") -> str:
    """Return the top package of a file's path, or with "." of a module's name."""
    return path.partition(separator)[0]


def _try_to_import(name: str) -> None:
    try:
        importlib.import_module(name)
    except BaseException:
        pass


def site_folders() -> List[str]:
    """Return the folders of installed packages of this interpreter, those of its virtual environment first."""
    import site  # importing it has no effect

    found = []
    outside = True
    home = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
    try:  # started without site, an interpreter before 3.14 does not know of its environment
        with open(os.path.join(home, "pyvenv.cfg"), encoding="utf-8") as file:
            outside = "include-system-site-packages=true" in file.read().replace(" ", "").lower()
        found.append(os.path.join(home, "lib", "python%d.%d" % sys.version_info[:2], "site-packages"))
    except OSError:
        pass
    if outside:
        found += site.getsitepackages([sys.base_prefix])
    return [path for path in dict.fromkeys(found) if os.path.isdir(path)]


class _Sent(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports from sources in memory."""

    def __init__(self, sources: Dict[str, str]) -> None:
        self._sources = sources  # by path, such as pluggy/__init__.py

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        for file in (name.replace(".", "/") + "/__init__.py", name.replace(".", "/") + ".py"):
            if file in self._sources:
                origin = os.path.join("/", SENT, file)
                spec = importlib.machinery.ModuleSpec(name, self, origin=origin, is_package="__init__" in file)
                spec.has_location = True
                if spec.submodule_search_locations is not None:
                    spec.submodule_search_locations.append(os.path.dirname(origin))
                return spec
        return None

    def get_source(self, fullname: str) -> str:
        origin: str = self.find_spec(fullname).origin
        return self._sources[origin[len(os.path.join("/", SENT, "")) :]]

    def exec_module(self, module: Any) -> None:
        code = compile(self.get_source(module.__name__), module.__spec__.origin, "exec", dont_inherit=True)
        exec(code, module.__dict__)
