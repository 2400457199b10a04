"""The types of the standard library whose instances are values: their parts, and how they are made again from these.

A value of such a type travels between a test and a candidate exactly: as the name of its type and its parts. A message
can make nothing but what these tables hold; all of it is data, and making it runs no code but the library's own.

Standard library only, Python 3.8 or newer. A module is looked up when a value needs it, so that none is loaded for its
type alone.
"""

from __future__ import annotations

import builtins
import collections
import importlib
import sys
from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from sandbox import values

Refer = Callable[[Any], Any]
"""Returns the data that stands for a part of a value."""
Read = Callable[[Any], Any]
"""Returns the part that data stands for."""


class Kind(NamedTuple):
    """How values of one type travel. The type's own methods are called, so that an override changes nothing."""

    module: str
    parts: Callable[[Any, Refer], Any]
    """Returns the data of a value."""
    make: Callable[[Any, Any, Read], Any]
    """Returns an instance of a class (the type, or one that extends it) from data; an empty one of a container."""
    fill: Optional[Callable[[Any, Any, Read], None]] = None
    """Puts the members into a container; None for types that cannot change."""
    attribute: str = ""
    """The type's name in its module, where that is not the type's `__name__`."""


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


def _find(name: str, kind: Kind, load: bool) -> Any:
    if not kind.module:
        return _LOCAL.get(name)
    module = sys.modules.get(kind.module)
    if module is None and load:
        module = importlib.import_module(kind.module)
    return getattr(module, kind.attribute or name, None)


def _exact(value: Any, *types: type) -> Any:
    if type(value) not in types:
        raise ValueError("a part of another type")
    return value


def _scalar(plain: Callable[[Any], Any], base: type) -> Kind:
    def make(cls: Any, data: Any, read: Read) -> Any:
        return base.__new__(cls, _exact(read(data), base))

    return Kind("builtins", lambda value, refer: refer(plain(value)), make)


def _built(module: str, parts: Callable[[Any], List[Any]], attribute: str = "") -> Kind:
    """Return the kind of a type whose constructor takes the parts."""
    return Kind(
        module,
        lambda value, refer: [refer(part) for part in parts(value)],
        lambda cls, data, read: cls(*[read(part) for part in data]),
        None,
        attribute,
    )


def _text(module: str) -> Kind:
    """Return the kind of a type whose text says everything about a value."""
    return Kind(module, lambda value, refer: str(value), lambda cls, data, read: cls(_exact(data, str)))


def _attributes(module: str, names: List[str]) -> Kind:
    """Return the kind of a type that consists of these attributes."""

    def fill(target: Any, data: Any, read: Read) -> None:
        for name, part in zip(names, data):
            object.__setattr__(target, name, read(part))

    return Kind(
        module,
        lambda value, refer: [refer(getattr(value, name)) for name in names],
        lambda cls, data, read: cls.__new__(cls),
        fill,
    )


def _new(cls: Any, data: Any, read: Read) -> Any:
    return cls.__new__(cls)


def _called(cls: Any, data: Any, read: Read) -> Any:
    return cls()


def _fill_list(target: Any, data: Any, read: Read) -> None:
    list.__setitem__(target, slice(None), [read(item) for item in data])


def _fill_bytearray(target: Any, data: Any, read: Read) -> None:
    bytearray.__setitem__(target, slice(None), bytes.fromhex(data))


def _set_parts(value: Any, refer: Refer) -> Any:
    return [refer(item) for item in (frozenset if isinstance(value, frozenset) else set).__iter__(value)]


def _fill_set(target: Any, data: Any, read: Read) -> None:
    members = values.bounded([read(item) for item in data])
    set.clear(target)
    set.update(target, members)


def _frozenset(cls: Any, data: Any, read: Read) -> Any:
    return frozenset.__new__(cls, values.bounded([read(item) for item in data]))


def _pairs(value: Any, refer: Refer) -> Any:
    return [[refer(key), refer(item)] for key, item in dict.items(value)]


