"""Describes the program's classes and exceptions, so that the tester can make stand-ins for them.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
import types
from typing import Any, Callable

from sandbox import datatypes, kinds, waiting

MAX_CHAIN = 10
"""How many exceptions are sent with one, as its causes and contexts."""
_HEAP_TYPE = 1 << 9
"""The flag of types that a class statement or the like has made (Include/object.h)."""
_METHODS = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, types.ClassMethodDescriptorType),
    *(staticmethod, classmethod),
)


class ClassOf:
    """Marks a class to be described, where it would otherwise be sent as a name."""

    def __init__(self, cls: type) -> None:
        self.cls = cls


def describe(cls: type, module: Any, keep: Callable[[Any], int], refer: kinds.Refer) -> list[Any]:
    """Return the description of a class of the program, whose module is `module`.

    [handle, name, bases of the program, the type it extends, special methods, methods, dataclass fields, docstring, its
    name if it is the library's].
    """
    near = datatypes.nearest(cls)
    extends = near[0] if near is not None and near[0] in datatypes.EXTENDED else _exception_name(cls)
    own = [base for base in cls.__mro__[1:] if base.__module__ == module]
    specials, methods = [], []
    for base in cls.__mro__:
        if base is object or (base is not cls and datatypes.type_name(base) is not None):
            break
        for name, found in vars(base).items():
            if name[:2] == "__" == name[-2:]:
                specials.append(name if found is not None else "no " + name)
            elif isinstance(found, _METHODS):
                methods.append(name)
    fields = getattr(cls, "__dataclass_fields__", None)
    return [
        keep(cls),
        str(cls.__name__),
        [refer(base) for base in own if base in cls.__bases__],
        extends,
        specials,
        methods,
        list(fields) if isinstance(fields, dict) else None,
        doc if isinstance(doc := vars(cls).get("__doc__"), str) else None,
        _library_name(cls),
    ]


def chain(error: Any) -> list[list[Any]]:
    """Return [exception, cause, context, whether the context is shown] for an exception and for those behind it."""
    found: list[list[Any]] = []
    following = [error]
    while following and len(found) < MAX_CHAIN:
        error = following.pop()
        if not any(known[0] is error for known in found):
            others = [it if isinstance(it, Exception) else None for it in (error.__cause__, error.__context__)]
            found.append([error, *others, not error.__suppress_context__])
            following += [it for it in others if it is not None]
    return found


def is_property(cls: type, name: str) -> bool:
    """Whether an attribute of the instances of a class is computed, by a property or another descriptor."""
    found = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    return hasattr(type(found), "__set__") and not isinstance(found, types.MemberDescriptorType)


def _library_name(cls: type) -> str | None:
    """Return the name of a library type whose objects a test may tell apart by it (see foreign.py); None for others."""
    if cls.__flags__ & _HEAP_TYPE:  # its name and its module may say anything
        return None
    name = "coroutine" if cls.__name__ in waiting.AWAITABLE else cls.__name__
    return name if cls.__module__ in ("builtins", "itertools") else None


def _exception_name(cls: type) -> str | None:
    return next((base.__name__ for base in cls.__mro__ if _is_builtin_exception(base)), None)


def _is_builtin_exception(cls: type) -> bool:
    return issubclass(cls, Exception) and getattr(builtins, cls.__name__, None) is cls
