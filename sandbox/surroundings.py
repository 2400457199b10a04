"""Makes what a test puts around a program hold for the program in its other process as well.

A test captures output by `contextlib.redirect_stdout` or a patched `sys.stdout`, gives input by a patched `sys.stdin`
or `builtins.input`, records warnings and logs, seeds `random`, changes the environment, and patches modules by
`unittest.mock`. So each request says which of these differ from before the test, and lends them. During the request,
stand-ins that pass everything on to them replace the program's own.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import functools
import importlib
import io
import logging
import os
import random
import sys
import types
import warnings
from typing import Any, Callable

_OUTPUTS = ("stdout", "stderr")
_NONE = object()
_OF_A_LOG = ("name", "levelno", "levelname", "pathname", "lineno", "funcName", "created")


class Given:
    """The tester's end: the surroundings as they were before any test."""

    def __init__(self) -> None:
        self._own = {name: getattr(sys, name) for name in (*_OUTPUTS, "stdin")}
        self._input = _builtins()["input"]
        self._filters, self._seed = warnings.filters, random.seed
        self._handlers = _handlers()
        self._environment = dict(os.environ)
        self._is_seeded = False
        self._may_log = self._may_set = False
        self._patches: list[Any] = []
        """Patches that are in force, the latest last."""

    def begin(self, code: bytes) -> None:
        """Prepare for what the code of a test may put in place; remove what an earlier test has left there."""
        for name, stream in self._own.items():
            setattr(sys, name, stream)
        self._may_log, self._may_set = b"og" in code, b"environ" in code  # looking these up takes long
        self._is_seeded = False
        random.seed = self._seeded if b"seed" in code else self._seed
        self._patches.clear()
        if b"patch" in code:
            self._watch(importlib.import_module("unittest.mock")._patch)

    def _watch(self, patch: Any) -> None:
        """Note the patches that a test makes."""
        enter, leave = (getattr(it, "__wrapped__", it) for it in (patch.__enter__, patch.__exit__))

        @functools.wraps(enter)
        def entered(it: Any) -> Any:
            made = enter(it)
            self._patches.append(it)
            return made

        @functools.wraps(leave)
        def left(it: Any, *exc_info: object) -> Any:
            self._patches[:] = [other for other in self._patches if other is not it]
            return leave(it, *exc_info)

        patch.__enter__, patch.__exit__ = entered, left

    def _seeded(self, *args: Any, **kwargs: Any) -> None:
        self._is_seeded = True
        self._seed(*args, **kwargs)

    def replaced(self) -> dict[str, Any]:
        """Return {"around": what differs from before the test, by name}; {} where nothing does."""
        found: dict[str, Any] = {}
        for name in _OUTPUTS:
            if getattr(sys, name) is not self._own[name]:
                found[name] = lambda text, name=name: getattr(sys, name).write(text) and None
        if sys.stdin is not self._own["stdin"]:
            found["stdin"] = sys.stdin.readline
        if _builtins()["input"] is not self._input:
            found["input"] = _builtins()["input"]
        if warnings.filters is not self._filters:
            found["warn"] = _warn
        if self._may_log and _handlers() != self._handlers:
            found["log"] = _log
        if self._is_seeded:
            self._is_seeded = False
            found["random"] = random.getstate()
        if self._may_set and os.environ != self._environment:
            found["environment"] = dict(os.environ)
        patched = [(it.target, it.attribute) for it in self._patches if _is_the_librarys(it.target, it.attribute)]
        if patched:
            found["patches"] = [[target, name, getattr(target, name)] for target, name in patched]
        return {"around": found} if found else {}


