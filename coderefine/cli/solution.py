"""A problem and a solution on the command line: a directory or a page, and a file with names of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli import pasted
from coderefine.cli.options import read_solution, warn

if TYPE_CHECKING:
    from coderefine.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Task:
    """The problem to solve, and the solution so far."""

    problem: Problem
    source: str | None
    """None where there is no program yet."""
    file: str | None
    """As the user named it."""
    told: str = ""
    """Lines on which names were taken for which."""


def read_task(problem: str | None, file: str | None, page: str | None, *, follow_links: bool, target: str = "") -> Task:
    """Return a problem and its solution; with a `page`, the first name is that of the file. Raises UsageError."""
    from coderefine.kinds.fitting import fitted

    if page is not None:
        if file is not None:
            raise click.UsageError(f"--from stands for PROBLEM; give one FILE, not {problem} and {file}")
        return _of_page(page, problem, target)
    if problem is None:
        raise click.UsageError("Missing argument 'PROBLEM'; or give the page of a problem: --from TEXT")
    from coderefine.folder.loading import load_problem
    from coderefine.problem.doubts import doubts

    loaded = load_problem(problem, follow_links=follow_links)
    for doubt in doubts(loaded):
        warn(doubt)
    if file is None:
        return Task(loaded, None, None)
    source = read_solution(file)
    found = fitted(loaded, source)
    return Task(found.problem, source, file, found.told)


def _of_page(page: str, file: str | None, target: str) -> Task:
    from coderefine.kinds.fitting import fitted
    from coderefine.page.code import is_editors_file

    if page == file == "-":
        raise click.UsageError("only one of the page and the solution can come from standard input")
    if file is None and page != "-" and Path(page).is_file() and is_editors_file(pasted.page_text(page)):
        file = page  # it is both
    source = read_solution(file) if file else None
    found = pasted.read_page(page, source or "", target)
    pasted.tell(found)
    if source is None:
        return Task(found.problem, found.program or None, None, found.told)
    match = fitted(found.problem, source)
    return Task(match.problem, source, file, "\n".join(filter(None, [found.told, match.told])))
