"""The types that a problem declares for its arguments and answer, and the check of JSON data against them.

The grammar is that of annotations: int, float, str, bool, None, Any, list[T], tuple[T, ...], tuple[A, B], set[T],
dict[K, V], T | None, ListNode, TreeNode, NaryNode, RandomNode, GraphNode; and the equivalents in typing: List,
Optional, Union, or a type in quotes. A ListNode is written as the list of its values, a TreeNode in level order with
null for a missing child, the others as on LeetCode (see `sandbox/nodes.py`, which builds them).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from coderefine.outside import parse_python

SCALARS = {"int": int, "float": float, "str": str, "bool": bool, "None": type(None)}
CALLED_NODE = {"NaryNode": "children", "RandomNode": "random", "GraphNode": "neighbors"}
"""The node types that LeetCode calls `Node`, each with the field that distinguishes it."""
NODES = ("ListNode", "TreeNode", *CALLED_NODE)
_ARITY = {"list": 1, "set": 1, "dict": 2}
_OF_TYPING = {
    "List": "list", "Set": "set", "Dict": "dict", "Tuple": "tuple", "Text": "str", "Sequence": "list",
    "MutableSequence": "list", "Iterable": "list", "Mapping": "dict", "MutableMapping": "dict", "DefaultDict": "dict",
    "object": "Any",
}  # fmt: skip


class TypeSpecError(ValueError):
    """A type expression is invalid, or a value does not have the declared type."""


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """A parsed type: `list[int]` is `TypeSpec("list", (TypeSpec("int"),))`."""

    name: str
    """A scalar, a node, a container, "Any", "union", or "tuple*" for tuple[T, ...]."""
    args: tuple[TypeSpec, ...] = ()

    def __str__(self) -> str:
        if self.name == "union":
            return " | ".join(map(str, self.args))
        if self.name == "tuple*":
            return f"tuple[{self.args[0]}, ...]"
        return f"{self.name}[{', '.join(map(str, self.args))}]" if self.args else self.name

    @property
    def nodes(self) -> str:
        """How the sandbox converts the value: "", one of NODES, or one of NODES in "list[...]"."""
        if self.name in NODES:
            return self.name
        if self.name == "union":
            return next((arg.nodes for arg in self.args if arg.nodes), "")
        if self.name == "list" and self.args and self.args[0].nodes in NODES:
            return f"list[{self.args[0].nodes}]"
        return ""


ANY = TypeSpec("Any")


def parse(text: str) -> TypeSpec:
    """Parse a type expression; raises TypeSpecError."""
    try:
        return _convert(parse_python(text.strip(), "eval").body)
    except (SyntaxError, ValueError):
        raise TypeSpecError(f"expected a type such as list[int] or TreeNode, not {text!r}") from None


def _convert(node: ast.expr) -> TypeSpec:
    node = _plain(node)
    match node:
        case ast.Constant(value=None):
            return TypeSpec("None")
        case ast.Name(id=name) if name in SCALARS or name in NODES or name == "Any":
            return TypeSpec(name)
        case ast.Name(id="list" | "set" | "dict" | "tuple" as name):
            return TypeSpec(name)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return TypeSpec("union", (_convert(left), _convert(right)))
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[item, ast.Constant(value=last)])) if (
            last is ...
        ):
            return TypeSpec("tuple*", (_convert(item),))
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=items)):
            return TypeSpec("tuple", tuple(map(_convert, items)))
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in _ARITY:
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if len(items) == _ARITY[name]:
                return TypeSpec(name, tuple(map(_convert, items)))
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return TypeSpec("union", (_convert(inner), TypeSpec("None")))
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=[*items])) if items:
            return TypeSpec("union", tuple(map(_convert, items)))
    raise ValueError(ast.unparse(node))


def _plain(node: ast.expr) -> ast.expr:
    """Return a type without `typing.` and quotes, with the name of the equivalent builtin."""
    match node:
        case ast.Constant(value=str(text)):
            return _plain(parse_python(text.strip(), "eval").body)
        case ast.Attribute(value=ast.Name(id="typing" | "t" | "collections"), attr=name):
            return _plain(ast.Name(name))
        case ast.Name(id=name) if name in _OF_TYPING:
            return ast.Name(_OF_TYPING[name])
        case ast.Subscript(value=value, slice=inner):
            return ast.Subscript(_plain(value), inner)
    return node


def from_json(spec: TypeSpec, data: Any, where: str) -> Any:
    """Return JSON `data` as a value of type `spec`; `where` is the place named in errors. Raises TypeSpecError."""
    match spec.name:
        case "Any":
            return data
        case "union":
            for arg in spec.args:
                try:
                    return from_json(arg, data, where)
                except TypeSpecError:
                    continue
        case "float" if type(data) in (int, float):
            return float(data)
        case name if name in SCALARS:
            if type(data) is SCALARS[name]:
                return data
        case "ListNode" if data is None or isinstance(data, list):
            return data or []
        case "TreeNode" if data is None or isinstance(data, list):
            return _without_trailing_nulls(data or [])
        case "NaryNode" if data is None or isinstance(data, list):
            if _is_nary(items := _without_trailing_nulls(data or [])):
                return items
        case "RandomNode" if data is None or isinstance(data, list):
            items = data or []
            if all(isinstance(it, list) and len(it) == 2 and _is_place(it[1], 0, len(items)) for it in items):
                return items
        case "GraphNode" if data is None or isinstance(data, list):
            items = data or []
            near = [it for item in items for it in (item if isinstance(item, list) else [None])]
            if all(it is not None and _is_place(it, 1, len(items) + 1) for it in near):
                return items
        case "list" | "set" | "tuple*" if isinstance(data, list):
            item = spec.args[0] if spec.args else ANY
            items = [from_json(item, value, f"{where}[{i}]") for i, value in enumerate(data)]
            return {"list": list, "set": set, "tuple*": tuple}[spec.name](items)
        case "tuple" if isinstance(data, list) and (not spec.args or len(data) == len(spec.args)):
            pairs = zip(spec.args or [ANY] * len(data), data, strict=True)
            return tuple(from_json(arg, value, f"{where}[{i}]") for i, (arg, value) in enumerate(pairs))
        case "dict" if isinstance(data, dict):
            key, item = spec.args or (ANY, ANY)
            return {_key(key, k, where): from_json(item, v, f"{where}[{k!r}]") for k, v in data.items()}
    raise TypeSpecError(f"{where}: expected {spec}, not {_brief(data)}")


def _is_place(value: Any, first: int, end: int) -> bool:
    return value is None or (type(value) is int and first <= value < end)


def _is_nary(items: list[Any]) -> bool:
    """Whether a list is a tree in level order: null follows the root, and the children of each node."""
    if not items:
        return True
    nodes = parents = 1
    for item in items[2:]:
        nodes, parents = (nodes, parents + 1) if item is None else (nodes + 1, parents)
        if parents > nodes:
            return False
    return items[0] is not None and items[1:2] in ([], [None])


def _without_trailing_nulls(items: list[Any]) -> list[Any]:
    end = len(items)
    while end and items[end - 1] is None:
        end -= 1
    return items[:end]


def _key(spec: TypeSpec, text: str, where: str) -> Any:
    # JSON object keys are strings; int is the only other key type that problems use.
    if spec.name != "int":
        return text
    try:
        return int(text)
    except ValueError:
        raise TypeSpecError(f"{where}: expected int keys, not {text!r}") from None


def _brief(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."
