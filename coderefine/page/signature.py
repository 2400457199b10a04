"""What the code on a page defines: the function or class to write, and its parameters with their types."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from coderefine.kinds.fitting import is_called
from coderefine.page.code import tree_of
from coderefine.problem import typespec
from coderefine.problem.problem import Param
from coderefine.problem.typespec import ANY, TypeSpec

_NODES = ("ListNode", "TreeNode", "Node")
_PLACE = re.compile(r"modif\w+ (\w+) in-?place|(\w+) in-?place instead|in-?place.{0,20}modify (\w+)", re.IGNORECASE)
_FIELDS = "|".join(typespec.CALLED_NODE.values())
_NODE_FIELDS = re.compile(rf"\bself\.({_FIELDS})\s*="), re.compile(rf"(?<!\brandom)\.({_FIELDS})\b(?!\s*\()")
_DOC_TYPE = re.compile(r":type\s+(\w+):\s*(.+)")
_DOC_RETURNS = re.compile(r":rtype:\s*(.+)")


@dataclass(frozen=True, slots=True)
class Signature:
    """A function or a method as its header declares it."""

    entry: str
    params: tuple[Param, ...]
    returns: TypeSpec
    returns_nothing: bool
    """Whether it declares that it returns None."""
    in_place: str = ""
    """The argument that its docstring asks to change; "" for none."""
    unknown: tuple[str, ...] = ()
    """Type annotations that are not known."""
    others: tuple[str, ...] = ()
    """Other functions that may be meant."""


def classes(code: str) -> dict[str, ast.ClassDef]:
    """Return the classes in code, except node classes, by name."""
    tree = tree_of(code)
    body = tree.body if tree else []
    return {node.name: node for node in body if isinstance(node, ast.ClassDef) and node.name not in _NODES}


def signature(code: str, names: Collection[str], target: str = "") -> Signature | None:
    """Return the function to write: `target`, else the one with parameters of these names, else the first."""
    found = _functions(code)
    if target:
        owner, _, name = target.rpartition(".")
        found = [(own, f) for own, f in found if f.name == name and (not owner or own == owner)]
    if not found:
        return None
    public = [it for it in found if not it[1].name.startswith("_")] or found
    same = [it for it in public if {arg.arg for arg in _arguments(*it)} == {*names}]
    wide = [it for it in public if len(_arguments(*it)) == len(names)] if names else []
    found = same or wide or public
    asked = [it for it in found if not is_called(it[1].name, code)] if len(found) > 1 else found
    owner, function = (asked or found)[0]
    others = tuple(it.name for _, it in asked[1:] if not it.name.startswith("test"))
    return replace(_of(owner, function, _called_node(code)), others=others)


def _functions(code: str) -> list[tuple[str, ast.FunctionDef]]:
    """Return the functions and methods, each with the name of its class; those of `Solution` first."""
    tree = tree_of(code)
    body = tree.body if tree else []
    methods = [
        (owner.name, node)
        for owner in sorted(classes(code).values(), key=lambda it: it.name != "Solution")
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name != "__init__"
    ]
    return methods + [("", node) for node in body if isinstance(node, ast.FunctionDef)]


def _arguments(owner: str, function: ast.FunctionDef) -> Sequence[ast.arg]:
    static = any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in function.decorator_list)
    given = [*function.args.posonlyargs, *function.args.args]
    return given[1:] if owner and not static else given


def _called_node(code: str) -> str:
    """Return the type that code means by `Node`, by a field in its definition, or else by a field that is used."""
    for pattern in _NODE_FIELDS:
        for match in pattern.finditer(code):
            return next(name for name, field in typespec.CALLED_NODE.items() if field == match[1])
    return "Node"


def _of(owner: str, function: ast.FunctionDef, node: str) -> Signature:
    text = ast.get_docstring(function) or ""
    stated = {name: type_.strip() for name, type_ in _DOC_TYPE.findall(text)}
    returned = _DOC_RETURNS.search(text)
    unknown: list[str] = []
    params = tuple(
        Param(arg.arg, _type(_text(arg.annotation) or stated.get(arg.arg, ""), node, unknown))
        for arg in _arguments(owner, function)
    )
    answer = _text(function.returns) or (returned[1].strip() if returned else "")
    nothing = answer in ("None", "void") or "not return anything" in text
    place = _PLACE.search(text)
    changed = next((name for name in (place.groups() if place else ()) if name), "")
    entry = f"{owner}.{function.name}" if owner else function.name
    returns = ANY if nothing else _type(answer, node, unknown)
    return Signature(entry, params, returns, nothing, changed, tuple(unknown))


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation is not None else ""


def _type(text: str, node: str, unknown: list[str]) -> TypeSpec:
    if not text:
        return ANY
    try:
        return typespec.parse(re.sub(r"\bNode\b", node, text))
    except typespec.TypeSpecError:
        unknown.append(text)
        return ANY
