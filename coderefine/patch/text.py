"""Reads the new version of a text that is not a program: a whole fenced text, or SEARCH/REPLACE blocks in an answer."""

from __future__ import annotations

import json
import re

from coderefine.errors import PatchError
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.reply.reasoning import without_reasoning
from coderefine.patch.shapes.search_replace import pairs_in

_FENCE = re.compile(r"[ ]{0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\r\n]*)")
_WANTED = "answer with one block between two lines of ``` that holds the whole new text"


def read_text(source: str, answer: str, *, truncated: bool = False) -> str:
    """Return the new version of `source` in an answer, with the same line end at its end as `source`.

    A block may contain labelled blocks and, where its own marks are longer, any blocks. A JSON object or list must stay
    one. Raises PatchError where there is no new version; its message says what to send.
    """
    said = without_reasoning(answer).replace("\r\n", "\n")
    pairs = pairs_in(split_lines(said), truncated=truncated)
    new = _replaced(source, pairs) if pairs else _block(said, truncated=truncated)
    new = new.rstrip("\n") + "\n" * (len(source) - len(source.rstrip("\n")))
    if not new.strip():
        raise PatchError(f"the new text is empty: {_WANTED}")
    if new == source:
        raise PatchError("the new text is the old one: change what is criticised")
    if _is_json(source) and not _is_json(new):
        raise PatchError("the text was JSON and the new one is not: send valid JSON")
    return new


def _block(said: str, *, truncated: bool) -> str:
    """Return the content of the first block."""
    opened: list[tuple[str, str]] = []
    held: list[str] = []
    for line in split_lines(said):
        marks, label = found.groups() if (found := _FENCE.fullmatch(line.rstrip())) else ("", "")
        if opened and marks.startswith(opened[-1][0]) and not label:
            opened.pop()
            if not opened:
                return "".join(held)
        elif marks and (not opened or label):
            opened.append((marks, label))
            if len(opened) == 1:
                continue
        if opened:
            held.append(line)
    if not opened:
        raise PatchError(f"there is no block in the answer: {_WANTED}")
    if truncated:
        raise PatchError("the answer was cut off at the length limit: answer more briefly")
    return "".join(held)  # the end of the answer closes a block that the model forgot to close


def _replaced(source: str, pairs: list[tuple[str, str]]) -> str:
    text = source
    for old, new in pairs:
        known = old if text.count(old) else old.removesuffix("\n")
        times = text.count(known) if known.strip() else 0
        if times != 1:
            where = "is not in the text" if not times else f"is in the text {times} times"
            raise PatchError(f"what a SEARCH block looks for {where}: copy lines that are there once, or {_WANTED}")
        text = text.replace(known, new if known == old else new.removesuffix("\n"))
    return text


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
