"""Bounds as problem statements write them, read into comparisons that can be evaluated.

Sites write `1 <= nums.length <= 10^4`, `-10<sup>9</sup> ≤ nums[i]`, `10⁴` or `10,000`. `plain` turns these into one
notation, and `chains` finds `a <= b, c < d` within prose. Nothing here executes a statement's text: expressions are a
few node types of Python's own syntax, evaluated by `evaluate`, with all numbers and powers bounded.
"""

from __future__ import annotations

import ast
import html
import itertools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coderefine.outside import parse_python

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_REWRITES = (
    (r"<sup>\s*(.*?)\s*</sup>", r"^\1"),
    (r"<sub>\s*(.*?)\s*</sub>", r"\1"),
    (r"</?(?:code|b|i|em|strong|li|ul|ol|p|var|span|pre|font)\b[^<>]*>", ""),
    (r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda match: "^" + match[0].translate(_SUPERSCRIPTS)),
    (r"\\(?:leq|le)\b|≤|=<", "<="),
    (r"\\(?:geq|ge)\b|≥", ">="),
    (r"\\(?:neq|ne)\b|≠", "!="),
    (r"\\(?:times|cdot)\b|[×·⋅]", "*"),
    (r"\^\{([^{}]*)\}", r"^\1"),
    (r"[$`]|(?<!\d)\*\*|\*\*(?!\d)", ""),
    ("[−–]", "-"),
    # 10,000 is a number, [1,100] is a range.
    (
        r"\[[^\]]*\]|(?<![\d.])([1-9]\d{0,2}(?:,\d{3})+)(?![\d,])",
        lambda match: match[0] if match[0][0] == "[" else match[0].replace(",", ""),
    ),
)
_SYMBOL = re.compile(r"(<=|>=|==|!=|<|>|=)")
_LENGTH = re.compile(r"([A-Za-z_]\w*(?:\[[^\[\]]*\])*)\.(?:length|size\(\)|size)\b|\|([A-Za-z_]\w*)\|")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\d_]*(?:\.\d+)?(?:e\d+)?|\*\*|//|\S")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv, ast.Mod: operator.mod,
}  # fmt: skip
_CALLS: dict[str, Callable[..., Any]] = {"len": len, "min": min, "max": max, "abs": abs}
_TOKENS = 24
"""The most words of a line that one side of a comparison may have."""
MAX_INDEX = 64
"""How many positions of `x` are checked for a comparison on `x[i]`."""
MAX_INDICES = 16
"""How many positions in each dimension are checked for a comparison on `x[i][j]`."""
_LARGEST = 1e300
"""A bound beyond this number counts as none."""


