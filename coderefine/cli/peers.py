"""`--peers`: right programs for the same problem, as files and folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import read_solution, warn

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge
    from coderefine.problem.problem import Problem


def ask_peers(problem: Problem, judge: Judge, named: Sequence[str]) -> tuple[Problem, str]:
    """Return the problem with the tests that the peers give, and a line on them; warns about those that are wrong."""
    from coderefine.harden.peers import MOST_PEERS, with_peers
    from coderefine.kinds.fitting import fitted

    files = list(_files(named))
    if len(files) > MOST_PEERS:
        warn(f"--peers: the first {MOST_PEERS} of {len(files)} programs are asked")
    sources = [read_solution(file) for file in files[:MOST_PEERS]]
    found = with_peers(problem, judge, [(fitted(problem, source).problem, source) for source in sources])
    for place, file in enumerate(files[:MOST_PEERS]):
        if place not in found.right:
            warn(f"{file} fails a visible test, so it is no peer")
    count = f"{len(found.right)} of {len(sources)} peers pass the visible tests"
    if found.right and not found.added:
        return found.problem, f"{count}; no further input is known to be valid, or they do not agree on any"
    return found.problem, f"{count}; what they answer on {found.added} further inputs is tested, too"


def _files(named: Sequence[str]) -> Iterator[str]:
    for name in named:
        path = Path(name)
        if path.is_dir():
            inside = sorted(str(file) for file in path.glob("*.py"))
            if not inside:
                raise click.UsageError(f"--peers: {name} holds no file *.py")
            yield from inside
        else:
            yield name
