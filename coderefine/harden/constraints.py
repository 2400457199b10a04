"""Reads what a problem's statement says about valid inputs, as rules and bounds of its parameters.

Guarantees: nothing is invented for a sentence that is not understood; its parameters are named in `unread`, so that a
generator of inputs can leave them alone. A rule that the visible inputs contradict was misread, so it is dropped and
its parameters count as unread.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coderefine.harden import phrases
from coderefine.harden.bounds import Args, Bounds, Constraints, Place, Rule, bounds_of, obeys
from coderefine.harden.notation import Comparison, UnknownError, chains, plain
from coderefine.harden.section import in_prose, section
from coderefine.problem.problem import Problem

_OF_ANSWER = re.compile(r"\b(?:answer|result|output|returns?|calls?)\b", re.IGNORECASE)
_COLUMNS = re.compile(r"\b([A-Za-z_]\w*)\[i\]\s*==?\s*\[([\w\s,]+)\]")
_NODES = re.compile(r"number of (?:the )?nodes.*?range\s*\[\s*([^,\]]+),\s*([^\]]+)\]", re.IGNORECASE)
_NODES_PLAIN = re.compile(r"number of (?:the )?nodes(?: in \w+)?", re.IGNORECASE)
_NODE_NAMES = {"LENGTH", "VALUE", "HEIGHT"}
_NO_LIMIT = re.compile(r"\bmay\b(?! not)|not necessarily|\bcan be\b", re.IGNORECASE)
_OCCURS = re.compile(
    r"(?:is|are|exists?|(?:also )?appears?|occurs?|found|present) in\b|\bequals? (?:to )?an? (?:element|value) of|"
    r"\bis an? (?:element|value|member|item) of|\bis a subset of",
    re.IGNORECASE,
)
_NODE_VALUE = re.compile(r"\b(?:Node|node|root|head)\.val\b|\bval\b(?!\w)")


def read_constraints(problem: Problem) -> Constraints:
    """Read the statement's constraints on the declared parameters, below a heading or in its sentences."""
    text = plain(problem.statement)
    lines = section(text)
    names = [param.name for param in problem.params]
    if not names:
        return Constraints(stated=bool(lines))
    reader = _ConstraintReader(problem, text, lines)
    found = Constraints(stated=bool(lines))
    for line in lines:
        found = reader.line(found, line)
    return found if lines else _of_prose(problem, reader)


def _of_prose(problem: Problem, reader: _ConstraintReader) -> Constraints:
    """Return the constraints in the sentences of a statement without a section; what they do not mention stays open."""
    found = Constraints()
    for line in in_prose(problem):
        read = reader.line(found, line)
        found = found if read.unread else read
    bounded = {name for (name, *_), limits in found.bounds.items() if None not in (limits.low, limits.high)}
    return replace(found, stated=bounded == {param.name for param in problem.params})


