"""pytest and what it needs, as source texts to send to an interpreter that has none.

They are pure Python, a few packages and 0.6 MB when packed, and are imported from memory (`sandbox/warm.py`).
"""

from __future__ import annotations

import base64
import importlib.metadata
import importlib.util
import json
import zlib
from functools import cache
from pathlib import Path

_WHOLE = ("_pytest", "pytest", "pluggy", "iniconfig", "packaging")
# Of pygments, which is large, only the modules that pytest imports.
_PYGMENTS = (
    "__init__", "console", "filter", "filters/__init__", "formatter", "formatters/__init__",
    "formatters/_mapping", "formatters/terminal", "lexer", "lexers/__init__", "lexers/_mapping",
    "lexers/diff", "lexers/python", "modeline", "plugin", "regexopt", "style", "styles/__init__",
    "styles/_mapping", "styles/default", "token", "unistring", "util",
)  # fmt: skip


@cache
def pack() -> str:
    """Return the host's own pytest, packed for `sandbox/warm.py`."""
    sources = {}
    for name in _WHOLE:
        folder = _folder(name)
        sources.update({f"{name}/{file.relative_to(folder).as_posix()}": file for file in folder.rglob("*.py")})
    sources["py.py"] = _folder("pytest").parent / "py.py"  # a stand-in for an old package, which comes with pytest
    pygments = _folder("pygments")
    sources.update({f"pygments/{name}.py": pygments / f"{name}.py" for name in _PYGMENTS})
    texts = {path: file.read_text(encoding="utf-8") for path, file in sorted(sources.items()) if file.is_file()}
    return base64.b64encode(zlib.compress(json.dumps(texts).encode())).decode("ascii")


def are_installed(python: str) -> bool:
    """Return whether pytest and all that it needs are installed in an interpreter's own folders.

    Packages that a `.pth` file names do not count.
    """
    folders = list(Path(python).parent.parent.glob("lib/python3*/site-packages"))
    return any(all((folder / name).is_dir() for name in (*_WHOLE, "pygments")) for folder in folders)


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None  # a dependency of ours
    return Path(spec.origin).parent
