"""Values, calls and times as short text, for people and for prompts alike."""

from __future__ import annotations

from typing import Any

from coderefine.problem import Problem

MAX_VALUE_CHARS = 120


def value_text(value: Any, limit: int = MAX_VALUE_CHARS) -> str:
    """Return `repr(value)`, cut in the middle with a note of how much is missing."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an int of more than 4300 digits, a value nested too deeply
        text = f"<{type(value).__name__} too large to show>"
    return cut(text, limit)


def cut(text: str, limit: int) -> str:
    """Return at most about `limit` characters: the beginning, the end, and how many are left out between."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    tail = limit - head
    return f"{text[:head]} …{len(text) - limit} more… {text[-tail:]}"


def call_text(problem: Problem, args: tuple[Any, ...], limit: int = MAX_VALUE_CHARS) -> str:
    """Return a case's call as Python would write it, such as `two_sum([2, 7], 9)`."""
    if problem.kind == "class":
        operations, arguments = args
        calls = [f"{op}({', '.join(map(value_text, given))})" for op, given in zip(operations, arguments, strict=True)]
        return cut("; ".join(calls), 2 * limit)
    name = problem.entry.rpartition(".")[2]
    return f"{name}({', '.join(value_text(arg, limit) for arg in args)})"
