"""Runs hostile code in its child: loads it, calls it case by case, and carries out what testers ask.

A message is a list headed by "ready", "value", "error", "compile", "prelude" (the prelude failed) or "unreadable"; or,
to a tester, "returned", "undefined", "calls" or "error" (see service.py). With evidence, a message is wrapped as
["evidence", message, lines, values] (see evidence.py). Expected values never enter this process.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ast
import builtins
import sys
import traceback
import types
from typing import Any, Callable

from sandbox import evidence, nodes, service, values, wire

FILE = "solution.py"
MODULE = "solution"
PRELUDE = "prelude.py"
MAX_MESSAGE_CHARS = 2000
MAX_FRAMES = 20
_REQUESTS = wire.REQUEST, wire.FIRST_REQUEST


class Candidate:
    """A program under test and its globals."""

    def __init__(
        self, spec: dict[str, Any], names: dict[str, Any], exchange: Callable[[bytes], bytes] | None = None
    ) -> None:
        self._spec = spec
        self._scope = module_of(names_for(spec, names))
        self._service = service.Service(self._scope, exchange, lambda request: outcome(lambda: self._serve(request)))
        self._recorder = evidence.Recorder(FILE) if spec["evidence"] else None

    def load(self, prelude: bytes, source: bytes) -> list[Any]:
        """Execute the problem's prelude and the candidate's module; return the message."""
        code, message = compiled(source, own_tests=self._spec.get("own_tests", True))
        if code is not None:
            failure = run_prelude(prelude, self._scope)
            if failure is not None:
                return failure
            self._service.prelude_ran()
            try:
                exec(code, self._scope)
            except BaseException as error:  # SystemExit and KeyboardInterrupt are the candidate's failures as well
                return describe(error)
        return message

    def answer(self, request: bytes) -> list[Any]:
        """Run one case, or carry out one request of a tester; return the message."""
        if self._recorder is None:
            return outcome(lambda: self._run(request))
        message = outcome(lambda: self._recorder.run(lambda: self._run(request)))
        if request[:1] not in _REQUESTS:  # a tester's request cannot be repeated
            self._recorder.rerun(lambda: self._run(request))
        return ["evidence", message, *self._recorder.report()]

    def _run(self, request: bytes) -> list[Any]:
        if request[:1] in _REQUESTS:
            if request[:1] == wire.FIRST_REQUEST:
                self._service.begin()
            return self._serve(request[1:])
        args = values.decode(request)
        call = call_class if self._spec["kind"] == "class" else call_function
        return ["value", call(self._spec, self._scope, args)]

    def _serve(self, request: bytes) -> list[Any]:
        try:
            return self._service.serve(request)
        except values.Unencodable:
            raise
        except BaseException as error:
            return [*describe(error), self._service.raised(error)]


def names_for(spec: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Return the builtins of a program or a test: Python's own, with or without the names that LeetCode provides."""
    if not spec.get("leetcode_names", True):
        return vars(builtins)
    node = nodes.class_called_node(spec)
    return dict(names, Node=node) if node else names


def module_of(names: dict[str, Any]) -> dict[str, Any]:
    """Return the globals of a new module that is registered in `sys.modules`, where dataclasses look for it."""
    module = types.ModuleType(MODULE)
    scope = vars(module)
    scope.clear()
    scope.update({"__name__": MODULE, "__builtins__": names})
    sys.modules[MODULE] = module
    return scope


def run_prelude(prelude: bytes, scope: dict[str, Any]) -> list[Any] | None:
    """Run the problem's prelude; return the message ["prelude", type, text, line] where that fails."""
    try:
        exec(compile(prelude, PRELUDE, "exec", dont_inherit=True), scope)
    except BaseException as error:
        lines = [trace.lineno for trace in traceback.extract_tb(error.__traceback__) if trace.filename == PRELUDE]
        return ["prelude", type(error).__name__, str(error)[:MAX_MESSAGE_CHARS], lines[-1] if lines else None]
    return None


def outcome(run: Callable[[], list[Any]]) -> list[Any]:
    """Return the message that `run` returns, or the message for the exception that it raises."""
    try:
        return run()
    except values.Unencodable as error:
        return ["unreadable", str(error)]
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the candidate's failures as well
        return describe(error)


def compiled(source: bytes, file: str = FILE, *, own_tests: bool = True) -> tuple[Any, list[Any]]:
    """Return the code and the message "ready"; or None and the message that says why there is no code.

    `own_tests` False leaves out the tests that a module runs on itself when it is loaded.
    """
    try:
        program = source if own_tests else _without_own_tests(ast.parse(source, file))
        return compile(program, file, "exec", dont_inherit=True), ["ready"]
    except SyntaxError as error:
        return None, ["compile", type(error).__name__, str(error.msg), error.lineno or None, max(0, error.offset or 0)]
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return None, ["compile", type(error).__name__, str(error), None, None]


def _without_own_tests(tree: ast.Module) -> ast.Module:
    tree.body = [node for node in tree.body if not (isinstance(node, ast.Assert) or _runs_tests(node))]
    return tree


def _runs_tests(node: ast.stmt) -> bool:
    """Whether a statement is `doctest.testmod()`, `unittest.main()`, `pytest.main()` or the print of their success."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
        return node.exc.func.id == "SystemExit"
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return False
    name = f"{called.value.id}.{called.attr}"
    return name in ("doctest.testmod", "unittest.main", "pytest.main", "sys.exit")


def call_function(spec: dict[str, Any], scope: dict[str, Any], args: list[Any]) -> Any:
    """Call the entry point and return what the problem compares, as JSON data."""
    args = [nodes.build(kind, arg) for kind, arg in zip(spec["nodes"], args)]
    given = nodes.to_be_copied(spec, args)
    result = entry_point(spec["entry"], scope)(*args)
    # the answer is an argument that was changed in place, perhaps only its first `result` items
    if spec["answer"] is not None:
        changed = args[spec["answer"]]
        result = changed[:result] if spec["prefix"] else changed
    return values.to_jsonable(nodes.flatten(spec["returns"], result, given), values.ENVELOPE)


def call_class(spec: dict[str, Any], scope: dict[str, Any], args: list[Any]) -> list[Any]:
    """Construct the class and call one operation after the other."""
    operations, arguments = args
    target = entry_point(spec["entry"], scope)(*arguments[0])
    results: list[Any] = [None]
    for operation, arguments_ in zip(operations[1:], arguments[1:]):
        results.append(values.to_jsonable(getattr(target, operation)(*arguments_), values.ENVELOPE))
    return results


def entry_point(entry: str, scope: dict[str, Any]) -> Any:
    """Return the entry point: `Solution.method`, bound to a new instance, or a plain name."""
    owner, _, method = entry.rpartition(".")
    try:
        if not owner:
            return scope[entry]
        return getattr(scope[owner](), method)
    except KeyError as error:
        raise NameError("the solution does not define `%s`" % error.args) from None


def describe(error: BaseException, file: str = FILE) -> list[Any]:
    """Return the message for an exception, with the candidate's own frames only."""
    frames: list[list[Any]] = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            frames.append([trace.tb_lineno, trace.tb_frame.f_code.co_name])
        trace = trace.tb_next
    if len(frames) > MAX_FRAMES:
        frames = frames[: MAX_FRAMES // 2] + frames[-(MAX_FRAMES // 2) :]
    try:
        message = str(error)[:MAX_MESSAGE_CHARS]
    except BaseException:  # a __str__ that raises
        message = ""
    return ["error", type(error).__name__, message, frames[-1][0] if frames else None, frames]
