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
