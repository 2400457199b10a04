"""All kinds of problems by name. A new kind is a module in this folder, and a line below."""

from __future__ import annotations

from collections.abc import Mapping

from coderefine.errors import UsageError
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.file import FILE
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.objective import OBJECTIVE
from coderefine.kinds.program import PROGRAM
from coderefine.kinds.prompt import PROMPT
from coderefine.kinds.pytest import PYTEST
from coderefine.kinds.question import QUESTION
from coderefine.kinds.script import SCRIPT

FOLDER_KINDS: Mapping[str, ProblemKind] = {
    kind.name: kind for kind in (FUNCTION, CLASS, PROGRAM, PYTEST, OBJECTIVE, QUESTION, PROMPT)
}
"""The kinds that a problem.toml may name."""
KINDS: Mapping[str, ProblemKind] = {**FOLDER_KINDS, FILE.name: FILE, SCRIPT.name: SCRIPT}


def kind_named(name: str, kinds: Mapping[str, ProblemKind] = KINDS) -> ProblemKind:
    """Return the kind of that name, such as that of a recorded problem; raises UsageError."""
    if name not in kinds:
        raise UsageError(f"no kind of problem is called {name!r}; known are {', '.join(kinds)}")
    return kinds[name]
