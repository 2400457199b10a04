"""The command line: one module a command, each imported only when it is called.

stdout is the result, stderr is the story. Exit codes: 0 accepted, 1 not accepted, 2 usage or configuration,
3 environment (Docker, model, network), 130 Ctrl-C.
"""

from __future__ import annotations

import errno
import importlib
import keyword
import sys

import click

import coderefine
from coderefine.cli.streams import guarded
from coderefine.errors import CoderefineError

# name: one line for --help; the modules stay unloaded until they are needed.
COMMANDS = {
    "fix": "Repair a file by its own tests: doctests, assertions, the file of tests beside it.",
    "refine": "Repair a solution, or have a model write one, until the visible tests pass.",
    "score": "Score a set of problems: given solutions or a model's, before and after refinement.",
    "resume": "Go on with a run that was stopped, without repeating or paying anything twice.",
    "replay": "Run a recorded run again, without a model or a network.",
    "runs": "List, show and export recorded runs.",
    "apply": "Put the patch of a recorded run into the file that it is for.",
    "report": "Write a recorded run as one HTML page, to look at and to send around.",
    "test": "Judge a solution: a verdict for every test.",
    "verify": "Check problems: every submission must get the verdict its folder names.",
    "hook": "Test what is staged, before it is committed.",
    "import": "Turn a public set of problems into problem directories.",
    "new": "Start a problem directory.",
    "doctor": "Say which sandboxes work here, and what is missing.",
}

_OF_A_NAME = (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP)
"""What makes a name no file's, wherever it was typed."""
_MAX_ERROR_CHARS = 2000


class LazyGroup(click.Group):
    """Loads a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import `cli/<name>.py` and return its `command`."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"coderefine.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

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
    """Run the command line and exit with its code, which no stream changes but a result for programs that is lost."""
    with guarded() as out:
        code = _run()
        out.flush()
        if out.is_for_programs and out.lost and code in (0, 1):
            _tell_error(f"standard output: {out.lost.strerror}; the result is lost")
            code = 3
    sys.exit(code)


def _run() -> int:
    """Run the command line and return the exit code."""
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CoderefineError as error:
        _tell_error(str(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return 130
    except OSError as error:
        _tell_error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return 2 if error.errno in _OF_A_NAME else 3
    except Exception as error:  # noqa: BLE001 - a bug, whose traceback says less to its finder than one line
        from coderefine.accidents import describe

        _tell_error(describe(error))
        return 3


def _tell_error(text: str) -> None:
    from coderefine.rendering import cut, printable

    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(printable(cut(text, _MAX_ERROR_CHARS), keep="\n"), err=True)
