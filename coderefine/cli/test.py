"""`coderefine test`: judge a solution."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    allow_evaluator_option,
    follow_links_option,
    lines_format_option,
    open_judge,
    packages_option,
    quiet_option,
    sandbox_options,
)
from coderefine.cli.pasted import from_option
from coderefine.cli.single_file import more_tests_options, read_file
from coderefine.cli.solution import Task, read_task

if TYPE_CHECKING:
    from coderefine.judge.report import TestReport
    from coderefine.problem.problem import Problem

_WHICH = ("visible", "hidden", "all")


@click.command("test")
@click.argument("problem", required=False, shell_complete=completing.problems)
@click.argument("file", required=False, shell_complete=completing.files)
@from_option
@click.option(
    "--tests",
    metavar="[visible|hidden|all|FILE]",
    help="Which tests of PROBLEM, visible without it; of a file alone, a file of tests, run by pytest.",
)
@more_tests_options
@sandbox_options
@packages_option
@allow_evaluator_option
@follow_links_option
@click.option("--explain", is_flag=True, help="Say what the failures have in common: suspicious lines, and values.")
@lines_format_option
@quiet_option
def command(
    problem: str | None,
    file: str | None,
    page: str | None,
    tests: str | None,
    more: tuple[str, ...],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    sandbox: str,
    image: str | None,
    packages: str | None,
    allow: tuple[str, ...],
    follow_links: bool,
    explain: bool,
    format_: str,
    quiet: bool,
) -> int:
    """Judge FILE on the tests of PROBLEM; "-" reads standard input.

    PROBLEM is a problem directory or the name of a bundled problem; with --from, a problem's page stands for it. A file
    alone is judged by its own tests, as `fix` finds them. Exits with 0 if every test is accepted.
    """
    from coderefine.cli import diagnostics, show
    from coderefine.descent.kind import PromptedKind
    from coderefine.errors import SandboxUnavailable, UsageError
    from coderefine.judge import untested, versions
    from coderefine.judge.site import requirements

    which = tests if tests in _WHICH else "visible"
    task = _read(problem, file, page, tests, (more, inputs, outputs), follow_links=follow_links)
    loaded, source, told = task.problem, task.source, task.told
    assert source is not None
    tests = which
    if not loaded.cases(tests):  # type: ignore[arg-type]
        raise click.UsageError(f"{loaded.slug} has no {tests} tests")
    with open_judge(sandbox, image, requirements(packages) if packages else (), allow) as judge:
        report = judge.run(loaded, source, tests, evidence=explain)  # type: ignore[arg-type]
        where = show.sandbox_line(judge)
    if name := untested.missing_module(report):
        raise SandboxUnavailable(untested.remedy(name))
    if untested.are_all_skipped(report):
        raise UsageError(f"{loaded.title}: all of its tests are skipped, so that nothing is tested")
    code = 0 if report.accepted else 3 if versions.refusal(report) else 1
    explanation = _explanation(report, loaded, source) if explain else ""
    if format_ != "text":
        found = diagnostics.of_report(loaded, report, source, _name(task.file))
        if format_ == "lines":
            click.echo(diagnostics.lines(found), nl=False)
            return code
        told_more = {"explanation": explanation} if explain else {}
        click.echo(json.dumps({"version": 1, **report.to_json(), "diagnostics": found, **told_more}, indent=2))
        return code

    console = show.console()
    if not quiet:
        show.story().print(where)
        if told:
            show.story().print(show.plain(told, "dim"))
        if loaded.evaluation.needs:
            show.story().print(show.plain(f"its evaluator has {loaded.evaluation.needs}", "dim"))
        show.print_cases(console, loaded, report)
    console.print(show.summary(report))
    if command := PromptedKind.of(loaded).improved_by:
        console.print(
            show.plain(
                f"what it is worth: coderefine score {problem} --generate --prompt {task.file} --model NAME; "
                f"to improve it: {command} {problem} {task.file} --model NAME",
                "dim",
            )
        )
    if explanation:
        console.print(show.plain(f"\n{explanation}"))
    return code


def _name(file: str | None) -> str:
    """Return how a file is called from here."""
    return "solution.py" if file in (None, "-") else Path(str(file)).as_posix()


def _explanation(report: TestReport, problem: Problem, source: str) -> str:
    from coderefine.descent.evidence import describe
    from coderefine.errors import UsageError

    if report.tests != "visible":
        raise UsageError("--explain is for the visible tests alone")
    return describe(report, problem, source) if not report.accepted else ""


def _read(
    problem: str | None,
    file: str | None,
    page: str | None,
    tests: str | None,
    given: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    *,
    follow_links: bool,
) -> Task:
    """Return the problem and the solution to judge; raises UsageError."""
    is_alone = page is None and file is None and problem is not None
    if not is_alone and (any(given) or tests not in (None, *_WHICH)):
        raise click.UsageError("--test, --stdin and a file of tests are for a FILE alone, without a PROBLEM")
    if not is_alone:
        task = read_task(problem, file, page, follow_links=follow_links)
        if task.source is None:
            raise click.UsageError("there is no program to judge: give a FILE")
        return task
    more, inputs, outputs = given
    test_file = tests if tests not in (None, *_WHICH) else None
    if test_file and not Path(test_file).is_file():
        raise click.UsageError(f"--tests {test_file}: neither visible, hidden or all, nor a file of tests")
    found = read_file(str(problem), None, more, test_file, inputs, outputs)
    return Task(found.problem, found.source, problem, found.told)
