"""Finds the docstrings of a file that doctest would run. Nothing is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coderefine.outside import parse_python

_PIECE = re.compile(
    r"#[^\n]*"
    r"|(?P<block>[rRuU]?(?P<quotes>\"{3}|'{3})(?:\\.|[^\\])*?(?P=quotes))"
    r"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"",
    re.DOTALL,
)
"""A comment, a triple-quoted text, and any other text, whose three quotes do not count."""
_LAST_QUOTES = re.compile(r"^[ \t]*(\"{3}|'{3})[ \t]*$", re.MULTILINE)
"""A line that ends a docstring, which would otherwise become part of its last example's output."""
_PROMPT = ">>>"
_PROMPTS = re.compile(r"^[ \t]*>>> ", re.MULTILINE)
_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring with a prompt in it."""

    name: str
    """The name of what it describes, such as `Tree.insert`; "" is the module."""
    text: str
    """The text as it is in the file, indented."""


def docstrings(source: str) -> list[Docstring]:
    """Return the docstrings with examples in the order in which doctest runs them.

    Of a file that does not parse, these are its triple-quoted texts; or the whole file, where quotes do not pair up.
    """
    try:
        tree = parse_python(source)
    except SyntaxError:
        return _in_text(source)
    found = [Docstring(name, text) for name, text in _described(tree) if _PROMPT in text]
    return sorted(found, key=lambda it: it.name.split("."))


def _described(tree: ast.Module) -> Iterator[tuple[str, str]]:
    if text := _text(tree):
        yield "", text
    yield from _in_body("", tree.body)
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__test__")], value=ast.Dict(keys=keys, values=values)):
                for key, value in zip(keys, values, strict=True):
                    match key, value:
                        case ast.Constant(value=str(name)), ast.Constant(value=str(text)):
                            yield f"__test__.{name}", text


def _in_body(prefix: str, body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the docstrings of the definitions in a module or a class, also under conditions, but not within
    functions.
    """
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if text := _text(node):
                yield f"{prefix}{node.name}", text
            if isinstance(node, ast.ClassDef):
                yield from _in_body(f"{prefix}{node.name}.", node.body)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner = [it for it in ast.iter_child_nodes(node) if isinstance(it, ast.stmt)]
            handlers = [it for handler in getattr(node, "handlers", ()) for it in handler.body]
            yield from _in_body(prefix, [*inner, *handlers])


def _text(node: _Documented) -> str:
    return ast.get_docstring(node, clean=False) or ""


def _in_text(source: str) -> list[Docstring]:
    texts = [_value(match["block"]) for match in _PIECE.finditer(source) if match["block"]]
    if sum(len(_PROMPTS.findall(text)) for text in texts) < len(_PROMPTS.findall(source)):
        texts = [_LAST_QUOTES.sub("", source)]
    return [Docstring("", text) for text in texts if _PROMPT in text]


def _value(block: str) -> str:
    """Return the value of a triple-quoted text; its source where that is not valid."""
    try:
        return str(ast.literal_eval(block))
    except (SyntaxError, ValueError, MemoryError):
        return block.lstrip("rRuU")[3:-3]
