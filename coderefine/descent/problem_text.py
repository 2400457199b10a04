"""A problem as text for a prompt: what the statement asks for, and how an answer is judged."""

from __future__ import annotations

from coderefine.descent.kind import PromptedKind
from coderefine.problem.problem import Problem
from coderefine.problem.published import FLOAT_TOLERANCE
from coderefine.prompting import fenced
from coderefine.rendering import printable


def problem_text(problem: Problem, *, starter: bool = False) -> str:
    """Return what a model needs to know about a problem: statement, interface, comparison, limits.

    The starter is only needed to write a first program; an existing program shows the same.
    """
    kind, limits = PromptedKind.of(problem), problem.limits
    parts = [
        f"Title: {printable(problem.title)}",
        fenced(problem.statement, "markdown"),
        f"Interface: {kind.interface(problem)} {kind.answer(problem)}{_comparison(problem)}",
        f"{kind.limits_title}: {limits.time_s:g} s of CPU time, {limits.memory_mib} MiB.",
        *kind.context(problem),
    ]
    if starter and problem.starter.strip():
        parts += ["Starter:", fenced(problem.starter, "python")]
    return "\n\n".join(parts)


def _comparison(problem: Problem) -> str:
    compare = problem.compare
    return {
        "exact": "",
        "tokens": " White space between words does not matter.",
        "unordered": " Its elements may come in any order.",
        "float": f" Numbers may differ by {compare.tolerance:g}, absolute or relative.",
        "checker": " Any answer that satisfies the statement is right.",
        "python": " It is compared by Python's `==`: a tuple is no list.",
        "json": " It is compared by Python's `==`.",
        "close": f" Floats may differ by {compare.tolerance or FLOAT_TOLERANCE:g}; a tuple is no list.",
        "lines": " It is compared line by line; spaces at the ends of lines do not matter.",
    }[compare.mode]
