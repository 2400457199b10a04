"""The types of the standard library whose instances are values: the table of them, and their names.

A value of such a type travels between a test and a candidate exactly: as the name of its type and its parts (kinds.py).
A message can make nothing but what this table holds; all of it is data, and making it runs no code but the library's
own.

Standard library only, Python 3.8 or newer. A module is looked up when a value needs it, so that none is loaded for its
type alone.
"""

from __future__ import annotations

import builtins
import collections
import importlib
import sys
from typing import Any, Tuple

from sandbox import kinds

_LOCAL = {
    type(found).__name__: type(found)
    for found in (None, ..., NotImplemented, {}.keys(), {}.values(), {}.items(), memoryview(b""))
}
"""Types that no module has under their names."""
KINDS = {
    "int": kinds.scalar(int.__pos__, int),
    "float": kinds.scalar(float.__pos__, float),
    "complex": kinds.scalar(complex.__pos__, complex),
    "str": kinds.scalar(str.__str__, str),
    "bytes": kinds.scalar(lambda value: bytes(memoryview(value)), bytes),
    "list": kinds.Kind(
        "builtins", lambda value, refer: [refer(item) for item in list.__iter__(value)], kinds.new, kinds.fill_list
    ),
    "tuple": kinds.Kind(
        "builtins",
        lambda value, refer: [refer(item) for item in tuple.__iter__(value)],
        lambda cls, data, read: tuple.__new__(cls, [read(item) for item in data]),
    ),
    "dict": kinds.Kind("builtins", kinds.pairs, kinds.new, kinds.fill_dict),
    "set": kinds.Kind("builtins", kinds.set_parts, kinds.new, kinds.fill_set),
    "frozenset": kinds.Kind("builtins", kinds.set_parts, kinds.make_frozenset),
    "bytearray": kinds.Kind(
        "builtins", lambda value, refer: bytes(memoryview(value)).hex(), kinds.new, kinds.fill_bytearray
    ),
    "memoryview": kinds.Kind(
        "builtins",
        lambda value, refer: value.tobytes().hex(),
        lambda cls, data, read: memoryview(bytes.fromhex(data)),
    ),
    "range": kinds.built("builtins", lambda value: [value.start, value.stop, value.step]),
    "slice": kinds.built("builtins", lambda value: [value.start, value.stop, value.step]),
    "ellipsis": kinds.singleton(...),
    "NotImplementedType": kinds.singleton(NotImplemented),
    "dict_keys": kinds.view("keys"),
    "dict_values": kinds.view("values"),
    "dict_items": kinds.view("items"),
    "mappingproxy": kinds.Kind(
        "types",
        lambda value, refer: refer(dict(value)),
        lambda cls, data, read: cls(kinds.exact(read(data), dict)),
        None,
        "MappingProxyType",
    ),
    "SimpleNamespace": kinds.Kind(
        "types",
        lambda value, refer: [[name, refer(item)] for name, item in vars(value).items()],
        kinds.new,
        kinds.fill_namespace,
    ),
    "deque": kinds.Kind(
        "collections",
        lambda value, refer: [value.maxlen, [refer(item) for item in collections.deque.__iter__(value)]],
        kinds.make_deque,
        kinds.fill_deque,
    ),
    "Counter": kinds.Kind("collections", kinds.pairs, kinds.new, kinds.fill_dict),
    "OrderedDict": kinds.Kind(
        "collections",
        lambda value, refer: [[refer(key), refer(item)] for key, item in collections.OrderedDict.items(value)],
        kinds.new,
        kinds.fill_dict,
    ),
    "defaultdict": kinds.Kind(
        "collections",
        lambda value, refer: [refer(value.default_factory), kinds.pairs(value, refer)],
        kinds.new,
        kinds.fill_defaultdict,
    ),
    "ChainMap": kinds.attributes("collections", ["maps"]),
    "UserDict": kinds.attributes("collections", ["data"]),
    "UserList": kinds.attributes("collections", ["data"]),
    "UserString": kinds.attributes("collections", ["data"]),
    "array": kinds.Kind(
        "array",
        lambda value, refer: [value.typecode, [refer(item) for item in value]],
        lambda cls, data, read: cls(kinds.exact(data[0], str)),
        kinds.fill_array,
    ),
    "StringIO": kinds.Kind(
        "io", lambda value, refer: [refer(value.getvalue()), value.tell()], kinds.called, kinds.fill_stream
    ),
    "BytesIO": kinds.Kind(
        "io", lambda value, refer: [refer(value.getvalue()), value.tell()], kinds.called, kinds.fill_stream
    ),
    "Fraction": kinds.built("fractions", lambda value: [value.numerator, value.denominator]),
    "Decimal": kinds.Kind("decimal", kinds.decimal_parts, kinds.make_decimal),
    "date": kinds.built("datetime", lambda value: [value.year, value.month, value.day]),
    "time": kinds.with_fold("datetime", kinds.clock),
    "datetime": kinds.with_fold("datetime", lambda value: [value.year, value.month, value.day, *kinds.clock(value)]),
    "timedelta": kinds.built("datetime", lambda value: [value.days, value.seconds, value.microseconds]),
    "timezone": kinds.built("datetime", lambda value: value.__getinitargs__()),
    "ZoneInfo": kinds.built("zoneinfo", lambda value: [value.key]),
    "struct_time": kinds.Kind(
        "time",
        lambda value, refer: [refer(item) for item in tuple(value)],
        lambda cls, data, read: cls([read(item) for item in data]),
    ),
    "UUID": kinds.Kind("uuid", lambda value, refer: value.hex, lambda cls, data, read: cls(hex=kinds.exact(data, str))),
    "PurePosixPath": kinds.text("pathlib"),
    "PureWindowsPath": kinds.text("pathlib"),
    "PosixPath": kinds.text("pathlib"),
    "IPv4Address": kinds.text("ipaddress"),
    "IPv6Address": kinds.text("ipaddress"),
    "IPv4Network": kinds.text("ipaddress"),
    "IPv6Network": kinds.text("ipaddress"),
    "IPv4Interface": kinds.text("ipaddress"),
    "IPv6Interface": kinds.text("ipaddress"),
    "Pattern": kinds.Kind(
        "re",
        lambda value, refer: [refer(value.pattern), value.flags],
        lambda cls, data, read: importlib.import_module("re").compile(read(data[0]), data[1]),
    ),
    "Random": kinds.Kind("random", lambda value, refer: refer(value.getstate()), kinds.new, kinds.fill_random),
}
EXTENDED = (
    *("int", "float", "complex", "str", "bytes", "tuple", "frozenset", "list", "dict", "set", "bytearray"),
    *("deque", "Counter", "OrderedDict", "defaultdict"),
)
"""Kinds that a class of the program may extend and still have attributes of its own."""