def _fill_dict(target: Any, data: Any, read: Read) -> None:
    members = [(read(key), read(item)) for key, item in data]
    values.bounded([key for key, _ in members])
    base: Any = collections.OrderedDict if isinstance(target, collections.OrderedDict) else dict
    base.clear(target)
    for key, item in members:
        base.__setitem__(target, key, item)


def _fill_defaultdict(target: Any, data: Any, read: Read) -> None:
    collections.defaultdict.default_factory.__set__(target, read(data[0]))
    _fill_dict(target, data[1], read)


def _fill_deque(target: Any, data: Any, read: Read) -> None:
    collections.deque.clear(target)
    collections.deque.extend(target, [read(item) for item in data[1]])


def _make_deque(cls: Any, data: Any, read: Read) -> Any:
    made = cls.__new__(cls)
    collections.deque.__init__(made, (), data[0])
    return made


def _fill_array(target: Any, data: Any, read: Read) -> None:
    del target[:]
    target.extend([read(item) for item in data[1]])


def _fill_stream(target: Any, data: Any, read: Read) -> None:
    target.seek(0)
    target.truncate()
    target.write(read(data[0]))
    target.seek(data[1])


def _fill_namespace(target: Any, data: Any, read: Read) -> None:
    vars(target).clear()
    vars(target).update((_exact(name, str), read(item)) for name, item in data)


def _decimal(cls: Any, data: Any, read: Read) -> Any:
    sign, digits, exponent = data
    return cls((sign, tuple(int(digit) for digit in digits), exponent))


def _decimal_parts(value: Any, refer: Refer) -> Any:
    sign, digits, exponent = value.as_tuple()
    return [sign, "".join(map(str, digits)), exponent]


def _clock(value: Any) -> List[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, value.tzinfo]


def _with_fold(module: str, parts: Callable[[Any], List[Any]]) -> Kind:
    return Kind(
        module,
        lambda value, refer: [value.fold, *(refer(part) for part in parts(value))],
        lambda cls, data, read: cls(*[read(part) for part in data[1:]], fold=data[0]),
    )


def _view(method: str) -> Kind:
    def make(cls: Any, data: Any, read: Read) -> Any:
        made: dict[Any, Any] = {}
        _fill_dict(made, data, read)
        return getattr(made, method)()

    return Kind("", lambda value, refer: _view_pairs(value, refer, method), make)


def _view_pairs(value: Any, refer: Refer, method: str) -> Any:
    if method == "items":
        return [[refer(key), refer(item)] for key, item in value]
    if method == "keys":
        return [[refer(key), None] for key in value]
    return [[number, refer(item)] for number, item in enumerate(value)]  # whatever the keys were


def _singleton(value: Any) -> Kind:
    return Kind("", lambda it, refer: None, lambda cls, data, read: value)


def _random(target: Any, data: Any, read: Read) -> None:
    target.setstate(read(data))


