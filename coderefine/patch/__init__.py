"""Edits of a program text: written as a unified diff, applied from one, and read from a model's answer.

Guarantees: `apply_diff(a, make_diff(a, b)) == b` for any two different texts, "\\r", form feeds and missing final
newlines included; all hunks of an answer apply, or none; nothing but PatchError is raised, whatever the text; and
reading and applying take no quadratic time.
"""

from coderefine.patch.answer import read_answer
from coderefine.patch.diff.apply import apply_diff
from coderefine.patch.lines.edit import Patch, make_diff

__all__ = ["Patch", "apply_diff", "make_diff", "read_answer"]
