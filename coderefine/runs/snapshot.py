"""A problem as it is kept with a run: everything except its hidden tests and its path. JSON, and a digest of that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from coderefine.kinds.base import ProblemKind
from coderefine.kinds.table import KINDS, kind_named
from coderefine.problem import typespec, values
from coderefine.problem.evaluation import Evaluation
from coderefine.problem.problem import Kind, Problem
from coderefine.problem.suite import Suite
from coderefine.problem.typespec import TypeSpec


def to_json(problem: Problem) -> dict[str, Any]:
    """Return the problem as JSON-ready data."""
    data = _plain(problem.without_hidden())
    if problem.evaluation == Evaluation():
        del data["evaluation"]  # most problems have none, and so keep the digests of earlier versions
    return {name: values.to_jsonable(value) for name, value in data.items() if _kept(name)}


def from_json(data: dict[str, Any], kinds: Mapping[str, ProblemKind] = KINDS) -> Problem:
    """Rebuild a problem, without hidden tests, from `to_json`; raises UsageError where its kind is not in `kinds`."""
    found = _current({name: values.from_jsonable(value) for name, value in data.items()})
    problem = _rebuilt(Problem, found | {"kind": kind_named(found["kind"], kinds)})
    assert isinstance(problem, Problem)
    return problem


def digest(problem: Problem) -> str:
    """Return a digest that identifies a problem as solvers see it."""
    return hashlib.sha256(json.dumps(to_json(problem), sort_keys=True).encode()).hexdigest()


def _kept(name: str) -> bool:
    return name != "path" and not name.startswith("hidden")


def _current(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields under their present names: earlier, those of `Suite` were among those of `Problem`."""
    if "suite" in data:
        return data
    of_suite = [field.name for field in fields(Suite) if field.name in data]
    return data | {"suite": {name: data.pop(name) for name in of_suite}}


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts; the values in tests stay as they are."""
    if isinstance(value, Kind):
        return value.name
    if isinstance(value, TypeSpec):
        return str(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and any(is_dataclass(item) for item in value):
        return [_plain(item) for item in value]
    return value


def _rebuilt(kind: Any, value: Any) -> Any:
    """Return the value of declared type `kind` that `_plain` made data of."""
    if kind is Kind:
        return value
    if kind is TypeSpec:
        return typespec.parse(value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _rebuilt(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    item_kind, *rest = get_args(kind) or (None,)
    if rest == [...] and is_dataclass(item_kind):
        return tuple(_rebuilt(item_kind, item) for item in value)
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """Return the types of a dataclass's fields, cached because Python would compile them from their texts for each
    problem.
    """
    return get_type_hints(kind)
