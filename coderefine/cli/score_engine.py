"""The `--engine` of `coderefine score`: the place where programs are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from coderefine.cli.options import open_judge

if TYPE_CHECKING:
    from coderefine.scoring.place import Place


@contextmanager
def opened(
    engine: str,
    ray_address: str | None,
    sandbox: str,
    image: str | None,
    packages: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    *,
    refines: bool,
    tell: Callable[[str], None],
) -> Iterator[Place]:
    """Open this machine's judge or a Ray cluster; with a cluster, a judge here as well where something is refined."""
    if engine == "local":
        from coderefine.scoring.place import here

        with open_judge(sandbox, image, packages, allow) as judge:
            yield here(judge)
    else:
        from coderefine.scoring.cluster import connected

        with (
            connected(ray_address, sandbox, image, tell, packages, allow) as nodes,
            open_judge(sandbox, image, packages, allow) if refines else nullcontext() as judge,
        ):
            yield replace(nodes, judge=judge)
