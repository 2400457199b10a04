"""Reads the edit from a language model's answer.

The shapes in which an answer can contain one are tried in order of preference; the first that is present and applies is
the edit. An answer that is ambiguous, or incomplete, is refused with a sentence that says what to send.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from coderefine.errors import PatchError, UnchangedError
from coderefine.patch.diff.apply import check_size
from coderefine.patch.lines.edit import Patch, line_end, split_lines
from coderefine.patch.reply.placeholders import is_comment_placeholder
from coderefine.patch.reply.reply import NOT_PYTHON, WANTED, Reply, read_reply
from coderefine.patch.reply.sameness import canonical
from coderefine.patch.shapes import diffs, elided, fragment, normal_diff, replaced, search_replace, sentence, whole

Shape = Callable[[Reply], str | None]

SHAPES: tuple[Shape, ...] = (
    search_replace.read,
    diffs.read,
    normal_diff.read,
    whole.read,
    elided.read,
    fragment.read,
    replaced.read,
    sentence.read,
)
"""In order of preference; see `coderefine.patch.shapes` for what a shape is."""
_EDITS = (search_replace.read, diffs.read, normal_diff.read)


def read_answer(source: str, answer: str, names: Collection[str] = (), *, truncated: bool = False) -> Patch:
    """Return the edit of `source` that an answer contains, whatever prose surrounds it.

    `names` are the functions and classes that the program has to define; without them, those of the source. `truncated`
    says that the model was cut off: then nothing counts that is not closed. CRLF line ends stay CRLF.

    Raises PatchError for what `apply_diff` refuses, and if the answer is empty, truncated, above 1 MiB, changes
    nothing, contradicts itself, or leaves in doubt what the new program is.
    """
    check_size(answer, "answer")
    if not answer.strip():
        raise PatchError(f"the answer is empty: {WANTED}")
    reply = read_reply(source, answer, frozenset(names), truncated=truncated)
    if not reply.text.strip():
        raise PatchError(f"the answer is reasoning and nothing else: {WANTED}")
    refusals: list[PatchError] = []
    for shape in SHAPES:
        try:
            after = shape(reply)
        except PatchError as error:
            refusals.append(error)
            continue
        if after is not None:
            _check(reply, after, edited=shape in _EDITS)
            return Patch(source, after)
    raise refusals[0] if refusals else _nothing_found(reply)


def _check(reply: Reply, after: str, *, edited: bool) -> None:
    """Raise PatchError for a new program that equals the old one, lacks code, or differs from one that is also
    shown.
    """
    if after in (reply.source, reply.source + line_end(reply.source)):  # a block always ends its last line
        raise UnchangedError("the answer changes nothing: its code block is the program as it was")
    known = {line.strip() for line in split_lines(reply.source)}
    if any(is_comment_placeholder(line) and line.strip() not in known for line in split_lines(after)):
        raise PatchError(f"the answer leaves out code (`# ...`): {WANTED}")
    if not edited:
        return
    try:
        shown = whole.read(reply) if reply.names else None
    except PatchError:
        return
    if shown is not None and canonical(shown) != canonical(after):
        raise PatchError(f"the diff and the program in the answer differ: {WANTED}, not both")


def _nothing_found(reply: Reply) -> PatchError:
    codes = [block for block in reply.blocks if block.label not in NOT_PYTHON]
    if not reply.closed:
        return PatchError("the answer was truncated: its last block is not closed. Send all of it")
    if not codes:
        return PatchError(f"the answer has neither a diff nor a code block with something in it: {WANTED}")
    if reply.has_copy and not reply.programs:
        return UnchangedError("the answer changes nothing: its code block is the program as it was")
    if reply.truncated:
        return PatchError("the answer was truncated: it ends before the program is whole. Send all of it")
    if len(codes) > 1 and not reply.names:
        return PatchError(f"the answer has {len(codes)} different code blocks and no diff: {WANTED}")
    lacking = f", which defines {', '.join(sorted(reply.names))[:100]}" if reply.names else ""
    return PatchError(f"no code block of the answer is the whole program{lacking}: {WANTED}")
