"""`coderefine verify`: check problems by their own submissions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    allow_evaluator_option,
    follow_links_option,
    format_option,
    open_judge,
    quiet_option,
    sandbox_options,
    warn,
)

if TYPE_CHECKING:
    from coderefine.folder.verify import SubmissionCheck


@click.command("verify")
@click.argument("problems", nargs=-1, metavar="[PROBLEMS]...", shell_complete=completing.problems)
@sandbox_options
@allow_evaluator_option
@follow_links_option
@format_option
@quiet_option
def command(
    problems: tuple[str, ...],
    sandbox: str,
    image: str | None,
    allow: tuple[str, ...],
    follow_links: bool,
    format_: str,
    quiet: bool,
) -> int:
    """Judge every submission of PROBLEMS and demand the verdict that its folder names.

    PROBLEMS are problem directories, or folders of them; the bundled problems without any. Exits with 0 if all agree,
    with 1 if a verdict differs, with 2 if a problem is malformed.
    """
    from coderefine import resources
    from coderefine.cli import show
    from coderefine.errors import ProblemError
    from coderefine.folder.loading import load_problem
    from coderefine.folder.verify import find_problems, verify
    from coderefine.problem.doubts import doubts
    from coderefine.rendering import count, printable

    directories = find_problems(problems or [resources.problems_dir()])
    console = show.story()
    console.quiet = quiet or format_ == "json"
    rows, differing, malformed = [], 0, 0
    with open_judge(sandbox, image, allow=allow) as judge:
        console.print(show.sandbox_line(judge))
        for directory in directories:
            try:
                problem = load_problem(directory, follow_links=follow_links)
                if problem.evaluation.needs:
                    console.print(show.plain(f"{directory.name}: its evaluator has {problem.evaluation.needs}", "dim"))
                for doubt in doubts(problem):
                    warn(f"{directory.name}: {doubt}")
                checks = list(verify(directory, judge, follow_links=follow_links))
            except ProblemError as error:
                malformed += 1
                click.echo(click.style("error: ", fg="red", bold=True) + printable(str(error)), err=True)
                continue
            if not checks:
                said = f"{directory.name} has no submissions, so that only its files were checked"
                warn(f"{said}; put a right program into {directory}/submissions/accepted/")
            differing += sum(not check.ok for check in checks)
            rows += [_row(directory, check) for check in checks]
            if format_ == "text":
                _print(directory, checks, quiet)
    if format_ == "json":
        click.echo(json.dumps(rows, indent=2))
    else:
        right = len(rows) - differing
        of_submissions, of_problems = count(len(rows), "submission"), count(len(directories) - malformed, "problem")
        click.echo(f"{right} of {of_submissions} of {of_problems} got their verdict")
    return 2 if malformed else 1 if differing else 0


def _row(directory: Path, check: SubmissionCheck) -> dict[str, object]:
    return {
        "problem": directory.name,
        "submission": str(check.submission.path),
        "expected": check.submission.expected.value,
        "verdict": check.report.verdict.value,
        "ok": check.ok,
    }


def _print(directory: Path, checks: list[SubmissionCheck], quiet: bool) -> None:
    from coderefine.rendering import printable

    if not quiet:
        marks = "".join(click.style("✓", fg="green") if c.ok else click.style("✗", fg="red") for c in checks)
        click.echo(f"{printable(directory.resolve().name):32} {marks}")
    for check in checks:
        if not check.ok:
            failure = next(iter(check.report.failures), None)
            detail = str(failure.error or failure.reason) if failure else "every test passed"
            name = check.submission.path.relative_to(directory)
            told = f"{name}: expected {check.submission.expected}, got {check.report.summary()}: {detail}"
            click.echo(f"  {printable(told)}")
