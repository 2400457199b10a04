"""A class: each test constructs it and calls its methods in order, and all results are compared."""

from __future__ import annotations

from coderefine.kinds.called import CalledProblemKind


class ClassKind(CalledProblemKind):
    """Problems whose solution is a class."""

    name = "class"
    called_as = "class"
    entry_is_class = True


CLASS = ClassKind()
