"""The set-up of a tuning run; it is recorded, so that the run can be resumed by its id alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from coderefine.formats.reading import read
from coderefine.formats.record import Fault, Record
from coderefine.tuning.tuning import TuneOptions

PROMPT, INSTRUCTION, CRITIC, PATCHER = "prompt", "instruction", "critic", "patcher"
"""What the tuned prompt is: one that answers, or for repairs the test-time instruction or a system prompt."""


@dataclass(frozen=True, slots=True)
class TuneSetup:
    """A set of problems, the first prompt, and how it is tuned."""

    problems: str
    """A file or a folder."""
    prompt: str
    forward_model: str | None = None
    """The model that answers with the prompt; None takes the model that criticises."""
    format: str | None = None
    """The format of the file; None where each row shows it."""
    sizes: tuple[int, ...] | None = None
    """The sizes of the three parts; None takes shares of the set."""
    options: TuneOptions = field(default_factory=TuneOptions)
    tuned: str = PROMPT
    """What the prompt is, one of the four above."""

    def read(self, on_fault: Callable[[Fault], None]) -> list[Record]:
        """Return the problems of the set that can be judged; for repairs, those with a program to repair.

        Raises UsageError.
        """
        records = read(self.problems, on_fault, format_=self.format)
        wanted = (record for record in records if record.pending is None)
        return [record for record in wanted if self.tuned == PROMPT or record.buggy]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data, with an absolute path."""
        return asdict(self) | {"problems": str(Path(self.problems).absolute())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        options = {**data["options"], "constraints": tuple(data["options"]["constraints"])}
        sizes = tuple(data["sizes"]) if data["sizes"] else None
        return cls(**{**data, "options": TuneOptions(**options), "sizes": sizes})
