"""A program text with all the facts that can be known without running it, each computed once, when it is needed."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from coderefine.search.facts import kinds, scope
from coderefine.search.facts.blocks import DEFINITIONS, Block, blocks_of
from coderefine.search.facts.edits import Change, Edit, one_line
from coderefine.search.facts.focus import focused
from coderefine.search.facts.kinds import Kind
from coderefine.search.facts.scope import Use
from coderefine.search.facts.tree import MAX_CHARS, code_of, parents_of, parse

Located = ast.expr | ast.stmt | ast.arg | ast.excepthandler | ast.alias | ast.keyword
_Node = TypeVar("_Node", bound=ast.AST)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
"""Other line breaks than those of str.splitlines, which also breaks at characters that Python's tokenizer does not."""


@dataclass(frozen=True)
class Program:
    """A text with its facts.

    Where it does not parse, is too long or nested too deep, they are those of an empty program.
    """

    text: str
    focus: tuple[str, ...] = ()
    """Lines around which a program that is too long is still looked at."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines, without their ends."""
        return tuple(_LINE_BREAK.split(self.text))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The position at which each line begins, in characters."""
        return (0, *(match.end() for match in _LINE_BREAK.finditer(self.text)))

    @cached_property
    def _parsed(self) -> ast.Module | SyntaxError:
        return parse(self.text)

    @property
    def error(self) -> SyntaxError | None:
        """Why the text does not parse; None where it does."""
        return self._parsed if isinstance(self._parsed, SyntaxError) else None

    @cached_property
    def _nested(self) -> tuple[ast.Module, dict[ast.AST, ast.AST]]:
        """The tree, and the parent of each node."""
        if not isinstance(self._parsed, SyntaxError) and (len(self.text) <= MAX_CHARS or self.focus):
            tree = self._parsed
            if len(self.text) > MAX_CHARS:
                tree = focused(tree, self.lines, self.focus, MAX_CHARS)
            parents = parents_of(tree)
            if parents is not None:
                return tree, parents
        return ast.Module(body=[], type_ignores=[]), {}

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return self._nested[0]

    @property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of every node but the tree itself, level by level."""
        return self._nested[1]

    @cached_property
    def code(self) -> tuple[ast.AST, ...]:
        """Every node except those in annotations, which no test sees, in a fixed order."""
        return tuple(code_of(self.tree))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The lists of statements."""
        nodes = (node for node in self.code if not isinstance(node, ast.expr | ast.expr_context))
        return tuple(block for node in nodes for block in blocks_of(node))

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every name that is read, with the names that its scopes bind, in order of scopes; annotations included."""
        return tuple(scope.uses(self.tree))

    @cached_property
    def unbound(self) -> dict[str, tuple[Use, ...]]:
        """The names that nothing binds, with their uses, in order of the text; {} where any name may be imported."""
        if any(alias.name == "*" and not self._is_known(alias) for alias in self.code if isinstance(alias, ast.alias)):
            return {}
        found: dict[str, list[Use]] = {}
        for use in self.uses:
            if use.unbound:
                found.setdefault(use.node.id, []).append(use)
        return {name: tuple(sorted(uses, key=_place)) for name, uses in found.items()}

    def _is_known(self, alias: ast.alias) -> bool:
        """Whether the contents of an imported module are known here."""
        source = self.parents[alias]
        return isinstance(source, ast.ImportFrom) and source.module in {module.__name__ for module in scope.MODULES}

    @cached_property
    def unbound_code(self) -> dict[str, tuple[Use, ...]]:
        """The unbound names that are not only in annotations."""
        code = set(self.code)
        return {name: uses for name, uses in self.unbound.items() if any(use.node in code for use in uses)}

    @cached_property
    def stored(self) -> Counter[str]:
        """How often each name is assigned to."""
        return Counter(node.id for node in self._names if isinstance(node.ctx, ast.Store))

    @cached_property
    def loaded(self) -> Counter[str]:
        """How often each name is read, outside annotations; `x += 1` does not count."""
        return Counter(node.id for node in self._names if isinstance(node.ctx, ast.Load))

    @cached_property
    def _names(self) -> tuple[ast.Name, ...]:
        return tuple(node for node in self.code if isinstance(node, ast.Name))

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of value that each variable holds, where the program tells; names of all scopes together."""
        return kinds.of_names(self.parents, self.segment)

    def kind_of(self, node: ast.expr) -> Kind | None:
        """Return the kind of value of an expression; None if it cannot be told."""
        return kinds.kind_of(node, self.kinds)

    def demanded(self, node: ast.expr) -> Kind | None:
        """Return the kind of value that the place of `node` requires; None where any would do."""
        return kinds.demanded(self.parents, node)

    def around(self, node: ast.AST, *types: type[_Node]) -> _Node | None:
        """Return the innermost node of one of the `types` that contains `node`; None where there is none."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, types):
            parent = self.parents.get(parent)
        return parent

    def definition_around(self, node: ast.AST) -> ast.AST:
        """Return the function, class or module that `node` belongs to."""
        return self.around(node, *DEFINITIONS) or self.tree

    def in_loop(self, node: ast.AST) -> bool:
        """Return whether `node` is run repeatedly by a loop."""
        return isinstance(self.around(node, ast.For, ast.While, *DEFINITIONS), ast.For | ast.While)

    def call_of(self, node: ast.expr) -> ast.Call | None:
        """Return the call of `node`, if it is called."""
        parent = self.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def offset(self, line: int, column: int) -> int:
        """Turn ast's line (from 1) and column (in UTF-8 bytes) into a position in the text."""
        content = self.lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode(errors="ignore"))
        return self.starts[line - 1] + column

    def span(self, node: Located) -> tuple[int, int]:
        """Return the span of `node` in the text, without parentheses around it."""
        assert node.end_lineno is not None and node.end_col_offset is not None  # ast.parse sets both
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: Located) -> str:
        """Return the text of `node`."""
        start, end = self.span(node)
        return self.text[start:end]

    def replace(self, node: Located, text: str) -> Edit:
        """Return an edit that replaces `node` by `text`."""
        return Edit(*self.span(node), text)

    def between(self, left: Located, right: Located, pattern: str, text: str) -> Edit | None:
        """Return an edit of the operator `pattern` (a regular expression) between two nodes.

        None where it is not there.
        """
        start, end = self.span(left)[1], self.span(right)[0]
        match = re.search(pattern, self.text[start:end])
        return Edit(start + match.start(), start + match.end(), text) if match else None

    def rewrite(self, node: Located, text: str, weight: float = 1.0) -> Change:
        """Return a change that replaces `node` by `text`."""
        return self.change(node, self.replace(node, text), weight)

    def rewrite_all(self, nodes: Sequence[ast.expr], text: str, weight: float = 1.0) -> Change:
        """Return a change that replaces all `nodes`, which are alike, by `text`."""
        first = nodes[0]
        note = f"`{self.segment(first)}` to `{text}` in line {first.lineno}"
        return Change(tuple(self.replace(node, text) for node in nodes), first.lineno, note, weight)

    def rewrite_text(self, text: str, line: int, note: str, weight: float = 1.0) -> Change:
        """Return a change that replaces the whole text."""
        return Change((Edit(0, len(self.text), text),), line, note, weight)

    def change(self, node: Located, edit: Edit, weight: float = 1.0) -> Change:
        """Return a change of one place within `node`, described by the texts of `node` before and after."""
        start, end = self.span(node)
        old = self.text[start:end]
        new = self.text[start : edit.start] + edit.text + self.text[edit.end : end]
        return Change((edit,), node.lineno, f"`{one_line(old)}` to `{one_line(new)}` in line {node.lineno}", weight)


def _place(use: Use) -> tuple[int, int]:
    return use.node.lineno, use.node.col_offset
