"""A program text with its syntax tree, and edits of the text at the places of nodes.

Edits are made in the text and not in the tree, so that a patch keeps the user's formatting and comments.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from coderefine.patch import Patch

MAX_CHARS = 20_000
"""Length of a program up to which the search works on it: its own cost is quadratic in it at worst."""
MAX_DEPTH = 200
"""Nesting of the syntax tree up to which recursive visitors are safe."""

Located = ast.expr | ast.stmt | ast.arg | ast.excepthandler | ast.alias


@dataclass(frozen=True, slots=True)
class Idea:
    """A patch nobody has tested yet; `prior` is how much the search believes in it (only the order matters)."""

    patch: Patch
    prior: float


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the characters `start` to `end` of a text."""

    start: int
    end: int
    text: str


Edits = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a template does to a program: one edit or several that belong together."""

    edits: Edits
    line: int
    note: str
    weight: float = 1.0


def parse(text: str) -> ast.Module | SyntaxError:
    """Return the syntax tree of `text`, or the error that says why there is none. Executes nothing."""
    try:
        with warnings.catch_warnings():  # a warning about the candidate's escapes is no business of ours
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes, surrogates, absurd nesting
        return SyntaxError(str(error))


def cut(text: str, width: int = 40) -> str:
    """Return `text` as one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."


@dataclass(frozen=True, slots=True)
class Program:
    """A text that parses."""

    text: str
    tree: ast.Module
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    """Where each line begins, in characters."""
    parents: dict[ast.AST, ast.AST]
    code: tuple[ast.AST, ...]
    """Every node but those of annotations, which no test ever sees, in a fixed order."""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Parse `text`; None where it does not parse, is too long or nested too deep."""
        tree = parse(text) if len(text) <= MAX_CHARS else SyntaxError("too long")
        if isinstance(tree, SyntaxError):
            return None
        parents: dict[ast.AST, ast.AST] = {}
        level: list[ast.AST] = [tree]
        for _ in range(MAX_DEPTH):
            pairs = [(child, node) for node in level for child in ast.iter_child_nodes(node)]
            parents.update(pairs)
            level = [child for child, _ in pairs]
            if not level:
                break
        else:
            return None
        # Not str.splitlines: it also breaks lines at characters that Python's tokenizer does not.
        starts = (0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text)))
        lines = tuple(re.split(r"\r\n|\r|\n", text))
        return cls(text, tree, lines, starts, parents, tuple(_code(tree)))

    def offset(self, line: int, column: int) -> int:
        """Turn ast's line (from 1) and column (in UTF-8 bytes) into a position in the text."""
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode(errors="ignore"))
        return self.starts[line - 1] + column

    def span(self, node: Located) -> tuple[int, int]:
        """Where `node` stands in the text; parentheses around it are not part of it."""
        assert node.end_lineno is not None and node.end_col_offset is not None  # ast.parse sets both
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: Located) -> str:
        """The text of `node`."""
        start, end = self.span(node)
        return self.text[start:end]

    def replace(self, node: Located, text: str) -> Edit:
        """An edit that puts `text` in the place of `node`."""
        return Edit(*self.span(node), text)

    def between(self, left: Located, right: Located, pattern: str, text: str) -> Edit | None:
        """An edit of the operator `pattern` (a regular expression) that stands between two nodes."""
        start, end = self.span(left)[1], self.span(right)[0]
        match = re.search(pattern, self.text[start:end])
        return Edit(start + match.start(), start + match.end(), text) if match else None

    def rewrite(self, node: Located, text: str, weight: float = 1.0) -> Change:
        """A change that puts `text` in the place of `node`."""
        return self.change(node, self.replace(node, text), weight)

    def change(self, node: Located, edit: Edit, weight: float = 1.0) -> Change:
        """A change of one place within `node`, described by the texts of `node` before and after."""
        start, end = self.span(node)
        old = self.text[start:end]
        new = self.text[start : edit.start] + edit.text + self.text[edit.end : end]
        return Change((edit,), node.lineno, f"`{cut(old)}` to `{cut(new)}` in line {node.lineno}", weight)

    def apply(self, edits: Edits) -> str:
        """The text after all `edits`, whose places must not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text


def _code(tree: ast.Module) -> Iterator[ast.AST]:
    level: list[ast.AST] = [tree]
    while level:
        yield from level
        level = [child for node in level for child in _unannotated(node)]


def _unannotated(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        children = value if isinstance(value, list) else [value]
        yield from (child for child in children if isinstance(child, ast.AST))
