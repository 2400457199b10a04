"""Every exception that coderefine raises on purpose, with its exit code.

A verdict is a value; an exception is for failures. `exit_code` is what the command line returns: 2 for what the user
typed or configured, 3 for the environment (engine, model, network).
"""

from __future__ import annotations

import errno
from typing import Self

_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
"""Reasons why a file cannot be written that do not depend on its path."""


class CoderefineError(Exception):
    """Base of all deliberate errors; the message says what failed and what to do next."""

    exit_code = 3


class UsageError(CoderefineError):
    """The command, an option or an input file cannot be used as given."""

    exit_code = 2


class UnreadableError(UsageError, ValueError):
    """A text from outside is invalid, or exceeds a limit; the message says which, in one line."""


class ProblemError(UsageError):
    """A problem directory is malformed: which file, which field, and what was expected."""

    def __init__(self, file: object, field: str, expected: str) -> None:
        self.file, self.field, self.expected = str(file), field, expected
        where = f"{file}: {field}" if field else str(file)
        super().__init__(f"{where}: {expected}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        return type(self), (self.file, self.field, self.expected)


class SandboxUnavailable(CoderefineError):
    """No sandbox of the requested kind can run here. Code is never run without one."""


class JudgeError(CoderefineError):
    """The judge itself failed, twice: not a verdict on the candidate."""


class ModelError(CoderefineError):
    """A language model could not be reached, or its answer is not usable."""


class PatchError(CoderefineError):
    """An edit could not be applied; the message names the exact mismatch, for the model to read."""


class UnchangedError(PatchError):
    """An edit can be read, but does not change the program."""


class BudgetExhausted(CoderefineError):
    """The next step would exceed a budget; `limit` names which one."""

    exit_code = 1

    def __init__(self, limit: str, message: str) -> None:
        self.limit = limit
        self.meter: object = None
        """The meter that refused, if one did: a limit that an engine sets itself is not one of the run."""
        super().__init__(message)

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        return type(self), (self.limit, str(self))


class Accident(CoderefineError):
    """An engine failed unexpectedly; the message, which is recorded, says how and where."""


class StoreError(CoderefineError):
    """The store of runs could not be read or written."""


class NotRecordedError(CoderefineError):
    """A replay has reached the end of the run's record."""


def unwritable(path: object, error: OSError) -> CoderefineError:
    """Return the error for a file that cannot be written: UsageError for its path, or the machine's fault."""
    kind = CoderefineError if error.errno in _OF_THE_MACHINE else UsageError
    return kind(f"cannot write {path}: {error.strerror}")
