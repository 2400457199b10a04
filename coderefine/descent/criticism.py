"""Takes a critic's answer apart: its words and its quotations of the program, and the program that it wrote itself."""

from __future__ import annotations

import re

from coderefine.errors import PatchError
from coderefine.models.model import Answer
from coderefine.patch import read_answer
from coderefine.patch.lines.bare import bare_programs
from coderefine.patch.lines.edit import split_lines

LEFT_OUT = "(Code of the reviewer is left out here.)"
CUT_OFF = "(The criticism was cut off here.)"
_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"^[ \t]*(?:line )?\d+[ \t]*[:|.)]?[ \t]*")
_LEAST_LINES = 3
"""Code shorter than this and without a fence is an expression in a sentence."""


def criticism_of(answer: Answer) -> str:
    """Return the text of a criticism, with a mark where the model was cut off."""
    said = answer.text.strip()
    return f"{said}\n{CUT_OFF}" if answer.truncated else said


def without_code(said: str, source: str) -> str:
    """Return a criticism without the code in it, except quotations of the program.

    A program that the critic wrote invites a diff against lines that only it has.
    """
    known = {line.strip() for line in source.split("\n")}

    def kept(found: re.Match[str]) -> str:
        return found[0] if _is_quotation(found[2], known) else f"{LEFT_OUT}\n"

    words = _FENCED.sub(kept, said)
    prose = split_lines(_FENCED.sub("\n", words))
    for block in bare_programs(prose):
        code = block.text.rstrip()
        if code.count("\n") + 1 >= _LEAST_LINES and not _is_quotation(code, known):
            words = words.replace(code, LEFT_OUT)
    return words.strip()


def rewrite_in(said: str, source: str) -> str:
    """Return the program that a critic wrote, or whose edit it spelt out; "" where it did neither.

    A critic is asked for words, but many a small model writes the repaired program all the same, and sometimes a better
    one than when it is asked for a patch.
    """
    try:
        return read_answer(source, said.removesuffix(CUT_OFF), truncated=said.endswith(CUT_OFF)).after
    except PatchError:
        return ""


def _is_quotation(text: str, known: set[str]) -> bool:
    """Whether all lines of a text are lines of the program, numbers before them and dots aside."""
    lines = (line.strip() for line in text.split("\n"))
    return all(not line.strip(".\u2026") or line in known or _NUMBER.sub("", line) in known for line in lines)
