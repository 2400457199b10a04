"""Reads problems and solutions from disk, and refuses what is malformed with one clear error.

`load_problem` reads the directory format of docs/problems.md and either returns a checked, frozen Problem or raises
a ProblemError that names the file, the field and what was expected. Loading executes nothing from the directory.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from coderefine import resources
from coderefine.errors import UsageError
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.table import FOLDER_KINDS
from coderefine.outside import decode_python
from coderefine.problem.folder import Folder
from coderefine.problem.problem import Problem
from coderefine.rendering import printable

MAX_SOURCE_BYTES = 1 << 20
"""The largest solution that is accepted; hundreds of times what people write."""


def find_problem(name: str | Path) -> Path:
    """Return the directory of a problem given as a path, or as the slug of a bundled problem."""
    path = Path(name)
    if path.is_dir():
        return path
    bundled = resources.problems_dir() / str(name)
    if path.name == str(name) and bundled.is_dir():
        return bundled
    if path.suffix and not path.exists():  # no problem's name has a dot
        raise UsageError(f"{path}: there is no such file, seen from {Path.cwd()}; check its name and its folder")
    if path.exists():
        raise UsageError(f"{path} is a file; a problem is a directory with a problem.toml")
    bundled_names = [it.name for it in resources.problems_dir().iterdir()]
    near = difflib.get_close_matches(str(name).lower().replace("_", "-"), bundled_names, n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else "all of them: coderefine problems"
    raise UsageError(f"{path}: no such problem directory, and no bundled problem of that name; {hint}")


def load_problem(
    path: str | Path, *, follow_links: bool = False, kinds: Mapping[str, ProblemKind] = FOLDER_KINDS
) -> Problem:
    """Load a problem from its directory (or by the slug of a bundled one); raises ProblemError, UsageError.

    Links that lead out of the directory are followed with `follow_links` only. `kinds` are those that it may be of.
    """
    fields = Fields.read(Folder(find_problem(path), follow_links))
    problem = kinds[fields.choice("kind", kinds, "function")].load(fields)
    fields.refuse_unknown()
    return problem


def read_source(path: Path, if_empty: str = "") -> str:
    """Read a candidate's source text; raises UsageError where it cannot be one."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}{_near(path)}") from None
    return decode_source(data, str(path), if_empty)


def _near(path: Path) -> str:
    """Return in words which file was meant by the name of one that is not there; "" where none has such a name."""
    try:
        names = [it.name for it in path.parent.iterdir() if it.is_file()] if not path.exists() else []
    except OSError:
        names = []
    near = difflib.get_close_matches(path.name, sorted(names), n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(printable(str(path.with_name(it))) for it in near)}?" if near else ""


def decode_source(data: bytes, name: str, if_empty: str = "") -> str:
    """Check and decode a candidate's source; `name` stands for it in messages, and `if_empty` says what to do then."""
    if len(data) > MAX_SOURCE_BYTES:
        raise UsageError(f"{name} is too large: a solution may have at most {MAX_SOURCE_BYTES >> 20} MiB")
    try:
        text = decode_python(data)
    except UnicodeDecodeError:
        what = "not UTF-8 text, nor in the encoding that it declares"
        raise UsageError(f"{name} is {what}; a solution is a Python source file") from None
    if "\0" in text:
        raise UsageError(f"{name} is a binary file (it contains NUL bytes); a solution is a Python source file")
    if not text.strip():
        remedy = if_empty or "write a solution, or leave it out to have a model draft one"
        raise UsageError(f"{name} is empty; {remedy}")
    return text
