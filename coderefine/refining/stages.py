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
    """A part of a refinement: it finds a better program, chooses among those found, or finds out about the best."""

    name: str
    """As people read of it, where it fails."""
    work: Callable[[Refinement], None]
    """What it does, if there is anything for it to do; it may raise what is to end the refinement."""


STAGES = (
    Stage("the repair", repair),
    Stage("hardening", harden),
    Stage("shrinking the patch", shrink),
    Stage("the vote", vote),
)
