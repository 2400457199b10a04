"""Keyword arguments that a function does not accept: misspelt, or of another function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import closest
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_UNEXPECTED = re.compile(r"(?P<function>\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'")
_INVALID = re.compile(r"'(?P<name>\w+)' is an invalid keyword argument for (?P<function>\w+)\(\)")
_OF_BUILTINS: dict[str, tuple[str, ...]] = {
    "sort": ("key", "reverse"), "sorted": ("key", "reverse"), "min": ("key", "default"), "max": ("key", "default"),
    "print": ("sep", "end", "file", "flush"), "int": ("base",), "enumerate": ("start",), "sum": ("start",),
    "zip": ("strict",), "round": ("ndigits",), "pow": ("mod",), "str": ("encoding", "errors"),
    "split": ("sep", "maxsplit"), "rsplit": ("sep", "maxsplit"), "splitlines": ("keepends",),
    "open": ("mode", "encoding", "errors", "newline"),
}  # fmt: skip


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, where a message names the argument."""
    found = [match for message in evidence.messages for match in [_of(message)] if match]
    for function, name in dict.fromkeys((match["function"], match["name"]) for match in found):
        known = dict.fromkeys((*_parameters(program, function), *_OF_BUILTINS.get(function, ())))
        for call in program.code:  # by any name: the message on `sorted` names `sort()`
            if isinstance(call, ast.Call):
                for keyword in call.keywords:
                    if keyword.arg == name:
                        yield from _changes(program, call, keyword, list(known))


def _of(message: str) -> re.Match[str] | None:
    return _UNEXPECTED.search(message) or _INVALID.search(message)


def _parameters(program: Program, function: str) -> Iterator[str]:
    """Yield the parameters of a function with that name."""
    for node in program.code:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            yield from (it.arg for it in (*node.args.args, *node.args.kwonlyargs) if it.arg not in ("self", "cls"))


def _changes(program: Program, call: ast.Call, keyword: ast.keyword, known: list[str]) -> Iterator[Change]:
    assert keyword.arg is not None
    given = {it.arg for it in call.keywords}
    value = program.segment(keyword.value)
    for other, alike in closest(keyword.arg, [name for name in known if name not in given]):
        yield program.rewrite(keyword, f"{other}={value}", 1.0 + 2 * alike)
    if not any(isinstance(it, ast.Starred) for it in call.args) and keyword is call.keywords[0]:
        yield program.rewrite(keyword, value, 1.2)
    start, end = program.span(keyword)
    before = re.search(r",\s*\Z", program.text[:start])
    after = re.compile(r"\s*,\s*").match(program.text, end)
    if before:
        start = before.start()
    elif after:
        end = after.end()
    yield program.change(call, Edit(start, end, ""), 1.0)
