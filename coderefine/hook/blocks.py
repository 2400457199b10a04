"""The functions of a module, each with a digest of its code: tells what changed for tests that ran only some of them.

Comments, layout and line numbers do not count. What a function shows without being run (its signature, docstring and
defaults) belongs to the block that defines the function.
"""

from __future__ import annotations

import hashlib
import types
import warnings
from collections.abc import Iterator
from inspect import CO_NEWLOCALS, CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS
from typing import Any

MODULE = ""
"""The name of the block that runs when a module is imported."""


Blocks = dict[str, tuple[int, str]]
"""By the name of a function, such as `Cart.total`: the line at which it begins, with its decorators, and a digest of
its code.
"""


def read(source: bytes, path: str) -> Blocks:
    """Return the blocks of a module; {} where this Python does not compile it. Nothing is executed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return {}
    found: Blocks = {}
    names = {MODULE}
    todo = [(MODULE, "", 0, code)]
    while todo:
        name, inside, line, code = todo.pop()
        inner: list[tuple[str, types.CodeType]] = []
        told = repr(list(_told(code, inside, inner)))
        found[name] = line, hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
        for qualified, function in inner:
            number = 1
            while (unique := qualified if number == 1 else f"{qualified}#{number}") in names:
                number += 1
            names.add(unique)
            todo.append((unique, f"{qualified}.", function.co_firstlineno, function))
    return found


def _told(code: types.CodeType, inside: str, inner: list[tuple[str, types.CodeType]]) -> Iterator[Any]:
    """Yield a description of the code; functions that it defines are added to `inner`, with their qualified names."""
    yield code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags
    yield getattr(code, "co_exceptiontable", b"")
    for constant in code.co_consts:
        if not isinstance(constant, types.CodeType):
            yield _plain(constant)
        elif _is_function(constant):
            inner.append((inside + constant.co_name, constant))
            yield constant.co_name, _signature(constant), _plain(next(iter(constant.co_consts), None))
        else:
            is_class = not constant.co_name.startswith("<") and not constant.co_flags & CO_NEWLOCALS
            yield constant.co_name
            yield from _told(constant, f"{inside}{constant.co_name}." if is_class else inside, inner)


def _is_function(code: types.CodeType) -> bool:
    return bool(code.co_flags & CO_OPTIMIZED) and not code.co_name.startswith("<")


def _signature(code: types.CodeType) -> tuple[Any, ...]:
    flags = code.co_flags & (CO_VARARGS | CO_VARKEYWORDS)
    count = code.co_argcount + code.co_kwonlyargcount + (code.co_flags & CO_VARARGS > 0) + (flags & CO_VARKEYWORDS > 0)
    return code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, flags, code.co_varnames[:count]


def _plain(constant: Any) -> Any:
    """Return a constant as a value whose text is the same in every process, unlike that of a set."""
    if isinstance(constant, frozenset):
        return "frozenset", sorted(repr(_plain(it)) for it in constant)
    if isinstance(constant, tuple):
        return tuple(_plain(it) for it in constant)
    return constant
