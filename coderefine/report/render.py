"""Renders the page: one file with its style, its script and its data, which fetches nothing.

Its content security policy lets the browser run the one script whose digest it names, and load nothing. Data is JSON in
non-script blocks, with every character escaped that could end a block; the script puts it on the page as text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from string import Template
from typing import Any

from coderefine import resources
from coderefine.report.collect import Report

SCRIPTS = (
    "base.js",
    "figures.js",
    "verdicts.js",
    "overview.js",
    "charts.js",
    "measured.js",
    "table.js",
    "problem.js",
    "moving.js",
)
"""The parts of the page's one script, in the order in which they run."""
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""Characters that occur only in JSON's strings; all but ASCII, such as line separators and lone surrogates, is escaped
already.
"""


def render(report: Report) -> Iterator[str]:
    """Yield the page piece by piece."""
    style, script = resources.page("page.css"), "\n".join(map(resources.page, SCRIPTS))
    policy = (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = Template(resources.page("page.html")).substitute(policy=policy, style=style, script=script, data="\0")
    before, after = page.split("\0")
    yield before
    yield _block("report", report.head)
    for number, details in enumerate(report.details):
        yield _block(f"details-{number}", details)
    yield after


def _block(name: str, data: Any) -> str:
    return f'<script type="application/json" id="{name}">{as_json(data)}</script>\n'


def as_json(data: Any) -> str:
    """Return JSON that cannot end the element that contains it."""
    return json.dumps(data, separators=(",", ":")).translate(_ESCAPES)


def digest(text: str) -> str:
    """Return the form in which a page's policy names a script or a style that the page contains."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
