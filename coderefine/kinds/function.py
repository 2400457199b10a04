"""A function, or a method: called with arguments, and what it returns or changes is compared."""

from __future__ import annotations

from coderefine.kinds.called import CalledProblemKind


class FunctionKind(CalledProblemKind):
    """Problems whose solution is a function."""

    name = "function"
    called_as = "function"


FUNCTION = FunctionKind()
