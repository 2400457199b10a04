"""What a kind of problem says: all that the parts of the package ask of one, in one class to derive from."""

from __future__ import annotations

from coderefine.judge.kind import JudgedKind


class ProblemKind(JudgedKind):
    """A kind that every part of the package can work with."""
