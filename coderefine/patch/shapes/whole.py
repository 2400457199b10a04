"""The whole program in a block: it replaces the file."""

from __future__ import annotations

import ast

from coderefine.errors import PatchError
from coderefine.patch.lines.blocks import Block
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import bound_names, defined, defined_names, left_out, methods, parse, used_names
from coderefine.patch.reply.placeholders import is_comment_placeholder
from coderefine.patch.reply.reply import WANTED, Reply, is_edit
from coderefine.patch.reply.style import in_style_of, without_file_name, without_trials

_LABELS = ("py", "code", "tool_code", "text", "txt", "solution", "answer", "program")
"""Beginnings of the labels of blocks that may be programs though nothing else shows it."""


def read(reply: Reply) -> str | None:
    """Return the last block that is a whole program; a single block of code may have syntax errors."""
    blocks = after_edits(reply)
    whole = [block for block in blocks if _is_whole(reply, block)]
    if not whole:
        return None
    if not reply.names and len({block.text for block in whole}) > 1:
        raise PatchError(f"the answer has {len(whole)} different code blocks and no diff: {WANTED}")
    block = whole[-1]
    if not block.closed and (reply.truncated or (parse(block.text) is None and parse(reply.source) is not None)):
        raise PatchError("the answer was truncated: its last block is not closed. Send all of it")
    text = without_file_name(reply.source, without_trials(reply.source, block.text))
    return in_style_of(reply.source, text)


def after_edits(reply: Reply) -> list[Block]:
    """Return the blocks of code after the last edit; those before an edit show what is to be changed."""
    last = max((at for at, block in enumerate(reply.blocks) if is_edit(block)), default=0)
    return [block for block in reply.programs if block.place >= last]


def _is_whole(reply: Reply, block: Block) -> bool:
    """Whether a block is a whole program, judged by what it defines and uses."""
    text = block.text
    tree = parse(text)
    known = {line.strip() for line in split_lines(reply.source)}
    if any(is_comment_placeholder(line) and line.strip() not in known for line in split_lines(text)):
        return False
    labelled = not block.label or block.label.startswith(_LABELS)
    if tree is None:
        alone = labelled and len(reply.programs) == 1 and not is_edit(block)
        return alone and reply.names <= defined_names(text)
    if not reply.names:
        return labelled and not _quotes(reply, text)
    return reply.names <= set(defined(tree)) and not lacks(reply.source, tree)


def lacks(source: str, tree: ast.Module) -> bool:
    """Whether a program lacks definitions of the source that it, or its users, need.

    These are: names that it uses and that the source binds at the top level; methods of a class that are public or that
    it uses; definitions that it has only as stubs.
    """
    old = parse(source)
    if old is None:
        return False
    used, bound = used_names(tree), bound_names(tree)
    if any(name in used and name not in bound for name in bound_names(old)):
        return True
    if left_out(defined(old), defined(tree)) & set(defined(tree)):
        return True
    classes = {name: node for name, node in defined(tree).items() if isinstance(node, ast.ClassDef)}
    for name, node in defined(old).items():
        if isinstance(node, ast.ClassDef) and name in classes:
            theirs = methods(classes[name])
            missing = left_out(methods(node), theirs)
            if missing & set(theirs):
                return True
            if not classes[name].bases and any(not each.startswith("_") or each in used for each in missing):
                return True
    return False


def _quotes(reply: Reply, text: str) -> bool:
    """Whether a text only repeats lines of the source, or of a longer block."""
    others = [reply.source, *(block.text for block in reply.programs if len(block.text) > len(text))]
    return any(text.strip() in other for other in others)
