"""`coderefine hook`: test what is staged.

Mostly there is nothing to test, or the same passed before, so little is imported until that is known.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import home_option

if TYPE_CHECKING:
    from coderefine.hook.plan import Plan


class _OfFiles(click.Command):
    """A command whose files may be named like its options.

    Hook runners pass names as they are, and the author of the repository has chosen these.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Treat an argument that is an existing file as a file."""
        end = args.index("--") if "--" in args else len(args)
        files = [arg for arg in args[:end] if arg.startswith("-") and os.path.lexists(arg)]
        options = [arg for arg in args[:end] if arg not in files]
        return super().parse_args(ctx, [*options, "--", *files, *args[end + 1 :]])


@click.command("hook", cls=_OfFiles)
@click.argument("files", nargs=-1)
@click.option("--fix", is_flag=True, help="Look for a patch of what fails, and put it into the working tree.")
@click.option(
    "--model",
    "models",
    multiple=True,
    envvar="CODEREFINE_MODEL",
    help="With --fix: who looks for it, in this order, instead of those of the settings.",
)
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@click.option("--python", metavar="FILE", help="The project's interpreter, also where it is outside of the repository.")
@click.option("--explain", is_flag=True, help="Say which tests FILES call for, and why; run nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell it; as JSON it is one line, for programs.",
)
@click.option("--worktree", is_flag=True, help="Test the working tree as if all of it were staged.")
@click.option("--all", "is_all", is_flag=True, help="Give tests that are further away as much time as the nearest.")
@click.option("--no-cache", is_flag=True, help="Run tests that passed before on the very same files, too.")
@home_option
def command(
    files: tuple[str, ...],
    fix: bool,
    models: tuple[str, ...],
    api_base: str | None,
    python: str | None,
    explain: bool,
    form: str,
    worktree: bool,
    is_all: bool,
    no_cache: bool,
    home: str | None,
) -> int:
    """Test what is staged, in the sandbox, with the tests that it concerns; only FILES, where some are named.

    What is tested is the next commit (git's index), with --worktree the working tree. Settings are in [tool.coderefine]
    of pyproject.toml. Exits with 0 if all tests pass, or there are none; 1 if one fails, also where a patch was found:
    it is put into the working tree, for you to review and to stage. Nothing is ever staged or committed for you.
    """
    from coderefine.hook import git

    staged = git.staged()
    if staged == "" and not files and not worktree:
        return 0
    from coderefine.cli.styled import print_notes
    from coderefine.hook.commit import NextCommit

    commit = NextCommit.find(staged, files, python, worktree=worktree)
    if commit is None:
        return 0
    if not explain and not no_cache and (told := commit.told_before()) is not None:
        if form == "json":
            from coderefine.cli.hook_json import told_before

            click.echo(told_before(told))
        else:
            print_notes(told)
        return 0
    plan = commit.plan(narrow=not no_cache)
    if is_all:
        plan = plan.without_soft_limit()
    if explain:
        _explain(plan)
        return 0
    from coderefine.hook.check import Fixing, check

    fixing = Fixing(models, api_base, home) if fix else None
    if form == "json":
        from coderefine.cli.hook_json import HookJson

        listener = HookJson()
        code = check(plan, commit, listener, fixing, python)
        click.echo(listener.printed(plan, code))
        return code
    from coderefine.cli.hook_teller import HookTeller

    return check(plan, commit, HookTeller(fix), fixing, python)


def _explain(plan: Plan) -> None:
    from coderefine.rendering import printable

    for chosen in plan.chosen:
        click.secho(printable(chosen.changed), bold=True)
        for test, why in chosen.tests.items():
            click.echo(f"  {printable(test)}  {click.style(printable(why), dim=True)}")
        if chosen.problem is not None:
            click.echo(f"  {printable(chosen.problem or '.')}  {click.style('it belongs to this problem', dim=True)}")
        for test in chosen.left_out:
            click.secho(f"  {printable(test)}  unaffected: it ran nothing of this when it last passed", dim=True)
        if not chosen.tests and not chosen.left_out and chosen.problem is None:
            click.echo("  not in the next commit" if chosen.changed in plan.unknown else "  no tests")
