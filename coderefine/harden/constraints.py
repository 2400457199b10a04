"""What a problem's statement says about valid inputs, as tests and bounds of its parameters.

Guarantees: what is not understood is not invented, but named in `unread`, so that whoever generates inputs can leave
those parameters alone; and what the visible inputs contradict was misread, so it is dropped and counts as unread.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coderefine.harden import phrases
from coderefine.harden.notation import Comparison, UnknownError, chains, evaluate, plain
from coderefine.problem.problem import Problem

Place = tuple[str, tuple[int | None, ...], bool]
"""A parameter, positions in it (None for any), and whether its length is meant rather than its value."""
Args = tuple[Any, ...]
Rule = tuple[str, Callable[[Args], bool]]
"""A test of the arguments, and the line that it was read from."""

_HEADING = re.compile(r"^\W*constraints?\b\W*(.*)$", re.IGNORECASE)
_NEXT_HEADING = re.compile(r"^\s*(?:#|follow[- ]?up|example|notes?\s*:|input|output|hint)", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inclusive limits; None where the statement gives none, infinite where that depends on other values."""

    low: float | None = None
    high: float | None = None

    def within(self, other: Bounds) -> Bounds:
        """Both limits together."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Bounds(max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class Constraints:
    """What valid inputs have in common, as far as the statement says it."""

    rules: tuple[Rule, ...] = ()
    bounds: Mapping[Place, Bounds] = field(default_factory=dict)
    alphabets: Mapping[str, str] = field(default_factory=dict)
    """The characters of texts, by parameter."""
    unread: frozenset[str] = frozenset()
    """Parameters about which the statement says something that was not understood."""
    stated: bool = False
    """Whether there is a section of constraints at all."""

    def allow(self, args: Args) -> bool:
        """Whether arguments obey all that was read."""
        return all(_obeys(args, rule) for _, rule in self.rules)

    def of(self, param: str, path: tuple[int | None, ...] = (), *, length: bool = False) -> Bounds:
        """The bounds at a place, where it may be named by its position or as any position."""
        found = Bounds()
        for (name, places, of_length), bounds in self.bounds.items():
            same_depth = name == param and of_length == length and len(places) == len(path)
            if same_depth and all(place in (None, at) for place, at in zip(places, path, strict=False)):
                found = found.within(bounds)
        return found


def read_constraints(problem: Problem) -> Constraints:
    """Read the statement's constraints on the declared parameters."""
    text = plain(problem.statement)
    section = _section(text)
    names = [param.name for param in problem.params]
    if not names:
        return Constraints(stated=bool(section), unread=frozenset(names))
    reader = _ConstraintReader(problem, text)
    found = Constraints(stated=bool(section))
    for line in section:
        found = reader.line(found, line)
    return found


def _section(text: str) -> list[str]:
    lines = iter(text.splitlines())
    for line in lines:
        if match := _HEADING.match(line):
            section = [match[1]]
            for following in lines:
                if _NEXT_HEADING.match(following):
                    break
                section.append(following)
            lines_of = (re.sub(r"^\s*[-*•]\s+|[\s*]+$", "", line).strip() for line in section)
            return [line for line in lines_of if line.strip(".:* ")]
    return []


