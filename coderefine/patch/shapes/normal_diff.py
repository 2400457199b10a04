"""The diff of `diff` without options: `4c4`, then lines after `<` and `>`."""

from __future__ import annotations

import re

from coderefine.errors import PatchError
from coderefine.patch.diff.apply import apply_in_order
from coderefine.patch.reply.reply import Reply

_COMMAND = re.compile(r"([0-9]{1,9})(?:,([0-9]{1,9}))?([acd])([0-9]{1,9})(?:,[0-9]{1,9})?[ \t]*")


def read(reply: Reply) -> str | None:
    """Return the program with such a diff applied, as the equivalent unified diff."""
    hunks: list[str] = []
    for line in (line.rstrip("\r") for line in reply.text.split("\n")):
        if command := _COMMAND.fullmatch(line):
            first, _, kind, _ = command.groups()
            hunks.append(f"@@ -{first}{',0' if kind == 'a' else ''} +{first} @@\n")
        elif hunks and line.startswith(("< ", "> ")):
            hunks[-1] += f"{'-' if line[0] == '<' else '+'}{line[2:]}\n"
    hunks = [hunk for hunk in hunks if hunk.count("\n") > 1]
    if not hunks:
        return None
    if reply.truncated:
        raise PatchError("the answer was truncated: its diff may lack its end. Send all of it")
    return apply_in_order(reply.source, ["".join(hunks)])
