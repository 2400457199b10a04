"""A type-tagged JSON codec for arguments and results, and nothing that executes.

Guarantees: `decode` returns exact builtin types only (None, bool, int, float, complex, str, bytes, list, tuple, dict,
set, frozenset) for any bytes, or raises `Malformed`; its result can be encoded again. Lists and JSON scalars stand for
themselves; every JSON object is a tag: `{"$": "tuple", "v": [...]}`. Instances of subclasses travel as the builtin that
they extend, so a lying `__eq__` is left behind.

This file is also sent into the sandbox: standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import gc
import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 200
"""Nesting levels of containers that a value may have."""
ENVELOPE = 3
"""Levels reserved for the lists around an answer, in its message and in a checker's arguments."""
MAX_SAME_HASH = 16
"""Members of one dict or set with equal hashes, at most: a defence of the decoding process against crafted
collisions.
"""
MAX_WEIGHT = 48 << 20
"""The most bytes of memory that an answer may take in the host."""
_LIGHT = 1 << 16
_TEXT_WEIGHT, _LONG_TEXT = 28, 32
_WEIGHTS = ((b'"', _TEXT_WEIGHT), (b",", 40), (b"]", 40), (b"[", 72), (b"{", 240))
_PLAIN_INT_BITS = 8192  # JSON carries ints as decimal text, which Python limits to 4300 digits


class Unencodable(Exception):
    """The value has a type, depth or size with which it cannot leave the process."""


class Malformed(Exception):
    """The text is not an encoding of a value."""


class TooLarge(Malformed):
    """The value would take too much memory."""


def encode(value: Any) -> str:
    """Return the JSON text of `value`; raises Unencodable."""
    return dumps(to_jsonable(value))


def dumps(data: Any) -> str:
    """Return JSON data from `to_jsonable` as ASCII text."""
    return _ENCODER.encode(data)


def weight(text: bytes) -> int:
    """Return about how many bytes of memory the value of a text would take, without building it."""
    wide = 4 if b"\\u" in text else 1  # one character beyond Latin-1 makes every character of a text so wide
    found = wide * len(text) + sum(text.count(mark) * size for mark, size in _WEIGHTS)
    if found <= MAX_WEIGHT or text.count(b'"') * _TEXT_WEIGHT > MAX_WEIGHT:
        return found
    return found - _in_texts(text.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in text else text)


def _in_texts(text: bytes) -> int:
    """Return how much of the weight of long texts was counted as structure by mistake."""
    found, at = 0, text.find(b'"')
    while at >= 0:
        end = text.find(b'"', at + 1)
        if end - at > _LONG_TEXT:
            found += sum(text.count(mark, at, end) * size for mark, size in _WEIGHTS[1:])
        at = text.find(b'"', end + 1) if end >= 0 else -1
    return found


def decode_answer(text: bytes) -> Any:
    """Return the value of a hostile text; raises Malformed, and TooLarge before it takes more than MAX_WEIGHT."""
    if len(text) > _LIGHT and weight(text) > MAX_WEIGHT:
        raise TooLarge(f"a value of more than {MAX_WEIGHT >> 20} MiB")
    collecting = gc.isenabled()
    if collecting:  # the garbage collector would look at everything built so far, again and again
        gc.disable()
    try:
        return decode(text)
    finally:
        if collecting:
            gc.enable()


def decode(text: str | bytes) -> Any:
    """Return the value of a text that `encode` made; raises Malformed for any other text."""
    try:
        if not isinstance(text, str):
            text = text.decode("ascii")
        value = _DECODER.decode(text)
    except Malformed:
        raise
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise Malformed(f"not a value: {error}") from None
    if text.count("[") > MAX_DEPTH and _too_deep(value):  # each level has at least one bracket
        raise Malformed(f"a value nested deeper than {MAX_DEPTH} levels")
    return value


