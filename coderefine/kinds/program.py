"""A whole program, which reads standard input; what it prints is compared."""

from __future__ import annotations

from coderefine.kinds.called import CalledProblemKind


class ProgramKind(CalledProblemKind):
    """Problems whose solution is a program."""

    name = "program"
    called_as = "program"
    prints_answer = True


PROGRAM = ProgramKind()
