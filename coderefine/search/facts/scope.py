"""The names that a program's scopes bind, and the uses of names that nothing binds."""

from __future__ import annotations

import ast
import bisect
import builtins
import collections
import functools
import heapq
import itertools
import math
import typing
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

MODULES: tuple[ModuleType, ...] = (typing, collections, heapq, bisect, itertools, functools, math)
_OTHERS = """
copy datetime decimal fractions operator random re statistics string sys deepcopy ListNode TreeNode Node
bisect collections functools heapq itertools math typing
"""
PREDEFINED = frozenset(
    name
    for module in MODULES
    for name in getattr(module, "__all__", None) or vars(module)
    if not name.startswith("_") and name != "pow"
) | frozenset(_OTHERS.split())
"""The names a solution finds without an import: see "Solutions" in docs/problems.md and sandbox/prelude.py."""
BUILTINS = frozenset(dir(builtins))
_MODULE = frozenset({"__name__", "__file__", "__doc__", "__class__"})

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.Module, ast.ClassDef, *_FUNCTIONS, *_COMPREHENSIONS)


@dataclass(frozen=True, slots=True)
class Use:
    """A name that is read, with the names that its scopes bind: innermost scope first, each in order of appearance."""

    node: ast.Name
    variables: tuple[str, ...]
    definitions: tuple[str, ...]
    """Functions, classes and imports."""

    @property
    def unbound(self) -> bool:
        """Whether nothing known binds the name."""
        name = self.node.id
        known = name in self.variables or name in self.definitions
        return not (known or name in PREDEFINED or name in BUILTINS or name in _MODULE)


def uses(tree: ast.Module) -> Iterator[Use]:
    """Yield every name that the program reads, that in `x += 1` too, in order of scopes.

    Annotations count, because Python evaluates them.
    """
    return _uses(tree, (), ())


def bound(scope: ast.AST) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the variables and the definitions that `scope` itself binds, in order of appearance."""
    variables: dict[str, None] = {}
    definitions: dict[str, None] = {}
    augmented: set[ast.expr] = set()  # `x += 1` binds nothing: it fails where nothing else binds x
    for node in _within(scope):
        match node:
            case ast.AugAssign(target=target):
                augmented.add(target)
            case ast.Name() if node in augmented:
                pass
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                variables[name] = None
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                variables[name] = None
            case ast.MatchMapping(rest=str(name)):
                variables[name] = None
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                definitions[name] = None
            case ast.alias(name=name, asname=alias):
                definitions[alias or name.split(".")[0]] = None
            case _:
                pass
    return tuple(variables), tuple(definitions)


def _uses(scope: ast.AST, variables: tuple[str, ...], definitions: tuple[str, ...]) -> Iterator[Use]:
    own_variables, own_definitions = bound(scope)
    variables, definitions = _merge(own_variables, variables), _merge(own_definitions, definitions)
    inside = list(_within(scope))
    for node in inside:
        match node:
            case (ast.Name(ctx=ast.Load()) as name) | ast.AugAssign(target=ast.Name() as name):
                yield Use(name, variables, definitions)
            case _:
                pass
    if isinstance(scope, ast.ClassDef):  # what a class body binds is not visible in its methods
        variables = tuple(name for name in variables if name not in own_variables)
        definitions = tuple(name for name in definitions if name not in own_definitions)
    for node in inside:
        if isinstance(node, _SCOPES) and node is not scope:
            yield from _uses(node, variables, definitions)


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that belong to `scope` itself; an inner scope is yielded as a node, without its inside."""
    queue: deque[ast.AST] = deque(ast.iter_child_nodes(scope))
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        queue = deque([*(node for node in ast.walk(scope.args) if isinstance(node, ast.arg)), *scope.body])
    while queue:
        node = queue.popleft()
        yield node
        if not isinstance(node, _SCOPES):
            queue.extend(ast.iter_child_nodes(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            queue.extend(_outside(node))
        elif isinstance(node, _COMPREHENSIONS):  # a walrus in a comprehension binds in the scope around it (PEP 572)
            queue.extend(inner.target for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))


def _outside(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    """Return the parts of a definition that are evaluated in the scope around it, except annotations of parameters."""
    defaults = [*function.args.defaults, *(default for default in function.args.kw_defaults if default)]
    return [*function.decorator_list, *defaults, *([function.returns] if function.returns else [])]


def _merge(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))
