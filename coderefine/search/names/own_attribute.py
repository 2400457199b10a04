"""What was meant by `self.name` where no class of the program has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change
from coderefine.search.facts.first_values import first_values
from coderefine.search.facts.likeness import closest
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED
from coderefine.search.facts.statements import inserted, removal, stands_alone
from coderefine.search.names.meant import meant
from coderefine.search.names.owner import owner


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    of_self = owner(program)
    known = {*of_self.methods, *of_self.attributes}
    if any(node.bases for node in program.code if isinstance(node, ast.ClassDef)):
        return  # the base class may have it
    unknown: dict[str, list[ast.Attribute]] = {}
    for node in program.code:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()) if name not in known:
                unknown.setdefault(name, []).append(node)
            case _:
                pass
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


def _declared(program: Program, name: str, nodes: list[ast.Attribute]) -> Iterator[Change]:
    """A first value at the end of the constructor, or in the place of its `pass`."""
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
