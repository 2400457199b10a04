"""Tells whether a file on its own is a Python program; a prompt, a page or a notebook is not repaired as one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from coderefine.patch.lines.python import parse

_SUFFIXES = frozenset({"", ".py", ".pyw"})
_PYTHON = re.compile(r"^[ \t]*(?:def |class |import |from \S+ import |print\(|if __name__ )|\A#!.*python", re.MULTILINE)
_NEXT = {
    ".ipynb": "save the code of the notebook as a program: jupyter nbconvert --to script {name}",
    ".txt": "a problem's page goes with a solution: coderefine fix SOLUTION --from {name}; "
    "a prompt is made better by: coderefine tune QUESTIONS {name}",
}
"""What to do with a file that ends in this; `name` is the file, as a shell takes it."""


def not_python(path: Path, source: str) -> str:
    """Return why a file is no Python program, and the next step; "" where it may be one.

    A text may be a program that does not parse; a file of another kind has to parse.
    """
    suffix = path.suffix.lower()
    is_program = suffix in _SUFFIXES or (_PYTHON.search(source) and (suffix == ".txt" or parse(source)))
    if is_program:
        return ""
    advice = _NEXT.get(suffix, "where it is one, give it a name that ends in .py").format(name=shlex.quote(str(path)))
    return f"{path}: this is no Python program, and only those are tested and repaired; {advice}"
