"""Keeps what an `assert a == b` of a test compared, because Python's own message does not tell.

Values are shown only where they are of builtin types throughout. The text of any other value would have to be asked of
the candidate after the test has ended.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ast
import types
from typing import Any, List, Optional, Tuple

_NAMES = "_got_%d_%d", "_wanted_%d_%d"
_SCALARS = (int, float, complex, str, bytes, bool, type(None))
_CONTAINERS = (list, tuple, set, frozenset)
_MAX_PARTS, _MAX_CHARS = 500, 600


def compiled(code: bytes, file: str) -> Any:
    """Return a test as code that keeps what it compares; raises what `compile` raises."""
    tree = ast.parse(code, file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is None and _is_equation(node.test):
            test: Any = node.test
            sides = test.left, test.comparators[0]
            kept = [_kept(name % (node.lineno, node.col_offset), side) for name, side in zip(_NAMES, sides)]
            test.left, test.comparators = kept[0], [kept[1]]
    return compile(tree, file, "exec", dont_inherit=True)


def _is_equation(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)


def _kept(name: str, value: ast.expr) -> ast.expr:
    target = ast.copy_location(ast.Name(name, ast.Store()), value)
    return ast.copy_location(ast.NamedExpr(target, value), value)


def shown(code: bytes, error: BaseException, file: str) -> Optional[List[str]]:
    """Return the texts of the actual and the expected value where a comparison ended the test; None where not known."""
    if type(error) is not AssertionError or error.args:
        return None
    frame, line = _place(error.__traceback__, file)
    if frame is None:
        return None
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or node.lineno):
            names = [name % (node.lineno, node.col_offset) for name in _NAMES]
            if all(name in frame.f_locals for name in names):
                values = [frame.f_locals[name] for name in names]
                return [repr(it)[:_MAX_CHARS] for it in values] if all(map(_is_plain, values)) else None
    return None


def _place(trace: Optional[types.TracebackType], file: str) -> Tuple[Optional[types.FrameType], int]:
    """Return the innermost frame of the test and its line, if the test itself raised the exception."""
    frame, line = None, 0
    while trace is not None:
        frame = trace.tb_frame if trace.tb_frame.f_code.co_filename == file else None
        line = trace.tb_lineno
        trace = trace.tb_next
    return frame, line


def _is_plain(value: Any) -> bool:
    """Whether the `repr` of a value is Python's own, and of bounded length."""
    todo = [value]
    for count, it in enumerate(todo):
        if count > _MAX_PARTS:
            return False
        if type(it) in _CONTAINERS:
            todo += it
        elif type(it) is dict:
            todo += [*it, *it.values()]
        elif type(it) not in _SCALARS or (type(it) is int and it.bit_length() > 8192):
            return False
    return True
