"""The page of a run that learnt a pipeline: probabilities over steps, and the results. It needs no script.

It is one file with its style and its charts, and fetches nothing. Names of models are foreign text, and are made inert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from coderefine import resources
from coderefine.errors import UsageError
from coderefine.pipeline.file import to_toml
from coderefine.pipeline.graph import EDGES, Pipeline
from coderefine.record.store import Store
from coderefine.rendering import printable
from coderefine.report.render import digest
from coderefine.runs import listing
from coderefine.tuning import running

_WIDTH, _HEIGHT, _MARGIN = 320, 40, 3
"""The size of a switch's chart, in pixels."""


def page(store: Store, run: str) -> str:
    """Return the page; raises UsageError for a run that has no result yet."""
    found = running.result(store, run)
    if found is None:
        raise UsageError(f"{run} has no result yet; go on with it by: coderefine tune --resume {run}")
    overview = listing.overview(store, run)
    style = resources.page("page.css")
    policy = f"default-src 'none'; style-src '{digest(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    steps, pipeline = found["steps"], Pipeline(**{name: tuple(it) for name, it in found["pipeline"].items()})
    facts = f"run {run} · begun {overview['began_at']} · {overview['backend']} · coderefine {overview['version']}"
    ending = "A better pipeline was found" if found["improved"] else "All edges stay on"
    return Template(resources.page("pipeline.html")).substitute(
        policy=policy,
        style=style,
        name=_inert(overview["slug"]),
        facts=_inert(facts),
        parts="\n".join(_part(name, found[name]) for name in ("validation", "test") if found[name]),
        ending=_inert(f"{ending}: {found['stopped']}."),
        last=str(len(steps)),
        switches="\n".join(_switch(at, name, steps) for at, name in enumerate(found["switches"])),
        toml=_inert(to_toml(pipeline)),
    )


def _part(name: str, pair: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for which, total in zip(("all edges", "learnt"), pair, strict=True):
        solved = f"{total['solved']} of {total['programs']}"
        cells = (name, which, solved, f"{total['seconds']:,.1f}", f"{total['calls']:,}", f"${total['usd']:.4f}")
        rows.append("<tr>" + "".join(f"<td>{_inert(cell)}</td>" for cell in cells) + "</tr>")
    return "\n".join(rows)


def _switch(at: int, name: str, steps: Sequence[Mapping[str, Any]]) -> str:
    """Return the row of a switch."""
    over = [0.5, *(step["probabilities"][at] for step in steps)]
    meaning = {edge.name: edge.meaning for edge in EDGES}.get(name, "the first of the two comes first")
    cells = (_inert(name), _chart(name, over), f"{over[-1]:.0%}", _inert(meaning))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _chart(name: str, over: Sequence[float]) -> str:
    """Return a line chart of the probability from left to right."""
    wide, high = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    places = [
        (_MARGIN + wide * at / max(1, len(over) - 1), _MARGIN + high * (1 - value)) for at, value in enumerate(over)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    middle = _HEIGHT / 2
    said = escape(f"{printable(name)}: from 50 % to {over[-1]:.0%}")
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{said}">'
        f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{middle}" y2="{middle}" stroke="currentColor" '
        'stroke-opacity="0.25"/>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
    )


def _inert(text: str) -> str:
    return escape(printable(text, keep="\n"))
