"""A problem as prompts tell it: what the statement asks for, and how an answer is judged."""

from __future__ import annotations

from coderefine.problem.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import printable

MAX_FILES_CHARS = 8000
"""Of the other files of a project, together."""


def problem_text(problem: Problem, *, starter: bool = False) -> str:
    """Return what a model needs to know of a problem: statement, interface, comparison, limits.

    The starter is for who writes a first program; an existing one shows what it says.
    """
    limits = problem.limits
    parts = [
        f"Title: {printable(problem.title)}",
        fenced(problem.statement, "markdown"),
        f"Interface: {_interface(problem)} {_answer(problem)}{_comparison(problem)}",
        f"Limits a test: {limits.time_s:g} s of CPU time, {limits.memory_mib} MiB.",
    ]
    if problem.kind.name == "pytest":
        parts[-1] = parts[-1].replace("Limits a test", "Limits of all tests together")
        parts += _project(problem)
    if starter and problem.starter.strip():
        parts += ["Starter:", fenced(problem.starter, "python")]
    return "\n\n".join(parts)


def _project(problem: Problem) -> list[str]:
    """The other Python files that are there when pytest runs, as far as they have room; the tests are evidence."""
    parts, left = [], MAX_FILES_CHARS
    for file in problem.suite.files:
        text = file.data.decode("utf-8", "replace")
        if file.path.endswith(".py") and text.strip() and len(text) <= left:
            left -= len(text)
            parts += [f"The file {printable(file.path)}, which stays as it is:", fenced(text, "python")]
    return parts


def _interface(problem: Problem) -> str:
    if problem.kind.name == "pytest":
        return f"the file `{problem.suite.solution}` of a project, which tests of pytest import."
    if problem.kind.name == "program":
        return "a whole program that reads standard input and prints its answer."
    if problem.kind.name == "class":
        return f"a class `{problem.entry}`; each test constructs it and calls its methods in order."
    owner, _, function = problem.entry.rpartition(".")
    params = ", ".join(f"{param.name}: {param.type}" for param in problem.params)
    what = f"the method `{function}` of a class `{owner}`" if owner else f"the function `{function}`"
    return f"{what}, called with `({params})`."


def _answer(problem: Problem) -> str:
    if problem.kind.name == "pytest":
        return "It is right if all tests pass."
    if problem.kind.name == "class":
        return "The answer is the list of all results."
    if problem.kind.name == "program":
        return "The answer is what it prints to standard output."
    if problem.answer == "return":
        return f"The answer is what it returns, of type `{problem.returns}`."
    name, _, cut = problem.answer.partition("[")
    extent = f"the first elements of the argument `{name}`, as many as the returned number says," if cut else ""
    return f"The answer is {extent or f'the argument `{name}`'} after the call: it is changed in place."


def _comparison(problem: Problem) -> str:
    compare = problem.compare
    return {
        "exact": "",
        "tokens": " White space between words does not matter.",
        "unordered": " Its elements may come in any order.",
        "float": f" Numbers may differ by {compare.tolerance:g}, absolute or relative.",
        "checker": " Any answer that satisfies the statement is right.",
    }[compare.mode]
