"""Values and calls as short text, for people and for prompts alike. Whatever came from a candidate comes out inert."""

from __future__ import annotations

from typing import Any

from coderefine.judge.report import CaseResult
from coderefine.problem.problem import Problem

MAX_VALUE_CHARS = 120
_PLAIN_INT_BITS = 8192  # str() of a longer int may raise


def literal(value: Any) -> str:
    """Return the literal of a builtin value: as `repr`, but sets are in order and no int is too long."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, set | frozenset) and value:
        text = f"{{{', '.join(sorted(map(literal, value), key=lambda item: (len(item), item)))}}}"
        return text if isinstance(value, set) else f"frozenset({text})"
    if isinstance(value, int) and value.bit_length() > _PLAIN_INT_BITS:
        return hex(value)
    return repr(value)


def cut(text: str, limit: int = MAX_VALUE_CHARS) -> str:
    """Return `text`, or its first `limit` characters and a mark that says how many are missing."""
    return text if len(text) <= limit else f"{text[:limit]} ...[{len(text) - limit} more characters]"


def printable(text: str, keep: str = "") -> str:
    """Return `text` with line ends, control characters and lone surrogates escaped, but for those in `keep`."""
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode() for char in text
    )


def count(number: int, noun: str) -> str:
    """Return `1 call`, `2 calls`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def case_text(problem: Problem, case: CaseResult, limit: int = MAX_VALUE_CHARS) -> str:
    """Return what a case does: its call, such as `two_sum([2, 7], 9)`, its code on one line, or a pytest test's id."""
    if problem.kind.name == "pytest":
        return cut(printable(case.name), 2 * limit)
    return cut("; ".join(case.code.split("\n")), 2 * limit) if case.code else call_text(problem, case.args, limit)


def call_text(problem: Problem, args: tuple[Any, ...], limit: int = MAX_VALUE_CHARS) -> str:
    """Return a call as Python would write it."""
    if problem.kind.name == "program":
        return f"stdin {cut(literal(args[0]), limit)}"
    if problem.kind.name == "class":
        operations, arguments = args
        calls = (
            f"{printable(operation)}({', '.join(map(literal, given))})"
            for operation, given in zip(operations, arguments, strict=True)
        )
        return cut("; ".join(calls), 2 * limit)
    name = problem.entry.rpartition(".")[2]
    return f"{name}({', '.join(cut(literal(arg), limit) for arg in args)})"