_LOCAL = {
    type(found).__name__: type(found)
    for found in (None, ..., NotImplemented, {}.keys(), {}.values(), {}.items(), memoryview(b""))
}
KINDS = {
    "int": _scalar(int.__pos__, int),
    "float": _scalar(float.__pos__, float),
    "complex": _scalar(complex.__pos__, complex),
    "str": _scalar(str.__str__, str),
    "bytes": _scalar(lambda value: bytes(memoryview(value)), bytes),
    "list": Kind("builtins", lambda value, refer: [refer(item) for item in list.__iter__(value)], _new, _fill_list),
    "tuple": Kind(
        "builtins",
        lambda value, refer: [refer(item) for item in tuple.__iter__(value)],
        lambda cls, data, read: tuple.__new__(cls, [read(item) for item in data]),
    ),
    "dict": Kind("builtins", _pairs, _new, _fill_dict),
    "set": Kind("builtins", _set_parts, _new, _fill_set),
    "frozenset": Kind("builtins", _set_parts, _frozenset),
    "bytearray": Kind("builtins", lambda value, refer: bytes(memoryview(value)).hex(), _new, _fill_bytearray),
    "memoryview": Kind(
        "builtins",
        lambda value, refer: value.tobytes().hex(),
        lambda cls, data, read: memoryview(bytes.fromhex(data)),
    ),
    "range": _built("builtins", lambda value: [value.start, value.stop, value.step]),
    "slice": _built("builtins", lambda value: [value.start, value.stop, value.step]),
    "ellipsis": _singleton(...),
    "NotImplementedType": _singleton(NotImplemented),
    "dict_keys": _view("keys"),
    "dict_values": _view("values"),
    "dict_items": _view("items"),
    "mappingproxy": Kind(
        "types",
        lambda value, refer: refer(dict(value)),
        lambda cls, data, read: cls(_exact(read(data), dict)),
        None,
        "MappingProxyType",
    ),
    "SimpleNamespace": Kind(
        "types", lambda value, refer: [[name, refer(item)] for name, item in vars(value).items()], _new, _fill_namespace
    ),
    "deque": Kind(
        "collections",
        lambda value, refer: [value.maxlen, [refer(item) for item in collections.deque.__iter__(value)]],
        _make_deque,
        _fill_deque,
    ),
    "Counter": Kind("collections", _pairs, _new, _fill_dict),
    "OrderedDict": Kind(
        "collections",
        lambda value, refer: [[refer(key), refer(item)] for key, item in collections.OrderedDict.items(value)],
        _new,
        _fill_dict,
    ),
    "defaultdict": Kind(
        "collections",
        lambda value, refer: [refer(value.default_factory), _pairs(value, refer)],
        _new,
        _fill_defaultdict,
    ),
    "ChainMap": _attributes("collections", ["maps"]),
    "UserDict": _attributes("collections", ["data"]),
    "UserList": _attributes("collections", ["data"]),
    "UserString": _attributes("collections", ["data"]),
    "array": Kind(
        "array",
        lambda value, refer: [value.typecode, [refer(item) for item in value]],
        lambda cls, data, read: cls(_exact(data[0], str)),
        _fill_array,
    ),
    "StringIO": Kind("io", lambda value, refer: [refer(value.getvalue()), value.tell()], _called, _fill_stream),
    "BytesIO": Kind("io", lambda value, refer: [refer(value.getvalue()), value.tell()], _called, _fill_stream),
    "Fraction": _built("fractions", lambda value: [value.numerator, value.denominator]),
    "Decimal": Kind("decimal", _decimal_parts, _decimal),
    "date": _built("datetime", lambda value: [value.year, value.month, value.day]),
    "time": _with_fold("datetime", _clock),
    "datetime": _with_fold("datetime", lambda value: [value.year, value.month, value.day, *_clock(value)]),
    "timedelta": _built("datetime", lambda value: [value.days, value.seconds, value.microseconds]),
    "timezone": _built("datetime", lambda value: value.__getinitargs__()),
    "ZoneInfo": _built("zoneinfo", lambda value: [value.key]),
    "struct_time": Kind(
        "time",
        lambda value, refer: [refer(item) for item in tuple(value)],
        lambda cls, data, read: cls([read(item) for item in data]),
    ),
    "UUID": Kind("uuid", lambda value, refer: value.hex, lambda cls, data, read: cls(hex=_exact(data, str))),
    "PurePosixPath": _text("pathlib"),
    "PureWindowsPath": _text("pathlib"),
    "PosixPath": _text("pathlib"),
    "IPv4Address": _text("ipaddress"),
    "IPv6Address": _text("ipaddress"),
    "IPv4Network": _text("ipaddress"),
    "IPv6Network": _text("ipaddress"),
    "IPv4Interface": _text("ipaddress"),
    "IPv6Interface": _text("ipaddress"),
    "Pattern": Kind(
        "re",
        lambda value, refer: [refer(value.pattern), value.flags],
        lambda cls, data, read: importlib.import_module("re").compile(read(data[0]), data[1]),
    ),
    "Random": Kind("random", lambda value, refer: refer(value.getstate()), _new, _random),
}
EXTENDED = (
    *("int", "float", "complex", "str", "bytes", "tuple", "frozenset", "list", "dict", "set", "bytearray"),
    *("deque", "Counter", "OrderedDict", "defaultdict"),
)
"""Kinds that a class of the program may extend and still have attributes of its own."""
