"""The stages of a refinement, in order. Another stage is a function in a file of its own, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coderefine.refining.hardening import harden
from coderefine.refining.refinement import Refinement
from coderefine.refining.repair import repair
from coderefine.refining.shrinking import shrink
from coderefine.refining.voting import vote


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a refinement: it finds a better program, chooses among those found, or examines the best."""

    name: str
    """Its name in messages about a failure."""
    work: Callable[[Refinement], None]
    """Does the work, if there is any; a deliberate error ends the refinement, an accident this stage alone."""


STAGES = (
    Stage("the repair", repair),
    Stage("hardening", harden),
    Stage("shrinking the patch", shrink),
    Stage("the vote", vote),
)
