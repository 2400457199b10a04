"""`coderefine problems`: the bundled problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli.options import format_option

if TYPE_CHECKING:
    from coderefine.problem.problem import Problem


@click.command("problems")
@click.argument("words", nargs=-1)
@format_option
def command(words: tuple[str, ...], format_: str) -> int:
    """List the problems that come with coderefine; with WORDS, those that have all of them.

    A word is part of a name, a title or a tag, or a kind (function, class, program, pytest), or easy, medium, hard.
    """
    from coderefine import resources
    from coderefine.folder.loading import load_problem
    from coderefine.folder.verify import find_problems

    found = [load_problem(path) for path in find_problems([resources.problems_dir()])]
    rows = [_row(problem) for problem in found if all(_has(problem, word.lower()) for word in words)]
    if format_ == "json":
        click.echo(json.dumps(rows, indent=2))
    else:
        widths = [max((len(str(row[name])) for row in rows), default=0) for name in ("problem", "kind", "difficulty")]
        for row in rows:
            cells = (row["problem"], row["kind"], row["difficulty"])
            line = "  ".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True))
            click.echo(f"{line}  {', '.join(row['tags'])}")
        if not rows:
            click.echo(f"no bundled problem has {' and '.join(words)}; all of them: coderefine problems", err=True)
    return 0 if rows else 1


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "problem": problem.slug,
        "title": problem.title,
        "kind": problem.kind.name,
        "difficulty": problem.difficulty,
        "tags": list(problem.tags),
        "visible": len(problem.visible),
        "hidden": len(problem.hidden),
    }


def _has(problem: Problem, word: str) -> bool:
    texts = (problem.slug, problem.title.lower(), *problem.tags)
    return word in (problem.kind.name, problem.difficulty) or any(word in text for text in texts)
