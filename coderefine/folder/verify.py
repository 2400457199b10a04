"""Checks a problem with its own submissions: each must get the verdict that its folder names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coderefine.errors import ProblemError, UsageError
from coderefine.folder.loading import find_problem, load_problem, read_source
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.parallel import in_order
from coderefine.problem.folder import Folder
from coderefine.problem.problem import Problem

FOLDERS = {verdict.words.replace(" ", "_").replace("-", "_"): verdict for verdict in Verdict if verdict != "JE"}


@dataclass(frozen=True, slots=True)
class Submission:
    """A program whose verdict is known."""

    path: Path
    expected: Verdict
    source: str


@dataclass(frozen=True, slots=True)
class SubmissionCheck:
    """A submission and what the judge said."""

    submission: Submission
    report: TestReport

    @property
    def ok(self) -> bool:
        """Whether the judge agrees with the folder."""
        return self.report.verdict is self.submission.expected


def find_problems(paths: Sequence[str | Path]) -> list[Path]:
    """Return the problem directories named by, or directly inside, the paths; raises UsageError for none."""
    found: list[Path] = []
    for path in paths:
        directory = find_problem(path)
        inside = sorted(file.parent for file in directory.glob("*/problem.toml"))
        if not (directory / "problem.toml").exists() and not inside:
            raise UsageError(f"{directory} is no problem and holds none: there is no problem.toml")
        found += [directory] if (directory / "problem.toml").exists() else inside
    return found


def submissions(problem: Problem, *, follow_links: bool = False) -> list[Submission]:
    """Return the submissions of a problem in a fixed order; raises ProblemError for a folder of no verdict.

    A problem needs none; where there are some, one has to be accepted.
    """
    assert problem.path is not None
    folder, inside = problem.path / "submissions", Folder(problem.path, follow_links).inside
    found = []
    for path in sorted(folder.glob(f"*/*{problem.suffix}")):
        if path.parent.name not in FOLDERS:
            raise ProblemError(path.parent, "", f"expected a folder named {', '.join(FOLDERS)}")
        found.append(Submission(path, FOLDERS[path.parent.name], read_source(inside(path.relative_to(problem.path)))))
    if folder.is_dir() and not any(submission.expected is Verdict.AC for submission in found):
        raise ProblemError(
            folder, "accepted", "expected at least one accepted submission, which shows that it can be solved"
        )
    return found


def verify(problem_dir: Path, judge: Judge, *, follow_links: bool = False) -> Iterator[SubmissionCheck]:
    """Judge every submission on all tests; yield in order. Raises ProblemError for a malformed problem."""
    problem = load_problem(problem_dir, follow_links=follow_links)
    known = submissions(problem, follow_links=follow_links)
    reports = in_order((partial(judge.run, problem, it.source, "all") for it in known), judge.workers)
    for submission, report in zip(known, reports, strict=True):
        yield SubmissionCheck(submission, report)
