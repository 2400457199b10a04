"""Mocks of `unittest.mock` that a test gives a program: they stay with the test, and the program uses them from afar.

A test relies on what a mock says it has seen. So a program can call a mock and the attributes of one, and set
attributes, but reaches nothing of its records.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import sys
from typing import Any, Callable

from sandbox import crossing

_SPECIAL = (
    *("__len__", "__iter__", "__next__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__enter__"),
    *("__exit__", "__bool__", "__int__", "__float__", "__str__", "__index__", "__lt__", "__gt__", "__le__", "__ge__"),
    *("__aenter__", "__aexit__", "__aiter__", "__anext__"),
)
_BOOKS = (
    *("called", "call_args", "call_args_list", "call_count", "await_args", "await_args_list", "await_count"),
    *("mock_calls", "method_calls", "return_value", "side_effect", "reset_mock", "attach_mock", "configure_mock"),
    *("mock_add_spec", "assert_", "_"),
)
"""How the names begin that only the test may use."""


def is_mock(value: Any) -> bool:
    """Whether a value is a mock."""
    module = sys.modules.get("unittest.mock")
    return module is not None and isinstance(value, module.NonCallableMock)


def answer(mock: Any, request: dict[str, Any]) -> Any:
    """Carry out what a program asks of a mock; raises AttributeError for what it may not reach."""
    name = request["name"]
    is_special = name in _SPECIAL
    if not is_mock(mock) or (not is_special and name.startswith(_BOOKS)):
        raise AttributeError("a program cannot reach `%s` of a mock" % name)
    if "value" in request:
        if not _is_tests(request["value"]):
            raise AttributeError("a program cannot put an object of its own into a mock")
        return setattr(mock, name, request["value"])
    return getattr(mock, name)(*request["args"]) if is_special else getattr(mock, name)


def _is_tests(value: Any) -> bool:
    """Whether a value is plain, or an object of the test, so that it cannot tell what a mock has seen."""
    return crossing.is_plain(value) or is_mock(value) or crossing.is_ours(type(value))


class StandIn:
    """The stand-in for a mock of the test, in the program's process."""

    __slots__ = ("_ask", "_spec")
    __class__ = property(lambda self: self._spec or StandIn)  # type: ignore[assignment]

    def __init__(self, ask: Callable[[dict[str, Any]], Any], spec: Any) -> None:
        object.__setattr__(self, "_ask", ask)
        object.__setattr__(self, "_spec", spec)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the mock in the test's process."""
        return self._ask({"do": "call", "target": self, "args": list(args), "kwargs": kwargs})

    def __getattr__(self, name: str) -> Any:
        return self._ask({"do": "mock", "target": self, "name": name})

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask({"do": "mock", "target": self, "name": name, "value": value})


def _asked(name: str) -> Callable[..., Any]:
    return lambda self, *args: self._ask({"do": "mock", "target": self, "name": name, "args": list(args)})


for _name in _SPECIAL:
    setattr(StandIn, _name, _asked(_name))
