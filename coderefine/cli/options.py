"""Arguments and options that several commands share."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from coderefine.cli import completing
from coderefine.cli.streams import for_programs

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge
    from coderefine.pipeline.graph import Pipeline
    from coderefine.record.store import Store

F = TypeVar("F", bound=Callable[..., Any])
_MAX_INSTRUCTION_BYTES = 1 << 20


class Number(click.FloatRange):
    """A float in a range; NaN is refused, though no bound excludes it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the float; raises BadParameter."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class Whole(click.IntRange):
    """A whole number in a range."""

    name = "whole number"


image_option = click.option("--image", metavar="NAME", help="Docker image with Python 3.8 or newer.")


sandbox_option = partial(
    click.option,
    "--sandbox",
    type=click.Choice(["auto", "docker", "local"]),
    help="Where candidates run; auto takes Docker where it is usable.",
)


def sandbox_options(function: F) -> F:
    """Add --sandbox and --image."""
    chosen = sandbox_option(default="auto", envvar="CODEREFINE_SANDBOX", show_default=True)
    for option in (image_option, chosen):
        function = option(function)
    return function


def budget_options(function: F) -> F:
    """Add the limits of a run."""
    for option in (
        click.option("--max-cost", type=Number(0), metavar="USD", help="Budget of money."),
        click.option("--max-tokens", type=Whole(0), help="Budget of tokens, prompts and answers together."),
        click.option("--max-calls", type=Whole(0), help="Budget of model calls."),
        click.option("--max-seconds", type=Number(0, min_open=True), help="Time budget of the whole run."),
    ):
        function = option(function)
    return function


timeout_option = click.option(
    "--timeout",
    "timeout_s",
    type=Number(0, min_open=True),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="How long nothing may come of a model's call.",
)
answer_tokens_option = click.option(
    "--answer-tokens", type=Whole(64), help="How long a model's answer may be; else 4096."
)
context_option = click.option(
    "--context",
    "context_tokens",
    type=Whole(512),
    help="Tokens that the model's server reads, prompt and answer together.",
)
output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    shell_complete=completing.files,
    help="Write the refined program there; - is standard output.",
)
in_place_option = click.option("-i", "--in-place", is_flag=True, help="Write the refined program back to FILE.")
keep_partial_option = click.option(
    "--keep-partial",
    is_flag=True,
    help="Write or print a program that is only better, too, not just one that is accepted.",
)
home_option = click.option(
    "--home",
    metavar="DIR",
    envvar="CODEREFINE_HOME",
    help="Where runs are recorded, if not where your system keeps a user's data.",
)


def chosen_format(context: click.Context, option: click.Parameter, value: str) -> str:
    """Have standard output pass on text for programs unchanged, where the format is one for programs."""
    if value != "text":
        for_programs()
    return value


follow_links_option = click.option(
    "--follow-links", is_flag=True, help="Follow links that lead out of a problem's folder."
)
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    callback=chosen_format,
    help="text for people, json for programs.",
)
lines_format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "lines"]),
    default="text",
    callback=chosen_format,
    help="text for people, json for programs, lines for editors: FILE:LINE:COLUMN: SEVERITY: MESSAGE.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print the result only.")
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show criticisms whole, every candidate with its diff, and every call."
)


packages_option = click.option(
    "--packages",
    metavar="FILE|LIST",
    help="What programs and tests may import: names as pip has them, with commas, or a file of requirements.",
)


allow_evaluator_option = click.option(
    "--allow",
    multiple=True,
    type=click.Choice(["evaluator"]),
    help="evaluator: what measures candidates may have the packages and the program that its problem.toml names.",
)


def open_judge(
    sandbox: str,
    image: str | None,
    packages: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    workers: int | None = None,
) -> AbstractContextManager[Judge]:
    """Open the judge that the options ask for; tell the user of an image that is being built.

    `allow` names what the tests of pytest may do, and "evaluator" (see `judge/evaluators.py`); `workers` is the number
    of sandboxes.
    """
    from coderefine.judge.opening import open_judge as open_

    def progress(line: str) -> None:
        click.secho(f"  {line}", dim=True, err=True)

    judge = open_(sandbox, image_name=image, packages=packages, allow=allow, workers=workers, progress=progress)
    judge.warn = warn
    return judge


