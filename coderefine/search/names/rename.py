"""Another name for an unbound one: a variable, a function, a builtin, or the name with `self.` in front."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.likeness import closest, near
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED, Use
from coderefine.search.given.evidence import Evidence
from coderefine.search.names.owner import owner

_CONSTRUCTORS = {
    "ArrayList": "list", "LinkedList": "deque", "HashMap": "dict", "HashSet": "set", "Math": "math",
    "Array": "list", "Map": "dict", "TreeMap": "dict", "Stack": "list", "Queue": "deque", "NULL": "None",
    "null": "None", "nil": "None", "undefined": "None", "true": "True", "false": "False", "this": "self",
    "Integer": "int", "String": "str", "length": "len", "size": "len", "parseInt": "int", "Infinity": "inf",
    "infinity": "inf", "sort": "sorted", "reverse": "reversed", "string": "str", "boolean": "bool", "array": "list",
    "maximum": "max", "minimum": "min", "MAX_INT": "inf", "INT_MAX": "inf", "INT_MIN": "-inf", "MIN_INT": "-inf",
}  # fmt: skip
_SIMILAR = 0.5
_KNOWN = sorted(PREDEFINED | BUILTINS)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for name, uses in program.unbound.items():
        if name in program.unbound_code:
            yield from _renamed(program, name, uses)
        elif name in _CONSTRUCTORS:
            yield program.rewrite_all([use.node for use in uses], _CONSTRUCTORS[name], 3.6)


def _renamed(program: Program, name: str, found: tuple[Use, ...]) -> Iterator[Change]:
    nodes = [use.node for use in found]
    use = found[0]
    of_self = owner(program)
    known = program.kinds
    if name in _CONSTRUCTORS:
        yield program.rewrite_all(nodes, _CONSTRUCTORS[name], 3.0)
    if name in of_self.methods or name in of_self.attributes:
        yield program.rewrite_all(nodes, f"self.{name}", 2.9)
    match program.parents[use.node]:
        case ast.Attribute(attr=attribute) if attribute in (*of_self.methods, *of_self.attributes):
            yield program.rewrite(use.node, "self", 2.4)
        case _:
            pass
    wanted = program.demanded(use.node)
    for number, (other, alike) in enumerate(closest(name, use.variables + use.definitions)):
        if alike > _SIMILAR and (other != "self" or isinstance(program.parents[use.node], ast.Attribute)):
            yield program.rewrite_all(nodes, other, 1.0 + alike)
        elif other != "self" and other in use.variables:  # none is similar, so one of the right kind
            fits = 0.0 if wanted is None else 0.3 if known.get(other) == wanted else -0.3
            yield program.rewrite_all(nodes, other, 1.0 + 0.2 * alike + fits - 0.001 * number)
    for other, alike in near(name, _KNOWN, 5):
        yield program.rewrite_all(nodes, other, 0.8 + alike)
    for other, alike in closest(name, of_self.methods):
        if program.call_of(use.node) and alike > _SIMILAR:
            yield program.rewrite_all(nodes, f"self.{other}", 0.9 + alike)