class Around:
    """The program's end: puts in place what the test has put in place, during a request. A context manager."""

    def __init__(self, given: dict[str, Any], names: dict[str, Any]) -> None:
        self._given, self._names = given, names

    def __enter__(self) -> None:
        given = self._given
        self._before = {name: getattr(sys, name) for name in (*_OUTPUTS, "stdin")}
        self._printed = {name: io.StringIO() for name in _OUTPUTS if name in given}
        for name, stream in self._printed.items():
            setattr(sys, name, stream)
        if "stdin" in given:
            sys.stdin = _Lines(given["stdin"])
        if "input" in given:
            self._input, self._names["input"] = self._names["input"], given["input"]
        self._catching = warnings.catch_warnings(record=True)
        if "warn" in given:
            self._warned = self._catching.__enter__()
            warnings.simplefilter("always")
        if "log" in given:
            self._handler = _Kept()
            self._level = logging.root.level
            logging.root.addHandler(self._handler)
            logging.root.setLevel(1)
        if "environment" in given:
            self._environment = dict(os.environ)
            _set_environment(given["environment"])
        self._unpatched: list[tuple[Any, str, Any]] = []
        for target, name, value in given.get("patches", ()):
            self._patch(target, name, value)
        if "random" in given:
            random.setstate(given["random"])

    def _patch(self, target: Any, name: str, value: Any) -> None:
        space = self._names if target is sys.modules["builtins"] else vars(target)
        self._unpatched.append((target, name, space.get(name, _NONE)))
        _set(target, self._names, name, value)

    def __exit__(self, *exc_info: object) -> None:
        given = self._given
        for target, name, before in reversed(self._unpatched):
            _set(target, self._names, name, before)
        if "environment" in given:
            _set_environment(self._environment)
        for name, stream in self._before.items():
            setattr(sys, name, stream)
        if "input" in given:
            self._names["input"] = self._input
        if "log" in given:
            logging.root.removeHandler(self._handler)
            logging.root.setLevel(self._level)
            for record in self._handler.records:
                known = {name: getattr(record, name) for name in _OF_A_LOG}
                error = record.exc_info[1] if record.exc_info else None
                given["log"](known, record.getMessage(), record.msg, record.args, error)
        for name, printed in self._printed.items():
            text = "" if printed.closed else printed.getvalue()
            if text:
                given[name](text)
        if "warn" in given:
            self._catching.__exit__()
            for warned in self._warned or ():
                given["warn"](warned.message)


class _Kept(logging.Handler):
    """Collects what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)


class _Lines(io.TextIOBase):
    """A text that arrives a line at a time."""

    def __init__(self, line: Callable[[], str]) -> None:
        self._line, self._left = line, ""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        """Return the next line, or its first `size` characters; "" at the end."""
        line = self._left or self._line()
        count = len(line) if size is None or size < 0 else size
        self._left = line[count:]
        return line[:count]

    def read(self, size: int | None = -1) -> str:
        """Return so many characters, or all that are left."""
        parts: list[str] = []
        wanted = -1 if size is None else size
        while wanted:
            parts.append(self.readline(wanted))
            if not parts[-1]:
                break
            wanted -= len(parts[-1]) if wanted > 0 else 0
        return "".join(parts)


def _is_the_librarys(target: Any, name: str) -> bool:
    """Whether a patched object belongs to a module, or a class in one, that the program has as well."""
    if isinstance(target, types.ModuleType):
        return not (target is sys and name in (*_OUTPUTS, "stdin")) and (target.__name__, name) != ("builtins", "input")
    return (
        isinstance(target, type) and target.__module__ in sys.modules and target.__module__ not in ("test", "solution")
    )


def _set(target: Any, names: dict[str, Any], name: str, value: Any) -> None:
    """Set a name of a module or class; for the builtins, that of the program's own builtins."""
    if target is sys.modules["builtins"]:
        if value is _NONE:
            names.pop(name, None)
        else:
            names[name] = value
    elif value is _NONE:
        delattr(target, name)
    else:
        setattr(target, name, value)


def _set_environment(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)


def _builtins() -> dict[str, Any]:
    return vars(sys.modules["builtins"])


def _handlers() -> list[Any]:
    """Return the handlers of all loggers."""
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    return [handler for logger in loggers for handler in getattr(logger, "handlers", ())]


def _warn(message: Any) -> None:
    warnings.warn(message if isinstance(message, Warning) else str(message), stacklevel=2)


def _log(fields: dict[str, Any], message: str, form: Any, args: Any, error: Any) -> None:
    logger = logging.getLogger(str(fields["name"]))
    if logger.isEnabledFor(fields["levelno"]):
        known = {name: fields[name] for name in _OF_A_LOG}
        shown = {"msg": str(message), "args": ()}
        try:
            # else the program's arguments would give another text here
            if type(form) is str and form % args == message:
                shown = {"msg": form, "args": args}
        except (TypeError, ValueError, KeyError):
            pass
        told = (type(error), error, None) if isinstance(error, BaseException) else None
        logger.handle(logging.makeLogRecord({**known, **shown, "exc_info": told}))
