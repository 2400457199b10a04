"""Turns JSON into the Python values that it stands for: tuples, sets and complex numbers, as assertions show them.

A set may hold its inputs in JSON, and assertions in Python on the first of them. These pairs show what a list, a text
or an empty list stands for at each place; other inputs are read alike at the same place.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coderefine.formats.literals import NotLiteral, parsed, source

_SEQUENCES: dict[str, Any] = {"list": list, "tuple": tuple, "set": set}


@dataclass(slots=True)
class Shape:
    """What the JSON at one place of the inputs stands for."""

    full: Counter[str] = field(default_factory=Counter)
    """How often lists with members stood for each type."""
    empty: Counter[str] = field(default_factory=Counter)
    """How often empty lists stood for each type."""
    texts: Counter[str] = field(default_factory=Counter)
    """How often texts stood for each type."""
    items: Shape | None = None
    """The shape of the members, or of the values of a dict."""

    def learn(self, data: Any, value: Any) -> None:
        """Learn that some JSON stands for a value."""
        if isinstance(data, list) and isinstance(value, list | tuple | set | dict):
            (self.full if data else self.empty)[type(value).__name__] += 1
            if isinstance(value, list | tuple) and len(value) == len(data):
                for part, member in zip(data, value, strict=True):
                    self._inner().learn(part, member)
        elif isinstance(data, dict) and isinstance(value, dict):
            for part, member in zip(data.values(), value.values(), strict=False):
                self._inner().learn(part, member)
        elif isinstance(data, str):
            self.texts["number" if isinstance(value, int | float | complex) else "str"] += 1

    def _inner(self) -> Shape:
        self.items = self.items or Shape()
        return self.items

    def read(self, data: Any, nested: int = 0) -> Any:
        """Return the value that JSON stands for at this place; `nested` counts the tuples around it."""
        if isinstance(data, list):
            # Deeper than any example: tuples again, where tuples were within tuples.
            known = (self.empty if not data else None) or self.full or self.empty
            kind = known.most_common(1)[0][0] if known else "tuple" if nested > 1 else "list"
            if kind == "dict":
                return {}
            inner, depth = self.items or Shape(), nested + 1 if kind == "tuple" else 0
            return _SEQUENCES[kind](inner.read(item, depth) for item in data)
        if isinstance(data, dict):
            return {key: (self.items or Shape()).read(item) for key, item in data.items()}
        if isinstance(data, str) and self.texts.most_common(1)[:1] and self.texts.most_common(1)[0][0] == "number":
            return number(data)
        return data


def learned(pairs: Sequence[tuple[Sequence[Any], Sequence[Any]]]) -> list[Shape]:
    """Return the shape of each argument, from pairs of arguments in JSON and in Python."""
    shapes: list[Shape] = []
    for data, values in pairs:
        if len(data) != len(values):
            continue
        shapes += [Shape() for _ in range(len(data) - len(shapes))]
        for shape, part, value in zip(shapes, data, values, strict=False):
            shape.learn(part, value)
    return shapes


def number(text: str) -> Any:
    """Return the number in a text, complex if need be; the text itself where it holds none."""
    for read in (int, float, complex):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def complex_parameters(contract: str, names: Sequence[str]) -> set[int]:
    """Return the positions of parameters that a contract requires to be complex numbers and not texts.

    A contract is Python: `assert isinstance(x, (int, complex))`.
    """
    found: set[int] = set()
    try:
        body = parsed("if True:\n" + contract).body if contract.strip() else []
    except NotLiteral:
        return found
    for node in (inner for statement in body for inner in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "type"), args=[ast.Name(id=name), kinds]) if name in names:
                text = source(kinds)
                if "complex" in text and "str" not in text:
                    found.add(list(names).index(name))
    return found
