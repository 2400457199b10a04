"""The one program that an evaluator may start: a file of its packages, checked before a sandbox is made for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.judge import bundle


@dataclass(frozen=True, slots=True)
class Starts:
    """A program, by its path below a folder of packages on this machine."""

    program: str
    folder: Path

    @property
    def has_32_bits(self) -> bool:
        """Whether it is a 32-bit program, which needs other system calls; raises UsageError where the file is no
        program.
        """
        path = self.folder / self.program
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()) or not os.access(path, os.X_OK):
                raise OSError(0, "there is no such program among its packages")
            bits, _ = bundle.module("programs").elf(str(path))
        except OSError as error:
            raise UsageError(f"the evaluator cannot start {self.program}: {error.strerror}") from None
        return bool(bits == 32)

    def config(self, scratch: str) -> dict[str, str]:
        """Return the sandbox's configuration for it (see `sandbox/measuring.py`)."""
        return {"program": self.program, "scratch": scratch}
