"""Fills in the prompts of `prompts/*.txt`, and fences texts that must not pose as part of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Template

from coderefine import resources


def render(name: str, **fields: str) -> str:
    """Return the prompt `name` with its `$fields` filled in, verbatim; raises TypeError unless they match exactly."""
    return fill(resources.prompt(name), fields, f"the prompt {name!r}").strip()


def fill(template: str, fields: Mapping[str, str], what: str) -> str:
    """Return `template` with its `$fields` filled in, verbatim; raises TypeError unless they match exactly.

    `what` names the template in messages.
    """
    wanted = sorted(fields_of(template))
    if wanted != sorted(fields):
        raise TypeError(f"{what} takes the fields {wanted}, not {sorted(fields)}")
    return Template(template).substitute(fields)


def fields_of(template: str) -> list[str]:
    """Return the names of the `$fields` of a template, in order; raises ValueError for a `$` that begins none."""
    if not Template(template).is_valid():
        raise ValueError("in a template, $ starts the name of a field; write $$ for a dollar sign")
    return Template(template).get_identifiers()


def fenced(text: str, language: str = "") -> str:
    """Return `text` as a Markdown code block whose fence is longer than any run of backticks within."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.removesuffix(chr(10))}\n{fence}"
