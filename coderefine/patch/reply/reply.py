"""The parts of an answer: its blocks, its prose, and the program that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from coderefine.errors import PatchError
from coderefine.patch.lines.bare import bare_programs
from coderefine.patch.lines.blocks import DIFF_LABELS, Block, split_fences
from coderefine.patch.lines.edit import line_end, undo_crlf_transport
from coderefine.patch.lines.plain import mended
from coderefine.patch.lines.python import defined_names, parses
from coderefine.patch.reply.envelopes import json_text, tagged_blocks, tagged_pairs, unpacked
from coderefine.patch.reply.reasoning import without_marks, without_reasoning

WANTED = "send one ```diff block, or one ```python block that holds the whole new file"
MOST_BLOCKS = 1000
_MARKS = re.compile(r"^(?:@@|[ \t]*(?:<{4,9}|>{4,9})(?![<>])|\+\+\+ |\*\*\* )", re.MULTILINE)
_LANGUAGES = (
    "bash sh shell zsh console terminal cmd powershell javascript js typescript ts java c cpp c++ csharp go rust ruby "
    "php swift kotlin sql html css xml yaml yml toml ini makefile dockerfile markdown md mermaid latex tex output"
)
_BARE_LABEL = re.compile(r"\s*(?:python[\d.]*|py3?|diff|patch|udiff)[ \t]*:?[ \t]*\n", re.IGNORECASE)
_QUOTED = re.compile(r"^>[ ]?")
_FENCES = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*(\S*)", re.MULTILINE)
NOT_PYTHON = frozenset(_LANGUAGES.split())
"""Labels of blocks that are no Python program."""


@dataclass(frozen=True)
class Reply:
    """An answer to a request for an edit of `source`."""

    source: str
    text: str
    """The answer without reasoning and marks of chat templates, with the line ends that it means."""
    names: frozenset[str]
    """The names that the program has to define; empty where they are not known."""
    outside: tuple[str, ...]
    """The lines outside of fenced blocks."""
    blocks: tuple[Block, ...]
    """The blocks that may be an edit or a program, none of them blank, in order."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Old and new texts, where the answer gives them in JSON."""
    truncated: bool = False
    """Whether the model was cut off, so that an unclosed block is incomplete."""
    closed: bool = True
    """Whether the last block is closed."""

    @cached_property
    def programs(self) -> tuple[Block, ...]:
        """The different blocks of code, without copies of the source, repaired so that they parse where that is
        possible.
        """
        found: dict[str, Block] = {}
        for place, block in enumerate(self.blocks):
            if block.label in NOT_PYTHON:
                continue
            text = self.ended(mended(block.text))
            if is_edit(block) and not parses(text):
                continue
            if not self.is_copy(text):
                found.pop(text, None)  # of two copies, the last position counts
                found[text] = replace(block, text=text, place=place)
        return tuple(found.values())

    @property
    def has_copy(self) -> bool:
        """Whether a block is the unchanged program."""
        return any(self.is_copy(mended(block.text)) for block in self.blocks)

    def is_copy(self, text: str) -> bool:
        """Whether a text is the unchanged program."""
        return text.replace("\r\n", "\n").strip() == self.source.replace("\r\n", "\n").strip()

    def ended(self, text: str) -> str:
        """Return a text with the line ends of the source, unless it has CRLF itself."""
        return text if "\r\n" in text else text.replace("\n", line_end(self.source))


def read_reply(source: str, answer: str, names: frozenset[str], *, truncated: bool) -> Reply:
    """Return the parts of an answer."""
    text = _opened(_unquoted(undo_crlf_transport(without_marks(without_reasoning(answer)))))
    outside, found = split_fences(text)
    blocks: list[Block] = []
    pairs: list[tuple[str, str]] = []

    def unpack(data: Any) -> None:
        more, replaced = unpacked(data)
        blocks.extend(more)
        pairs.extend(replaced)

    for block in found:
        data = json_text(block.text) if block.label in ("json", "tool_call", "") else None
        before = len(blocks) + len(pairs)
        if isinstance(data, dict | list):
            unpack(data)
        if len(blocks) + len(pairs) == before and block.text.strip():  # JSON within a program belongs to the program
            blocks.append(block)
    if not blocks and not pairs:
        prose = "".join(outside)
        data = json_text(prose)
        if data is not None:
            unpack(data)
    if not blocks and not pairs:
        tagged = tagged_blocks(outside)
        pairs += tagged_pairs(tagged)
        if not pairs:
            blocks += tagged or bare_programs(outside) or bare_programs([_QUOTED.sub("", line) for line in outside])
    if len(blocks) > MOST_BLOCKS:
        raise PatchError(f"the answer has {len(blocks)} blocks: {WANTED}")
    wanted = names or frozenset(defined_names(source))
    return Reply(
        source, text, wanted, tuple(outside), tuple(blocks), tuple(pairs), truncated, not found or found[-1].closed
    )


def _unquoted(text: str) -> str:
    """Return an answer without quotation marks, if all its lines begin with `>`."""
    lines = text.split("\n")
    if not text.strip() or not all(line.startswith("> ") or line.strip() in ("", ">") for line in lines):
        return text
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)


def _opened(text: str) -> str:
    """Return an answer that begins with a label on its own line with the lost fence marks before it.

    Small models leave them out; the marks that close the block would then look like an opening.
    """
    marks: list[tuple[str, str]] = _FENCES.findall(text)
    if len(marks) % 2 == 0 or marks[0][1] or not _BARE_LABEL.match(text):
        return text
    return marks[0][0] + text.lstrip()


def is_edit(block: Block) -> bool:
    """Whether a block is labelled as a diff, or has the marks of an edit."""
    return block.label in DIFF_LABELS or bool(_MARKS.search(block.text))
