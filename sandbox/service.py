"""The candidate's end of a code test: carries out what the tester's proxies ask for, in the candidate's process.

A request is {"do": "call" | "new" | "method" | "next", ...}; an answer is a list
headed by "returned". Handles are numbers of objects that stay here: instances of the class under test, and iterators.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import collections.abc
from typing import Any

from sandbox import objects, prelude


class Service:
    """Keeps the objects that were lent to the tester."""

    def __init__(self, scope: dict[str, Any], entry: str) -> None:
        self._scope = scope
        self._owner = entry.rpartition(".")[0] or entry
        self._kept: list[Any] = []

    def serve(self, text: bytes) -> list[Any]:
        """Carry out one request. What the candidate raises is left to the caller."""
        graph = objects.load(text)
        (request,), received = objects.unpack(graph, [], self._class_of, self._returned)
        if request["do"] == "begin":
            self._kept.clear()
            return ["returned", None]
        result = self._do(request)
        origins = {id(value): number for number, value in enumerate(received)}
        mutable = [value for value in received if not isinstance(value, (tuple, frozenset, str, int, float))]
        packed, _ = objects.pack([result, *mutable], origins, self._lend)
        return ["returned", objects.dump(packed)]

    def _do(self, request: dict[str, Any]) -> Any:
        do = request["do"]
        if do == "next":
            return next(self._kept[request["handle"]])
        if do == "method":
            target = getattr(self._kept[request["handle"]], request["name"])
        elif request["name"] in self._scope:
            target = self._scope[request["name"]]
        else:
            raise NameError("the solution does not define `%s`" % request["name"])
        result = target(*request["args"], **request["kwargs"])
        if do == "new":
            self._kept.append(result)
            return _Lent("instance", len(self._kept) - 1)
        return result

    def _lend(self, value: Any) -> list[Any] | None:
        if isinstance(value, _Lent):
            return [value.kind, value.handle]
        if type(value).__name__ == self._owner and type(value) is self._scope.get(self._owner):
            self._kept.append(value)
            return ["instance", len(self._kept) - 1]
        if isinstance(value, collections.abc.Iterator):
            self._kept.append(value)
            return ["iterator", len(self._kept) - 1]
        return None

    def _returned(self, kind: str, payload: Any) -> Any:
        """What the tester gives back that it was lent."""
        return self._kept[payload]

    def _class_of(self, name: str) -> type:
        found = self._scope.get(name, getattr(prelude, name, None))
        return found if isinstance(found, type) else type(name, (), {})


class _Lent:
    def __init__(self, kind: str, handle: int) -> None:
        self.kind, self.handle = kind, handle
