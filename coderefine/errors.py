"""Every exception that coderefine raises on purpose, and the exit code each maps to.

A verdict is a value; an exception is for us. `exit_code` is what the command line returns:
2 for what the user typed or configured, 3 for the environment (engine, model, network).
"""

from __future__ import annotations

import errno
from typing import Self

_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
"""Why a file cannot be written wherever it is."""


class CoderefineError(Exception):
    """Base of all deliberate errors; the message says what failed and what to do next."""

    exit_code = 3


class UsageError(CoderefineError):
    """The command, an option or an input file is not usable as given."""

    exit_code = 2


class UnreadableError(UsageError, ValueError):
    """A text from outside is not what it should be, or exceeds a bound; the message says which, in one line."""


class ProblemError(UsageError):
    """A problem directory is malformed: which file, which field, and what was expected."""

    def __init__(self, file: object, field: str, expected: str) -> None:
        self.file, self.field, self.expected = str(file), field, expected
        where = f"{file}: {field}" if field else str(file)
        super().__init__(f"{where}: {expected}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        return type(self), (self.file, self.field, self.expected)


class SandboxUnavailable(CoderefineError):
    """No sandbox of the kind asked for can run here. Code is never run without one."""


class JudgeError(CoderefineError):
    """The judge itself failed, twice: not a verdict on the candidate."""


class ModelError(CoderefineError):
    """A language model could not be reached or gave nothing usable."""


class PatchError(CoderefineError):
    """An edit could not be applied; the message names the exact mismatch, for the model to read."""


class UnchangedError(PatchError):
    """An edit can be read, and gives the program as it was."""


class BudgetExhausted(CoderefineError):
    """The next step would exceed a budget; `limit` names which one."""

    exit_code = 1

    def __init__(self, limit: str, message: str) -> None:
        self.limit = limit
        self.meter: object = None
        """The meter that refused, if one did: what an engine sets itself is no limit of the run."""
        super().__init__(message)

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        return type(self), (self.limit, str(self))


class Accident(CoderefineError):
    """An engine failed in a way that nobody meant: the message, which is on record, says how and where."""


class StoreError(CoderefineError):
    """The store of runs could not be read or written."""


class NotRecordedError(CoderefineError):
    """A replay has reached the end of the run's record."""


def unwritable(path: object, error: OSError) -> CoderefineError:
    """Return what to raise for a file that cannot be written: the user's choice of it, or the machine, is at fault."""
    kind = CoderefineError if error.errno in _OF_THE_MACHINE else UsageError
    return kind(f"cannot write {path}: {error.strerror}")
