"""Problem directories in a repository: a changed solution next to a `problem.toml` is judged on all its tests."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from coderefine.errors import ProblemError
from coderefine.folder.loading import decode_source, load_problem
from coderefine.hook.staged import Snapshot
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.problem.problem import Problem

MAX_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A problem of the next commit with its solution, judged."""

    folder: str
    path: str
    """The path of the solution from the root of the repository."""
    problem: Problem
    source: str
    report: TestReport

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        report = self.report
        shared = f"  assurance: {report.assurance}" if report.assurance == "in-process" else ""
        return f"{self.path}  {report.verdict}  {report.passed} of {report.total} tests passed{shared}"


def judge_folder(snapshot: Snapshot, folder: str, judge: Judge) -> Judged | None:
    """Judge the solution in a problem directory on all tests; None where there is no solution. Raises ProblemError."""
    start = f"{folder}/" if folder else ""
    paths = [path for path in snapshot.files if path.startswith(start)]
    if len(paths) > MAX_FILES:
        raise ProblemError(folder or ".", "", f"expected at most {MAX_FILES:,} files, not {len(paths):,}")
    contents = snapshot.read(paths)
    with tempfile.TemporaryDirectory(prefix="coderefine-") as scratch:
        copy = Path(scratch, folder.rpartition("/")[2] or "problem")
        for path, data in contents.items():
            target = copy / path.removeprefix(start)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        try:
            problem = load_problem(str(copy))
        except ProblemError as error:
            where = error.file.replace(str(copy), folder or ".")
            raise ProblemError(where, error.field, error.expected) from None
    solution = start + problem.suite.solution
    if solution not in contents:
        return None
    source = decode_source(contents[solution], solution)
    return Judged(folder, solution, problem, source, judge.run(problem, source, "all"))