def open_store(home: str | None) -> Store:
    """Open the existing store of runs; raises UsageError where there is none."""
    from coderefine.record.store import Store

    return Store.open(home, create=False)


def warn(text: str) -> None:
    """Print a warning that does not stop the command."""
    click.secho("warning: ", fg="yellow", bold=True, nl=False, err=True)
    from coderefine.rendering import printable

    click.echo(printable(text, keep="\n"), err=True)


def read_solution(file: str, if_empty: str = "") -> str:
    """Return the source text in a file, or on standard input for "-"; `if_empty` says what to do where there is
    none.
    """
    from pathlib import Path

    from coderefine.errors import UsageError
    from coderefine.folder import loading

    if file == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed; give a FILE, or a program on standard input")
        return loading.decode_source(sys.stdin.buffer.read(loading.MAX_SOURCE_BYTES + 1), "standard input", if_empty)
    return loading.read_source(Path(file), if_empty)


def read_instruction(file: str, option: str = "--instruction") -> str:
    """Return the text of a prompt, such as a test-time instruction; raises UsageError where a file has none."""
    from pathlib import Path

    from coderefine.errors import UnreadableError, UsageError
    from coderefine.outside import decode, read_bytes

    try:
        text = decode(read_bytes(Path(file), _MAX_INSTRUCTION_BYTES)).removeprefix("\ufeff")
    except OSError as error:
        raise UsageError(f"{option} {file}: {error.strerror}; give a text file") from None
    except UnreadableError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{option} {file}: not a text file in UTF-8 of at most {_MAX_INSTRUCTION_BYTES >> 10} KiB")
    if not text.strip():
        raise UsageError(f"{option} {file}: the file is empty; write what the model is told")
    return text.strip()


def read_prompts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the system prompts that the user gives, by their use; raises UsageError."""
    return {
        name: None if (file := given[name]) is None else read_instruction(file, f"--{name.replace('_', '-')}")
        for name in ("prompt", "critic_prompt", "patcher_prompt")
    }


def read_pipeline(context: click.Context, option: click.Parameter, file: str | None) -> Pipeline:
    """Return the pipeline in a file, or the one with all edges on; raises UsageError."""
    from coderefine.pipeline.file import read_pipeline as read
    from coderefine.pipeline.graph import FULL

    return FULL if file is None else read(file)


def chosen_models(models: tuple[str, ...], pipeline: Pipeline) -> tuple[str, ...]:
    """Return the engines that the user names on the command line or in the environment, else those of the pipeline."""
    unsaid = (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
    is_said = click.get_current_context().get_parameter_source("models") not in unsaid
    return models if is_said else pipeline.models or models


def are_default(*names: str) -> bool:
    """Whether the user gave none of these options, neither on the command line nor in the environment."""
    said = {click.get_current_context().get_parameter_source(name) for name in names}
    return said <= {ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP}


def engine_options(function: F) -> F:
    """Add the options that say how language models are used."""
    in_order = (
        click.option("--instruction", metavar="FILE", help="Text that replaces the test-time instruction."),
        click.option("--prompt", metavar="FILE", help="System prompt of first drafts, and of answers to questions."),
        click.option("--critic-prompt", metavar="FILE", help="System prompt of criticisms."),
        click.option("--patcher-prompt", metavar="FILE", help="System prompt of patches."),
        click.option(
            "--pipeline",
            metavar="FILE",
            callback=read_pipeline,
            help="Which stages hand what to each other, as tune --pipeline writes it, and its models without --model.",
        ),
        click.option("--critic-model", metavar="NAME", help="Model that criticises; --model then only patches."),
        click.option(
            "--candidates",
            type=Whole(1, 16),
            default=1,
            show_default=True,
            help="Patches that a model is asked for in each step; all are tested.",
        ),
        click.option(
            "--edit-format",
            type=click.Choice(["diff", "whole", "search"]),
            default="diff",
            show_default=True,
            help="How a model is asked to write a patch: as a diff, the whole file, or SEARCH/REPLACE blocks.",
        ),
        timeout_option,
        answer_tokens_option,
        context_option,
    )
    for option in reversed(in_order):
        function = option(function)
    return function