def kind_of(cls: type) -> str | None:
    """Return the kind under which instances of exactly this class travel, or None."""
    kind = KINDS.get(cls.__name__)
    return cls.__name__ if kind is not None and _find(cls.__name__, kind, load=False) is cls else None


def nearest(cls: type) -> Tuple[str, type] | None:
    """Return the kind and the type that a class is or extends; None where its instances are no values."""
    for base in type.mro(cls):
        name = kind_of(base)
        if name is not None:
            return name, base
    return None


def type_of(kind: str) -> Any:
    """Return the type of a kind."""
    return _find(kind, KINDS[kind], load=True)


def type_name(cls: type) -> str | None:
    """Return the name of a type of the tables, or of a builtin class or exception; None for any other class."""
    name = kind_of(cls)
    if name is not None:
        return name
    if getattr(builtins, cls.__name__, None) is cls:
        return cls.__name__ if not issubclass(cls, BaseException) or issubclass(cls, Exception) else None
    return cls.__name__ if _LOCAL.get(cls.__name__) is cls else None


def named_type(name: Any) -> Any:
    """Return the type of a name that `type_name` gave; raises ValueError."""
    if name in KINDS:
        return type_of(name)
    found = _LOCAL.get(name, getattr(builtins, str(name), None))
    if not isinstance(found, type) or type_name(found) is None:
        raise ValueError("no type of the tables")
    return found


def _find(name: str, kind: kinds.Kind, load: bool) -> Any:
    if not kind.module:
        return _LOCAL.get(name)
    module = sys.modules.get(kind.module)
    if module is None and load:
        module = importlib.import_module(kind.module)
    return getattr(module, kind.attribute or name, None)
