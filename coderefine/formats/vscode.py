"""Solutions as the LeetCode extension of VS Code keeps them: a file a problem, with its statement in comments.

    # @lc app=leetcode id=1 lang=python3
    # [1] Two Sum
    # ... the statement ...
    # @lc code=start
    class Solution: ...
    # @lc code=end

The tests are the examples of the statement that have an answer; the program in the file is what is scored and refined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coderefine.errors import UsageError
from coderefine.folder.loading import decode_source
from coderefine.formats import operations, places
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem, parameters
from coderefine.formats.leetcode import stated_examples
from coderefine.formats.needs import needed
from coderefine.formats.record import Fault, Record, RowError, slug_of
from coderefine.formats.solution_class import answer_of, entry_of, with_nodes
from coderefine.problem.compare import Compare
from coderefine.problem.folder import Folder
from coderefine.problem.problem import Limits, Problem

LIMITS = Limits(time_s=10.0, memory_mib=1024)
LAYOUT = "vscode: files of Python with `@lc app=leetcode` in their first lines"
_HEAD = re.compile(r"^#?\s*@lc app=leetcode\S* id=(.+?) lang=(\w+)\s*$", re.MULTILINE)
_HEAD_BYTES = 2000
_TITLE = re.compile(r"^#\s*\[(.+?)\] (.+?)\s*$", re.MULTILINE)
_LEVEL = re.compile(r"^#\s*(Easy|Medium|Hard) \(", re.MULTILINE)
_ADDRESS = re.compile(r"https?://leetcode\S*/problems/([\w-]+)")
_START, _END = re.compile(r"^#\s*@lc code=start.*$", re.MULTILINE), re.compile(r"^#\s*@lc code=end.*$", re.MULTILINE)
_LABELS = {"输入": "Input", "输出": "Output"}


def fits(path: Path) -> bool:
    """Whether a file is one of these, or a folder contains one at any depth."""
    return next(_files(path), None) is not None


def count(path: Path) -> int:
    """Return how many files there are."""
    return sum(1 for _ in _files(path))


def records(folder: Folder) -> Iterator[Record | Fault]:
    """Yield the problems in the order of the files' paths, or the reason why one cannot be read."""
    inside = Folder(folder.path.parent, folder.follows_links) if folder.path.is_file() else folder
    for file in _files(folder.path):
        try:
            name = file.relative_to(inside.path)
            yield _record(decode_source(inside.data(name), str(name)).replace("\r\n", "\n"), file)
        except UsageError as error:
            yield Fault(str(file), 0, str(error))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield from [path] if path.suffix == ".py" and _is_one(path) else []
    elif path.is_dir():
        yield from (file for place in places.folders(path) for file in places.files(place, "*.py") if _is_one(file))


def _is_one(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return b"@lc app=leetcode" in opened.read(_HEAD_BYTES)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a file."""

    told: str
    """The statement as it is in the file."""
    program: str

    @property
    def statement(self) -> str:
        """Return the statement with the labels of its examples in English."""
        return re.sub(r"(输入|输出)\s*(?:[:：]|$)", lambda it: _LABELS[it[1]] + ":", self.told, flags=re.MULTILINE)


def _record(text: str, file: Path) -> Record:
    head = _HEAD.search(text)
    if head is None or not head[2].startswith("python"):
        raise RowError(f"expected a program in Python, not in {head[2] if head else 'an unknown language'}")
    parts = _parts(text, head.end())
    title = _TITLE.search(text)
    address, level = _ADDRESS.search(text), _LEVEL.search(text)
    slug = address[1] if address else f"{head[1]}-{title[2]}" if title and title[2].isascii() else head[1] + " leetcode"
    fields: dict[str, Any] = {
        "slug": slug_of(slug),
        "statement": parts.told,
        "title": title[2] if title else file.stem,
        "compare": Compare("json"),
        "limits": LIMITS,
        "difficulty": level[1].lower() if level else "",
    }
    problem = operations.class_problem(parts.program, parts.statement, **fields) or _solution(parts, fields)
    return Record(head[1], "", problem, buggy=parts.program)


def _solution(parts: _Parts, fields: dict[str, Any]) -> Problem:
    """Return the problem of a method of `Solution`; raises RowError."""
    if not (entry := entry_of(parts.program)):
        raise RowError("expected a class Solution with a method, or a class and examples of its operations in comments")
    names = parameters(parts.program, f"Solution.{entry}")
    tests = [call_of("candidate", given, answer) for given, answer in stated_examples(names, parts.statement)]
    if not tests:
        raise RowError("expected examples with Input: and Output: in its comments, which are all tests that there are")
    problem = function_problem(entry=f"Solution.{entry}", program=parts.program, visible=tests, **fields)
    return replace(with_nodes(problem, parts.program, entry), answer=answer_of(parts.program, entry))


def _parts(text: str, end_of_head: int) -> _Parts:
    """Return the comment, and the program: the text between the marks, or all after the comment."""
    start, end = _START.search(text), _END.search(text)
    comment = text[end_of_head : start.start() if start else len(text)]
    lines = comment.split("\n")
    told = [line for line in lines if line.startswith("#")]
    if start is None:
        is_code = [bool(line.strip()) and not line.startswith("#") for line in lines]
        first = is_code.index(True) if True in is_code else len(lines)
        told, code = [line for line in lines[:first] if line.startswith("#")], "\n".join(lines[first:])
    else:
        code = text[start.end() : end.start() if end else len(text)]
        before = [line for line in lines if line.startswith(("import ", "from ")) and not needed(line)]
        code = "\n".join([*before, code.lstrip("\n")])
    if not code.strip():
        raise RowError("expected a program behind `@lc code=start`")
    statement = "\n".join(line[1:].removeprefix(" ").rstrip() for line in told)
    return _Parts(re.sub(r"\n{3,}", "\n\n", statement).strip(), code.strip("\n") + "\n")
