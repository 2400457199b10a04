"""A problem as it is kept with a run: all of it but its hidden tests and where it lay. JSON, and a digest of that.

`from_json(to_json(problem))` equals `problem.without_hidden()` but for `path`; equal problems have equal digests.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from coderefine import typespec
from coderefine.judge import values
from coderefine.judge.compare import Compare
from coderefine.problem import Limits, Param, Problem, TestCase

_LEFT_OUT = ("hidden", "path")


def to_json(problem: Problem) -> dict[str, Any]:
    """Return the problem as JSON-ready data."""
    data = {field.name: getattr(problem, field.name) for field in fields(problem) if field.name not in _LEFT_OUT}
    data["params"] = [[param.name, str(param.type)] for param in problem.params]
    data["returns"] = str(problem.returns)
    data["compare"] = asdict(problem.compare)
    data["limits"] = asdict(problem.limits)
    data["visible"] = [{field.name: getattr(case, field.name) for field in fields(case)} for case in problem.visible]
    return {name: values.to_jsonable(value) for name, value in data.items()}


def from_json(data: dict[str, Any]) -> Problem:
    """Rebuild a problem, without hidden tests, from `to_json`."""
    plain = {name: values.from_jsonable(value) for name, value in data.items()}
    plain["params"] = tuple(Param(name, typespec.parse(type_)) for name, type_ in plain["params"])
    plain["returns"] = typespec.parse(plain["returns"])
    plain["compare"] = Compare(**plain["compare"])
    plain["limits"] = Limits(**plain["limits"])
    plain["visible"] = tuple(TestCase(**case) for case in plain["visible"])
    return Problem(**plain)


def digest(problem: Problem) -> str:
    """Return what identifies a problem, as solvers see it."""
    return hashlib.sha256(json.dumps(to_json(problem), sort_keys=True).encode()).hexdigest()