def to_jsonable(value: Any, depth: int = 0) -> Any:
    """Return `value` as JSON data with tags; raises Unencodable."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind is int:
        return value if value.bit_length() <= _PLAIN_INT_BITS else _tag("int", hex(value))
    if kind is str:
        return value
    if kind is float:
        return value if math.isfinite(value) else _tag("float", repr(value))
    if depth >= MAX_DEPTH:
        raise Unencodable(f"a value nested deeper than {MAX_DEPTH} levels, or one that contains itself")
    if kind is list:
        return [to_jsonable(item, depth + 1) for item in value]
    return _other_to_jsonable(value, depth)


def _other_to_jsonable(value: Any, depth: int) -> Any:
    # The base class's own methods are called, so that an override in a subclass has no effect.
    below = depth + 1
    if isinstance(value, tuple):
        return _tag("tuple", [to_jsonable(item, below) for item in tuple.__iter__(value)])
    if isinstance(value, dict):
        pairs = [[to_jsonable(k, below), to_jsonable(v, below)] for k, v in dict.items(value)]
        return _tag("dict", pairs)
    if isinstance(value, frozenset):
        return _tag("frozenset", [to_jsonable(item, below) for item in frozenset.__iter__(value)])
    if isinstance(value, set):
        return _tag("set", [to_jsonable(item, below) for item in set.__iter__(value)])
    if isinstance(value, list):
        return [to_jsonable(item, below) for item in list.__iter__(value)]
    if isinstance(value, (bytes, bytearray)):
        return _tag("bytes", bytes(value).hex())
    if isinstance(value, int):
        return to_jsonable(int.__pos__(value), depth)
    if isinstance(value, float):
        return to_jsonable(float.__pos__(value), depth)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, complex):
        return _tag("complex", [repr(value.real), repr(value.imag)])
    raise Unencodable(f"a value of type {type(value).__name__}, which is no plain data")


def from_jsonable(data: Any) -> Any:
    """Return the value of data from `to_jsonable`."""
    return decode(json.dumps(data))


def _tag(name: str, payload: Any) -> dict[str, Any]:
    return {"$": name, "v": payload}


def untag(data: dict[str, Any]) -> Any:
    """Return the value of a tag whose payload is already rebuilt; raises Malformed."""
    try:
        name, payload = data["$"], data["v"]
        return _BUILDERS[name](payload)
    except Malformed:
        raise
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise Malformed(f"not a tagged value: {type(error).__name__}") from None


def _listed(payload: Any) -> list[Any]:
    if not isinstance(payload, list):
        raise Malformed("a container without its members")
    return payload


def bounded(payload: Any) -> list[Any]:
    """Return a list that is to become a set or the keys of a dict.

    Raises Malformed where building that would be slow.
    """
    members = _listed(payload)
    if len(members) > MAX_SAME_HASH and max(Counter(map(hash, members)).values()) > MAX_SAME_HASH:
        raise Malformed(f"a dict or set with more than {MAX_SAME_HASH} members of the same hash")
    return members


def _dict(payload: Any) -> dict[Any, Any]:
    pairs = [(key, value) for key, value in payload]
    bounded([key for key, _ in pairs])
    return dict(pairs)


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [item for item in level if type(item) in _CONTAINERS]
        if not containers:
            return False
        level = [item for container in containers for item in container]
        level += [item for container in containers if type(container) is dict for item in container.values()]
    return True


_CONTAINERS = (list, tuple, dict, set, frozenset)
_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda v: tuple(_listed(v)),
    "dict": _dict,
    "set": lambda v: set(bounded(v)),
    "frozenset": lambda v: frozenset(bounded(v)),
    "bytes": bytes.fromhex,
    "int": lambda v: int(v, 16),
    "float": lambda v: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[v],
    "complex": lambda v: complex(float(v[0]), float(v[1])),
}
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_DECODER = json.JSONDecoder(object_hook=untag)
