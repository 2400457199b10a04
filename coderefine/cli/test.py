"""`coderefine test`: judge a solution."""

from __future__ import annotations

import json

import click

from coderefine.cli.options import (
    follow_links_option,
    format_option,
    open_judge,
    quiet_option,
    read_solution,
    sandbox_options,
)
from coderefine.cli.single_file import read_file


@click.command("test")
@click.argument("problem")
@click.argument("file", required=False)
@click.option("--tests", type=click.Choice(["visible", "hidden", "all"]), default="visible", show_default=True)
@sandbox_options
@follow_links_option
@format_option
@quiet_option
def command(
    problem: str,
    file: str | None,
    tests: str,
    sandbox: str,
    image: str | None,
    follow_links: bool,
    format_: str,
    quiet: bool,
) -> int:
    """Judge FILE on the tests of PROBLEM; "-" reads standard input.

    PROBLEM is a problem directory or the name of a bundled problem. A file alone is judged by its own tests, as `fix`
    finds them. Exits with 0 if every test is accepted.
    """
    from coderefine.cli import show
    from coderefine.folder.loading import load_problem
    from coderefine.judge import versions

    told = ""
    if file is None:
        alone = read_file(problem)
        loaded, source, told = alone.problem, alone.source, alone.told
    else:
        loaded, source = load_problem(problem, follow_links=follow_links), read_solution(file)
    if not loaded.cases(tests):  # type: ignore[arg-type]
        raise click.UsageError(f"{loaded.slug} has no {tests} tests")
    with open_judge(sandbox, image) as judge:
        report = judge.run(loaded, source, tests)  # type: ignore[arg-type]
        where = show.sandbox_line(judge)
    code = 0 if report.accepted else 3 if versions.refusal(report) else 1
    if format_ == "json":
        click.echo(json.dumps(report.to_json(), indent=2))
        return code

    console = show.console()
    if not quiet:
        show.story().print(where)
        if told:
            show.story().print(show.plain(told, "dim"))
        show.print_cases(console, loaded, report)
    console.print(show.summary(report))
    return code
