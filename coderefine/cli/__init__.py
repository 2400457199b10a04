"""The command line: one module a command, each imported only when it is called.

stdout is the result, stderr is the story. Exit codes: 0 accepted, 1 not accepted, 2 usage or configuration,
3 environment (Docker, model, network), 130 Ctrl-C.
"""

from __future__ import annotations

import difflib
import errno
import gc
import importlib
import json
import keyword
import os
import sys
from itertools import pairwise

import click

import coderefine
from coderefine.cli.streams import GuardedStream, guarded
from coderefine.errors import CoderefineError
from coderefine.interrupts import hold, interruptible

# name: one line for --help; the modules stay unloaded until they are needed.
COMMANDS = {
    "fix": "Repair a file by its own tests: doctests, assertions, the file of tests beside it.",
    "refine": "Repair a solution, or have a model write one, until the visible tests pass.",
    "evolve": "Evolve a program that is measured: islands, variations, models, by its figures.",
    "score": "Score a set of problems: given solutions or a model's, before and after refinement.",
    "tune": "Make a prompt better on a set of problems: batches, criticism, a gate on a validation part.",
    "resume": "Go on with a run that was stopped, without repeating or paying anything twice.",
    "replay": "Run a recorded run again, without a model or a network.",
    "runs": "List, show and export recorded runs.",
    "apply": "Put the patch of a recorded run into the file that it is for.",
    "report": "Write a recorded run as one HTML page, to look at and to send around.",
    "test": "Judge a solution: a verdict for every test.",
    "verify": "Check problems: every submission must get the verdict its folder names.",
    "certify": "Say which small changes of a right solution all tests let through, and propose tests.",
    "hook": "Test what is staged, before it is committed.",
    "mcp": "Serve test, fix, certify and explain_failure to an agent: Model Context Protocol.",
    "serve": "Judge programs over HTTP, for those who train or measure models on them.",
    "import": "Turn a public set of problems into problem directories.",
    "new": "Start a problem directory, or make one of a problem's page.",
    "problems": "List the bundled problems.",
    "doctor": "Say which sandboxes work here, and what is missing.",
    "config": "Show what options are where you do not give them, and from where.",
    "completion": "Print what a shell needs to complete names.",
}

VARIABLE = "_CODEREFINE_COMPLETE"
"""The variable with which a shell asks click for completions."""
_PRINTING = ("problems", "runs", "doctor", "config", "completion")
"""Commands that only print, so that their result is lost where printing fails; other commands keep their exit code."""
_OF_A_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP)
"""Errors of a name that no file can have."""
_MAX_ERROR_CHARS = 2000


_GARBAGE = 50_000
"""New objects after which the youngest are looked through for cycles. With Python's own 700 the search spent a sixth of
its time on that, and the import of litellm a fifth.
"""


class LazyGroup(click.Group):
    """Loads a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import `cli/<name>.py` and return its `command`."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"coderefine.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, with the configured options; raises UsageError."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=2, cutoff=0.5)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}{hint}", ctx)
        # else neither the options nor their errors are needed
        is_run = not ctx.resilient_parsing and not {"-h", "--help"} & {*args}
        if args and is_run:
            from coderefine.cli import defaults

            ctx.default_map = defaults.default_map() if args[0] in defaults.COMMANDS else None
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(coderefine.__version__, "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Repair Python code in a sandbox.

    Tests judge it, criticisms guide it, the best tested candidate wins.
    """


def main() -> None:
    """Run the command line and exit with its code, which a broken stream changes only where a result is lost."""
    if VARIABLE in os.environ:  # a shell asks for completions, which click prints
        cli.main(prog_name="coderefine", complete_var=VARIABLE)
    gc.set_threshold(_GARBAGE)
    code, interrupted = hold(_guarded)
    sys.exit(130 if interrupted else code)


def _guarded() -> int:
    with guarded() as out:
        code = _run()
        out.flush()
        if (out.is_for_programs or out.has_result or _only_prints(sys.argv[1:])) and out.lost and code in (0, 1):
            _tell_error(f"standard output: {out.lost.strerror}; the result is lost", 3)
            code = 3
    return code


def _only_prints(given: list[str]) -> bool:
    options = given[: given.index("--")] if "--" in given else given
    is_asked = bool({"-h", "--help", "--version", "--explain"} & {*options})
    return is_asked or (given[0] in _PRINTING if given else False)


@interruptible
def _command() -> int:
    return int(cli.main(standalone_mode=False) or 0)


def _run() -> int:
    """Run the command line and return the exit code."""
    try:
        return _command()
    except click.ClickException as error:
        error.show()
        _tell_programs(error.format_message(), error.exit_code)
        return error.exit_code
    except CoderefineError as error:
        _tell_error(str(error), error.exit_code)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return 130
    except OSError as error:
        code = 2 if error.errno in _OF_A_NAME else 3
        _tell_error(f"{error.filename}: {error.strerror}" if error.filename else str(error), code)
        return code
    except Exception as error:  # noqa: BLE001 - a bug, whose traceback says less to its finder than one line
        from coderefine.accidents import describe

        _tell_error(describe(error), 3)
        return 3


def _tell_error(text: str, code: int) -> None:
    from coderefine.rendering import cut, printable

    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(printable(cut(text, _MAX_ERROR_CHARS), keep="\n"), err=True)
    _tell_programs(text, code)


def _tell_programs(text: str, code: int) -> None:
    """Print the error as JSON in place of a result, where JSON was asked for."""
    given = sys.argv[1:]
    asked = "--format=json" in given or ("--format", "json") in pairwise(given)
    if asked and not (isinstance(sys.stdout, GuardedStream) and sys.stdout.has_written):
        from coderefine.rendering import cut

        click.echo(json.dumps({"version": 1, "error": cut(text, _MAX_ERROR_CHARS), "exit_code": code}, indent=2))
