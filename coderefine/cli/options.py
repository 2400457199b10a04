"""Arguments and options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge

F = TypeVar("F", bound=Callable[..., Any])


image_option = click.option("--image", metavar="NAME", help="Docker image with Python 3.8 or newer.")


def sandbox_options(function: F) -> F:
    """Add --sandbox and --image."""
    for option in (
        image_option,
        click.option(
            "--sandbox",
            type=click.Choice(["auto", "docker", "local"]),
            default="auto",
            envvar="CODEREFINE_SANDBOX",
            show_default=True,
            help="Where candidates run; auto takes Docker where it is usable.",
        ),
    ):
        function = option(function)
    return function


format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="text for people, json for programs.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print the result only.")


def open_judge(sandbox: str, image: str | None) -> AbstractContextManager[Judge]:
    """Open the judge that the options ask for, telling the user about an image being built."""
    from coderefine.judge.opening import open_judge as open_

    return open_(sandbox, image_name=image, progress=lambda line: click.secho(f"  {line}", dim=True, err=True))


def read_solution(file: str) -> str:
    """Return the source text in a file, or on standard input for "-"."""
    from coderefine import loading

    if file == "-":
        return loading.decode_source(sys.stdin.buffer.read(loading.MAX_SOURCE_BYTES + 1), "standard input")
    return loading.read_source(Path(file))


def read_instruction(file: str) -> str:
    """Return the text of a test-time instruction; raises UsageError for a file that is missing, empty or binary."""
    from coderefine.errors import UsageError

    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"--instruction {file}: {error.strerror}; give a text file") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"--instruction {file}: not a text file in UTF-8")
    if not text.strip():
        raise UsageError(f"--instruction {file}: the file is empty; write what the model is to look for")
    return text.strip()


def engine_options(function: F) -> F:
    """Add the options that say how language models are used."""
    in_order = (
        click.option("--instruction", metavar="FILE", help="Text that replaces the test-time instruction."),
        click.option("--critic-model", metavar="NAME", help="Model that criticises; --model then only patches."),
        click.option(
            "--candidates",
            type=click.IntRange(1, 16),
            default=1,
            show_default=True,
            help="Patches that a model is asked for in each step; all are tested.",
        ),
        click.option(
            "--edit-format",
            type=click.Choice(["diff", "whole"]),
            default="diff",
            show_default=True,
            help="How a model writes a patch: a diff, or the whole file.",
        ),
    )
    for option in reversed(in_order):
        function = option(function)
    return function
