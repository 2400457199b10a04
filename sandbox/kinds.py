"""How values of a type travel: how they are taken apart, and made again from their parts.

The functions of a `Kind` take `refer` and `read` for the parts of a value. They call the methods of the type itself, so
that an override in a class of the program has no say.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import collections
from typing import Any, Callable, List, NamedTuple, Optional

from sandbox import values

Refer = Callable[[Any], Any]
"""Returns the data that stands for a part of a value."""
Read = Callable[[Any], Any]
"""Returns the part that data stands for."""


class Kind(NamedTuple):
    """How values of one type travel."""

    module: str
    parts: Callable[[Any, Refer], Any]
    """Returns the data of a value."""
    make: Callable[[Any, Any, Read], Any]
    """Returns an instance of a class (the type, or one that extends it) from data; an empty one of a container."""
    fill: Optional[Callable[[Any, Any, Read], None]] = None
    """Puts the members into a container; None for types that cannot change."""
    attribute: str = ""
    """The type's name in its module, where that is not the type's `__name__`."""


def exact(value: Any, *types: type) -> Any:
    """Return the value, which must be of exactly one of the types.

    Raises ValueError for a value of another type.
    """
    if type(value) not in types:
        raise ValueError("a part of another type")
    return value


def scalar(plain: Callable[[Any], Any], base: type) -> Kind:
    """Return the kind of a built-in type whose value `plain` gives as an instance of the type itself."""

    def make(cls: Any, data: Any, read: Read) -> Any:
        return base.__new__(cls, exact(read(data), base))

    return Kind("builtins", lambda value, refer: refer(plain(value)), make)


def built(module: str, parts: Callable[[Any], List[Any]], attribute: str = "") -> Kind:
    """Return the kind of a type whose constructor takes the parts."""
    return Kind(
        module,
        lambda value, refer: [refer(part) for part in parts(value)],
        lambda cls, data, read: cls(*[read(part) for part in data]),
        None,
        attribute,
    )


def text(module: str) -> Kind:
    """Return the kind of a type whose text says everything about a value."""
    return Kind(module, lambda value, refer: str(value), lambda cls, data, read: cls(exact(data, str)))


def attributes(module: str, names: List[str]) -> Kind:
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


def new(cls: Any, data: Any, read: Read) -> Any:
    """Return an instance of a class, made without calling `__init__`."""
    return cls.__new__(cls)


def called(cls: Any, data: Any, read: Read) -> Any:
    """Return an instance of a class, made by calling it."""
    return cls()


def fill_list(target: Any, data: Any, read: Read) -> None:
    """Replace the items of a list."""
    list.__setitem__(target, slice(None), [read(item) for item in data])


def fill_bytearray(target: Any, data: Any, read: Read) -> None:
    """Replace the bytes of a bytearray."""
    bytearray.__setitem__(target, slice(None), bytes.fromhex(data))


def set_parts(value: Any, refer: Refer) -> Any:
    """Return the data of the members of a set or frozenset."""
    return [refer(item) for item in (frozenset if isinstance(value, frozenset) else set).__iter__(value)]


def fill_set(target: Any, data: Any, read: Read) -> None:
    """Replace the members of a set."""
    members = values.bounded([read(item) for item in data])
    set.clear(target)
    set.update(target, members)


def make_frozenset(cls: Any, data: Any, read: Read) -> Any:
    """Return a frozenset of the members."""
    return frozenset.__new__(cls, values.bounded([read(item) for item in data]))


def pairs(value: Any, refer: Refer) -> Any:
    """Return the data of the keys and values of a dict, as pairs."""
    return [[refer(key), refer(item)] for key, item in dict.items(value)]


def fill_dict(target: Any, data: Any, read: Read) -> None:
    """Replace the keys and values of a dict, in the order given."""
    members = [(read(key), read(item)) for key, item in data]
    values.bounded([key for key, _ in members])
    base: Any = collections.OrderedDict if isinstance(target, collections.OrderedDict) else dict
    base.clear(target)
    for key, item in members:
        base.__setitem__(target, key, item)


def fill_defaultdict(target: Any, data: Any, read: Read) -> None:
    """Replace the default factory, the keys and the values of a defaultdict."""
    collections.defaultdict.default_factory.__set__(target, read(data[0]))
    fill_dict(target, data[1], read)


def fill_deque(target: Any, data: Any, read: Read) -> None:
    """Replace the items of a deque."""
    collections.deque.clear(target)
    collections.deque.extend(target, [read(item) for item in data[1]])


def make_deque(cls: Any, data: Any, read: Read) -> Any:
    """Return an empty deque of the maximum length given."""
    made = cls.__new__(cls)
    collections.deque.__init__(made, (), data[0])
    return made


def fill_array(target: Any, data: Any, read: Read) -> None:
    """Replace the items of an array."""
    del target[:]
    target.extend([read(item) for item in data[1]])


def fill_stream(target: Any, data: Any, read: Read) -> None:
    """Replace the content of a stream, and set its position."""
    target.seek(0)
    target.truncate()
    target.write(read(data[0]))
    target.seek(data[1])


def fill_namespace(target: Any, data: Any, read: Read) -> None:
    """Replace the attributes of a namespace."""
    vars(target).clear()
    vars(target).update((exact(name, str), read(item)) for name, item in data)


def make_decimal(cls: Any, data: Any, read: Read) -> Any:
    """Return a Decimal from its sign, its digits and its exponent."""
    sign, digits, exponent = data
    return cls((sign, tuple(int(digit) for digit in digits), exponent))


def decimal_parts(value: Any, refer: Refer) -> Any:
    """Return the sign, the digits and the exponent of a Decimal."""
    sign, digits, exponent = value.as_tuple()
    return [sign, "".join(map(str, digits)), exponent]


def clock(value: Any) -> List[Any]:
    """Return the hour, minute, second, microsecond and time zone of a time."""
    return [value.hour, value.minute, value.second, value.microsecond, value.tzinfo]


def with_fold(module: str, parts: Callable[[Any], List[Any]]) -> Kind:
    """Return the kind of a type whose constructor takes the parts, and `fold` by keyword."""
    return Kind(
        module,
        lambda value, refer: [value.fold, *(refer(part) for part in parts(value))],
        lambda cls, data, read: cls(*[read(part) for part in data[1:]], fold=data[0]),
    )


def view(method: str) -> Kind:
    """Return the kind of a view of a dict; `method` is the method of dict that returns it."""

    def make(cls: Any, data: Any, read: Read) -> Any:
        made: dict[Any, Any] = {}
        fill_dict(made, data, read)
        return getattr(made, method)()

    return Kind("", lambda value, refer: _view_pairs(value, refer, method), make)


def _view_pairs(value: Any, refer: Refer, method: str) -> Any:
    if method == "items":
        return [[refer(key), refer(item)] for key, item in value]
    if method == "keys":
        return [[refer(key), None] for key in value]
    return [[number, refer(item)] for number, item in enumerate(value)]  # whatever the keys were


def singleton(value: Any) -> Kind:
    """Return the kind of a type that has this one value."""
    return Kind("", lambda it, refer: None, lambda cls, data, read: value)


def fill_random(target: Any, data: Any, read: Read) -> None:
    """Set the state of a random number generator."""
    target.setstate(read(data))
