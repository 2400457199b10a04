"""Values that a declared type carries through JSON."""

from __future__ import annotations

import json
from typing import Any

from coderefine.problem import typespec
from coderefine.problem.typespec import TypeSpec


def carried(spec: TypeSpec, value: Any, *, is_answer: bool = False) -> Any:
    """Return JSON data from which `spec` restores `value` (in an answer, a tuple as a list); raises ValueError."""
    data = json.loads(json.dumps(_listed(value, sets=True)))
    read = typespec.from_json(spec, data, "")
    if not _same(read, value) and not (is_answer and _same(_listed(read), _listed(value))):
        raise ValueError("JSON would make another value of it")
    return data


def _listed(value: Any, *, sets: bool = False) -> Any:
    """Return a value with lists for its tuples, and with `sets` for its sets; raises ValueError for what JSON lacks."""
    if isinstance(value, list | tuple) or (sets and isinstance(value, set)):
        return [_listed(item, sets=sets) for item in value]
    if isinstance(value, dict):
        if not all(type(key) in (str, int) for key in value):
            raise ValueError("keys that JSON does not have")
        return {key: _listed(item, sets=sets) for key, item in value.items()}
    if value is None or type(value) in (bool, int, float, str, set):
        return value
    raise ValueError(f"JSON has no {type(value).__name__}")


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types throughout."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return _same(list(one), list(other)) and all(_same(item, other[key]) for key, item in one.items())
    if isinstance(one, set):
        return one == other and {*map(type, one)} == {*map(type, other)}
    return repr(one) == repr(other) if isinstance(one, float) else bool(one == other)
