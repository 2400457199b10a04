"""Asks a model for an edit, and again where its answer does not apply: with the mismatch, and last for the whole file.

Each of these prompts stands alone; there is no conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from coderefine.errors import PatchError
from coderefine.models.model import Answer, Model, Prompt
from coderefine.patch import Patch, read_answer


def read_edit(source: str, answer: Answer, names: Collection[str] = ()) -> Patch:
    """Return the edit of `source` in an answer; raises PatchError where there is none that applies.

    `names` are the names that the program has to define, where `source` does not tell.
    """
    try:
        return read_answer(source, answer.text, names, truncated=answer.truncated)
    except PatchError:
        if answer.truncated:
            raise PatchError("the answer was cut off at the length limit; answer more briefly") from None
        raise


def ask_again(
    model: Model,
    source: str,
    failed: Answer,
    mismatch: PatchError,
    again: Callable[[str, PatchError, int], Prompt],
    attempts: int,
    names: Collection[str] = (),
) -> Patch:
    """Return the edit from up to `attempts` further answers of the model.

    `again(answer, mismatch, left)` returns the prompt, which must fence its first two arguments; `left` counts down to
    0, the last attempt. Raises what `Model.complete` raises, and the last PatchError where no edit applies.
    """
    for left in reversed(range(attempts)):
        failed = model.complete(again(failed.text, mismatch, left))
        try:
            return read_edit(source, failed, names)
        except PatchError as error:
            mismatch = error
    raise mismatch
