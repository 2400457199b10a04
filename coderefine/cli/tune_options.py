"""The options of tuning runs for models and budgets, and the message where they end early."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from coderefine.runs.tasks import Options

LIMITS = {
    "max_seconds": "max_seconds",
    "max_calls": "max_calls",
    "max_tokens": "max_tokens",
    "max_cost": "max_cost_usd",
}


def asked_of_models(models: tuple[str, ...], given: dict[str, Any]) -> Options:
    """Return the options of a run for its limits and its models' servers."""
    from coderefine.budget import Budget
    from coderefine.engine import EngineOptions
    from coderefine.runs.tasks import Options

    return Options(
        models=models,
        budget=Budget(**{name: given[option] for option, name in LIMITS.items()}),
        api_base=given["api_base"],
        engine=EngineOptions(**{name: given[name] for name in ("timeout_s", "answer_tokens", "context_tokens")}),
        cache=given["cache"],
        command={"folder": str(Path.cwd())},
    )


@contextlib.contextmanager
def resumable(run: str) -> Iterator[None]:
    """Print how a run is resumed, if the work on it ends early."""
    try:
        yield
    except BaseException:
        click.echo(f"to go on: coderefine tune --resume {run}", err=True)
        raise


def changed(options: Options, given: dict[str, Any]) -> Options:
    """Return the options of a resumed run with changed servers and limits."""
    from dataclasses import replace

    limits = {name: given[option] for option, name in LIMITS.items() if given[option] is not None}
    budget = replace(options.budget, **limits)
    return replace(options, budget=budget, api_base=given["api_base"] or options.api_base)
