"""What may be meant by `self.name` where no class of the program has that attribute."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.first_values import first_values
from coderefine.search.facts.likeness import closest
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED
from coderefine.search.facts.statements import inserted, removal, stands_alone
from coderefine.search.given.evidence import Evidence
from coderefine.search.names.meant import meant
from coderefine.search.names.owner import Owner, owner

_MISSING = re.compile(r"object has no attribute '(\w+)'")


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    of_self = owner(program)
    unknown: dict[str, list[ast.Attribute]] = {}
    for node in program.code:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
                if name not in {*of_self.methods, *of_self.attributes, *dir(object), "__dict__"}:
                    unknown.setdefault(name, []).append(node)
            case _:
                pass
    missed = {match[1] for match in map(_MISSING.search, evidence.messages) if match}
    if not evidence.is_alone or _has_more(program, of_self):
        unknown = {name: nodes for name, nodes in unknown.items() if name in missed}
    given = {node.attr for node in program.code if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    unknown = {name: nodes for name, nodes in unknown.items() if name in missed or name not in given}
    visible = {use.node: use for use in program.uses} if unknown else {}
    plain: list[ast.Attribute] = []
    for name, nodes in unknown.items():
        call = program.call_of(nodes[0])
        use = next((visible[inner] for inner in ast.walk(nodes[0]) if inner in visible), None)
        names = use.variables + use.definitions if use else ()
        if name in names or name in PREDEFINED or name in BUILTINS:
            plain += nodes
            yield program.rewrite_all(nodes, name, 2.5)
        for other, alike in closest(name, of_self.methods if call else of_self.attributes + of_self.methods):
            yield program.rewrite_all(nodes, f"self.{other}", 1.0 + alike)
        if call is None:
            yield from _declared(program, name, nodes)
            yield from (program.rewrite_all(nodes, other, 0.8 + alike) for other, alike in closest(name, names)[:3])
        elif isinstance(statement := program.parents.get(call), ast.Expr):
            yield removal(program, statement, 1.6)
        else:
            yield from meant(program, call, name)
    if len({node.attr for node in plain}) > 1:
        edits = tuple(program.replace(node, node.attr) for node in plain)
        yield Change(edits, plain[0].lineno, f"no `self.` from line {plain[0].lineno} on", 2.6)


def _has_more(program: Program, of_self: Owner) -> bool:
    """Whether objects may have attributes that no class here assigns: from a base class, or computed on access."""
    bases = any(node.bases or node.keywords for node in program.code if isinstance(node, ast.ClassDef))
    return bases or bool({"__getattr__", "__getattribute__"} & {*of_self.methods}) or "setattr" in program.loaded


def _declared(program: Program, name: str, nodes: list[ast.Attribute]) -> Iterator[Change]:
    """Yield an initial value at the end of the constructor, or in place of its `pass`."""
    values = dict.fromkeys(value for node in nodes for value in first_values(program, node))
    for method in program.code:
        if (
            isinstance(method, ast.FunctionDef)
            and method.name == "__init__"
            and stands_alone(program, last := method.body[-1])
        ):
            for value in values or ("0", "[]", "{}"):
                if isinstance(last, ast.Pass):
                    yield program.rewrite(last, f"self.{name} = {value}", 2.2)
                else:
                    yield inserted(program, last, f"self.{name} = {value}", 1.5)