class _ConstraintReader:
    """Reads line by line, and knows what the statement's own names stand for."""

    def __init__(self, problem: Problem, text: str, lines: Sequence[str]) -> None:
        self._params = [param.name for param in problem.params]
        self._visible = [case.args for case in problem.visible if len(case.args) == len(self._params)]
        self._nodes = [param.name for param in problem.params if param.type.nodes]
        self._meanings: dict[str, ast.expr] = {}
        for name, columns in _COLUMNS.findall(text):
            if name in self._params:
                for place, column in enumerate(columns.split(",")):
                    self._meanings[column.strip()] = _expression(f"{name}[i][{place}]")
        for line in lines:
            for comparison in chains(line):
                if comparison:
                    self._define(comparison)

    def _define(self, comparison: Comparison) -> None:
        """Note `n == nums.length` as the meaning of `n`, if `n` is not a parameter."""
        for name, meaning in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
            if (
                comparison.symbol == "=="
                and isinstance(name, ast.Name)
                and name.id not in self._params
                and name.id not in self._meanings
                and not isinstance(meaning, ast.Constant | ast.Name)
            ):
                self._meanings[name.id] = meaning

    def line(self, found: Constraints, line: str) -> Constraints:
        """Return `found` with the constraints of one line added."""
        spoken_of = self._spoken_of(line)
        about = spoken_of or self._params
        rules, bounds, whole = self._compared(line)
        rules += self._worded(line, spoken_of)
        alphabets = {param: chars for param in about if (chars := phrases.alphabet(line)) and self._textual(param)}
        rules += [(line, self._test(param, _made_of(chars))) for param, chars in alphabets.items()]
        if not rules and (_NO_LIMIT.search(line) or (_OF_ANSWER.search(line) and not spoken_of)):
            return found
        true = all(obeys(args, rule) for args in self._visible for _, rule in rules)
        if not (rules and true and whole):
            found = replace(found, unread=found.unread | frozenset(about))
        if not true:
            return found
        merged = dict(found.bounds)
        for place, limits in bounds:
            merged[place] = merged.get(place, Bounds()).within(limits)
        return replace(found, rules=(*found.rules, *rules), bounds=merged, alphabets={**found.alphabets, **alphabets})

    def _spoken_of(self, line: str) -> list[str]:
        """Return the parameters that a line names, in its order."""
        mentions = {name: re.search(rf"(?<![A-Za-z_]){re.escape(name)}\b", line) for name in self._params}
        found = {name: match.start() for name, match in mentions.items() if match}
        return sorted(found, key=lambda name: found[name])

    def _compared(self, line: str) -> tuple[list[Rule], list[tuple[Place, Bounds]], bool]:
        """Return the rules and bounds of a line's comparisons, and whether all of them were read."""
        read = list(self._comparisons(line))
        comparisons = [comparison for comparison in read if comparison]
        known = {*self._params, *(f"{name}_height" for name in self._nodes)}
        indices = frozenset[str]().union(*(comparison.indices for comparison in comparisons)) - known
        where = [it for it in comparisons if it.names & indices and it.names <= known | indices]
        usable = [it for it in comparisons if it.names <= known]
        whole = len(usable) + len(where) == len(read)
        bounds = [found for comparison in usable for found in bounds_of(comparison)]
        return [(line, self._rule(comparison, where)) for comparison in usable], bounds, whole

    def _worded(self, line: str, spoken_of: list[str]) -> list[Rule]:
        """Return the rules that a line puts in words."""
        rules: list[Rule] = []
        for name, test in phrases.tests(line):
            rules += [(f"{line} ({name})", self._test(param, test)) for param in spoken_of or self._params]
        if len(spoken_of) == 2:
            first, second = map(self._params.index, spoken_of)
            if re.search(r"\b(?:anagram|permutation|rearrangement)\b", line):
                rules.append((line, lambda args: sorted(args[first]) == sorted(args[second])))
            elif _OCCURS.search(line):
                rules.append((line, lambda args: _occurs(args[first], args[second])))
        return rules

    def _comparisons(self, line: str) -> Iterator[Comparison | None]:
        if match := _NODES.search(line):
            line = f"{match[1]} <= LENGTH <= {match[2]}"
        line = self._of_nodes(line)
        for comparison in chains(line):
            if comparison is None:
                yield None
                continue
            for node in self._nodes if _NODE_NAMES & comparison.names else [""]:
                meanings = {**self._meanings}
                if node:
                    meanings |= {"LENGTH": _expression(f"len({node})"), "VALUE": _expression(f"{node}[i]")}
                    meanings["HEIGHT"] = _expression(f"{node}_height")
                left, right = (_Meant(meanings).visit(_copy(side)) for side in (comparison.left, comparison.right))
                yield Comparison(left, comparison.symbol, right)

    def _of_nodes(self, line: str) -> str:
        if not self._nodes:
            return line
        line = _NODES_PLAIN.sub("LENGTH", line)
        return re.sub(r"\bheight\b", "HEIGHT", _NODE_VALUE.sub("VALUE", line))

    def _rule(self, comparison: Comparison, where: Sequence[Comparison]) -> Callable[[Args], bool]:
        def rule(args: Args) -> bool:
            # A missing child of a tree is None, and not a node.
            values = {
                name: [item for item in value if item is not None] if name in self._nodes else value
                for name, value in zip(self._params, args, strict=True)
            }
            for name in self._nodes:
                values[f"{name}_height"] = _height(args[self._params.index(name)])
            try:
                return comparison.holds(values, where)
            except UnknownError:
                return False

        return rule

    def _test(self, param: str, test: phrases.Test) -> Callable[[Args], bool]:
        place = self._params.index(param)
        return lambda args: test(args[place])

    def _textual(self, param: str) -> bool:
        return any(
            isinstance(leaf, str) for args in self._visible for leaf in phrases.leaves(args[self._params.index(param)])
        )


class _Meant(ast.NodeTransformer):
    def __init__(self, meanings: Mapping[str, ast.expr]) -> None:
        self._meanings = meanings

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._meanings.get(node.id, node)


def _occurs(part: Any, whole: Any) -> bool:
    if not isinstance(whole, list | str):
        return False
    return all(item in whole for item in part) if isinstance(part, list) else part in whole


def _height(level_order: list[Any]) -> int:
    """Return the number of levels of a tree; of a list, where no rule uses it, 0 or 1."""
    depths: list[int] = [1]
    deepest = 0
    for item, depth in zip(level_order, depths, strict=False):  # the list grows on the way
        if item is not None:
            deepest = depth
            depths += [depth + 1, depth + 1]
    return deepest


def _made_of(chars: str) -> phrases.Test:
    allowed = set(chars)
    return lambda value: all(set(leaf) <= allowed for leaf in phrases.leaves(value) if isinstance(leaf, str))


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _copy(node: ast.expr) -> ast.expr:
    return _expression(ast.unparse(node))
