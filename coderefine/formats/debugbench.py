"""DebugBench: LeetCode programs with planted bugs; the examples in the statement are the only tests."""

from __future__ import annotations

import hashlib

from coderefine.formats.assertions import Calls
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem, parameters
from coderefine.formats.generic import DIFFICULTIES
from coderefine.formats.leetcode import stated_examples
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.formats.solution_class import entry_of, with_nodes

FIELDS = "buggy_code"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "buggy_code" in row


def record(row: Row) -> Record:
    """Return the record of a row. Raises RowError, also for a program that is not in Python."""
    language = str(row.get("language", "python3")).lower()
    if not language.startswith("python"):
        raise RowError(f"expected a program in Python, not in {language[:20]}")
    buggy = program(row, "buggy_code")
    right = program(row, "solution") or program(row, "oracle_code")
    slug, kind = (
        text(row, "slug", "") or text(row, "question_id", ""),
        text(row, "subtype", "") or text(row, "bug_type", ""),
    )
    name = f"{slug or 'bug'}/{kind or 'bug'}/{hashlib.sha256(buggy.encode('utf-8', 'replace')).hexdigest()[:8]}"
    entry = entry_of(right) or entry_of(buggy)
    calls = Calls(f"Solution().{entry}", parameters(right, f"Solution.{entry}"))
    statement = "\n\n".join(filter(None, [prose(row, "question", "") or prose(row, "description", ""), *_texts(row)]))
    shown = [
        call_of("candidate", given, answer)
        for given, answer in stated_examples(calls.params, "\n".join(_texts(row)) or statement)
    ]
    level = text(row, "level", "").lower()
    problem = function_problem(
        slug=slug_of(name),
        title=slug.replace("-", " ").title() or name,
        statement=statement,
        entry=f"Solution.{entry}",
        program=right,
        visible=shown,
        difficulty=level if level in DIFFICULTIES else "",
    )
    return Record(name, kind, with_nodes(problem, right, entry), buggy, right)


def _texts(row: Row) -> list[str]:
    found = row.get("examples")
    texts = [found] if isinstance(found, str) else listed(row, "examples")
    return [it for it in texts if isinstance(it, str)]
