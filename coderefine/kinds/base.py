"""The base class of kinds: everything that the rooms of the package ask of a kind of problem."""

from __future__ import annotations

from coderefine.descent.kind import PromptedKind
from coderefine.harden.kind import HardenedKind
from coderefine.judge.kind import JudgedKind
from coderefine.kinds.stored import StoredKind
from coderefine.search.given.kind import SearchedKind


class ProblemKind(StoredKind, JudgedKind, SearchedKind, HardenedKind, PromptedKind):
    """A kind that every part of the package can work with."""