class _ConstraintReader:
    """Reads line by line; knows what names of the statement stand for."""

    def __init__(self, problem: Problem, text: str) -> None:
        self._params = [param.name for param in problem.params]
        self._visible = [case.args for case in problem.visible if len(case.args) == len(self._params)]
        self._nodes = [param.name for param in problem.params if param.type.nodes]
        self._meanings: dict[str, ast.expr] = {}
        for name, columns in _COLUMNS.findall(text):
            if name in self._params:
                for place, column in enumerate(columns.split(",")):
                    self._meanings[column.strip()] = _expression(f"{name}[i][{place}]")
        for line in _section(text):
            for comparison in chains(line):
                if comparison:
                    self._define(comparison)

    def _define(self, comparison: Comparison) -> None:
        """Take `n == nums.length` as what `n` means, if it is not a parameter."""
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
        """Add what one line says."""
        spoken_of = self._spoken_of(line)
        about = spoken_of or self._params
        rules, bounds, whole = self._compared(line)
        rules += self._worded(line, spoken_of)
        alphabets = {param: chars for param in about if (chars := phrases.alphabet(line)) and self._textual(param)}
        rules += [(line, self._test(param, _made_of(chars))) for param, chars in alphabets.items()]
        if not rules and (_NO_LIMIT.search(line) or (_OF_ANSWER.search(line) and not spoken_of)):
            return found
        true = all(_obeys(args, rule) for args in self._visible for _, rule in rules)
        if not (rules and true and whole):
            found = replace(found, unread=found.unread | frozenset(about))
        if not true:
            return found
        merged = dict(found.bounds)
        for place, limits in bounds:
            merged[place] = merged.get(place, Bounds()).within(limits)
        return replace(found, rules=(*found.rules, *rules), bounds=merged, alphabets={**found.alphabets, **alphabets})

    def _spoken_of(self, line: str) -> list[str]:
        """The parameters that a line names, in its order."""
        mentions = {name: re.search(rf"(?<![A-Za-z_]){re.escape(name)}\b", line) for name in self._params}
        found = {name: match.start() for name, match in mentions.items() if match}
        return sorted(found, key=lambda name: found[name])

    def _compared(self, line: str) -> tuple[list[Rule], list[tuple[Place, Bounds]], bool]:
        """The rules and bounds of a line's comparisons, and whether all of them were read."""
        read = list(self._comparisons(line))
        comparisons = [comparison for comparison in read if comparison]
        known = {*self._params, *(f"{name}_height" for name in self._nodes)}
        indices = frozenset[str]().union(*(comparison.indices for comparison in comparisons)) - known
        where = [it for it in comparisons if it.names & indices and it.names <= known | indices]
        usable = [it for it in comparisons if it.names <= known]
        whole = len(usable) + len(where) == len(read)
        bounds = [found for comparison in usable for found in _bounds(comparison)]
        return [(line, self._rule(comparison, where)) for comparison in usable], bounds, whole

    def _worded(self, line: str, spoken_of: list[str]) -> list[Rule]:
        """The rules that a line puts in words."""
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
            # A missing child of a tree is None, and no node.
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


def _obeys(args: Args, rule: Callable[[Args], bool]) -> bool:
    """Whether arguments obey a rule; those of another type than it speaks of do not."""
    try:
        return rule(args)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        return False


def _bounds(comparison: Comparison) -> Iterator[tuple[Place, Bounds]]:
    """The bounds that a comparison of a place with a constant gives."""
    flipped = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}
    for side, symbol, other in (
        (comparison.left, comparison.symbol, comparison.right),
        (comparison.right, flipped.get(comparison.symbol, ""), comparison.left),
    ):
        place = _place(side)
        try:
            limit = evaluate(other, {})
        except (UnknownError, IndexError):
            limit = None  # it depends on other values
        if place:
            low, high = (-math.inf, math.inf) if limit is None else (limit, limit)
            match symbol:
                case "<=":
                    yield place, Bounds(high=high)
                case "<":
                    yield place, Bounds(high=high - 1)
                case ">=":
                    yield place, Bounds(low=low)
                case ">":
                    yield place, Bounds(low=low + 1)
                case "==":
                    yield place, Bounds(low, high)


def _place(node: ast.expr) -> Place | None:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            place = _place(inner)
            return (place[0], place[1], True) if place and not place[2] else None
        case ast.Name(id=name):
            return name, (), False
        case ast.Subscript(value=value, slice=ast.Name() | ast.Constant() as index):
            place = _place(value)
            at = index.value if isinstance(index, ast.Constant) and type(index.value) is int else None
            return (place[0], (*place[1], at), False) if place and not place[2] else None
    return None


def _occurs(part: Any, whole: Any) -> bool:
    if not isinstance(whole, list | str):
        return False
    return all(item in whole for item in part) if isinstance(part, list) else part in whole


def _height(level_order: list[Any]) -> int:
    """The number of levels of a tree; of a list, where nobody asks for it, 0 or 1."""
    depths: list[int] = [1]
    deepest = 0
    for item, depth in zip(level_order, depths, strict=False):  # which grows on the way
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