class UnknownError(Exception):
    """An expression has no meaning for the given values."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left symbol right`, for all values of the indices in it."""

    left: ast.expr
    symbol: str
    right: ast.expr

    @property
    def names(self) -> frozenset[str]:
        """The names in it, without functions and indices."""
        return (_names(self.left) | _names(self.right)) - self.indices

    @property
    def indices(self) -> frozenset[str]:
        """The names that stand for any position: those within square brackets."""
        inside = [
            node.slice for side in (self.left, self.right) for node in ast.walk(side) if isinstance(node, ast.Subscript)
        ]
        return frozenset(name for node in inside for name in _names(node))

    def holds(self, values: Mapping[str, Any], where: Iterable[Comparison] = ()) -> bool:
        """Whether it holds for `values` at all positions that exist and satisfy `where`; raises UnknownError."""
        indices = sorted(self.indices - values.keys())
        positions: Iterable[int] = ()
        if indices:
            most = MAX_INDEX if len(indices) == 1 else MAX_INDICES
            positions = range(max((_longest(value, most) for value in values.values()), default=0))
        for places in itertools.product(positions, repeat=min(len(indices), 2)):
            known = {**values, **dict(zip(indices, places, strict=False))}
            try:
                if all(condition.true(known) for condition in where) and not self.true(known):
                    return False
            except IndexError:
                continue
            except TypeError:
                raise UnknownError from None
        return True

    def true(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds for `values`, which include the indices; raises UnknownError, IndexError or TypeError."""
        return _COMPARE[self.symbol](evaluate(self.left, values), evaluate(self.right, values))


def plain(text: str) -> str:
    """Return a statement with one notation for powers, products and comparisons, and without markup."""
    text = html.unescape(text).replace("\xa0", " ")
    for pattern, to in _REWRITES:
        text = re.sub(pattern, to, text)
    return text


def chains(line: str) -> Iterator[Comparison | None]:
    """Yield the comparisons in a line of a `plain` text, and None for each that cannot be read."""
    line = _LENGTH.sub(lambda match: f"len({match[1] or match[2]})", line)
    parts = _SYMBOL.split(line)
    for index in range(1, len(parts), 2):
        symbol = "==" if parts[index] == "=" else parts[index]
        lefts = _read(parts[index - 1], last=True, all_of=index == 1 or _whole(parts[index - 1]))
        rights = _read(parts[index + 1], last=False, all_of=index + 2 < len(parts) and _whole(parts[index + 1]))
        if not (lefts and rights):
            yield None
        yield from (Comparison(left, symbol, right) for left in lefts for right in rights)


def evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression; raises UnknownError, or IndexError for a position that does not exist."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(evaluate(operand, values))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, power = _number(evaluate(left, values)), _number(evaluate(right, values))
            if abs(base) > 1000 or not 0 <= power <= 100:
                raise UnknownError
            return base**power
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            try:
                found = _ARITHMETIC[type(op)](_number(evaluate(left, values)), _number(evaluate(right, values)))
            except (ZeroDivisionError, OverflowError):
                raise UnknownError from None
            return _number(found)
        case ast.Subscript(value=inner, slice=index):
            sequence, place = evaluate(inner, values), evaluate(index, values)
            if not isinstance(sequence, list | tuple | str) or type(place) is not int:
                raise UnknownError
            if place < 0:
                raise IndexError
            return sequence[place]
        case ast.Call(func=ast.Name(id=name), args=args) if name in _CALLS:
            try:
                return _CALLS[name](*(evaluate(arg, values) for arg in args))
            except (TypeError, ValueError):
                raise UnknownError from None
    raise UnknownError


def _number(value: Any) -> Any:
    if type(value) not in (int, float) or not -_LARGEST <= value <= _LARGEST:
        raise UnknownError
    return value


def _longest(value: Any, most: int) -> int:
    """Return the length of the longest sequence in a value, at most `most`, without looking at more of the value."""
    if not isinstance(value, list | tuple | str):
        return 0
    inner = () if isinstance(value, str) else value[:most]
    return max([min(len(value), most), *(_longest(item, most) for item in inner)])


def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(it.id for it in ast.walk(node) if isinstance(it, ast.Name)) - _CALLS.keys()


def _whole(text: str) -> bool:
    return bool(_parse(text))


def _read(text: str, *, last: bool, all_of: bool) -> list[ast.expr]:
    """Return the expressions at the end (`last`) or the beginning of `text`, as long as possible, with prose around
    them.
    """
    spans = [match.span() for match in _TOKEN.finditer(text)]
    if last:
        pieces = [text[start:] for start, _ in spans[-_TOKENS:] if not _joined(text, start)]
    else:
        pieces = [text[:end] for _, end in reversed(spans[:_TOKENS]) if not _joined(text, end)]
    for piece in pieces:
        found = _parse(piece)
        if found and (all_of or len(found) == 1):
            return found
    return []


def _joined(text: str, at: int) -> bool:
    """Whether a cut would divide one word, such as the `2n` that remains of 2^n where the superscript was lost."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _parse(text: str) -> list[ast.expr]:
    text = re.sub(r"\s+(?:and|&)\s+", ", ", text.strip()).replace("^", "**")
    try:
        node = parse_python(text, "eval").body
    except SyntaxError:
        return []
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return nodes if all(map(_known, nodes)) else []


def _known(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) in (int, float)
        case ast.Name():
            return True
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _known(operand)
        case ast.BinOp(left=left, right=right):
            return _known(left) and _known(right)
        case ast.Subscript(value=value, slice=index):
            return _known(value) and _known(index)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return name in _CALLS and bool(args) and all(map(_known, args))
    return False
